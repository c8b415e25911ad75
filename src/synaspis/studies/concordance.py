"""Whether those who gain pay: free riding, the agreement of benefit and burden, and size against share.

Sources: W. Kim and T. Sandler, "NATO at 70: Pledges, Free Riding, and Benefit-Burden Concordance", Defence
and Peace Economics 31 (2020, online 2019), test over members whether shares of benefit and burden agree with
Wilcoxon's signed-rank test; M. Olson and R. Zeckhauser, "An Economic Theory of Alliances", Review of
Economics and Statistics 48 (1966), hold the rank correlation of size and share of income against no relation:
above 0, larger members bear more than their size explains.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from synaspis.model.burden import RankCorrelation, SignedRank
from synaspis.studies.keys import by_weight

_EQUAL = 12
"""Digits after the point to which shares are compared: below that they differ by rounding alone."""
FEWEST = 3
"""Members below which ranks say nothing: two are always in perfect order."""


def free_rider_index(benefit: Mapping[str, float], burden: Mapping[str, float]) -> dict[str, float] | None:
    """Share of the benefit less share of the burden, by member: from -1 (only pays) to 1 (only gains).

    Both in any unit, over the same members (KeyError otherwise). A member's figure below 0 is taken as 0,
    so that the index stays within its limits. None where total benefit, losses counted, or total burden
    is not positive, or where a figure is not finite.
    """
    members = tuple(benefit)
    if not math.fsum(benefit.values()) > 0.0:
        return None
    gained = by_weight("benefit", members, benefit).share
    borne = by_weight("burden", members, {m: burden[m] for m in members}).share
    if gained is None or borne is None:
        return None
    return {m: gained[m] - borne[m] for m in members}


def signed_rank(index: Mapping[str, float]) -> SignedRank | None:
    """Whether the free-rider index of the members lies about 0. None where all are 0 or there are none.

    Exact for members without ties; scipy's choice with ties (all signs up to 13 members, normal above).
    """
    from scipy.stats import wilcoxon

    differences = [d for d in (round(i, _EQUAL) for i in index.values()) if d != 0.0]
    if not differences:
        return None
    found = wilcoxon(differences)
    return SignedRank(statistic=float(found.statistic), p_value=float(found.pvalue), members=len(differences))


def rank_correlation(size: Mapping[str, float], share: Mapping[str, float]) -> RankCorrelation | None:
    """Whether larger members have larger shares. Figures in any unit, over the same members (else KeyError).

    None for fewer than `FEWEST` members, where either figure is the same for all, or where one is not finite.
    """
    from scipy.stats import kendalltau, spearmanr

    sizes, shares = list(size.values()), [share[m] for m in size]
    alike = any(len(set(figures)) < 2 for figures in (sizes, shares))
    if len(sizes) < FEWEST or alike or not all(map(math.isfinite, (*sizes, *shares))):
        return None
    rho, tau = spearmanr(sizes, shares), kendalltau(sizes, shares)
    return RankCorrelation(
        spearman=float(rho.statistic),
        spearman_p_value=float(rho.pvalue),
        kendall=float(tau.statistic),
        kendall_p_value=float(tau.pvalue),
        members=len(sizes),
    )
