"""The shipped schema is the one that the model's fields give."""

from __future__ import annotations

import json
from pathlib import Path

from synaspis.files import schema

SHIPPED = Path(__file__).parents[2] / "docs" / "contracts" / "case.schema.json"


def test_the_shipped_schema_is_current() -> None:
    assert SHIPPED.read_text(encoding="utf-8") == schema.text(), (
        "run: python -m synaspis.files.schema > docs/contracts/case.schema.json"
    )


def test_the_shipped_schema_of_a_plan_is_current() -> None:
    shipped = SHIPPED.with_name("exercise-plan.schema.json").read_text(encoding="utf-8")
    told = "run: python -m synaspis.files.schema exercise-plan > docs/contracts/exercise-plan.schema.json"
    assert shipped == schema.text("exercise-plan"), told


def test_the_schema_says_what_the_fields_say() -> None:
    made = json.loads(schema.text())
    battery = made["$defs"]["Battery"]
    assert battery["properties"]["latitude_deg"] == {
        "type": "number",
        "minimum": -90,
        "maximum": 90,
        "description": "geodetic latitude (deg)",
    }
    assert battery["properties"]["doctrine"]["enum"] == ["shoot-look-shoot", "shoot-shoot-look", "barrage"]
    assert battery["additionalProperties"] is False
    assert "facing_deg" in battery["required"]
    assert "host" not in battery["required"]
    assert made["else"]["properties"]["raid"]["minItems"] == 1
    assert "minItems" not in made["$defs"]["Regime"]["properties"]["agreements"]["anyOf"][1]


def test_every_reference_is_defined() -> None:
    text = schema.text()
    made = json.loads(text)
    named = {piece.split('"')[0] for piece in text.split('"#/$defs/')[1:]}
    assert named == set(made["$defs"])
