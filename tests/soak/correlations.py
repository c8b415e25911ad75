"""Do 95 % intervals of `fit_kills` cover the truth in 95 %? A thousand tables of known correlation, as JSON.

    python -m tests.soak.correlations [TABLES] [SEED]

Shapes of tables: 50 attacks of mean size 3.6 as in RUSI's count of June to September 2025; 20 larger ones;
100 of geometric sizes; 15 large ones among 20 single missiles; a dozen attacks. Correlations from none to 0.9
and kill chances of 0.37 and 0.7 take turns.
"""

from __future__ import annotations

import json
import sys

import numpy as np
from numpy.typing import NDArray

from synaspis.studies.kills import fit

Ints = NDArray[np.int64]
CORRELATIONS = (0.0, 0.05, 0.15, 0.3, 0.6, 0.9)
CHANCES = (0.37, 0.7)
SHAPES = (
    "50 of mean 3.6",
    "20 of mean 10",
    "100 geometric of mean 4",
    "15 large and 20 single",
    "12 of mean 6",
)
LOW, HIGH = 0.93, 0.97
"""Share of tables whose interval must hold the true correlation."""


def sizes(shape: int, rng: np.random.Generator) -> Ints:
    """(N,) missiles launched in each attack of a table of a shape."""
    made = (
        lambda: 1 + rng.poisson(2.58, 50),
        lambda: 1 + rng.poisson(9.0, 20),
        lambda: rng.geometric(0.25, 100),
        lambda: np.r_[np.ones(20), rng.integers(2, 40, 15)],
        lambda: 1 + rng.poisson(5.0, 12),
    )
    return np.asarray(made[shape](), np.int64)


def table(shape: int, p: float, rho: float, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Launched and destroyed: NumPy's beta and binomial draws, none of the urns that the study uses."""
    launched = sizes(shape, rng)
    chance = np.full(len(launched), p)
    if rho > 0.0:
        strength = (1.0 - rho) / rho
        chance = rng.beta(p * strength, (1.0 - p) * strength, len(launched))
    return launched, np.asarray(rng.binomial(launched, chance), np.int64)


def covered(tables: int, seed: int) -> dict[str, dict[str, list[bool]]]:
    """Whether each table's intervals hold the true correlation and kill chance, by correlation and shape."""
    rng = np.random.default_rng(seed)
    found: dict[str, dict[str, list[bool]]] = {}
    for i in range(tables):
        rho = CORRELATIONS[i % len(CORRELATIONS)]
        shape = (i // len(CORRELATIONS)) % len(SHAPES)
        p = CHANCES[(i // (len(CORRELATIONS) * len(SHAPES))) % len(CHANCES)]
        told = fit(*table(shape, p, rho, rng), seed=i)
        band = told.correlation
        holds = band is None or band.low <= rho <= band.high
        for name in ("all", f"correlation {rho:g}", SHAPES[shape]):
            kept = found.setdefault(name, {"correlation": [], "p_kill": []})
            kept["correlation"].append(holds)
            kept["p_kill"].append(told.p_kill.low <= p <= told.p_kill.high)
    return found


def main() -> None:
    tables = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    found = covered(tables, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    shares = {
        name: {what: round(float(np.mean(holds)), 4) for what, holds in kept.items()}
        for name, kept in found.items()
    }
    print(json.dumps({"tables": tables, "covered": shares}, indent=2))
    slack = 0.0 if tables >= 1000 else 2.0 * (0.95 * 0.05 / tables) ** 0.5
    sys.exit(not LOW - slack <= shares["all"]["correlation"] <= HIGH + slack)


if __name__ == "__main__":
    main()
