"""Strategic stability in sentences: the same on the page, in the report and in a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.markup import escape
from rich.table import Table

from synaspis.model.answers import Band, SiteMark
from synaspis.model.stability import LEAST_MET, LEAST_PATHS, ReachShare, Stability, StabilityAnswer
from synaspis.report.words import counted, listed, percent

PAGE = "stability.html"
"""The transparency page, beside the report."""


def headline(s: Stability) -> str:
    """The finding of the first question."""
    return titled(s.questions[0])


def titled(q: StabilityAnswer) -> str:
    """A finding with what it is about."""
    return f"{q.title}: {finding(q)}"


def finding(q: StabilityAnswer) -> str:
    """What the shield can do about these missiles at most, in one sentence."""
    w = q.whole
    if w.from_launch is None or w.from_burnout is None:
        return f"{_none(w)}."
    paths = counted(w.paths, "path")
    if w.from_launch.high == 0.0:
        return f"no interceptor of this shield reaches any of {paths}."
    if w.from_burnout.high == 0.0:
        return f"none of {paths} can be met once the missile’s motors have stopped."
    if w.from_burnout.value == 0.0:
        most = f"{share_of(w.from_burnout.high)} at the better end of the public figures"
        return f"none of {paths} can be met once the missile’s motors have stopped; {most}."
    much = _part(w.from_burnout, paths)
    return f"{much} could be met once the missile’s motors have stopped, if all worked."


def _none(w: ReachShare) -> str:
    if w.paths == 0:
        return f"out of reach: these classes fly none of the {w.out_of_range} paths examined"
    flown = counted(w.paths, "path")
    return f"only {flown} can be flown at all, too few to tell a share (at least {LEAST_PATHS})"


def _part(b: Band, paths: str) -> str:
    """`4.2 % of 240 paths (0.4–23 %)`, in words where it is none, all or nearly all of them."""
    words = {0.0: "none", 1.0: "all"}.get(b.value, share_of(b.value))
    much = "nearly all" if 0.99 < b.value < 1.0 else words
    band = "" if b.low == b.value == b.high else f" ({_ends(b)})"
    return f"{much} of {paths}{band}"


def reach_sentence(q: StabilityAnswer) -> str:
    """What speed and range allow."""
    w = q.whole
    if w.from_launch is None or w.from_burnout is None:
        words = _none(w)
        return words[0].upper() + words[1:] + "."
    paths = _part(w.from_launch, counted(w.paths, "path"))
    early = (
        f"Launched at the same moment as the missile, some interceptor would get to {paths} in time: the "
        "most that speed and range allow."
    )
    if w.from_burnout.high == 0.0:
        return f"{early} Launched when its motors have stopped or later, none would get to any."
    return f"{early} Launched when its motors have stopped or later, to {_part(w.from_burnout, 'them')}."


def list_sentence(q: StabilityAnswer) -> str:
    """What the lists of the interceptors, and what the regimes release, leave of it."""
    w = q.whole
    if w.on_list is None or w.released is None:
        return ""
    kinds = "that class" if len(q.classes) == 1 else "such classes"
    if w.on_list.high == 0.0:
        if not any(x.on_list.high > 0.0 for x in q.layers.values()):
            return f"No interceptor of the shield has {kinds} on its list, so none is fired at them here."
        return f"No interceptor that has {kinds} on its list reaches any of the paths."
    told = [f"{share_of(share)} under {name}" for name, share in w.released.items()]
    return (
        f"{shown(w.on_list)} of the paths are in reach of an interceptor that has {kinds} on its list; with "
        f"a fire-control track in time, {listed(told)}."
    )


def rounds_sentence(q: StabilityAnswer) -> str:
    """Rounds against missiles."""
    ready, within = total(q, "ready"), total(q, "within_reach")
    missiles = f"the {count(q.missiles)} missiles that {q.state} is said to have"
    if within.high == 0.0:
        none = f"None of the {count(ready)} ready rounds stands where {LEAST_MET} or more paths could be met"
        return f"{none}, against {missiles}."
    return (
        f"{count(within)} of the {count(ready)} ready rounds stand where {LEAST_MET} or more of these paths "
        f"could be met, against {missiles}: {rate(q.ratio_within_reach)} rounds to a missile."
    )


def sites_sentence(far: Sequence[SiteMark], sites: Sequence[SiteMark]) -> str:
    """Which of the shield's batteries could matter at all."""
    every = counted(sum(s.kind == "battery" for s in sites), "battery", "batteries")
    if not far:
        return f"None of {every} has an interceptor that flies 300 km over ground."
    where = listed(list(dict.fromkeys("at sea" if s.domain == "sea" else f"in {s.host}" for s in far)))
    have = "has an interceptor that flies" if len(far) == 1 else "have interceptors that fly"
    stand = "it stands" if len(far) == 1 else "they stand"
    return f"{len(far)} of {every} {have} 300 km or more over ground; {stand} {where}."


def total(q: StabilityAnswer, what: str) -> Band:
    """Rounds of all layers: `ready`, `within_reach` or `on_list`."""
    bands: list[Band] = [getattr(x, what) for x in q.layers.values()]
    return Band(
        value=sum(b.value for b in bands), low=sum(b.low for b in bands), high=sum(b.high for b in bands)
    )


def shown(b: Band) -> str:
    """`4.2 % (0.4–23 %)`: a share with its band."""
    if b.low == b.value == b.high:
        return share_of(b.value)
    return f"{share_of(b.value)} ({_ends(b)})"


def _ends(b: Band) -> str:
    return f"{share_of(b.low).removesuffix('%').rstrip()}–{share_of(b.high)}"


def share_of(x: float) -> str:
    """A share of paths; all of them only where it is all."""
    return ">\u00a099\u00a0%" if 0.99 < x < 1.0 else percent(x)


def count(b: Band) -> str:
    """`24 (8–48)`: a whole number with its band."""
    if b.low == b.value == b.high:
        return f"{b.value:,.0f}"
    return f"{b.value:,.0f} ({b.low:,.0f}–{b.high:,.0f})"


def rate(b: Band) -> str:
    """`0.07 (0.02–0.08)`."""
    ends = [f"{x:.2f}" for x in (b.value, b.low, b.high)]
    return ends[0] if len(set(ends)) == 1 else f"{ends[0]} ({ends[1]}–{ends[2]})"


def classes_sentence(q: StabilityAnswer) -> str:
    """The classes and how well their existence is known."""
    return "; ".join(f"{name} ({title}; {status})" for name, (title, status) in q.classes.items())


def terminal_stability(s: Stability, plain: Table) -> Table:
    """One row for each question in `plain`, an empty table."""
    plain.add_column("paths")
    for words in ("in reach\nfrom launch", "in reach\nfrom burnout", "on a\nlist", "rounds to\na missile"):
        plain.add_column(words, justify="right")
    for q in s.questions:
        bands = (q.whole.from_launch, q.whole.from_burnout, q.whole.on_list)
        told = ["–" if b is None else shown(b) for b in bands]
        plain.add_row(escape(q.title), *told, rate(q.ratio_within_reach))
    return plain
