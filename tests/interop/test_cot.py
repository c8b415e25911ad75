"""Cursor-on-Target: nothing goes out that does not say exercise, and nothing else is taken in."""

from __future__ import annotations

import datetime as dt
import math
import os
import random
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.errors import InputError
from synaspis.interop import cot
from synaspis.interop.cot import CotEvent, Marking
from synaspis.interop.telling import plain

UTC = dt.UTC
NOW = dt.datetime(2026, 3, 1, 23, 59, 58, 500_000, UTC)
MARKED = Marking(releasable_to=("DEU", "USA"))
ONE = CotEvent(
    uid="EXERCISE-1", type="a-h-A-W-M-B", time=NOW, start=NOW, stale=NOW + dt.timedelta(seconds=15),
    latitude_deg=44.08, longitude_deg=-24.411, height_m=1234.5, callsign="EXERCISE one", marking=MARKED,
    course_deg=271.0, speed_mps=2100.0, symbol="10160200001100000613", letters="SKAPWMB--------",
    remarks='</remarks> & "é" ]]>', facts={"type": "mrbm-2000"},
)  # fmt: skip
BY_HAND = (
    "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"
    '<event version="2.0" uid="EXERCISE-1" type="a-h-A-W-M-B" how="m-s" time="2026-03-01T23:59:58.500Z" '
    'start="2026-03-01T23:59:58.500Z" stale="2026-03-02T00:00:13.500Z" access="UNCLASSIFIED" '
    'caveat="EXERCISE, public figures" releasableTo="DEU,USA" opex="e">'
    '<point lat="44.08" lon="-24.411" hae="1234.5" ce="9999999.0" le="9999999.0"/><detail>'
    '<contact callsign="EXERCISE one"/><precisionlocation geopointsrc="CALC" altsrc="CALC"/>'
    '<track course="271.0" speed="2100.0"/><__milsym id="SKAPWMB--------"/>'
    '<__milicon id="10160200001100000613"/>'
    '<remarks>&lt;/remarks&gt; &amp; "é" ]]&gt;</remarks><__synaspis type="mrbm-2000"/></detail></event>'
)
words = st.text(max_size=40).map(plain).filter(lambda text: len(text) <= 40)
moments = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)).map(
    lambda at: at.replace(microsecond=at.microsecond // 1000 * 1000, tzinfo=UTC)
)


def numbers(low: float, high: float, digits: int) -> st.SearchStrategy[float]:
    return st.floats(low, high).map(lambda v: round(v, digits) + 0.0)


@st.composite
def events(draw: st.DrawFn) -> CotEvent:
    moves = draw(st.none() | st.tuples(numbers(0, 360, 1), numbers(0, 20_000, 1)))
    return CotEvent(
        uid=draw(st.from_regex(r"[!-~]{1,128}", fullmatch=True)),
        type=draw(st.sampled_from(["a-h-A-W-M-B", "b-m-p-s-m", "a-f-G"])),
        time=draw(moments), start=draw(moments), stale=draw(moments),
        latitude_deg=draw(numbers(-90, 90, 7)), longitude_deg=draw(numbers(-180, 180, 7)),
        height_m=draw(numbers(-1e4, 1e8, 3)), ce_m=draw(numbers(0, cot.UNKNOWN, 2)),
        le_m=draw(numbers(0, cot.UNKNOWN, 2)), callsign="EXERCISE " + draw(words), remarks=draw(words),
        marking=Marking(
            releasable_to=tuple(draw(st.lists(st.from_regex("[A-Z]{3}", fullmatch=True), min_size=1))),
            access=draw(words.filter(bool)), caveat="EXERCISE" + draw(words),
        ),
        course_deg=moves and moves[0], speed_mps=moves and moves[1],
        symbol=draw(st.sampled_from(["", ONE.symbol])), letters=draw(st.sampled_from(["", ONE.letters])),
        facts=draw(st.dictionaries(st.from_regex("[a-z][a-z0-9_]{0,9}", fullmatch=True), words)),
        opex=draw(st.sampled_from(["e", "e-drill"])),
    )  # fmt: skip


def test_an_event_is_written_as_worked_out_by_hand() -> None:
    assert cot.encode(ONE) == BY_HAND.encode()
    assert cot.decode(BY_HAND.encode()) == ONE


@settings(max_examples=300)
@given(events())
def test_property_every_event_comes_back(event: CotEvent) -> None:
    assert cot.decode(cot.encode(event)) == event


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"callsign": "one"}, "does not say exercise"),
        ({"callsign": "EXERCISED one"}, "does not say exercise"),
        ({"callsign": ""}, "does not say exercise"),
        ({"how": "m-g"}, "machine-simulated"),
        ({"how": "m-s-x"}, "machine-simulated"),
        ({"how": ""}, "machine-simulated"),
        ({"opex": "o"}, "an exercise is 'e'"),
        ({"opex": "s"}, "an exercise is 'e'"),
        ({"marking": replace(MARKED, access="")}, "no access"),
        ({"marking": replace(MARKED, caveat="NONE")}, "does not say exercise"),
        ({"marking": replace(MARKED, releasable_to=())}, "names no nations"),
        ({"marking": replace(MARKED, releasable_to=("USA", "all"))}, "names no nations"),
        ({"uid": ""}, "uid"),
        ({"uid": "a b"}, "uid"),
        ({"type": "a h"}, "type"),
        ({"latitude_deg": 90.1}, "lat is 90.1"),
        ({"longitude_deg": math.nan}, "lon is nan"),
        ({"height_m": math.inf}, "hae is inf"),
        ({"ce_m": -1.0}, "ce is -1"),
        ({"course_deg": 361.0}, "course is 361"),
        ({"speed_mps": None}, "course without speed"),
        ({"time": NOW.replace(tzinfo=None)}, "no zone"),
        ({"remarks": "\x00"}, "what XML cannot"),
        ({"remarks": "x" * 2001}, "too long"),
        ({"facts": {"Type": "x"}}, "small letters"),
        ({"symbol": "SKAPWMB--------"}, "20 digits"),
        ({"letters": "10160200001100000613"}, "15 characters"),
    ],
)
def test_what_is_not_marked_or_does_not_fit_is_not_written(more: Mapping[str, object], why: str) -> None:
    with pytest.raises(InputError, match=why):
        cot.encode(replace(ONE, **more))  # type: ignore[arg-type]
    with pytest.raises(InputError, match=why):
        cot.element(replace(ONE, **more))  # type: ignore[arg-type]


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(InputError) as told:
        cot.encode(replace(ONE, callsign="x", how="h-e", opex="o"))
    assert len(told.value.problems) == 3


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("EXERCISE one", "one", "does not say exercise"),
        ('how="m-s"', 'how="m-g"', "machine-simulated"),
        (' how="m-s"', "", "has no `how`"),
        (' opex="e"', "", "has no `opex`"),
        (' access="UNCLASSIFIED"', "", "has no `access`"),
        ('version="2.0"', 'version="3"', "version '3'"),
        ('lat="44.08"', 'lat="4.4e1"', "is no decimal"),
        ('lat="44.08"', 'lat="NaN"', "is no decimal"),
        ('lat="44.08"', f'lat="{"4" * 100}"', "is no decimal"),
        ('lat="44.08"', 'lat="444"', "lat is 444"),
        ("58.500Z", "58.500", "is no moment"),
        ("2026-03-02", "2026-02-30", "is no moment"),
        ("2026-03-02T00:00:13.500Z", "0001-01-01T00:00:00+14:00", "is no moment"),
        ('hae="1234.5"', 'hae="1234.5" frame="j2000"', "`frame`, which is not known"),
        ("<detail>", "<detail><contact callsign='EXERCISE'/>", "`contact` is there twice"),
        ("<detail>", "<point/><detail>", "`point`, which is not known or there twice"),
        ("<detail>", "7<detail>", "holds text"),
        ("</event>", "", "is no XML"),
        ("<event ", "<!DOCTYPE event [<!ENTITY a 'b'>]><event ", "declares a document type"),
        ("<remarks>", "<remarks>&a;", "is no XML"),
        ("event", "events", "no event"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(old: str, new: str, why: str) -> None:
    text = BY_HAND.replace(old, new)
    assert text != BY_HAND
    with pytest.raises(InputError, match=why) as told:
        cot.decode(text.encode(), "f.xml")
    assert all(p.file == "f.xml" and p.line >= 1 for p in told.value.problems)


def test_what_is_no_utf8_or_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="not UTF-8"):
        cot.decode(BY_HAND.encode("utf-16"))
    with pytest.raises(InputError, match="2,000,000 bytes"):
        cot.decode(b" " * 2_000_000)


