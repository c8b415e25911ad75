"""How batteries are told to fire: salvos by value and reserves that can mean something.

Every check notes its problems and goes on. Fields that could not be read are empty and were reported already.
"""

from __future__ import annotations

from synaspis.files import words
from synaspis.files.catalog import Catalog
from synaspis.files.reader import Reader
from synaspis.model.battery import Battery, System
from synaspis.model.case import CaseFile


def check_batteries(reader: Reader, file: CaseFile, catalog: Catalog) -> None:
    """Doctrine of all batteries."""
    for battery in file.batteries:
        _salvos(reader, battery)
        _reserve(reader, battery, catalog)


def _salvos(reader: Reader, battery: Battery) -> None:
    """No two lines of `salvo_by_value` begin at the same number of people."""
    seen: set[float] = set()
    for i, line in enumerate(battery.salvo_by_value):
        if line.at_least_people in seen:
            what = f"two salvos of `{words.shown(battery.name)}` begin at {line.at_least_people:,.0f} people"
            reader.say(reader.node(battery, "salvo_by_value", i), what, "keep one of them")
        seen.add(line.at_least_people)


def _reserve(reader: Reader, battery: Battery, catalog: Catalog) -> None:
    """A reserve leaves something to fire, and its time belongs to a reserve."""
    if battery.reserve_until_s is not None and battery.reserve == 0:
        what = f"`{words.shown(battery.name)}` keeps nothing back"
        reader.say(reader.node(battery, "reserve_until_s"), what, "add `reserve`, or take this out")
    item = catalog.items.get(battery.system)
    system = item.noun if item is not None else None
    rounds = battery.rounds
    if rounds is None and isinstance(system, System):
        rounds = system.rounds
    if battery.reserve_until_s is None and rounds is not None and 0 < rounds <= battery.reserve:
        what = f"`{words.shown(battery.name)}` keeps back all of its {rounds} rounds"
        mend = f"give a `reserve` below {rounds}, or `reserve_until_s`"
        reader.say(reader.node(battery, "reserve"), what, mend)
