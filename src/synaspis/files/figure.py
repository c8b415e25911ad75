"""Numbers and published figures: finite, within their limits, and with a birth certificate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from synaspis import units
from synaspis.files import words
from synaspis.files.tree import Map, Node, Scalar
from synaspis.model.declare import Spec
from synaspis.model.fact import Fact

if TYPE_CHECKING:
    from synaspis.files.reader import Reader

CONFIDENCE = ("high", "medium", "low", "assumed")
_KEYS = ("value", "unit", "low", "high", "source", "as_of", "confidence", "at", "note", "record")
_NEEDED = _KEYS[:7]
_ABSURD = 1e12
"""No quantity of any unit that files use is as large."""


def number(reader: Reader, node: Node, key: str, unit: str = "", whole: bool = False) -> int | float | None:
    """The finite number at `node`, or None with the problem noted."""
    if not isinstance(node, Scalar):
        reader.say(node, f"`{key}` is a list or a mapping, not a number", f"give one number{unit}")
        return None
    value = words.number(node.text)
    text = words.shown(node.text)
    if value is None:
        reader.say(node, f"`{key}` is `{text}`, not a number", f"give a {'whole ' * whole}number{unit}")
    elif not node.plain:
        reader.say(node, f'`{key}` is the text "{text}", not a number', f"take the quotes away: {text}")
    elif not math.isfinite(value) or abs(value) >= _ABSURD:
        reader.say(node, f"`{key}` is {text}, which no such figure can be", f"give a finite number{unit}")
    elif whole and value != int(value):
        reader.say(
            node, f"`{key}` is {text}, not a whole number", f"give a whole number, such as {round(value)}"
        )
    else:
        return int(value) if whole else value
    return None


def within(reader: Reader, node: Node, spec: Spec, value: float, key: str) -> bool:
    """Whether `value`, in the spec's unit, lies within its limits; the mend names them."""
    slack = 1e-12 * abs(value)  # so that a limit given in another unit is not missed by rounding
    if value > spec.above and value >= spec.at_least - slack and value <= spec.at_most + slack:
        return True
    unit = "" if spec.unit == "1" else f" {spec.unit}"
    reader.say(node, f"`{key}` is {value:.15g}", f"give a value {limits(spec)}{unit}")
    return False


def limits(spec: Spec) -> str:
    """The limits in words: `above 0`, `from -90 to 90`."""
    low, high = spec.at_least, spec.at_most
    if math.isfinite(low) and math.isfinite(high):
        return f"from {low:g} to {high:g}"
    parts = [f"above {spec.above:g}"] if math.isfinite(spec.above) else []
    parts += [f"at least {low:g}"] if math.isfinite(low) else []
    parts += [f"at most {high:g}"] if math.isfinite(high) else []
    return " and ".join(parts)


def read(reader: Reader, node: Node, spec: Spec, path: str, key: str, whole: bool) -> Fact | None:
    """The figure at `node` as a `Fact` in the file's unit, or None with its problems noted."""
    if not isinstance(node, Map):
        reader.say(
            node, f"`{key}` is not a figure", "give {value, unit, low, high, source, as_of, confidence}"
        )
        return None
    before = len(reader.problems)
    for name, where in node.keys.items():
        if name not in _KEYS:
            reader.say(where, f"unknown key `{words.shown(name)}`", words.suggest(name, _KEYS))
    missing = [name for name in _NEEDED if name not in node.pairs]
    if missing:
        reader.say(node, f"`{key}` has no " + ", ".join(missing), "every figure has " + ", ".join(_NEEDED))
        return None
    unit = _unit(reader, node.pairs["unit"], spec, key)
    value, low, high = (number(reader, node.pairs[n], n, whole=whole) for n in ("value", "low", "high"))
    if unit and value is not None and low is not None and high is not None:
        _band(reader, node, spec, key, unit, (value, low, high))
    source = _source(reader, node.pairs["source"])
    as_of = _year(reader, node.pairs["as_of"])
    confidence = _word(reader, node.pairs["confidence"], "confidence")
    if confidence not in CONFIDENCE:
        reader.say(
            node.pairs["confidence"],
            f"`confidence` cannot be `{words.shown(confidence)}`",
            words.suggest(confidence, CONFIDENCE),
        )
    note = _word(reader, node.pairs["note"], "note") if "note" in node.pairs else ""
    at = _conditions(reader, node.pairs.get("at"))
    record = _record(reader, node.pairs.get("record"), path)
    if len(reader.problems) > before or value is None or low is None or high is None or as_of is None:
        return None
    return Fact(
        entry="",
        parameter=path,
        value=value,
        unit=unit,
        low=low,
        high=high,
        source=source,
        as_of=as_of,
        confidence=confidence,
        note=" ".join(note.split()),
        at=at,
        record=record,
    )


