"""Keys share out a cost: amounts add up to it, equals pay alike, and what was changed is said."""

from __future__ import annotations

import math
import random

import pytest

from synaspis.files.catalog import shipped
from synaspis.files.economies import economies
from synaspis.studies import keys

MEMBERS = ("USA", "TUR", "ROU", "POL", "DEU", "AUT")


def random_weights(seed: int) -> dict[str, float]:
    draw = random.Random(seed)
    return {m: draw.uniform(-1.0, 3.0) * 10.0 ** draw.randint(-3, 6) for m in MEMBERS} | {"POL": 1.0}


@pytest.mark.parametrize("seed", range(40))
def test_amounts_add_up_and_follow_the_weights(seed: int) -> None:
    weights = random_weights(seed)
    key = keys.by_weight("any", MEMBERS, weights)
    pays = key.pays(2440.0)
    assert pays is not None
    assert math.fsum(pays.values()) == pytest.approx(2440.0, rel=1e-12)
    assert all(amount >= 0.0 for amount in pays.values())
    assert key.at_zero == tuple(m for m in MEMBERS if weights[m] < 0.0)
    for one in MEMBERS:
        for other in MEMBERS:
            if weights[one] >= weights[other]:
                assert pays[one] >= pays[other]
    doubled = keys.by_weight("any", MEMBERS, {m: 2.0 * w for m, w in weights.items()}).share
    assert doubled == pytest.approx(key.share)


def test_all_keys_of_real_economies_add_up() -> None:
    known = economies(shipped())
    worth = {m: float(i) - 1.0 for i, m in enumerate(MEMBERS)}
    found = keys.all_keys(
        MEMBERS,
        funding={m: e.common_funding["2024-25"] for m, e in known.items()},
        gdp={m: e.gdp_musd for m, e in known.items()},
        population={m: e.population for m, e in known.items()},
        benefit=worth,
        shapley=worth,
    )
    assert tuple(k.name for k in found) == keys.KEYS
    for key in found:
        pays = key.pays(100.0)
        assert pays is not None
        assert tuple(pays) == MEMBERS
        assert math.fsum(pays.values()) == pytest.approx(100.0, rel=1e-12)
    funding, shapley = found[0], found[4]
    assert funding.outside == ("AUT",)
    assert funding.covered == pytest.approx(0.158813 + 0.045927 + 0.011931 + 0.029015 + 0.158813)
    assert funding.share is not None
    assert funding.share["USA"] == pytest.approx(0.158813 / funding.covered)
    assert shapley.at_zero == ("USA",)
    assert found[5].share == pytest.approx(dict.fromkeys(MEMBERS, 1 / 6))


def test_a_key_that_cannot_be_said_says_why() -> None:
    absent = keys.by_weight("gdp", MEMBERS, {"USA": 1.0, "TUR": math.nan})
    assert absent.share is None
    assert absent.pays(1.0) is None
    assert absent.why == "no figure for TUR, ROU, POL, DEU, AUT"
    losers = keys.by_weight("benefit", ("USA", "TUR"), {"USA": -1.0, "TUR": 0.0})
    assert losers.share is None
    assert losers.at_zero == ("USA",)
    assert losers.why == "no member has a weight above 0"
    assert keys.equal(()).share is None
    assert keys.common_funding(("AUT",), {}).share is None


def test_one_member_pays_all() -> None:
    assert keys.equal(("TUR",)).pays(7.0) == {"TUR": 7.0}
