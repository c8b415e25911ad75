"""Kill chance and correlation within attacks, from a table of what was launched and what was destroyed.

Intervals invert the likelihood-ratio test by simulation on the table's own attack sizes: a value belongs
to the 95 % interval where the table is no odder than 95 % of tables drawn with that value, the other
parameter as it then fits best. No large table is supposed, and no correlation is an end like any other. See
docs/decisions/correlated-kills.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from synaspis.errors import InputError, Problem
from synaspis.kernels import clusters
from synaspis.model.answers import Band
from synaspis.model.kills import OUTSIDE, AttackTable, KillsAnswer, KillsFit, NoInterceptBand, TestBand

Ints = NDArray[np.int64]
LEVEL = 0.95
MANY = 20_000
"""Missiles from which fewer tables do: each takes longer, and the intervals are narrow."""
DRAWS, DRAWS_OF_MANY = 399, 199
"""Tables drawn for each value tried: 380 of 400, or 190 of 200, make the level exact."""
SHUFFLES, SHUFFLES_OF_MANY = 9_999, 1_999
"""Shuffles of which missiles fell; the fewer also for each number of attacks left out."""
HALVINGS = 10
DOUBTFUL = 0.05


def fit_kills(table: AttackTable, seed: int, version: str) -> KillsAnswer:
    """The fit of the whole table and of each class in it that has two attacks or more."""
    launched = np.array([r.launched for r in table.rows], np.int64)
    destroyed = np.array([r.destroyed for r in table.rows], np.int64)
    kinds = np.array(table.kind)
    named = [k for k in dict.fromkeys(table.kind) if k]
    whole = fit(launched, destroyed, seed)
    classes = {
        k: fit(launched[kinds == k], destroyed[kinds == k], seed)
        for k in named
        if len(set(table.kind)) > 1 and (kinds == k).sum() > 1
    }
    warnings = [OUTSIDE]
    if len(set(table.kind)) > 1:
        warnings.append(
            "Classes that are killed with different chances look like correlation in the whole table: "
            "judge by the rows of the classes."
        )
        alone = [k for k in named if k not in classes]
        if alone:
            warnings.append(f"Of a single attack, and so without a row of its own: {', '.join(alone)}.")
    return KillsAnswer(
        source=table.source,
        version=version,
        seed=seed,
        whole=whole,
        classes=classes,
        warnings=tuple(warnings),
    )


def fit(launched: Ints, destroyed: Ints, seed: int = 1) -> KillsFit:
    """A beta-binomial fitted to one table; see `KillsFit`."""
    tails = np.empty((3, int(launched.max())))
    clusters.fill_tails(launched, destroyed, tails)
    undetermined = _undetermined(launched, destroyed)
    rho = clusters.likeliest_rho(clusters.FREE, tails)[0]
    p = clusters.likeliest_p(rho, tails)
    shuffles = SHUFFLES if launched.sum() < MANY else SHUFFLES_OF_MANY
    unequal, as_many, least, most = _against_chance(launched, destroyed, seed, shuffles)
    independent = Band(value=none_expected(launched, int(destroyed.sum())), low=least, high=most)
    return KillsFit(
        attacks=len(launched),
        launched=int(launched.sum()),
        destroyed=int(destroyed.sum()),
        p_kill=_interval(p, True, launched, tails, seed),
        correlation=None if undetermined else _interval(rho, False, launched, tails, seed),
        undetermined=undetermined,
        p_independent=unequal,
        none_seen=int((destroyed == 0).sum()),
        none_independent=independent,
        p_none=as_many,
        none_fitted=_none_fitted(launched, p, rho),
        outside=_outside(launched, destroyed, unequal, seed),
    )


def _undetermined(launched: Ints, destroyed: Ints) -> str:
    """Why the table cannot tell a correlation; empty where it can."""
    if launched.max() == 1:
        return "no attack launched more than one missile"
    if destroyed.sum() == 0:
        return "nothing was destroyed"
    if destroyed.sum() == launched.sum():
        return "everything was destroyed"
    return ""


def _interval(best: float, fixes_p: bool, launched: Ints, tails: NDArray[np.float64], seed: int) -> Band:
    """The values that the table does not speak against, as far as they hang together with the best one."""

    draws = DRAWS if launched.sum() < MANY else DRAWS_OF_MANY

    def plausible(value: float) -> bool:
        return bool(clusters.plausible(value, fixes_p, launched, tails, seed, draws, LEVEL))

    return Band(value=best, low=_end(plausible, best, 0.0), high=_end(plausible, best, 1.0))


def _end(plausible: Callable[[float], bool], inside: float, outside: float) -> float:
    """Where plausibility ends between `inside` and `outside`, by halving; `outside` where it does not."""
    if inside == outside or plausible(outside):
        return outside
    for _ in range(HALVINGS):
        middle = 0.5 * (inside + outside)
        if plausible(middle):
            inside = middle
        else:
            outside = middle
    return 0.5 * (inside + outside)


def _against_chance(
    launched: Ints, destroyed: Ints, seed: int, draws: int
) -> tuple[float, float, float, float]:
    """Chances of so large a spread and of so many zeros without correlation, and 95 % of those zeros.

    The spread is the statistic of Tarone (Biometrika 66, 1979), the chance exact given the total.
    """
    found = clusters.shuffled(launched, int(destroyed.sum()), seed, draws)
    p = destroyed.sum() / launched.sum()
    spread, zeros = ((destroyed - launched * p) ** 2).sum(), (destroyed == 0).sum()
    unequal = (1 + (found[:, 0] >= spread * (1.0 - 1e-12)).sum()) / (draws + 1)
    as_many = (1 + (found[:, 1] >= zeros).sum()) / (draws + 1)
    least, most = np.percentile(found[:, 1], [2.5, 97.5], method="inverted_cdf")
    return float(unequal), float(as_many), float(least), float(most)


def none_expected(launched: Ints, fallen: int) -> float:
    """Attacks with no intercept, mean, where `fallen` of all missiles fall at random: hypergeometric."""
    whole = int(launched.sum())
    return float(sum(_none(int(n), fallen, whole) for n in launched))


def _none(n: int, fallen: int, whole: int) -> float:
    """Chance that none of `n` is among the `fallen` of `whole`."""
    if n + fallen > whole:
        return 0.0
    ways = math.lgamma(whole - n + 1) - math.lgamma(whole - n - fallen + 1)
    return math.exp(ways - math.lgamma(whole + 1) + math.lgamma(whole - fallen + 1))


def _none_fitted(launched: Ints, p: float, rho: float) -> float:
    """Attacks with no intercept, mean, that a beta-binomial predicts."""
    if rho >= 1.0:
        return len(launched) * (1.0 - p)
    j = np.arange(int(launched.max()))
    each = ((1.0 - p) * (1.0 - rho) + j * rho) / (1.0 - rho + j * rho)
    return float(np.cumprod(each)[launched - 1].sum())


def _outside(launched: Ints, destroyed: Ints, unequal: float, seed: int) -> int | None:
    """How many attacks with no intercept, the largest first, would have to be left out; see `KillsFit`."""
    if unequal >= DOUBTFUL:
        return 0
    empty = np.flatnonzero(destroyed == 0)
    empty = empty[np.argsort(-launched[empty], kind="stable")]

    def explained(count: int) -> bool:
        kept = np.setdiff1d(np.arange(len(launched)), empty[:count])
        chance = _against_chance(launched[kept], destroyed[kept], seed, SHUFFLES_OF_MANY)[0]
        return chance >= DOUBTFUL

    most = len(empty)  # fewer than all: where nothing was destroyed, nothing speaks against independence
    if most == 0 or not explained(most):
        return None
    low, high = 0, most
    while high - low > 1:  # the fewer zeros, the less spread
        middle = (low + high) // 2
        low, high = (low, middle) if explained(middle) else (middle, high)
    return high


def no_intercept_band(
    attacks: int, launched: int, destroyed: int, seen: int | None = None, seed: int = 1
) -> NoInterceptBand:
    """The mean number of attacks with no intercept under independence, whatever the attacks' sizes.

    Missiles fall alike with chance p = destroyed / launched, so an attack of n has none with chance
    (1 - p)^n, which is convex in n. By Jensen's inequality the sum over attacks is least where all have the
    mean size, and, sizes being whole and at least 1, most where all but one launch a single missile (that
    list of sizes majorises every other). InputError for counts that no table can have.
    """
    _counts(attacks, launched, destroyed, seen)
    miss = 1.0 - destroyed / launched
    fewest = attacks * miss ** (launched / attacks)
    most = (attacks - 1) * miss + miss ** (launched - attacks + 1)
    even = np.full(attacks, launched // attacks, np.int64)
    even[: launched % attacks] += 1
    single = np.ones(attacks, np.int64)
    single[-1] = launched - attacks + 1
    chances = [math.nan, math.nan]
    if seen is not None:
        drawn = (clusters.shuffled(sizes, destroyed, seed, SHUFFLES)[:, 1] for sizes in (even, single))
        chances = [float((1 + (zeros >= seen).sum()) / (SHUFFLES + 1)) for zeros in drawn]
    return NoInterceptBand(
        attacks=attacks,
        launched=launched,
        destroyed=destroyed,
        fewest=fewest,
        most=most,
        seen=seen,
        p_fewest=chances[0],
        p_most=chances[1],
    )


def _counts(attacks: int, launched: int, destroyed: int, seen: int | None) -> None:
    wrong = [
        Problem(name, 0, 0, f"`{name}` is {value}", mend)
        for name, value, good, mend in (
            ("attacks", attacks, attacks >= 1, "give at least 1"),
            ("launched", launched, launched >= attacks, "give at least one missile for each attack"),
            ("destroyed", destroyed, 0 <= destroyed <= launched, "give from 0 to what was launched"),
            ("seen", seen, seen is None or 0 <= seen <= attacks, "give from 0 to the number of attacks"),
        )
        if not good
    ]
    if wrong:
        raise InputError(wrong)


def test_band(successes: int, attempts: int) -> TestBand:
    """Median and 95 % of the success chance behind a record, from Jeffreys' prior: Beta(s + 1/2, f + 1/2).

    InputError for a record that cannot be. Brown, Cai and DasGupta, Statistical Science 16, 2001.
    """
    from scipy.special import betaincinv

    if attempts < 1 or not 0 <= successes <= attempts:
        what = f"{successes} successes in {attempts} attempts"
        raise InputError([Problem("record", 0, 0, what, "give at least one attempt, and no more successes")])
    a, b = successes + 0.5, attempts - successes + 0.5
    low, centre, high = (float(betaincinv(a, b, share)) for share in (0.025, 0.5, 0.975))
    return TestBand(
        successes=successes,
        attempts=attempts,
        centre=centre,
        low=0.0 if successes == 0 else low,
        high=1.0 if successes == attempts else high,
    )


test_band.__test__ = False  # type: ignore[attr-defined]  # for pytest, which takes every such name for a test
