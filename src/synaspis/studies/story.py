"""What happened to one asset in one trial, told in plain sentences with the clauses that decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synaspis.engine import layout as rows
from synaspis.engine.batch import Outcomes, play, replayed
from synaspis.engine.heap import LOGGED
from synaspis.engine.orders import Orders
from synaspis.engine.pictures import FIRE_CONTROL_LEVEL
from synaspis.engine.tables import GATES, EngineTables
from synaspis.engine.weather import drawn
from synaspis.errors import InputError, Problem
from synaspis.model.case import Case
from synaspis.model.sensor import Infrared
from synaspis.sharing.rules import Rules
from synaspis.studies.arena import Arena, Mix, arena, pure
from synaspis.studies.lost import reason
from synaspis.studies.turning import Turning

SEARCHED = 2000
"""Trials through which `tell` looks for one in which the asset is struck."""
FATES = (
    "failed in flight",
    "flew but would have missed",
    "landed",
    "was killed",
    "was killed, though it would have missed",
)


@dataclass(frozen=True)
class Telling:
    """Everything that sentences are made from."""

    a: Arena
    given: Rules
    orders: Orders
    tables: EngineTables
    log: np.ndarray[Any, Any]
    tracked_s: np.ndarray[Any, Any]
    """(T, B) when each battery had a track good enough to fire on, inf for never."""
    outcome: Outcomes
    turning: Turning
    down: frozenset[int]
    """Stations that are out of order in this trial."""
    seed: int


def tell(
    case: Case, manifest: Mapping[str, Any], asset: str, regime: str | None, trial: int | None, jobs: int
) -> str:
    """The chain for every missile at `asset`: seen, told, ordered, fired, hit or not, and why not.

    Without `trial`, the first trial of the run in which the asset is struck (else the first).
    """
    names = [x.name for x in case.file.assets]
    _must_be("--asset", asset, names)
    regimes = list(manifest["regimes"])
    chosen = regime or (case.file.compare.headline if case.file.compare.headline in regimes else regimes[0])
    _must_be("--regime", chosen, regimes)
    a = arena(case, jobs)
    given = a.rules(chosen)
    mix = pure(given)
    seed = int(manifest["seed"])
    number = _trial(a, mix, names.index(asset), seed, int(manifest["trials"])) if trial is None else trial
    if number < 0:
        raise InputError([Problem("--trial", 1, 1, f"{number} is below 0", "trials count from 0")])
    compiled = a.tables_of(mix, seed, number)
    state = replayed(compiled, seed, number)
    log, tracked_s = state[rows.LOG][: state[rows.N][LOGGED]], state[rows.SBT][:, rows.TRACKED]
    aimed = [t for t, m in enumerate(a.w.missiles) if m.target >= 0 and m.target == names.index(asset)]
    outcome = play(compiled, seed, 1, 1, first=number)
    turning = Turning(a, given, seed, number, aimed)
    down = a.down(seed, np.array([number]))[0]
    telling = Telling(a, given, a.orders(mix), compiled, log, tracked_s, outcome, turning, down, seed)
    return "\n".join(_lines(telling, asset, chosen, number))


def _must_be(where: str, name: str, known: list[str]) -> None:
    if name not in known:
        import difflib

        near = difflib.get_close_matches(name, known, 1)
        mend = f"did you mean `{near[0]}`?" if near else f"one of {', '.join(known)}"
        raise InputError([Problem(where, 1, 1, f"`{name}` is not in the case", mend)])


def _trial(a: Arena, mix: Mix, asset: int, seed: int, trials: int) -> int:
    """The first trial in which the asset is struck; 0 if none."""
    out = a.play(mix, seed, min(trials, SEARCHED))
    aimed = [t for t, m in enumerate(a.w.missiles) if m.target == asset]
    struck = np.flatnonzero((out.fate[:, aimed] == rows.LEAKED).any(axis=1)) if aimed else np.zeros(0, int)
    return int(struck[0]) if len(struck) else 0


def _lines(x: Telling, asset: str, regime: str, trial: int) -> list[str]:
    place = next(p for p in x.a.w.assets if p.name == asset)
    aimed = [
        t for t, m in enumerate(x.a.w.missiles) if m.target >= 0 and x.a.w.assets[m.target].name == asset
    ]
    lines = [
        f"{asset} ({place.nation}, {place.population:,.0f} people) under `{regime}`, trial {trial}",
        f"{x.a.w.case.regime(regime).title}.",
        "",
    ]
    if not aimed:
        return [*lines, "No missile of this raid is aimed here."]
    lines += [*_weather(x, aimed, trial), ""]
    row = [p.name for p in x.a.w.assets].index(asset)
    warned = float(x.outcome.warning_s[0, row])
    if not np.isnan(warned):
        lines += [
            f"Its people had {warned:.0f} s of warning." if warned > 0 else "Its people had no warning.",
            "",
        ]
    broken = [f"{x.a.w.stations[s].name} ({x.a.w.stations[s].owner})" for s in sorted(x.down)]
    if broken:
        lines += [f"Out of order in this trial: {', '.join(broken)}.", ""]
    for t in aimed:
        lines += [*_missile(x, t), ""]
    return lines[:-1]


def _weather(x: Telling, aimed: list[int], trial: int) -> list[str]:
    """The sky that satellites look through to each launch area from which something flies here."""
    areas = tuple(dict.fromkeys(x.a.w.missiles[t].launch.name for t in aimed))
    rows_of = drawn(x.a.g.skies, x.seed, np.array([trial], np.int64), areas)[0]
    names = x.a.g.skies.names
    found = (f"{names[row].replace('-', ' ')} over {area}" for row, area in zip(rows_of, areas, strict=True))
    return ["Sky: " + ", ".join(found) + "."]


def _missile(x: Telling, t: int) -> list[str]:
    m = x.a.w.missiles[t]
    fate = int(x.outcome.fate[0, t])
    launch, impact = m.launch_s, float(x.tables.missile[rows.IMPACT_S, t])
    lines = [f"{m.name} [{m.threat.status}]: launched {launch:.0f} s, {FATES[fate]}."]
    if fate == rows.DUD:
        return lines
    end = [f"{impact:6.0f} s  it lands"] if fate == rows.LEAKED else []
    lines += [f"  {line}" for line in _in_order([*_seen(x, t), *_known(x, t), *_shots(x, t), *end])]
    if fate in (rows.LEAKED, rows.ASTRAY):
        lines += [f"  {line}" for line in _silent(x, t)]
    return lines + [f"  {line}" for line in x.turning.lines(t)]


def _in_order(lines: Sequence[str]) -> list[str]:
    """Lines by the time with which they begin; those without one come first."""

    def when(line: str) -> float:
        try:
            return float(line[:6])
        except ValueError:
            return -np.inf

    return sorted(lines, key=when)


def _events(x: Telling, kind: int, t: int) -> list[tuple[float, int, float]]:
    return [(r[0], int(r[2]), r[4]) for r in x.log if int(r[1]) == kind and int(r[3]) == t]


def _seen(x: Telling, t: int) -> list[str]:
    found = []
    for when, s, late in _events(x, rows.DETECT, t):
        station = x.a.w.stations[s]
        scans = f", {late:.0f} s later than could be" if late > 0 else ""
        what = "its plume" if isinstance(station.type, Infrared) else "it"
        found.append(f"{when:6.0f} s  {station.name} ({station.owner}) sees {what}{scans}")
    return found or ["no working sensor sees it"]


def _known(x: Telling, t: int) -> list[str]:
    """When the owners of batteries in reach and its own nation knew where it would land, by whose leave."""
    target = x.a.w.missiles[t].target
    owners = {*x.turning.shooters, x.a.w.assets[target].nation if target >= 0 else ""}
    last: dict[str, float] = {}
    for when, n, _ in _events(x, rows.KNOW, t):
        last[x.a.w.nations[n]] = when
    found = []
    for code, when in sorted(last.items(), key=lambda item: item[1]):
        if code in owners:
            found.append(f"{when:6.0f} s  {code} knows where it will land{_leave(x, code, t)}")
    return found or ["neither its nation nor any owner of a battery in reach learns where it will land"]


def _leave(x: Telling, code: str, t: int) -> str:
    """By whose leave `code` knows it: the clauses without which it would know later, or never."""
    sources = x.a.pictures(x.given, x.down).sources[code]
    clauses = tuple(dict.fromkeys(c for s in sources if s.level >= 1 for c in s.clauses))
    row, u = x.a.w.nation(code), x.a.g.flight_of[t]

    def known_s(given: Rules) -> float:
        return float(x.a.pictures(given, x.down).known_s[row, u])

    def without(some: Sequence[str]) -> Rules:
        given = x.given
        for c in some:
            given = given.without(c)
        return given

    as_it_is = known_s(x.given)
    if not clauses or known_s(without(clauses)) <= as_it_is:
        return " from its own sensors"
    needed = [c for c in clauses if known_s(without((c,))) > as_it_is]
    if needed:
        return f" (released under {' and '.join(needed)})"
    return f" (released under any of {', '.join(clauses)})"


def _shots(x: Telling, t: int) -> list[str]:
    """Tracks, orders, shots and looks, in the order in which those of one moment come."""
    found: list[tuple[float, int, str]] = []
    for b, when in enumerate(x.tracked_s[t]):
        if np.isfinite(when) and when < x.tables.missile[rows.IMPACT_S, t]:
            text = f"{_battery(x, b)} has a track good enough to fire on{_own_radar(x, b)}"
            found.append((float(when), 0, text))
    knew = {n: when for when, n, _ in _events(x, rows.KNOW, t)}
    for when, b, _ in _events(x, rows.GRANT, t):
        owner = x.a.w.nation(x.a.w.batteries[b].battery.owner)
        after = f", {when - knew[owner]:.0f} s after its owner knew" if owner in knew else ""
        by = f"authority {', '.join(_authority(x, b, t))}; mandate {_mandate(x, b, t)}"
        late = when >= x.tables.missile[rows.IMPACT_S, t]
        told = "would be ordered to engage only now" if late else "is ordered to engage"
        found.append((when, 1, f"{_battery(x, b)} {told}{after} ({by})"))
    for when, b, salvo in _events(x, rows.READY, t):
        found.append((when, 2, f"{_battery(x, b)} fires {salvo:.0f} {x.a.w.batteries[b].interceptor.name}"))
    for when, b, done in _events(x, rows.HIT, t):
        what = "kills it" if done > 0 else "goes at an object beside the warhead" if done < 0 else "fails"
        found.append((when, 3, f"{_battery(x, b)}'s shot {what}"))
    for when, b, dead in _events(x, rows.LOOK, t):
        found.append((when, 4, f"{_battery(x, b)} judges it {'dead' if dead else 'alive'}"))
    return [f"{when:6.0f} s  {text}" for when, _, text in sorted(found)]


def _own_radar(x: Telling, b: int) -> str:
    """Where its track comes from: its own radar, or whatever its owner holds."""
    f = x.a.w.batteries[b]
    if f.interceptor.remote == "own":
        return ", of its own radar"
    sources = x.a.pictures(x.given, x.down).sources[f.battery.owner]
    clauses = tuple(dict.fromkeys(c for s in sources if s.level >= FIRE_CONTROL_LEVEL for c in s.clauses))
    return f", of {f.battery.owner}'s sensors" + (f" or under {', '.join(clauses)}" if clauses else "")


def _authority(x: Telling, b: int, t: int) -> list[str]:
    """Clauses under which the order may have come: routes for the target, and the consent of the host."""
    target = x.a.w.missiles[t].target
    asset = x.a.w.assets[target] if target >= 0 else None
    found = [r.clause for r in x.orders.routes[b] if asset is not None and r.holds_for(asset)]
    consent = x.orders.consents[b]
    return [*found, consent.clause] if consent else found


def _battery(x: Telling, b: int) -> str:
    battery = x.a.w.batteries[b].battery
    return f"{battery.name} ({battery.owner})"


def _mandate(x: Telling, b: int, t: int) -> str:
    target = x.a.w.missiles[t].target
    return str(x.orders.mandate[b, target]) if target >= 0 else "none"


def _silent(x: Telling, t: int) -> list[str]:
    """Batteries in reach that did not fire, each with the gate that failed."""
    found = []
    for b in range(len(x.a.w.batteries)):
        for c, count in enumerate(x.outcome.lost[b, t]):
            if count:
                clauses, why = reason(x.a, x.given, x.orders, b, x.a.w.missiles[t], GATES[c])
                cited = f" [{', '.join(clauses)}]" if clauses else ""
                found.append(f"{_battery(x, b)} could have reached it but never fired: {why}{cited}")
    return found
