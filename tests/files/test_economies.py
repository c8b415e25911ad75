"""Economies: every nation of NATO and those of `europe`, figures that agree with each other."""

from __future__ import annotations

import pytest

from synaspis.errors import InputError
from synaspis.files import catalog, tree
from synaspis.files.economies import economies
from synaspis.model.economy import Economy

EUROPE = {
    *("USA", "TUR", "ROU", "BGR", "GRC", "POL", "DEU", "FRA", "ITA"),
    *("ESP", "GBR", "CZE", "HUN", "NLD", "BEL", "SVK", "HRV", "AUT"),
}


def own(text: str) -> catalog.Catalog:
    root, found = tree.parse(text.encode(), "c.yaml")
    assert root is not None
    assert found == []
    made, reader = catalog.read(root, "c.yaml")
    assert [p.what for p in reader.problems] == []
    return made


def figure(value: float, unit: str) -> str:
    band = f"value: {value}, unit: {unit}, low: {value}, high: {value}"
    return f"{{{band}, source: s, as_of: 2024, confidence: low}}"


def written(name: str, nation: str, arrangement: str = "2024-25") -> str:
    return f"""sources: {{s: A citation}}
entries:
  {name}:
    kind: economy
    title: T
    summary: S
    nation: {nation}
    gdp: {figure(5, "musd")}
    population: {figure(7, "people")}
    defence: {figure(1, "musd")}
    defence_share: {figure(0.2, "'1'")}
    common_funding: {{"{arrangement}": {figure(0.1, "'1'")}}}
"""


def test_every_nation_that_a_case_of_europe_needs() -> None:
    known = economies(catalog.shipped())
    assert set(known) >= EUROPE
    assert len(known) == 33
    assert list(known) == sorted(known)
    assert all(e.name == f"economy-{n.lower()}" for n, e in known.items())


def test_shares_of_the_whole_alliance_add_up() -> None:
    """To the five digits to which shares are given; fewer nations where an arrangement is known in part."""
    known = economies(catalog.shipped())
    for years, members in (("2021-24", 30), ("2024-25", 33)):
        shares = [e.common_funding[years] for e in known.values() if years in e.common_funding]
        assert len(shares) == members
        assert sum(shares) == pytest.approx(1.0, abs=2e-5)
    assert known["AUT"].common_funding == {"2024-25": 0.0}


def test_defence_agrees_with_its_share_of_the_product() -> None:
    """Sources differ in vintage and exchange rate (Turkey, the Netherlands: a fifth), not in magnitude.

    Luxembourg counts against its national income, a third below its product.
    """
    for nation, e in economies(catalog.shipped()).items():
        least = 0.6 if nation == "LUX" else 0.8
        assert least * e.defence_share <= e.defence_musd / e.gdp_musd <= 1.2 * e.defence_share


def test_figures_of_one_nation() -> None:
    greece = economies(catalog.shipped())["GRC"]
    assert greece == Economy(
        name="economy-grc",
        nation="GRC",
        gdp_musd=249_000.0,
        population=10_400_000.0,
        defence_musd=7684.0,
        defence_share=0.0299,
        common_funding={"2021-24": 0.010573, "2024-25": 0.010273},
    )


def test_an_own_entry_replaces_the_one_of_its_name() -> None:
    both = catalog.shipped().with_own(own(written("economy-grc", "GRC")))
    assert economies(both)["GRC"].gdp_musd == 5.0
    with pytest.raises(InputError) as caught:
        economies(catalog.shipped().with_own(own(written("hellas", "GRC"))))
    assert caught.value.problems[0].what == "`economy-grc` and `hellas` are both economies of GRC"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (written("x", "GRE"), "unknown nation `GRE`"),
        (written("x", "GRC", "2030-31"), "unknown key `2030-31`"),
    ],
)
def test_a_bad_economy_is_refused(text: str, what: str) -> None:
    root, _ = tree.parse(text.encode(), "c.yaml")
    assert root is not None
    assert [p.what for p in catalog.read(root, "c.yaml")[1].problems] == [what]
