"""Answers that several files look at, each found once in a process. Nobody changes them."""

from __future__ import annotations

from functools import cache

from synaspis import api
from synaspis.model.boost_layer import BoostAnswer
from synaspis.model.burden import BurdenAnswer
from synaspis.model.footprint import FootprintAnswer
from synaspis.model.plan import PlanAnswer


@cache
def footprint() -> FootprintAnswer:
    """Both batteries of `first-light` under every regime."""
    return api.footprint("first-light", jobs=2, cells=40)


@cache
def boost_layer() -> BoostAnswer:
    """The study of 2026 over `first-light`."""
    return api.boost_layer("first-light", jobs=1)


@cache
def plan() -> PlanAnswer:
    """One battery more for `first-light` as the nations are by themselves."""
    return api.plan("first-light", regime="national", add=1, allow=["thaad-battery"], trials=20, jobs=1)


@cache
def burden() -> BurdenAnswer:
    """`first-light` with a value for a person protected."""
    return api.burden("first-light", trials=20, per_person_musd=1e-5, jobs=1)
