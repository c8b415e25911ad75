"""What comparing, ranking and packaging agreements return, and their JSON documents.

Differences are paired: the same trials, on the same luck, under one set of clauses and another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

GOALS = ("worst-nation", "protected-population", "warning")


@dataclass(frozen=True, kw_only=True)
class Gain:
    """A paired difference over trials: mean, 5th and 95th percentile, and the standard error of the mean."""

    value: float
    low: float
    high: float
    error: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Door:
    """What one set of clauses says of a product: `no`, `conditional` or `yes`; how late, and when."""

    answer: str
    delay_s: float | None = None
    when: str = ""
    because: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Change:
    """A product that goes otherwise between two nations; `sensors` names which, () for all of the owner's."""

    owner: str
    recipient: str
    product: str
    before: Door
    after: Door
    because: tuple[str, ...]
    sensors: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NationChange:
    """What the change does to one nation. `before` and `after` are means over trials."""

    warning_before_s: float
    warning_after_s: float
    warning_s: Gain
    leakers_before: float
    leakers_after: float
    leakers: Gain
    protected_population: Gain
    covered_before: float
    covered_after: float


@dataclass(frozen=True, kw_only=True)
class LoneClause:
    """A mandate, authority or consent (`kind`) that one of two regimes has and the other has not."""

    id: str
    kind: str
    regime: str


@dataclass(frozen=True, kw_only=True)
class AgreementsDiff:
    """Two regimes of a case, side by side, on the same luck.

    `changes` are what releases let go otherwise; `clauses` all others that only one of the two has.
    """

    case: str
    before: str
    after: str
    trials: int
    seed: int
    changes: tuple[Change, ...]
    clauses: tuple[LoneClause, ...]
    nations: Mapping[str, NationChange]
    protected_population: Gain
    leakers: Gain


@dataclass(frozen=True, kw_only=True)
class ClauseWorth:
    """What one change of clauses buys, in people protected.

    `kind`: release, mandate, authority or consent (a clause that is missing, or made quicker), or suspended
    (an existing clause left out: its gain is a loss). `product` is that of a release, else the kind of
    clause. `warning_s` holds the mean gain of each nation whose warning changes.
    """

    kind: str
    owner: str
    recipient: str
    product: str
    clause: str
    what: str
    gain: Gain
    warning_s: Mapping[str, float] = field(default_factory=dict)
    assumed: bool = False


@dataclass(frozen=True, kw_only=True)
class AgreementsRank:
    """Every single change of clauses of a regime, by the protection that it buys.

    `candidates` counts them by kind; `distinct` is how many different tables they compile to, the
    regime's own among them: each was played once.
    """

    case: str
    regime: str
    trials: int
    seed: int
    delay_s: float
    protected_population: float
    candidates: Mapping[str, int]
    distinct: int
    clauses: tuple[ClauseWorth, ...]


@dataclass(frozen=True, kw_only=True)
class Package:
    """A set of clauses that reaches the goal: what it comes to, who must sign it and who loses by it.

    `pivotal` names each nation without whose signature the others lose much of what the set gains them, with
    the share of it that they keep; `losers` and `gainers` hold people by nation, sure beyond luck.
    """

    clauses: tuple[str, ...]
    value: float
    gain: Gain
    pivotal: Mapping[str, float]
    losers: Mapping[str, float]
    gainers: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class AgreementsPackage:
    """The smallest sets of the case's clauses that reach a goal from a regime.

    `base`, `all_clauses` and `target` are values of the goal: without any, with every clause of the pool,
    and what counts as reached. `proven`: every smaller set was tried; else the search was heuristic.
    `reached` tells whether any set of at most `most` clauses gets there; if none does, the best is shown.
    """

    case: str
    regime: str
    goal: str
    unit: str
    trials: int
    seed: int
    most: int
    pool: tuple[str, ...]
    base: float
    all_clauses: float
    target: float
    reached: bool
    proven: bool
    tried: int
    alone: Mapping[str, float]
    packages: tuple[Package, ...]
    notes: tuple[str, ...] = ()


def gain_document(gain: Gain) -> dict[str, float]:
    """`{value, low, high, error}`."""
    return {"value": gain.value, "low": gain.low, "high": gain.high, "error": gain.error}


def diff_document(d: AgreementsDiff) -> dict[str, object]:
    """The JSON document of `agreements diff --json`."""
    return {
        "case": d.case,
        "before": d.before,
        "after": d.after,
        "trials": d.trials,
        "seed": d.seed,
        "changes": [_change(c) for c in d.changes],
        "clauses": [{"id": c.id, "kind": c.kind, "regime": c.regime} for c in d.clauses],
        "nations": {code: _nation(n) for code, n in d.nations.items()},
        "protected_population": gain_document(d.protected_population),
        "leakers": gain_document(d.leakers),
    }


def _change(c: Change) -> dict[str, object]:
    return {
        "owner": c.owner,
        "recipient": c.recipient,
        "product": c.product,
        "before": c.before.answer,
        "after": c.after.answer,
        "because": list(c.because),
        "before_s": c.before.delay_s,
        "after_s": c.after.delay_s,
        "before_when": c.before.when or None,
        "after_when": c.after.when or None,
        "sensors": list(c.sensors) or None,
    }


def _nation(n: NationChange) -> dict[str, object]:
    return {
        "warning_s": {"before": n.warning_before_s, "after": n.warning_after_s, **gain_document(n.warning_s)},
        "leakers": {"before": n.leakers_before, "after": n.leakers_after, **gain_document(n.leakers)},
        "protected_population": gain_document(n.protected_population),
        "covered_population": {
            "before": n.covered_before,
            "after": n.covered_after,
            "value": n.covered_after - n.covered_before,
        },
    }


def rank_document(r: AgreementsRank) -> dict[str, object]:
    """The JSON document of `agreements rank --json`."""
    return {
        "case": r.case,
        "regime": r.regime,
        "trials": r.trials,
        "seed": r.seed,
        "delay_s": r.delay_s,
        "protected_population": r.protected_population,
        "candidates": dict(r.candidates),
        "distinct": r.distinct,
        "clauses": [
            {
                "kind": c.kind,
                "owner": c.owner,
                "recipient": c.recipient,
                "product": c.product,
                "clause": c.clause or None,
                "what": c.what,
                "gain": gain_document(c.gain),
                "warning_s": dict(c.warning_s),
                "assumed": c.assumed,
            }
            for c in r.clauses
        ],
    }


def package_document(p: AgreementsPackage) -> dict[str, object]:
    """The JSON document of `agreements package --json`."""
    return {
        "case": p.case,
        "regime": p.regime,
        "goal": p.goal,
        "unit": p.unit,
        "trials": p.trials,
        "seed": p.seed,
        "max_clauses": p.most,
        "pool": list(p.pool),
        "base": p.base,
        "all_clauses": p.all_clauses,
        "target": p.target,
        "reached": p.reached,
        "proven": p.proven,
        "tried": p.tried,
        "alone": dict(p.alone),
        "packages": [
            {
                "clauses": list(x.clauses),
                "value": x.value,
                "gain": gain_document(x.gain),
                "pivotal": dict(x.pivotal),
                "losers": dict(x.losers),
                "gainers": dict(x.gainers),
            }
            for x in p.packages
        ],
        "notes": list(p.notes),
    }