def test_a_document_skips_what_is_bad_and_goes_on() -> None:
    one = BY_HAND.partition("\n")[2]
    bad = one.replace('how="m-s"', 'how="m-g"')
    found = cot.read(f"<events>\n{one}\n{bad}\n<x/>{one}</events>".encode(), "f.xml")
    assert found.read == (ONE, ONE)
    assert found.skipped == 2
    assert [(p.line, p.what) for p in found.first] == [(3, "how is 'm-g'"), (4, "is `x`, no event")]
    many = cot.read(f"<events>{bad * 100}</events>".encode())
    assert (many.skipped, len(many.first)) == (100, cot.NOTES)
    with pytest.raises(InputError, match="begins with `event`"):
        cot.read(BY_HAND.encode())


def test_a_document_full_of_strangers_is_refused_with_few_words() -> None:
    strangers = "".join(f"<s{i}/>" for i in range(100_000))
    found = cot.read(f"<events><event>{strangers}</event></events>".encode())
    assert (found.read, found.skipped, len(found.first)) == ((), 1, cot.NOTES)


SCRAPS = (b"<", b">", b"&", b'"', b"]]>", b"&#0;", b"&a;", b"<!DOCTYPE a>", b"\xff", b"\x00", b"<!--",
          b"<![CDATA[", b"9" * 50, b"<a>" * 300, b" xmlns='x'", b"<?x?>", b"-", b"1e999", b"\n")  # fmt: skip


