"""A review as files: one JSON document, a table of decisions, and response times as a case has them."""

from __future__ import annotations

import csv
import dataclasses
import io
import math
from collections.abc import Iterator
from typing import Any

from synaspis.exercise.responses import Band, Response
from synaspis.exercise.review import Decision, Review, causes


def document(r: Review) -> dict[str, Any]:
    """All of a review, JSON-ready."""
    return {
        "case": r.case, "regime": r.regime, "seed": r.seed, "version": r.version, "branch": r.branch,
        "ends_s": r.ends_s, "differs_s": r.differs_s, "tabled": list(r.tabled),
        "decisions": [dataclasses.asdict(d) for d in r.decisions],
        "missed": {"causes": causes(r), "chances": [dataclasses.asdict(m) for m in r.missed]},
        "knowledge": [dataclasses.asdict(k) for k in r.knowledge],
        "responses": {
            "kinds": {name: _response(each) for name, each in r.responses.items()},
            "clauses": {name: _response(each) for name, each in r.clauses.items()},
        },
        "missiles": {"came_down": r.came_down, "shot_down": r.shot_down},
        "seats": {nation: [{"since_s": s, "taken": t} for s, t in sat] for nation, sat in r.sat.items()},
    }  # fmt: skip


def _band(band: Band | None) -> dict[str, float | None] | None:
    if band is None or math.isnan(band[0]):
        return None
    names = ("value", "low", "high")
    return {n: None if math.isnan(x) else round(x, 4) for n, x in zip(names, band, strict=True)}


def _response(r: Response) -> dict[str, Any]:
    return {
        "asked": r.asked, "answered": r.answered, "refused": r.refused, "median_s": _band(r.median_s),
        "spread": _band(r.spread), "refuses": _band(r.refuses), "silent": _band(r.silent),
    }  # fmt: skip


def decisions_csv(r: Review) -> str:
    """One line a decision, with the names of the columns before them."""
    out = io.StringIO()
    names = [f.name for f in dataclasses.fields(Decision)]
    table = csv.DictWriter(out, names, lineterminator="\n")
    table.writeheader()
    table.writerows(dataclasses.asdict(d) for d in r.decisions)
    return out.getvalue()


def responses_yaml(r: Review) -> str:
    """By clause: the fields of a case that say how long deciding takes, with their bands as comments."""
    luck = "" if r.seed is None else f", seed {r.seed}"
    lines = [
        f"# How people answered in an exercise of {r.case}, regime {r.regime}{luck}.",
        "# Put the fields into the clause of that id. Bands hold 90 % of the posterior.",
    ]
    for clause, each in r.clauses.items():
        kinds = {d.kind for d in r.decisions if clause in d.clause.split(", ")}
        lines += ["", *_clause(clause, each, release=kinds == {"release"})]
    return "\n".join(lines) + "\n"


def _clause(clause: str, r: Response, release: bool) -> Iterator[str]:
    yield f"- id: {clause}  # asked {r.asked}, answered {r.answered}, refused {r.refused}"
    if r.median_s is not None:
        name = "delay_s" if release else "decision_s"
        yield _field(name, r.median_s)
    if release:
        return
    if r.spread is not None and not math.isnan(r.spread[0]):
        yield _field("spread", r.spread)
    yield _field("unreachable", r.silent)
    yield _field("refuses", r.refuses)


def _field(name: str, band: Band) -> str:
    value = f"  {name}: {band[0]:.3g}"
    return value if math.isnan(band[1]) else f"{value}  # {band[1]:.3g} to {band[2]:.3g}"
