"""Make src/synaspis/catalog/borders.npz from Natural Earth (public domain), as world-atlas packs it.

    npm pack world-atlas@2 && tar xzf world-atlas-2.0.2.tgz
    python tools/borders.py package/countries-50m.json

World-atlas (Michael Bostock, ISC licence) is Natural Earth's 1:50m countries, version 4.1, quantised to
0.0036 degrees east and 0.0017 degrees north. Here each arc between two junctions is kept once, in those
whole steps, with the one or two nations that it bounds. Nothing is thinned and no border is moved.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

OUT = Path(__file__).resolve().parents[1] / "src" / "synaspis" / "catalog" / "borders.npz"
SOURCE = (
    "Natural Earth 1:50m, version 4.1, public domain (naturalearthdata.com), as packed by world-atlas 2.0.2"
)

# ISO 3166-1 numeric, as world-atlas has it, with the alpha-3 code.
ISO = """
004AFG 008ALB 010ATA 012DZA 016ASM 020AND 024AGO 028ATG 031AZE 032ARG 036AUS 040AUT 044BHS 048BHR 050BGD
051ARM 052BRB 056BEL 060BMU 064BTN 068BOL 070BIH 072BWA 076BRA 084BLZ 086IOT 090SLB 092VGB 096BRN 100BGR
104MMR 108BDI 112BLR 116KHM 120CMR 124CAN 132CPV 136CYM 140CAF 144LKA 148TCD 152CHL 156CHN 158TWN 170COL
174COM 178COG 180COD 184COK 188CRI 191HRV 192CUB 196CYP 203CZE 204BEN 208DNK 212DMA 214DOM 218ECU 222SLV
226GNQ 231ETH 232ERI 233EST 234FRO 238FLK 239SGS 242FJI 246FIN 248ALA 250FRA 258PYF 260ATF 262DJI 266GAB
268GEO 270GMB 275PSE 276DEU 288GHA 296KIR 300GRC 304GRL 308GRD 316GUM 320GTM 324GIN 328GUY 332HTI 334HMD
336VAT 340HND 344HKG 348HUN 352ISL 356IND 360IDN 364IRN 368IRQ 372IRL 376ISR 380ITA 384CIV 388JAM 392JPN
398KAZ 400JOR 404KEN 408PRK 410KOR 414KWT 417KGZ 418LAO 422LBN 426LSO 428LVA 430LBR 434LBY 438LIE 440LTU
442LUX 446MAC 450MDG 454MWI 458MYS 462MDV 466MLI 470MLT 478MRT 480MUS 484MEX 492MCO 496MNG 498MDA 499MNE
500MSR 504MAR 508MOZ 512OMN 516NAM 520NRU 524NPL 528NLD 531CUW 533ABW 534SXM 540NCL 548VUT 554NZL 558NIC
562NER 566NGA 570NIU 574NFK 578NOR 580MNP 583FSM 584MHL 585PLW 586PAK 591PAN 598PNG 600PRY 604PER 608PHL
612PCN 616POL 620PRT 624GNB 626TLS 630PRI 634QAT 642ROU 643RUS 646RWA 652BLM 654SHN 659KNA 660AIA 662LCA
663MAF 666SPM 670VCT 674SMR 678STP 682SAU 686SEN 688SRB 690SYC 694SLE 702SGP 703SVK 704VNM 705SVN 706SOM
710ZAF 716ZWE 724ESP 728SSD 729SDN 732ESH 740SUR 748SWZ 752SWE 756CHE 760SYR 762TJK 764THA 768TGO 776TON
780TTO 784ARE 788TUN 792TUR 795TKM 796TCA 800UGA 804UKR 807MKD 818EGY 826GBR 831GGY 832JEY 833IMN 834TZA
840USA 850VIR 854BFA 858URY 860UZB 862VEN 876WLF 882WSM 887YEM 894ZMB
"""
ALPHA3 = {pair[:3]: pair[3:] for pair in ISO.split()}

# Drawn by Natural Earth with no code of ISO 3166-1. The codes: the user-assigned one in common use, or that
# of the state that ISO 3166 counts the area to; none where two states claim it and neither is chosen.
WITHOUT_CODE = {"Kosovo": "XKX", "Somaliland": "SOM", "N. Cyprus": "CYP", "Siachen Glacier": ""}
RENAMED = {
    "Turkey": "Türkiye", "Macedonia": "North Macedonia", "eSwatini": "Eswatini", "S. Sudan": "South Sudan",
    "Bosnia and Herz.": "Bosnia and Herzegovina", "Dem. Rep. Congo": "DR Congo",
    "W. Sahara": "Western Sahara",
    "Central African Rep.": "Central African Republic", "Dominican Rep.": "Dominican Republic",
    "Eq. Guinea": "Equatorial Guinea", "N. Cyprus": "Northern Cyprus", "Solomon Is.": "Solomon Islands",
    "Faeroe Is.": "Faroe Islands", "United States of America": "United States",
}  # fmt: skip
# One geometry of two islands far apart, each with a code of its own: (code, name) west and east of 101 E.
INDIAN_OCEAN = (("CCK", "Cocos Islands"), ("CXR", "Christmas Island"))


def is_pole(topology: dict, ring: list[int]) -> bool:
    """Whether a ring runs along the chart's lower edge, where the South Pole is drawn as a line."""
    arcs = [topology["arcs"][index if index >= 0 else ~index] for index in ring]
    return all(lat == 0 for arc in arcs for lat in np.cumsum([step[1] for step in arc]))


def areas_of(topology: dict) -> list[tuple[str, str, list[list[int]]]]:
    """(alpha-3 code, name, rings as lists of arc indexes) of every area drawn."""
    areas = []
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        if name == "Indian Ocean Ter.":
            for polygon in polygons:
                first = polygon[0][0]
                steps = topology["arcs"][first if first >= 0 else ~first]
                east = steps[0][0] * topology["transform"]["scale"][0] - 180.0 > 101.0
                areas.append((*INDIAN_OCEAN[east], polygon))
            continue
        code = ALPHA3[geometry["id"]] if "id" in geometry else WITHOUT_CODE[name]
        rings = [ring for polygon in polygons for ring in polygon if not is_pole(topology, ring)]
        areas.append((code, RENAMED.get(name, name), rings))
    return areas


def main() -> None:
    topology = json.loads(Path(sys.argv[1]).read_text())
    areas = sorted(areas_of(topology))
    bounds: list[list[int]] = [[] for _ in topology["arcs"]]
    for row, (_, _, rings) in enumerate(areas):
        for index in (index for ring in rings for index in ring):
            sides = bounds[index if index >= 0 else ~index]
            # An arc with the same area on both sides bounds nothing.
            sides.remove(row) if row in sides else sides.append(row)
    assert max(map(len, bounds)) <= 2
    kept = [i for i, sides in enumerate(bounds) if sides]
    arcs = [np.array(topology["arcs"][i], dtype=np.int32) for i in kept]
    np.savez_compressed(
        OUT,
        source=np.array(SOURCE),
        codes=np.array([code for code, _, _ in areas]),
        names=np.array([name for _, name, _ in areas]),
        scale=np.array(topology["transform"]["scale"]),
        translate=np.array(topology["transform"]["translate"]),
        sides=np.array([(bounds[i] + [-1])[:2] for i in kept], dtype=np.int16),
        first=np.cumsum([0, *map(len, arcs)], dtype=np.int32),
        steps=np.concatenate(arcs),
    )
    print(f"{OUT.name}: {OUT.stat().st_size / 1000:.0f} kB, {len(areas)} areas, {len(kept)} arcs")


if __name__ == "__main__":
    main()
