"""What people took to decide and how often they refused, as distributions that a case can be given.

Times are log-normal, as a case has them: a median and the sigma of the logarithm. Their bands are those of
the posterior under Jeffreys' prior 1/sigma: Student's t for the logarithm of the median, chi-square for sigma
(Gelman et al., Bayesian Data Analysis, 3rd ed., section 3.2). Shares are Beta(k + 1/2, n - k + 1/2),
Jeffreys' posterior of a proportion (Brown, Cai, DasGupta, Statistical Science 16, 2001).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy import stats

LOW, HIGH = 0.05, 0.95
"""Bands hold nine tenths."""
LEAST_S: Final = 0.25
"""Half a tick: an answer within the tick in which it was asked took no more than that."""
FEWEST: Final = 3
"""Below so many answers a spread is told without a band worth having: none is given."""
Band = tuple[float, float, float]
"""Value, low, high."""


@dataclass(frozen=True)
class Response:
    """How the questions of one kind were answered. `median_s` and `spread` are None with no answer at all,
    and have no band (NaN) with fewer than three."""

    asked: int
    answered: int
    refused: int
    median_s: Band | None
    spread: Band | None
    refuses: Band
    silent: Band


def response(times_s: Sequence[float], refused: int, asked: int) -> Response:
    """Of `asked` questions: how long each answer took, and how many were a no."""
    answered = len(times_s)
    median, spread = _times([math.log(max(t, LEAST_S)) for t in times_s])
    return Response(
        asked=asked, answered=answered, refused=refused, median_s=median, spread=spread,
        refuses=share(refused, answered), silent=share(asked - answered, asked),
    )  # fmt: skip


def share(k: int, n: int) -> Band:
    """A proportion, its posterior mean, and its band."""
    a, b = k + 0.5, n - k + 0.5
    low, high = stats.beta.ppf((LOW, HIGH), a, b)
    return a / (a + b), float(low), float(high)


def _times(logs: Sequence[float]) -> tuple[Band | None, Band | None]:
    n = len(logs)
    if not n:
        return None, None
    mean = sum(logs) / n
    if n < FEWEST:
        return (math.exp(mean), math.nan, math.nan), (math.nan, math.nan, math.nan)
    sigma = round(math.sqrt(sum((x - mean) ** 2 for x in logs) / (n - 1)), 9)  # of alike ones exactly 0
    half = float(stats.t.ppf(HIGH, n - 1)) * sigma / math.sqrt(n)
    low, high = (sigma * math.sqrt((n - 1) / stats.chi2.ppf(q, n - 1)) for q in (HIGH, LOW))
    return (math.exp(mean), math.exp(mean - half), math.exp(mean + half)), (sigma, float(low), float(high))
