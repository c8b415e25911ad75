"""What a case says for planning is checked: sites, stock, floors."""

from __future__ import annotations

from importlib import resources

import pytest

from synaspis.files.case import resolve

BASE = (resources.files("synaspis.cases") / "first-light.yaml").read_text(encoding="utf-8")


def problems(said: str) -> list[str]:
    _, found = resolve(f"{BASE}\nplan:\n{said}".encode(), "mine.yaml")
    return [str(p) for p in found]


@pytest.mark.parametrize("site", [
    "{name: A, host: BGR, latitude_deg: 42.7, longitude_deg: 23.3}",
    "{name: A, host: ROU, latitude_deg: 44.17, longitude_deg: 28.75}",  # off Constanta, by the coarse shore
    "{name: A, host: USA, latitude_deg: 43.5, longitude_deg: 31.5, domain: sea}",
])  # fmt: skip
def test_a_site_on_its_hosts_soil_or_at_sea_is_one(site: str) -> None:
    assert problems(f"  sites:\n    - {site}\n") == []


def test_a_site_outside_its_host_is_told() -> None:
    found = problems(
        "  sites:\n"
        "    - {name: A, host: ROU, latitude_deg: 42.7, longitude_deg: 23.3}\n"
        "    - {name: B, host: ROU, latitude_deg: 43.5, longitude_deg: 31.5}\n"
    )
    assert len(found) == 2
    assert "`A` lies in BGR, outside its host ROU" in found[0] and "name the host" in found[0]
    assert "`B` lies at sea" in found[1] and "domain: sea" in found[1]


def test_stock_that_nothing_fires_and_floors_twice() -> None:
    found = problems(
        "  stock: [{interceptor: thaad, owner: ROU, rounds: 3}]\n"
        "  require: [{of: ROU, share: 0.5}, {of: ROU, share: 0.6}, {of: Nowhere, share: 0.1}]\n"
        "  allow: [warp-drive]\n"
    )
    assert any("no battery of ROU fires `thaad`" in x for x in found)
    assert any("`ROU` is required twice" in x for x in found)
    assert any("unknown nation or asset `Nowhere`" in x for x in found)
    assert any("unknown battery type, interceptor or radar `warp-drive`" in x for x in found)
