"""What must hold of the questions under `stability`: wide places, a third state, a number with its source."""

from __future__ import annotations

import math

from synaspis.files import words
from synaspis.files.iso3166 import CODES
from synaspis.files.reader import Reader
from synaspis.files.tree import List
from synaspis.model.case import CaseFile
from synaspis.model.stability import LEAST_RADIUS_M, Destination, LaunchRegion, StabilityQuestion

MOST_QUESTIONS = 12
MOST_CELLS = 60
"""Classes times launch regions of all questions: each takes some forty flights."""
LEAST_SOIL_M2 = math.pi * LEAST_RADIUS_M**2
_WIDE = "give at least 100: a region is examined as a whole, never a site in it"


def check_stability(reader: Reader, file: CaseFile) -> None:
    """Every question can be answered, and none asks about a single site or a single target."""
    node = reader.node(file, "stability")
    if isinstance(node, List) and not node.items:
        reader.say(node, "`stability` asks nothing", "give at least one question, or leave the key out")
    if len(file.stability) > MOST_QUESTIONS:
        what = f"`stability` asks {len(file.stability)} questions"
        reader.say(reader.node(file, "stability", MOST_QUESTIONS), what, f"give at most {MOST_QUESTIONS}")
    titles: dict[str, StabilityQuestion] = {}
    cells = 0
    for question in file.stability[:MOST_QUESTIONS]:
        first = titles.setdefault(question.title, question)
        if question.title and first is not question:
            what = f"two questions are called `{words.shown(question.title)}`"
            mend = f"rename one; the first is on line {reader.node(first).line}"
            reader.say(reader.node(question, "title"), what, mend)
        before, cells = cells, cells + len(question.classes) * len(question.regions)
        if before <= MOST_CELLS < cells:
            what = f"the questions pass {MOST_CELLS} pairs of class and launch region here"
            reader.say(reader.node(question, "regions"), what, "ask about fewer classes or wider regions")
        _question(reader, file, question)


def _question(reader: Reader, file: CaseFile, question: StabilityQuestion) -> None:
    _state(reader, file, question)
    _missiles(reader, question)
    first: dict[str, LaunchRegion] = {}
    for region in question.regions:
        if region.name and first.setdefault(region.name, region) is not region:
            what = f"two launch regions are called `{words.shown(region.name)}`"
            reader.say(reader.node(region, "name"), what, "rename one")
        _wide(reader, region, region.radius_m)
    for i, place in enumerate(question.towards):
        if place.is_area:
            _area(reader, place)
        elif place.name:
            _nation(reader, question, place)
        if any(place.name and place.name == other.name for other in question.towards[:i]):
            what = f"`towards` names `{words.shown(place.name)}` twice"
            reader.say(reader.node(place, "name"), what, "keep one")
    _soil(reader, question)


def _state(reader: Reader, file: CaseFile, question: StabilityQuestion) -> None:
    state = question.state
    if not state:
        return
    if state not in CODES:
        mend = words.suggest(state, CODES)
        mend = mend if mend.startswith("did") else "give an ISO 3166 alpha-3 code, as RUS"
        reader.say(reader.node(question, "state"), f"`{words.shown(state)}` is no country code", mend)
        return
    sites = [s.name for s in file.sensors if state in (s.owner, s.operator or s.owner, s.host)]
    sites += [b.name for b in file.batteries if state in (b.owner, b.operator or b.owner, b.host)]
    if sites:
        what = f"{state} owns, runs or hosts `{sites[0]}` of this shield, so it is no third state"
        mend = "name a state that stands outside, or take the question out"
        reader.say(reader.node(question, "state"), what, mend)


def _missiles(reader: Reader, question: StabilityQuestion) -> None:
    count = question.missiles
    if count.value is None:
        mend = "add `value`, with `low` and `high` where sources differ"
        reader.say(reader.node(count), f"`{words.shown(question.title)}` has no number of missiles", mend)
    if not count.value:  # what could not be read was reported
        return
    low, high = count.low or count.value, count.high or count.value
    if not low <= count.value <= high:
        what = f"`missiles` is {count.value}, outside its band {low} to {high}"
        reader.say(reader.node(count), what, "give low <= value <= high")


def _wide(reader: Reader, place: LaunchRegion | Destination, radius_m: float) -> None:
    if radius_m < LEAST_RADIUS_M:  # NaN was reported already
        what = f"`{words.shown(place.name)}` has a radius of {radius_m / 1000:g} km"
        reader.say(reader.node(place, "radius_m"), what, _WIDE)


def _area(reader: Reader, place: Destination) -> None:
    fields = (("latitude_rad", "latitude_deg"), ("longitude_rad", "longitude_deg"), ("radius_m", "radius_km"))
    missing = [key for name, key in fields if getattr(place, name) is None]
    if missing:
        what = f"`{words.shown(place.name)}` has no " + " and no ".join(f"`{key}`" for key in missing)
        reader.say(reader.node(place), what, "a wide area has a place and a radius; a nation its code alone")
    if place.radius_m is not None:
        _wide(reader, place, place.radius_m)


def _nation(reader: Reader, question: StabilityQuestion, place: Destination) -> None:
    if place.name not in CODES:
        mend = words.suggest(place.name, CODES)
        mend = (
            mend if mend.startswith("did") else "give a code as FRA, or `latitude_deg`, `longitude_deg` and "
        )
        mend = mend if mend.startswith("did") else mend + "`radius_km` of a wide area"
        reader.say(reader.node(place, "name"), f"`{words.shown(place.name)}` is no country code", mend)
    elif place.name == question.state:
        what = f"{place.name} is asked about paths to itself"
        reader.say(reader.node(place, "name"), what, "name another nation, or a wide area")


def _soil(reader: Reader, question: StabilityQuestion) -> None:
    """Nations named together count together: small ones are merged into each other."""
    codes = {d.name for d in question.towards if not d.is_area}
    if not codes or not codes <= CODES:
        return
    from synaspis.files.soil import soil_m2

    total_m2 = soil_m2(codes, LEAST_SOIL_M2)
    if total_m2 < LEAST_SOIL_M2:
        have = f"{total_m2 / 1e6:,.0f} km² of soil" if total_m2 else "no soil on the map"
        what = f"{' and '.join(sorted(codes))}: {have}, less than {LEAST_SOIL_M2 / 1e6:,.0f} km²"
        mend = "name neighbours beside, or a wide area in its place: no single place is examined"
        reader.say(reader.node(question, "towards"), what, mend)
