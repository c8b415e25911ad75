"""What a table of attacks says of kill chance and correlation, and what a record of tests does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from synaspis.model.answers import Band
from synaspis.model.declare import quantity, text

MOST_LAUNCHED = 100_000
"""Missiles of a whole table."""
TESTS_LABEL = "tests, not combat"
OUTSIDE = (
    "An attack that no battery could reach, or at which none was allowed to fire, adds missiles and no "
    "kills: attacks outside coverage look like correlation. Leave them out of the table where it is known."
)


@dataclass(frozen=True, kw_only=True)
class AttackRow:
    """One attack of a table: how many missiles were launched, and how many of them destroyed."""

    launched: int = quantity("1", "missiles launched", at_least=1, at_most=MOST_LAUNCHED)
    destroyed: int = quantity("1", "missiles destroyed", at_least=0, at_most=MOST_LAUNCHED)
    attack: str = text("name or day of the attack", default="")


@dataclass(frozen=True, kw_only=True)
class AttackTable:
    """A user's table of attacks; `kind` is each one's class, all empty where none is given."""

    source: str
    rows: tuple[AttackRow, ...]
    kind: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class KillsFit:
    """A beta-binomial fitted to a table. Bands are 95 % intervals.

    `correlation` is that of the fates of two missiles of one attack; None where the table cannot tell
    (`undetermined` says why). `p_independent` is the chance of a spread as large without correlation.
    `none_seen` attacks had no intercept; independence predicts `none_independent`, with chance `p_none` of
    as many as were seen; the fit predicts `none_fitted`. `outside` of the attacks with no intercept would
    have to lie outside coverage for the rest to look independent at 5 %: None where no such number does it,
    0 where nothing speaks against independence as it stands.
    """

    attacks: int
    launched: int
    destroyed: int
    p_kill: Band
    correlation: Band | None
    undetermined: str
    p_independent: float
    none_seen: int
    none_independent: Band
    p_none: float
    none_fitted: float
    outside: int | None


@dataclass(frozen=True, kw_only=True)
class KillsAnswer:
    """The fit of a whole table, and of each class in it that has two attacks or more."""

    source: str
    version: str
    seed: int
    whole: KillsFit
    classes: Mapping[str, KillsFit] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NoInterceptBand:
    """How many attacks with no intercept independence predicts in the mean, for any sizes of the attacks.

    `fewest` where all are of one size, `most` where all but one launch a single missile. `p_fewest` and
    `p_most` are the chances of at least `seen` such attacks in either case; NaN where `seen` is not given.
    """

    attacks: int
    launched: int
    destroyed: int
    fewest: float
    most: float
    seen: int | None
    p_fewest: float
    p_most: float


@dataclass(frozen=True, kw_only=True)
class TestBand:
    """The chance behind a record of tests: median and 95 % of the posterior from Jeffreys' prior."""

    __test__ = False  # for pytest, which takes every such name for a test

    successes: int
    attempts: int
    centre: float
    low: float
    high: float
    label: str = TESTS_LABEL


def document(answer: KillsAnswer) -> dict[str, object]:
    """The stable document of `fit-kills --json` (schema in docs/contracts/fit-kills.schema.json)."""
    return {
        "source": answer.source,
        "version": answer.version,
        "seed": answer.seed,
        **_fit(answer.whole),
        "classes": {name: _fit(fit) for name, fit in answer.classes.items()},
        "warnings": list(answer.warnings),
    }


def _fit(fit: KillsFit) -> dict[str, object]:
    return {
        "attacks": fit.attacks,
        "launched": fit.launched,
        "destroyed": fit.destroyed,
        "p_kill": dict(vars(fit.p_kill)),
        "correlation": None if fit.correlation is None else dict(vars(fit.correlation)),
        "undetermined": fit.undetermined,
        "p_independent": fit.p_independent,
        "no_intercept": {
            "seen": fit.none_seen,
            "independent": dict(vars(fit.none_independent)),
            "p_as_many": fit.p_none,
            "fitted": fit.none_fitted,
            "outside_coverage_would_explain": fit.outside,
        },
    }