def mutant(luck: random.Random, data: bytes) -> bytes:
    """The bytes after one to four accidents."""
    made = bytearray(data)
    for _ in range(luck.randint(1, 4)):
        at = luck.randrange(len(made) or 1)
        accident = luck.randrange(4)
        if accident == 0 and made:
            made[at] = luck.randrange(256)
        elif accident == 1:
            made[at : at + luck.randrange(40)] = b""
        elif accident == 2:
            made[at:at] = luck.choice(SCRAPS)
        else:
            made[at:at] = made[luck.randrange(len(made) or 1) :][: luck.randrange(200)]
    return bytes(made)


def test_mutated_events_are_read_or_refused_and_never_unmarked() -> None:
    luck = random.Random(12)
    data, taken = BY_HAND.encode(), 0
    for _ in range(1000 * int(os.environ.get("SYNASPIS_SOAK", "1"))):
        try:
            event = cot.decode(mutant(luck, data))
        except InputError:
            continue
        taken += 1
        assert event.callsign.startswith("EXERCISE") and event.how == "m-s"
        assert cot.decode(cot.encode(event)) == event
    assert taken > 10


def test_mutated_documents_are_read_in_part_or_refused() -> None:
    luck = random.Random(13)
    one = BY_HAND.partition("\n")[2]
    data, taken = f"<events>{one}\n{one}\n{one}</events>".encode(), 0
    for _ in range(1000 * int(os.environ.get("SYNASPIS_SOAK", "1"))):
        try:
            found = cot.read(mutant(luck, data))
        except InputError:
            continue
        taken += found.skipped > 0
        assert all(e.callsign.startswith("EXERCISE") and e.how == "m-s" for e in found.read)
    assert taken > 10