def _unit(reader: Reader, node: Node, spec: Spec, key: str) -> str:
    unit = node.text if isinstance(node, Scalar) else ""
    fits = [u for u, (suffix, _) in units.SI_OF.items() if suffix == units.SI_OF[spec.unit][0]]
    if unit in fits:
        return unit
    reader.say(node, f"`{key}` cannot be in `{words.shown(unit)}`", "give it in " + " or ".join(fits))
    return ""


def _band(reader: Reader, node: Map, spec: Spec, key: str, unit: str, figures: tuple[float, ...]) -> None:
    value, low, high = figures
    if not low <= value <= high:
        reader.say(
            node.pairs["value"],
            f"`{key}` is {value:g}, outside its band {low:g} to {high:g}",
            "give low <= value <= high",
        )
    for name, given in zip(("value", "low", "high"), figures, strict=True):
        same = given if unit == spec.unit else units.from_si(units.to_si(given, unit), spec.unit)
        within(reader, node.pairs[name], spec, same, f"{key}.{name}")


def _source(reader: Reader, node: Node) -> str:
    sources = reader.sources or {}
    name = _word(reader, node, "source")
    if name not in sources:
        reader.say(
            node,
            f"unknown source `{words.shown(name)}`",
            words.suggest(name, sources, "list it under `sources` at the top of the file"),
        )
    return sources.get(name, "")


def _year(reader: Reader, node: Node) -> int | None:
    year = number(reader, node, "as_of", whole=True)
    if year is not None and not words.EARLIEST <= year <= words.LATEST:
        reader.say(node, f"`as_of` is {year}", f"give a year from {words.EARLIEST} to {words.LATEST}")
        return None
    return None if year is None else int(year)


def _word(reader: Reader, node: Node, key: str) -> str:
    if isinstance(node, Scalar):
        return node.text
    reader.say(node, f"`{key}` is not a word", "write one word or a text in quotes")
    return ""


def _record(reader: Reader, node: Node | None, path: str) -> tuple[int, int] | None:
    """Successes and attempts of the tests behind a chance; None where there are none, or with a problem."""
    if node is None:
        return None
    if not isinstance(node, Map) or set(node.pairs) != {"successes", "attempts"}:
        reader.say(node, "`record` is no record of tests", "give {successes: 4, attempts: 6}")
        return None
    if path.split(".")[0] != "p_kill":
        reader.say(node, f"`{path}` is no chance that tests could show", "give `record` on a `p_kill` alone")
        return None
    counts = [number(reader, node.pairs[n], n, whole=True) for n in ("successes", "attempts")]
    successes, attempts = (None if c is None else int(c) for c in counts)
    if successes is None or attempts is None:
        return None
    if attempts < 1 or not 0 <= successes <= attempts:
        what = f"`record` is {successes} successes in {attempts} attempts"
        reader.say(node, what, "give at least one attempt, and no more successes")
        return None
    return successes, attempts


def _conditions(reader: Reader, node: Node | None) -> tuple[tuple[str, str], ...]:
    if node is None:
        return ()
    if not isinstance(node, Map):
        reader.say(node, "`at` is not a mapping", "give conditions as {name: value}")
        return ()
    return tuple((name, _word(reader, value, name)) for name, value in node.pairs.items())
