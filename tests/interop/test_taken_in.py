"""Mutated files of the formats that a case takes in: each is read, or refused with place and reason."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Sequence

import numpy as np

from synaspis.errors import Problem
from synaspis.files.csv_rows import rows as csv_rows
from synaspis.files.geojson_rows import rows as geojson_rows
from synaspis.files.reader import Reader
from synaspis.files.tree import text_of
from synaspis.kernels import tle
from synaspis.model.nation import Asset
from synaspis.model.oem import MOST_FAULTS, read
from tests.files.oem_samples import message

MUTANTS = 1000 * max(int(os.environ.get("SYNASPIS_SOAK") or 0), 1)
OEM = message(np.arange(0.0, 601.0, 60.0))
CSV = (
    "name,nation,latitude_deg,longitude_deg,population,forces\r\n"
    'Bucharest,ROU,44.43,26.10,1716961,\r\n"So,fia ""x""",BGR,42.70,23.32,1274290,USA ROU\r\n'
)
GEOJSON = (
    '{"type": "FeatureCollection", "features": [\n'
    '\t{"type": "Feature", "properties": {"name": "a", "nation": "ROU", "population": 3, "fid": null},\n'
    '"geometry": {"type": "Point", "coordinates": [26.1, 44.4, 80]}},\n'
    '{"type": "Feature", "properties": {"name": "\\ud83d\\ude00", "forces": ["USA"]}, "geometry": {"type": '
    '"Polygon", "coordinates": [[[46, 37.7], [46.6, 37.7], [46.6, 38.3], [46, 37.7]]]}}]}'
)
# Vanguard 1, of the verification set of SGP4 (AIAA 2006-6753).
TLE = (
    "1 00005U 58002B   00179.78495062  .00000023  00000-0  28098-4 0  4753\n"
    "2 00005  34.2682 348.7242 1859667 331.7664  19.3264 10.82419157413667"
)
SPLINTERS = ("\n", '"', "\x00", "9" * 300, "META_START\n", "[" * 50, "-", "e999", "\u202e", "NaN", ",", "{}")


def mutants(text: str, seed: int) -> Sequence[str]:
    """Texts with a character changed, a part cut out, doubled or put in: one to four times each."""
    dice = random.Random(seed)
    found = []
    for _ in range(MUTANTS):
        made = text
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(made) + 1)
            part = made[at : at + dice.randint(1, 200)]
            put = dice.choice([chr(dice.randrange(0x250)), "", part + part, dice.choice(SPLINTERS)])
            made = made[:at] + put + made[at + (1 if len(put) == 1 else len(part)) :]
        found.append(made)
    return found


def test_mutated_ephemerides() -> None:
    sound = 0
    for text in mutants(OEM, 1):
        found, faults = read.__wrapped__(text, "X")
        assert (found is None) == bool(faults) and len(faults) <= MOST_FAULTS + 1
        assert all(line >= 1 and column >= 1 and what and mend for line, column, what, mend in faults)
        if found is not None:
            sound += 1
            assert all(np.isfinite(s.places_km).all() for s in found.segments)
    assert 0 < sound < MUTANTS


def tables(text: str, seed: int, rows: Callable[..., list[object] | None]) -> None:
    sound = 0
    for mutant in mutants(text, seed):
        told, problems = text_of(mutant.encode("utf-8", "surrogatepass"), "x")
        found = None if told is None else rows(told, "x", Asset, problems)
        assert all(isinstance(p, Problem) and p.line >= 1 and p.column >= 1 and p.mend for p in problems)
        assert found is not None or problems
        reader = Reader("x")
        for row in found or ():
            reader.noun(row, Asset)
        sound += not problems and not reader.problems
    assert 0 < sound < MUTANTS


def test_mutated_csv() -> None:
    tables(CSV, 2, csv_rows)


def test_mutated_geojson() -> None:
    tables(GEOJSON.replace('"forces"', '"nation": "ROU", "population": 1, "forces"'), 3, geojson_rows)


def test_mutated_two_lines() -> None:
    sound = 0
    for text in mutants(TLE, 4):
        lines = tuple(line.rstrip() for line in text.splitlines() if line.strip())
        faults = tle.faults(lines)
        assert all(what and mend for _, what, mend in faults)
        if not faults:
            sound += 1
            assert np.isfinite(tle.epoch_days(lines))
    assert 0 < sound < MUTANTS
