"""The tables of docs/sensitivity.md: figures stay in their bands, and what is kept is what is shown."""

from __future__ import annotations

import json

import numpy as np
import pytest

from synaspis import api
from synaspis.files.case import shipped_cases
from synaspis.model.draw import contradicting, facts
from tests.soak import sensitivity as soak

CASE = api.load("first-light")


def test_the_page_shows_what_is_kept_and_of_cases_that_ship() -> None:
    kept = json.loads(soak.KEPT.read_text(encoding="utf-8"))
    assert soak.KEPT.with_suffix(".md").read_text(encoding="utf-8") == soak.page(kept)
    assert set(kept) == set(shipped_cases())
    for told in kept.values():
        assert len(told["first"]) == soak.SHOWN and told["trajectories"] == soak.TRAJECTORIES
        assert [f["mu_star"] for f in told["first"]] == sorted(
            (f["mu_star"] for f in told["first"]), reverse=True
        )


@pytest.mark.parametrize("share", [0.0, 1 / 3, 1.0])
def test_figures_stay_in_their_bands_and_can_be_true_together(share: float) -> None:
    names, known = soak.names_of(CASE), facts(CASE)
    values = soak.values_at(CASE, names, np.full(len(names), share))
    assert all(known[n].low <= v <= known[n].high for n, v in values.items())
    assert contradicting(CASE, values, capped=True) == ()
    if share == 0.0:  # one figure's end never moves another from its own, or its effect would be theirs
        assert list(values.values()) == pytest.approx([known[n].low for n in names])


def test_the_figure_that_moves_an_answer_comes_first() -> None:
    pytest.importorskip("SALib")
    names = soak.names_of(CASE)
    problem, points = soak.sample(len(names), 4)
    assert points.shape == (4 * (len(names) + 1), len(names))
    told = soak.table(CASE, problem, points, 100.0 * points[:, 7] + 30.0 * points[:, 3])
    assert [(f["entry"], f["parameter"]) for f in told[:2]] == [names[7], names[3]]
    assert told[0]["mu_star"] == 100 and told[0]["sigma"] == 0
