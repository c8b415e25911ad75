"""What was changed in a case, in words, and what came of it in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from synaspis.files.editing import AWAY, FROM, OUT, Change
from synaspis.model.agreement import Clause
from synaspis.model.battery import Battery
from synaspis.model.edited import Edited, RegimeEdited
from synaspis.model.sensor import Sensor
from synaspis.model.threat import Firing
from synaspis.report.words import counted, duration, listed, people

NEGLIGIBLE_PEOPLE, NEGLIGIBLE_S = 0.5, 0.5
MOST_NAMED = 2
"""Changes that a finding names; more are counted."""
MAINLY = 0.6
"""A nation with this share of the difference has most of it."""
TIMES = {"delay_s": "release takes", "decision_s": "deciding takes"}


def change_words(change: Change) -> list[str]:
    """What is changed in a row, one line for each thing."""
    name, noun, now = name_of_row(change), change.row.noun, change.now
    was = {key: f.was for key, f in change.row.fields.items()}
    if isinstance(noun, Firing):
        return [f"{name}: {counted(int(now['count']), 'missile')}, not {was['count']}"]
    lines = []
    if isinstance(noun, Sensor | Battery):
        if "state" in now:
            lines.append(f"{name} taken out" if now["state"] == AWAY else f"{name} put in")
        places = [key for key in change.row.fields if key.endswith("_deg")]
        if any(key in now for key in places):
            at = ", ".join(f"{now.get(key, was[key])}°" for key in places)
            lines.append(f"{name} at {at}, not {', '.join(f'{was[key]}°' for key in places)}")
        if "rounds" in now:
            lines.append(f"{name}: {counted(int(now['rounds']), 'round')}, not {was['rounds']}")
        return lines
    if now.get("state") == OUT:
        return [f"{name} left out"]
    if "from" in now:
        lines.append(f"{name} suspended from {_day(now['from'])}")
    return lines + [
        f"{name}: {words} {now[key]} s, not {was[key]} s" for key, words in TIMES.items() if key in now
    ]


def name_of_row(change: Change) -> str:
    """What a row is called."""
    noun = change.row.noun
    if isinstance(noun, Clause):
        return noun.id
    if isinstance(noun, Firing):
        return f"{noun.threat} from {noun.launch} at {noun.target or 'open ground'}"
    return noun.name


def lead(changes: Sequence[Change]) -> str:
    """How a finding begins: `Without bmd-3`, `With 30 s for bmd-1`; many changes are counted."""
    lines = sum(len(change_words(c)) for c in changes)
    if lines > MOST_NAMED:
        return f"With {lines} changes"
    without = [name_of_row(c) for c in changes if c.now.get("state") in (OUT, AWAY)]
    rest = [line for c in changes if c.now.get("state") not in (OUT, AWAY) for line in change_words(c)]
    if not rest:
        return f"Without {listed(without)}"
    told = [_short(c) for c in changes if c.now.get("state") not in (OUT, AWAY)]
    said = f"With {listed([t for many in told for t in many])}"
    return f"{said} and without {listed(without)}" if without else said


def _short(change: Change) -> list[str]:
    """A row's changes behind `with`."""
    name, noun, now = name_of_row(change), change.row.noun, change.now
    if isinstance(noun, Firing):
        return [f"{counted(int(now['count']), 'missile')} at {noun.target or 'open ground'}"]
    found = []
    if now.get("state") == FROM:
        found.append(f"{name} suspended from {_day(now['from'])}")
    found += [f"{now[key]} s for {name}" for key in TIMES if key in now]
    if isinstance(noun, Sensor | Battery) and "state" in now:
        found.append(f"{name} in place")
    if any(key.endswith("_deg") for key in now):
        found.append(f"{name} moved")
    if "rounds" in now:
        found.append(f"{counted(int(now['rounds']), 'round')} at {name}")
    return found


def _day(text: str) -> str:
    day = dt.date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def finding(begins: str, edited: Edited) -> str:
    """What the changes came to, in a sentence that begins with `begins`."""
    regimes = edited.regimes
    moved = [name for name, r in regimes.items() if _moves(r)]
    if not moved:
        return f"{begins}, every regime protects as many people as before{_warned(edited)}."
    headline = edited.headline if edited.headline in moved else _most(regimes, moved)
    found = regimes[headline].protected_population
    size, fewer = people(abs(found.change)), "more" if found.change > 0 else "fewer"
    said = f"{size} {fewer} people" if abs(found.change) < 999_500 else f"{size} people {fewer}"
    gain = found.gain
    luck = ", which may be luck" if gain is not None and abs(gain.value) <= 2.0 * gain.error else ""
    return f"{begins}, the {headline} regime protects {said}{_where(edited, regimes[headline])}{luck}."


def _moves(r: RegimeEdited) -> bool:
    return abs(r.protected_population.change) >= NEGLIGIBLE_PEOPLE


def _most(regimes: Mapping[str, RegimeEdited], moved: Sequence[str]) -> str:
    return max(moved, key=lambda name: abs(regimes[name].protected_population.change))


def _where(edited: Edited, r: RegimeEdited) -> str:
    """The nation that has all of the difference, or most of it."""
    whole = r.protected_population.change
    parts = {code: n.protected_population.change for code, n in r.nations.items()}
    parts = {code: part for code, part in parts.items() if abs(part) >= NEGLIGIBLE_PEOPLE}
    if not parts:
        return ""
    first = max(parts, key=lambda code: parts[code] / whole)
    name = edited.nations.get(first, first)
    if len(parts) == 1:
        return f" in {name}"
    alike = all(part * whole > 0 for part in parts.values())
    return f", most of them in {name}" if alike and parts[first] / whole >= MAINLY else ""


def _warned(edited: Edited) -> str:
    """The nation whose warning changes most, where nobody's protection does."""
    moved = [
        (n.warning_after_s.p50 - n.warning_before_s.p50, code, name)
        for name, r in edited.regimes.items()
        for code, n in r.nations.items()
    ]
    change, code, regime = max(moved, key=lambda m: abs(m[0]), default=(0.0, "", ""))
    if abs(change) < NEGLIGIBLE_S:
        return ""
    word = "earlier" if change > 0 else "later"
    name = edited.nations.get(code, code)
    return f"; under {regime} {name} is warned {duration(abs(change))} {word} at the median"
