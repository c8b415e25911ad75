"""Alerts on record: two Hwasong-12 over Japan in 2017, and one chain of delays for both.

29 August: launched at 05:57 (South Korea's Joint Chiefs of Staff) or 05:58 Japan time, J-Alert at 06:02;
range 2,700 km, apogee 550 km (Japanese press of that day; Yonhap, 29 and 31 August 2017, recalled). 15
September: launched 06:57, J-Alert about 07:00, down at 07:16; range 3,700 km, apogee 770 km (Japan
Ministry of Defense; SoraNews24, 15 September 2017: "three minutes after the launch").

Both ends are clock times in whole minutes, and each minute lasts sixty seconds: from launch to alert it may
have been 180 to 360 s in August and 120 to 240 s in September. A forecast is held against that interval,
and beside it against the minutes as told: 67 s off these is 7 s outside the interval.

The case: geostationary satellites in slots assumed, the two American radars in Japan (Shariki, Kyogamisaki;
facing assumed), whose alerts the United States give Japan at once, and the catalogue's class of the
Hwasong-12's range, from Sunan to places as far away as on record. Fitted is one figure: the time from
Japan's own warning to the siren.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import pytest

from synaspis import api
from synaspis.files.case import resolve
from synaspis.model.early_warning import AssetWarning, WarnAnswer

MINUTE_S = 60.0
J_ALERT_S = {"August": 4 * MINUTE_S, "September": 3 * MINUTE_S}
"""From launch to J-Alert as told: 05:58 to 06:02, and 06:57 to 07:00."""
CLOCK_MIN = {"August": (57, 58, 62), "September": (57, 57, 60)}
"""Earliest and latest minute told for the launch, and the alert's: from 05:00 and from 06:00."""
CATALOGUE_S = 120.0
"""Dissemination of the catalogue's public warning: taken off again, since it is what is fitted."""

CASE = """
case: hwasong-12
title: Two flights over Japan in 2017
date: 2017-09-15
nations: [USA, JPN]
alliances: [{name: allies, members: [USA, JPN]}]
sensors:
  - {name: geo-west, type: geo-infrared, owner: USA, geostationary_longitude_deg: 103}
  - {name: geo-east, type: geo-infrared, owner: USA, geostationary_longitude_deg: 170}
  - {name: shariki, type: an-tpy-2, owner: USA, host: JPN, latitude_deg: 40.9, longitude_deg: 140.3,
     facing_deg: 265}
  - {name: kyogamisaki, type: an-tpy-2, owner: USA, host: JPN, latitude_deg: 35.8, longitude_deg: 135.2,
     facing_deg: 315}
batteries: []
assets:
  - {name: August, nation: JPN, latitude_deg: 42.6, longitude_deg: 157.6, population: 1}
  - {name: September, nation: JPN, latitude_deg: 39.0, longitude_deg: 168.9, population: 1}
launch_areas:
  - {name: Sunan, nation: PRK, latitude_deg: 39.2, longitude_deg: 125.7}
raid:
  - {threat: irbm-4500, launch: Sunan, target: August}
  - {threat: irbm-4500, launch: Sunan, target: September}
agreements:
  - name: shared-early-warning
    title: American launch warning for Japan
    parties: [USA, JPN]
    source: "Public statements; terms assumed"
    since: 2000-01-01
    consents:
      - {id: basing, by: JPN, sites: [shariki, kyogamisaki], scope: [use], assumed: true}
    releases:
      - {id: sew, effect: permit, owners: [USA], recipients: [JPN], products: [alert], assumed: true}
regimes:
  - {name: none, title: Nothing shared, agreements: []}
  - {name: shared, title: Warning shared, agreements: [shared-early-warning]}
compare: {headline: shared, against: none}
"""


@cache
def answer() -> WarnAnswer:
    case, problems = resolve(CASE.encode(), "hwasong-12.yaml")
    assert case is not None, problems
    return api.warn(case, trials=1, jobs=1)


def flown() -> Mapping[str, AssetWarning]:
    return answer().regimes["shared"].nations["JPN"].assets


def chain_s(event: str) -> float:
    """From launch to Japan's own warning, before the siren."""
    return flown()[event].known.warned_s - CATALOGUE_S


def foretold_s(event: str, known: str) -> float:
    """From launch to J-Alert at `event`, with the delay that fits the other event."""
    return chain_s(event) + J_ALERT_S[known] - chain_s(known)


def allowed_s(event: str) -> tuple[float, float]:
    """From launch to J-Alert: the least and the most that clock times in whole minutes allow."""
    earliest, latest, alert = CLOCK_MIN[event]
    return (alert - latest - 1) * MINUTE_S, (alert + 1 - earliest) * MINUTE_S


def outside_s(event: str, time_s: float) -> float:
    """How far a time from launch to J-Alert lies outside what the record allows."""
    least, most = allowed_s(event)
    return max(least - time_s, time_s - most, 0.0)


def test_the_flights_are_those_on_record() -> None:
    """Least-energy flights of the class: 575 and 732 km high, where 550 and 770 km are on record."""
    assert flown()["September"].impact_s == pytest.approx(19 * MINUTE_S, abs=MINUTE_S)
    apogee_km = {f.target: f.apogee_km for f in answer().flights}
    assert apogee_km == pytest.approx({"August": 550.0, "September": 770.0}, rel=0.06)


@pytest.mark.parametrize(("event", "known"), [("September", "August"), ("August", "September")])
def test_delays_fitted_on_one_event_foretell_the_other(event: str, known: str) -> None:
    """Within a minute of the record: 7 s outside what it allows, either way, and 67 s off the minutes told.

    A delay is fitted to the minutes told of one event, never to the one foretold. A quarter of the minute
    asked for is left to changes of the model.
    """
    foretold = foretold_s(event, known)
    assert outside_s(event, foretold) <= 15.0
    assert abs(foretold - J_ALERT_S[event]) == pytest.approx(67.0, abs=8.0)


def test_one_delay_explains_both_events() -> None:
    """No delay is tuned for one event: the delays that fit either within its minutes overlap, and widely."""
    lowest = max(allowed_s(e)[0] - chain_s(e) for e in J_ALERT_S)
    highest = min(allowed_s(e)[1] - chain_s(e) for e in J_ALERT_S)
    assert highest - lowest >= 45.0
    assert 30.0 <= 0.5 * (lowest + highest) <= 240.0  # the catalogue's band of dissemination


def test_the_catalogue_s_delay_is_within_a_minute_of_either_event() -> None:
    """Nothing fitted at all: 236 s where the record allows 180 to 360, 242 s where it allows 120 to 240."""
    for event in J_ALERT_S:
        assert outside_s(event, chain_s(event) + CATALOGUE_S) <= 5.0
