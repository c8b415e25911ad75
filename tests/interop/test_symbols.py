"""Symbol codes: every class of the catalogue has its own, and milsymbol draws each (web/tests/pure.ts)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from synaspis.files import catalog
from synaspis.interop import symbols
from synaspis.interop.symbols import Symbol
from synaspis.model.battery import System
from synaspis.model.threat import CATEGORIES, Threat

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "symbols.json"
"""Every code that can be told, for milsymbol: `python -m tests.interop.test_symbols` writes it anew."""
NO_THINGS = {"arrangement", "breakup", "currency", "economy", "prices", "programme", "sky", "warning"}
BY_NAME = {
    "interceptor": symbols.INTERCEPTORS, "space-interceptor": symbols.INTERCEPTORS,
    "radar": symbols.RADARS, "infrared": symbols.INFRARED, "object": symbols.OBJECTS,
}  # fmt: skip


def own_symbol(kind: str, name: str) -> Symbol | None:
    """What an entry of the catalogue has of its own."""
    noun = catalog.noun(name)
    if isinstance(noun, Threat):
        return symbols.MISSILES.get(noun.category)
    if isinstance(noun, System):
        return symbols.BATTERIES.get(noun.domain)
    return symbols.BOOSTER if kind == "booster" else BY_NAME[kind].get(name)


def all_symbols() -> list[Symbol]:
    tables = (
        symbols.MISSILES, symbols.INTERCEPTORS, symbols.RADARS, symbols.INFRARED, symbols.BATTERIES,
        symbols.PLACES, symbols.OBJECTS, symbols.EVENTS,
    )  # fmt: skip
    alone = (symbols.MISSILE, symbols.BOOSTER, symbols.INTERCEPTOR, symbols.SATELLITE, symbols.AIRCRAFT,
             symbols.of_site("radar", "an-spy-1", "sea"))  # fmt: skip
    return [*(s for table in tables for s in table.values()), *alone]


def codes() -> list[str]:
    return sorted({code for s in all_symbols() for code in (s.code, s.letters)})


THINGS = [(kind, name) for kind in catalog.KINDS if kind not in NO_THINGS for name in catalog.names(kind)]


@pytest.mark.parametrize(("kind", "name"), THINGS)
def test_every_class_of_the_catalogue_has_its_own(kind: str, name: str) -> None:
    assert own_symbol(kind, name) is not None


def test_every_category_place_and_event_has_its_own() -> None:
    assert set(symbols.MISSILES) == set(CATEGORIES)
    assert set(symbols.BATTERIES) == {"land", "sea"}
    assert set(symbols.PLACES) == {"city", "base"}
    assert set(symbols.EVENTS) == {
        "seen", "known", "ordered", "fired", "hit", "missed", "failed", "landed",
    }  # fmt: skip


def test_codes_are_of_an_exercise_in_both_editions() -> None:
    for s in all_symbols():
        assert re.fullmatch(r"101[346]\d{16}", s.code), s
        assert re.fullmatch(r"[SGO][DLK][A-Z]P[A-Z-]{6}[H-]----", s.letters), s
        assert re.fullmatch(r"a-[fnh]-[APGS](-[A-Z])*|b-m-p-s-m", s.type), s


@pytest.mark.parametrize(
    ("symbol", "code", "letters", "type_"),
    [
        (symbols.of_missile("mrbm"), "10160200001100000613", "SKAPWMB--------", "a-h-A-W-M-B"),
        (symbols.of_missile("cruise"), "10160200001100000700", "SKAPWMCM-------", "a-h-A-W-M-C-M"),
        (symbols.of_missile("hgv"), "10160200001100000213", "SKAPWMS--------", "a-h-A-W-M-S"),
        (symbols.of_missile("mine"), "10160200001100000000", "SKAPWM---------", "a-h-A-W-M"),
        (symbols.of_interceptor("sm-3-ib"), "10130600001100000310", "SDAPWMSB-------", "a-f-A-W-M-S-B"),
        (symbols.of_interceptor("mine"), "10130200001100000800", "SDAPWMSB-------", "a-f-A-W-M-S-B"),
        (symbols.of_site("radar", "an-tpy-2"), "10131500002203000000", "SDGPESR--------", "a-f-G-E-S-R"),
        (symbols.of_site("radar", "x", "sea"), "10133000001202002100", "SDSPCL---------", "a-f-S-C-L"),
        (symbols.of_site("satellite", "geo-infrared"), "10130500001107000502", "SDPPS----------", "a-f-P-S"),
        (symbols.of_site("battery", "x", "sea"), "10133000001202002000", "SDSPCL---------", "a-f-S-C-L"),
        (symbols.of_site("battery", "thaad"), "10131000001301020000", "SDGPUCDM-------", "a-f-G-U-C-D-M"),
        (symbols.of_site("base", ""), "10132000001208020000", "SDGPIB----H----", "a-f-G-I-B"),
        (symbols.of_site("city", ""), "10132000001100000000", "SDGPI-----H----", "a-f-G-I"),
        (symbols.of_event("landed"), "10164000001106000000", "OKVPE----------", "b-m-p-s-m"),
        (symbols.of_event("fired"), "10132500001313010000", "GDGPGPRI-------", "b-m-p-s-m"),
    ],
)  # fmt: skip
def test_codes_of_some_things(symbol: Symbol, code: str, letters: str, type_: str) -> None:
    assert (symbol.code, symbol.letters, symbol.type) == (code, letters, type_)


def test_what_milsymbol_is_asked_to_draw_is_what_is_told() -> None:
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == codes()


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(codes(), indent=1) + "\n", encoding="utf-8")
