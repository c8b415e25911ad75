"""A solution in the words of the answer: responsibilities, magazines, what is added."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from synaspis.model.plan import Added, Magazine, NationPlan, Post, Responsibility
from synaspis.sharing.rules import site_works
from synaspis.studies.arena import Arena
from synaspis.studies.planning.ground import Ground
from synaspis.studies.planning.options import Doctrine, Group, Maker, Option, groups
from synaspis.studies.planning.options import Post as OptionPost
from synaspis.studies.planning.program import Program
from synaspis.studies.planning.shots import Duties, duties, shots
from synaspis.studies.planning.sites import ADDED, Candidate
from synaspis.studies.planning.solve import Solution


def doctrines(g: Ground, s: Solution) -> dict[int, Doctrine]:
    """What each battery fires by: its own where it has no part in the plan."""
    return {b: known[s.doctrines.get(b, 0)] for b, known in enumerate(g.known)}


def used(g: Ground, options: tuple[Option, ...], s: Solution) -> dict[int, float]:
    """Rounds that each battery is likely to fire in the raid, by what the plan assigns to it."""
    found: dict[int, float] = {}
    for o in (options[i] for i in s.chosen):
        for post in o.posts:
            found[post.battery] = found.get(post.battery, 0.0) + post.rounds * g.groups[o.group].count
    return found


def rounds(g: Ground, s: Solution) -> dict[int, int]:
    """Rounds of each battery: as shared out, or as they are."""
    return {b: s.rounds.get(b, f.rounds) for b, f in enumerate(g.a.w.batteries)}


def magazines(g: Ground, options: tuple[Option, ...], s: Solution) -> tuple[Magazine, ...]:
    """Every battery, largest use first."""
    fired, shared, by = used(g, options, s), rounds(g, s), doctrines(g, s)
    found = []
    for b, f in enumerate(g.a.w.batteries):
        how = by[b] if fired.get(b) else g.known[b][0]
        found.append(
            Magazine(
                battery=f.battery.name,
                nation=f.battery.owner,
                interceptor=f.interceptor.name,
                rounds_now=f.rounds,
                rounds=shared[b],
                expected=fired.get(b, 0.0),
                doctrine_now=f.battery.doctrine,
                salvo_now=f.battery.salvo,
                doctrine=how.name,
                salvo=how.salvo,
                added=f.battery.source == ADDED,
            )
        )
    return tuple(sorted(found, key=lambda m: -m.expected))


def responsibilities(
    g: Ground, options: tuple[Option, ...], s: Solution, duty: Duties
) -> tuple[Responsibility, ...]:
    """Who takes what of the raid, largest places first."""
    chosen = sorted(
        (options[o] for o in s.chosen),
        key=lambda o: (-g.a.w.assets[g.groups[o.group].asset].population, o.group, o.layer),
    )
    return tuple(_responsibility(g.a, g.groups[o.group], o, duty, g.groups[o.group].count) for o in chosen)


def _responsibility(a: Arena, group: Group, o: Option, duty: Duties, missiles: int) -> Responsibility:
    asset = a.w.assets[group.asset]
    backup = o.posts[1] if len(o.posts) > 1 else None
    return Responsibility(
        asset=asset.name,
        nation=asset.nation,
        threat=group.threat,
        launch=group.launch,
        layer=o.layer,
        missiles=missiles,
        primary=_post(a, o.posts[0], group.count),
        backup=None if backup is None else _post(a, backup, group.count),
        told=backup is not None and bool(duty.tells[o.posts[0].battery, backup.battery]),
        gets_through=o.leak,
    )


def _post(a: Arena, post: OptionPost, missiles: int) -> Post:
    b = a.w.batteries[post.battery].battery
    return Post(battery=b.name, nation=b.owner, host=b.host or b.owner, rounds=post.rounds * missiles)


def of_probes(g: Ground, probing: Arena, regime: str, s: Solution) -> tuple[Responsibility, ...]:
    """Who would take each other corridor: one missile at a time, by the doctrines of the plan."""
    given = probing.rules(regime)
    duty = duties(probing, given)
    known = tuple((d,) for d in doctrines(g, s).values())
    found = groups(probing)
    raided = {(g.a.w.assets[x.asset].name, x.threat, x.launch) for x in g.groups}
    rest = tuple(x for x in found if (probing.w.assets[x.asset].name, x.threat, x.launch) not in raided)
    every = Maker(probing, rest, shots(probing, given, duty), {}, {}, known).every()
    best: dict[tuple[int, str], Option] = {}
    for o in every:
        key = (o.group, o.layer)
        if key not in best or o.leak < best[key].leak - 1e-12:
            best[key] = o
    order = sorted(
        best.values(), key=lambda o: (-probing.w.assets[rest[o.group].asset].population, o.group, o.layer)
    )
    return tuple(_responsibility(probing, rest[o.group], o, duty, 0) for o in order)


def nations(g: Ground, p: Program, options: tuple[Option, ...], s: Solution) -> tuple[NationPlan, ...]:
    """Every attacked nation, most people at risk first."""
    defended = {g.groups[options[o].group].asset for o in s.chosen}
    attacked = dict.fromkeys(x.asset for x in g.groups)
    found = []
    for code in g.a.w.nations:
        own = [a for a in attacked if g.a.w.assets[a].nation == code]
        if own:
            found.append(
                NationPlan(
                    nation=code,
                    missiles=sum(x.count for x in g.groups if x.asset in own),
                    at_risk=sum(p.at_risk[a] for a in own),
                    protected=sum(s.worth.protected[a] for a in own),
                    without=sum(p.at_risk[a] for a in own if a not in defended),
                )
            )
    return tuple(sorted(found, key=lambda x: (-x.at_risk, x.nation)))


def added(c: Candidate) -> Added:
    """A candidate as the answer names it."""
    return Added(
        name=c.name,
        kind=c.kind,
        type=c.type,
        owner=c.owner,
        host=c.place.host,
        place=c.place.name,
        latitude_deg=round(math.degrees(c.place.latitude_rad), 6),
        longitude_deg=round(math.degrees(c.place.longitude_rad), 6),
        facing_deg=round(math.degrees(c.facing_rad) % 360.0, 3),
        rounds=c.rounds,
        price=c.price,
    )


def blind(g: Ground) -> Iterator[str]:
    """In words: batteries in whose reach some missile comes, and that never may fire for want of a track."""
    pictures = g.a.pictures(g.given)
    own = set(g.own.values())
    for b, f in enumerate(g.a.w.batteries):
        reaches = np.isfinite(g.a.g.launch_s[b, :, 0])
        if b in own or not reaches.any() or np.isfinite(pictures.fire_control_s[b, reaches]).any():
            continue
        name, owner = f.battery.name, f.battery.owner
        host = f.battery.host or owner
        if not site_works(g.given, name, host, owner, "use").allowed and f.interceptor.remote != "engage":
            yield f"{name} has no sensor that it may use: {host} does not let its radar work."
        else:
            yield f"{name} can fire at nothing: its tracks are never good enough while its rounds can meet."
