"""How the property tests draw: the same examples on every run, unless a soak is asked for.

`SYNASPIS_SOAK=20 pytest` plays every property 20 times over, each with luck of its own, and keeps what
fails in `.hypothesis/`, so that the next run begins with it.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

SOAK_ROUNDS = int(os.environ.get("SYNASPIS_SOAK") or 0)

# No deadline: a first call compiles, and a busy machine is no defect.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("soak", derandomize=False, deadline=None, print_blob=True)
settings.load_profile("soak" if SOAK_ROUNDS else "steady")


@pytest.fixture(scope="session")
def soak_round(request: pytest.FixtureRequest) -> int:
    """Which time a property is being played."""
    round_number: int = request.param
    return round_number


FIRST = ("cli", "engine", "kernels")
"""Folders of tests that begin: the first two compile the engine, the third most of what else is compiled."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers take an eighth of the tests each to begin with, so that they do not compile the same."""
    turn = {folder: i for i, folder in enumerate(FIRST)}
    items.sort(key=lambda item: turn.get(item.path.parent.name, len(FIRST)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat rather than raise the number of examples: each test sets that number for itself."""
    if SOAK_ROUNDS and hasattr(metafunc.function, "hypothesis"):
        metafunc.fixturenames.append("soak_round")
        metafunc.parametrize("soak_round", range(SOAK_ROUNDS), indirect=True)
