"""A case's own missile classes: by stages, or by range and burn time alone, the rest from a generic class."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable
from typing import Any

from synaspis import units
from synaspis.files import words
from synaspis.files.catalog import Catalog, Item
from synaspis.files.reader import Reader
from synaspis.model.case import CaseFile
from synaspis.model.fact import Entry, Fact
from synaspis.model.threat import OwnThreat, Stage, Threat
from synaspis.studies import sizing
from synaspis.studies.range_check import farthest_km

MOST_STAGES = 3
FROM_CASE = "The case itself"
SHORT_OF = 0.98
"""A class by stages may fall this little short of the range that is said of it."""
_LIMITS_M = ((1_000e3, "srbm"), (3_000e3, "mrbm"), (5_500e3, "irbm"), (math.inf, "icbm"))
"""Range categories as the US National Air and Space Intelligence Center has them (2020)."""
_TAKEN = ("payload_kg", "diameter_m", "ballistic_coefficient_kgpm2", "cep_m", "reliability")


def own_threats(reader: Reader, file: CaseFile, known: Catalog) -> Catalog:
    """The classes of `file` as catalogue items; one that is wrong stands in as the class that it is like."""
    items = {}
    for own in file.threats:
        if own.name in known.names("threat"):
            what = f"`{words.shown(own.name)}` is a class of the catalogue"
            reader.say(reader.node(own, "name"), what, "name yours otherwise; `like` takes over its figures")
        elif own.name:
            item = _item(reader, file, own, known)
            # Its name is known all the same: the raid's mentions of it are no further problem.
            items[own.name] = item or known.items[_usual_names(known)[0]]
    return Catalog(items)


def _item(reader: Reader, file: CaseFile, own: OwnThreat, known: Catalog) -> Item | None:
    item = _like(reader, own, known)
    if item is None or not isinstance(item.noun, Threat):
        return None
    made = None
    if _is_whole(own):
        base = _with_own_figures(item.noun, own)
        made = _by_stages(reader, own, base) if own.stages else _by_range(reader, own, base)
    if made is None:
        # No complaint about the raid's distances on top of what was said.
        return Item(item.entry, dataclasses.replace(item.noun, range_m=math.inf))
    return _entry(file, own, item, made)


def _like(reader: Reader, own: OwnThreat, known: Catalog) -> Item | None:
    """The class named, or the nearest in range of those with the propellant and number of stages said."""
    if own.like:
        named = known.items.get(own.like)
        if named is not None and isinstance(named.noun, Threat) and not _usual(named.noun):
            what = f"`{own.like}` is no plain ballistic class"
            mend = "take one of " + ", ".join(_usual_names(known))
            reader.say(reader.node(own, "like"), what, mend)
            return None
        return named
    count = own.stage_count or len(own.stages) or None
    fit = [
        item
        for item in known.items.values()
        if isinstance(item.noun, Threat)
        and _usual(item.noun)
        and (count is None or len(item.noun.stages) == count)
        and own.propellant in ("", item.noun.propellant)
    ]
    if not fit:
        has = f"{count or 'any number of'} stages and {own.propellant or 'any'} propellant"
        what = f"the catalogue has no class with {has} for `{own.name}` to be like"
        reader.say(reader.node(own), what, "name one in `like`: " + ", ".join(_usual_names(known)))
        return None
    goal = math.log(own.range_m if own.range_m and own.range_m > 0 else 1e6)
    return min(fit, key=lambda item: abs(math.log(_range_m(item)) - goal))


def _usual(threat: Threat) -> bool:
    """Whether other classes may be like it: a ballistic missile, no rocket artillery."""
    return not threat.prescribed and threat.category in {name for _, name in _LIMITS_M}


def _usual_names(known: Catalog) -> tuple[str, ...]:
    nouns = ((name, known.items[name].noun) for name in known.names("threat"))
    return tuple(name for name, noun in nouns if isinstance(noun, Threat) and _usual(noun))


def _range_m(item: Item) -> float:
    assert isinstance(item.noun, Threat)
    return item.noun.range_m


def _is_whole(own: OwnThreat) -> bool:
    """Whether every figure could be read: what could not was reported."""
    figures: list[Any] = [*dataclasses.asdict(own).values()]
    figures += [value for stage in own.stages for value in dataclasses.asdict(stage).values()]
    return not any(isinstance(f, float) and math.isnan(f) for f in figures)


def _with_own_figures(base: Threat, own: OwnThreat) -> Threat:
    given = {name: value for name in _TAKEN if (value := getattr(own, name)) is not None}
    return dataclasses.replace(
        base,
        name=own.name,
        title=own.title or f"{own.name}, a class of the case's own",
        status=own.status,
        propellant=own.propellant or base.propellant,
        **given,
    )


def _by_stages(reader: Reader, own: OwnThreat, base: Threat) -> Threat | None:
    where = reader.node(own, "stages")
    before = len(reader.problems)
    if own.burn_s is not None:
        reader.say(
            reader.node(own, "burn_s"),
            "`burn_s` stands beside `stages`",
            "leave it out: each stage has its own",
        )
    if own.stage_count not in (None, len(own.stages)):
        what = f"`stage_count` is {own.stage_count}, and {len(own.stages)} are listed"
        reader.say(reader.node(own, "stage_count"), what, "leave it out")
    if len(own.stages) > MOST_STAGES:
        reader.say(where, f"{len(own.stages)} stages", f"give at most {MOST_STAGES}")
    if len(reader.problems) > before:
        return None
    made = dataclasses.replace(base, stages=own.stages)
    try:
        sizing.check_loads(own.stages, made.payload_kg)
    except sizing.SizingError as error:
        reader.say(where, str(error), "check burn times, masses and impulses")
        return None
    flown_m = 1000.0 * farthest_km(made)
    if own.range_m is not None and flown_m < SHORT_OF * own.range_m:
        what = f"these stages fly {flown_m / 1000:,.0f} km, less than the {own.range_m / 1000:,.0f} km said"
        reader.say(reader.node(own, "range_m"), what, "leave `range_km` out, or mend the stages")
        return None
    if own.range_m is None and math.isnan(flown_m):
        reader.say(
            where, "these stages fly about half way round the Earth, or out", "give `range_km`, or mend them"
        )
        return None
    return _of_range(made, own.range_m or flown_m)


def _by_range(reader: Reader, own: OwnThreat, base: Threat) -> Threat | None:
    missing = [key for key, value in (("range_km", own.range_m), ("burn_s", own.burn_s)) if value is None]
    if own.range_m is None or own.burn_s is None:
        what = f"`{own.name}` has neither `stages` nor " + " and ".join(f"`{key}`" for key in missing)
        reader.say(reader.node(own), what, "give `stages`, or `range_km` and `burn_s`")
        return None
    try:
        stages = sizing.sized(base, own.range_m, own.burn_s)
    except sizing.SizingError as error:
        usual = sum(s.burn_s for s in base.stages)
        what = f"{own.range_m / 1000:,.0f} km with a burn of {own.burn_s:g} s: {error}"
        mend = f"its like burns {usual:g} s for {base.range_m / 1000:,.0f} km; name another in `like`"
        reader.say(reader.node(own), what, mend)
        return None
    return _of_range(dataclasses.replace(base, stages=stages), own.range_m)


def _of_range(made: Threat, range_m: float) -> Threat:
    category = next(name for limit, name in _LIMITS_M if range_m < limit)
    return dataclasses.replace(made, range_m=range_m, category=category)


def _entry(file: CaseFile, own: OwnThreat, like: Item, made: Threat) -> Item:
    """The item, with what the case says as facts without a band, and the rest as the class's like it."""
    sized = "" if own.stages else "Stages sized by Synaspis with the rocket equation, then flown. "
    how = f"{sized}What the case does not say is {like.entry.name}'s."
    facts = list(_facts(file, own, made, like.entry.name))
    said = {f.parameter for f in facts}
    facts += [
        dataclasses.replace(f, entry=own.name)
        for f in like.entry.facts
        if f.parameter not in said and not f.parameter.startswith("stages.")
    ]
    return Item(Entry(name=own.name, kind="threat", title=made.title, summary=how, facts=tuple(facts)), made)


