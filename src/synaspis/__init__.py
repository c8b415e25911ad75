"""Synaspis: what a missile-defence shield shared by several nations is worth.

>>> import synaspis
>>> case = synaspis.load("europe")                 # doctest: +SKIP
>>> answer = synaspis.run(case, trials=1000)       # doctest: +SKIP
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "absorb",
    "agreements_diff",
    "agreements_package",
    "agreements_rank",
    "ask",
    "ask_transfer",
    "boost_layer",
    "burden",
    "check_agreements",
    "debris",
    "explain",
    "export",
    "fit_kills",
    "fly",
    "footprint",
    "label_of",
    "load",
    "no_intercept_band",
    "overhear",
    "plan",
    "plan_alone",
    "range_check",
    "reconstruct",
    "run",
    "summary",
    "sweep",
    "test_band",
    "timeline",
    "track",
    "unfold",
    "version",
    "warmup",
    "warn",
    "write",
    "write_boost_layer",
    "write_burden",
    "write_footprint",
    "write_plan",
    "write_sweep",
    "write_timeline",
    "write_warning",
]


def __getattr__(name: str) -> Any:
    """Names of `synaspis.api`, imported when first used so that `synaspis version` stays quick."""
    if name == "__version__":
        from importlib import metadata

        return metadata.version("synaspis")
    if name in __all__:
        from synaspis import api

        return getattr(api, name)
    raise AttributeError(f"module 'synaspis' has no attribute {name!r}")
