"""Flights on record, as published: what the reconstruction is held against.

`SIXTY`: James Martin Center for Nonproliferation Studies, *The CNS North Korea Missile Test Database*,
Nuclear Threat Initiative (nti.org): the flights to 2019 with both an apogee and a distance. The numbers
are the database's own.

`LOFTED`: flights with a published time or standard range, each with its source. Where two sources differ,
the times hold both.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Row(NamedTuple):
    """One row of the database: km and degrees; `kind` and `outcome` as judged there."""

    number: int
    date: str
    missile: str
    kind: str
    latitude: float
    longitude: float
    apogee: float
    distance: float
    bearing: float
    outcome: str


class Lofted(NamedTuple):
    """One flight: km, degrees, seconds. `times` and `ranges` (standard range) are low and high.

    `ranges` ends in inf where it is a lower bound; None where nothing was published.
    """

    name: str
    date: str
    missile: str
    apogee: float
    distance: float
    latitude: float
    longitude: float
    bearing: float
    times: tuple[float, float] | None
    time_source: str
    ranges: tuple[float, float] | None
    range_source: str


LOFTED = (
    Lofted(
        "L01",
        "2017-05-14",
        "Hwasong-12",
        2111.5,
        787,
        40.0659,
        125.2099,
        71,
        (1800, 1800),
        "about 30 min, The Diplomat, July 2017",
        (4500, 4500),
        "CSIS Missile Threat, May 2017: up to 4,500 km",
    ),
    Lofted(
        "L02",
        "2017-07-04",
        "Hwasong-14",
        2802,
        933,
        39.927472,
        125.207889,
        86,
        (2220, 2340),
        "US Pacific Command 37 min; CSIS Missile Threat 39 min",
        (7000, 7000),
        "CSIS Missile Threat and CNS: some 7,000 km",
    ),
    Lofted(
        "L03",
        "2017-07-28",
        "Hwasong-14",
        3724.9,
        998,
        40.61,
        126.43,
        70,
        (2832, 2832),
        "47 min 12 s, KCNA in Janes",
        (10400, 11000),
        "10,400 to 11,000 km; Janes 10,000, CSIS more than 10,000",
    ),
    Lofted(
        "L04",
        "2017-08-29",
        "Hwasong-12",
        550,
        2700,
        39.2,
        125.67,
        73,
        (840, 900),
        "05:57 or 05:58 to 06:12, press, to the minute",
        None,
        "",
    ),
    Lofted(
        "L05",
        "2017-09-15",
        "Hwasong-12",
        770,
        3700,
        39.2,
        125.67,
        72,
        (1140, 1140),
        "19 min, CSIS Missile Threat",
        None,
        "",
    ),
    Lofted(
        "L06",
        "2017-11-29",
        "Hwasong-15",
        4475,
        950,
        39.28,
        125.87,
        76,
        (3240, 3240),
        "54 min, D. Wright, All Things Nuclear, UCS",
        None,
        "",
    ),
    Lofted(
        "L09",
        "2022-11-18",
        "Hwasong-17",
        6040.9,
        999.2,
        39.2,
        125.67,
        70,
        (4135, 4135),
        "KCNA in TASS",
        (15000, inf),
        "Japan Ministry of Defense: more than 15,000 km",
    ),
    Lofted(
        "L11",
        "2023-03-16",
        "Hwasong-17",
        6045,
        1000.2,
        39.2,
        125.67,
        65,
        (4151, 4151),
        "KCNA in CNS",
        None,
        "",
    ),
    Lofted(
        "L12",
        "2023-07-12",
        "Hwasong-18",
        6648.4,
        1001.2,
        39.112,
        125.998,
        62,
        (4491, 4491),
        "KCNA in CNS",
        None,
        "",
    ),
    Lofted(
        "L15",
        "2016-06-22",
        "Musudan",
        1400,
        400,
        39.1677,
        127.4817,
        73,
        None,
        "",
        (3150, 3150),
        "D. Wright, some 3,150 km (recalled, not re-read)",
    ),
    Lofted(
        "L16",
        "2017-02-12",
        "Pukguksong-2",
        550,
        500,
        40.01325,
        125.22302,
        90,
        None,
        "",
        (1200, 1250),
        "D. Wright, 1,200 to 1,250 km (recalled, not re-read)",
    ),
)

_DATABASE = """
11|1993-05-29|Nodong|MRBM|40.8499966|129.666664|150|500|83|success
16|2006-07-05|Unha|SLV|40.8499966|129.666664|40|500|92|failure
17|2006-07-05|Scud-C|SRBM|38.99083|127.6236|150|420|54|success
18|2006-07-05|Nodong|MRBM|38.99083|127.6236|150|400|53|success
19|2006-07-05|Scud-C|SRBM|38.99083|127.6236|150|440|52|success
20|2006-07-05|Nodong|MRBM|38.99083|127.6236|150|440|50|success
21|2006-07-05|Nodong|MRBM|38.99083|127.6236|150|420|51|success
22|2006-07-05|Nodong|MRBM|38.99083|127.6236|150|400|49|success
32|2012-12-12|Unha-3|SLV|39.6596|124.7057|581|2600|181|success
39|2014-02-27|Scud-B|SRBM|38.99083|127.6236|80|200|70|success
43|2014-03-03|Scud-C|SRBM|39.1677|127.4817|150|500|70|success
45|2014-03-26|Nodong|MRBM|39.412594|125.89031|150|650|79|success
46|2014-03-26|Nodong|MRBM|39.412594|125.89031|150|650|80|success
48|2014-06-29|Scud-C|SRBM|39.065962|127.250257|150|500|82|success
49|2014-06-29|Scud-C|SRBM|39.065962|127.250257|150|500|83|success
50|2014-07-09|Scud-C|SRBM|38.686834|125.702005|100|500|67|success
51|2014-07-09|Scud-C|SRBM|38.686834|125.702005|100|500|68|success
52|2014-07-13|Scud-C|SRBM|37.9382|126.5878|120|500|45|success
53|2014-07-13|Scud-C|SRBM|37.9382|126.5878|120|500|46|success
63|2015-03-01|Scud-C|SRBM|38.7523|125.3247|134|490|70|success
64|2015-03-01|Scud-C|SRBM|38.7523|125.3247|134|490|72|success
73|2016-02-07|Unha-3|SLV|39.6596|124.7057|502|2500|181|success
84|2016-06-21|Musudan|IRBM|39.1677|127.4817|1400|400|73|success
97|2017-02-11|Pukguksong-2|MRBM|40.01325|125.22302|550|500|90|success
98|2017-03-05|ER Scud|MRBM|39.6596|124.7057|260|1000|77|success
99|2017-03-05|ER Scud|MRBM|39.6596|124.7057|260|1000|80|success
100|2017-03-05|ER Scud|MRBM|39.6596|124.7057|260|1000|83|success
101|2017-03-05|ER Scud|MRBM|39.6596|124.7057|260|1000|86|success
104|2017-04-04|Hwasong-12|IRBM|40.0368|128.1839|189|60|90|failure
107|2017-05-14|Hwasong-12|IRBM|40.0659|125.2099|2111.5|787|71|success
108|2017-05-21|Pukguksong-2|MRBM|39.618283|125.8035851|560|500|90|success
109|2017-05-28|Scud-C MaRV|SRBM|39.1677|127.4817|120|400|93|success
110|2017-07-04|Hwasong-14|ICBM|39.872153|125.269192|2802|933|86|success
111|2017-07-28|Hwasong-14|ICBM|40.611208|126.425743|3724.9|998|70|success
115|2017-08-28|Hwasong-12|IRBM|39.200159|125.673256|550|2700|73|unknown
116|2017-09-14|Hwasong-12|IRBM|39.200159|125.673256|770|3700|72|success
117|2017-11-28|Hwasong-15|ICBM|39.282|125.869|4475|950|76|success
121|2019-05-09|Hwasong-11A (KN-23)|SRBM|40.029678|125.227326|50|420|89|success
122|2019-05-09|Hwasong-11A (KN-23)|SRBM|40.029678|125.227326|50|270|91|success
123|2019-07-24|Hwasong-11A (KN-23)|SRBM|39.40167|127.5369|50|600|70|success
124|2019-07-24|Hwasong-11A (KN-23)|SRBM|39.40167|127.5369|50|600|70|success
125|2019-07-30|KN-25|SRBM|39.1677|127.4817|30|250|44|success
126|2019-07-30|KN-25|SRBM|39.1677|127.4817|30|250|44|success
127|2019-08-01|KN-25|SRBM|39.538|127.241|25|220|55|success
128|2019-08-01|KN-25|SRBM|39.538|127.241|25|220|55|success
129|2019-08-05|Hwasong-11A (KN-23)|SRBM|38.421522|125.024421|37|450|55|success
130|2019-08-05|Hwasong-11A (KN-23)|SRBM|38.421522|125.024421|37|450|55|success
131|2019-08-09|Hwasong-11B (KN-24)|SRBM|39.811611|127.66375|48|400|70|success
132|2019-08-09|Hwasong-11B (KN-24)|SRBM|39.811611|127.66375|48|400|70|success
133|2019-08-15|Hwasong-11B (KN-24)|SRBM|38.953797|127.891882|30|230|34|success
134|2019-08-15|Hwasong-11B (KN-24)|SRBM|38.953797|127.891882|30|230|34|success
135|2019-08-23|KN-25|SRBM|39.7437|127.4732|97|380|68|success
136|2019-08-23|KN-25|SRBM|39.7437|127.4732|97|380|68|success
137|2019-09-09|KN-25|SRBM|39.752321|125.899905|50|330|70|success
138|2019-09-09|KN-25|SRBM|39.752321|125.899905|50|330|70|success
140|2019-10-01|Pukguksong-3|SLBM|39.26|127.58|910|450|90|success
141|2019-10-31|KN-25|SRBM|39.412594|125.89031|90|370|68|success
142|2019-10-31|KN-25|SRBM|39.412594|125.89031|90|370|68|success
143|2019-11-28|KN-25|SRBM|39.78938|127.53993|97|380|68|success
144|2019-11-28|KN-25|SRBM|39.78938|127.53993|97|380|68|success
"""


def _rows() -> tuple[Row, ...]:
    found = []
    for line in _DATABASE.strip().splitlines():
        number, date, missile, kind, *figures, outcome = line.split("|")
        lat, lon, apogee, distance, bearing = (float(f) for f in figures)
        found.append(Row(int(number), date, missile, kind, lat, lon, apogee, distance, bearing, outcome))
    return tuple(found)


SIXTY = _rows()