def _facts(file: CaseFile, own: OwnThreat, made: Threat, like: str) -> Iterable[Fact]:
    by_sizing = (
        f"Synaspis sizing by the rocket equation from {like}, for the range and burn time that the case gives"
    )
    for i, stage in enumerate(made.stages):
        for field in dataclasses.fields(Stage):
            path = f"stages.{i}.{units.stem(field.name)}"
            source = FROM_CASE if own.stages else by_sizing
            yield _fact(file, own.name, path, field.metadata["spec"].unit, getattr(stage, field.name), source)
    for field in dataclasses.fields(Threat):
        said = getattr(own, field.name, None)
        if field.metadata["spec"].fact and (said is not None or field.name == "range_m"):
            source = FROM_CASE if said is not None else "Flown by Synaspis, on an Earth that does not turn"
            path, unit = units.stem(field.name), field.metadata["spec"].unit
            yield _fact(file, own.name, path, unit, units.from_si(getattr(made, field.name), unit), source)


def _fact(file: CaseFile, entry: str, path: str, unit: str, value: float, source: str) -> Fact:
    return Fact(
        entry=entry, parameter=path, value=value, unit=unit, low=value, high=value, source=source,
        as_of=file.date.year if file.date else 0, confidence="assumed",
    )  # fmt: skip
