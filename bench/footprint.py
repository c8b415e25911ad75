"""How fast a footprint is found: one battery, 200 by 200 cells, three launch areas, one regime."""

from __future__ import annotations

import time

from synaspis import api
from synaspis.files.case import resolve

Row = dict[str, float | str]

CASE = """
case: three-areas
title: One battery and three launch areas
date: 2024-12-01
nations: [USA, TUR]
sensors:
  - {name: geo, type: geo-infrared, owner: USA, geostationary_longitude_deg: 60}
batteries:
  - {name: thaad, system: thaad-battery, owner: USA, host: TUR, latitude_deg: 39, longitude_deg: 33,
     facing_deg: 110}
assets:
  - {name: Town, nation: TUR, latitude_deg: 39, longitude_deg: 33, population: 1000}
launch_areas:
  - {name: North area, nation: IRN, latitude_deg: 38.0, longitude_deg: 46.3}
  - {name: West area, nation: IRN, latitude_deg: 34.3, longitude_deg: 47.1}
  - {name: South area, nation: IRN, latitude_deg: 33.5, longitude_deg: 48.4}
raid:
  - {threat: mrbm-2000, launch: North area, target: Town}
  - {threat: mrbm-2000, launch: West area, target: Town}
  - {threat: mrbm-2000, launch: South area, target: Town}
agreements:
  - name: basing
    title: What owner and host agree
    parties: [USA, TUR]
    source: assumed
    since: 2000-01-01
    consents:
      - {id: host, by: TUR, sites: [thaad]}
    mandates:
      - {id: defend, owners: [USA], defends: [TUR], assumed: true}
    authorities:
      - {id: fire, owners: [USA], protocol: national, decision_s: 15, spread: 0.4, assumed: true}
regimes:
  - {name: alone, title: Owner and host, agreements: [basing]}
  - {name: same, title: The same, agreements: [basing]}
compare: {headline: alone, against: same}
"""


def bench() -> dict[str, Row]:
    """`footprint`: seconds from case to answer, kernels and map loaded, two threads, best of three."""
    case, problems = resolve(CASE.encode(), "three-areas.yaml")
    assert case is not None, problems
    took = []
    for _ in range(4):
        started = time.perf_counter()
        answer = api.footprint(case, regimes=["alone"], jobs=2)
        took.append(time.perf_counter() - started)
    assert answer.batteries["thaad"].regimes["alone"].extent.area_m2 > 0.0
    return {"footprint": {"value": min(took[1:]), "unit": "s"}}
