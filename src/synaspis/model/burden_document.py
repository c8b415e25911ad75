"""The JSON document of `burden --json`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict

from synaspis.model.burden import (
    ApartRow,
    BillSaid,
    BurdenAnswer,
    Key,
    Leaving,
    Member,
    Point,
    Stability,
)
from synaspis.model.compared import Gain
from synaspis.model.plan import Price


def document(a: BurdenAnswer) -> dict[str, object]:
    """The answer as plain JSON: no NaN and no infinity, which are null."""
    s = a.stability
    return {
        "case": a.case,
        "title": a.title,
        "date": a.date,
        "version": a.version,
        "seed": a.seed,
        "trials": a.trials,
        "regime": a.regime,
        "against": a.against,
        "measure": a.measure,
        "unit": a.unit,
        "values": {"exact": a.exact, "orders": a.orders, "played": a.played},
        "worth": _number(a.worth),
        "population_at_risk": _number(a.at_risk),
        "members": {code: _member(m) for code, m in a.members.items()},
        "bill": _bill(a.bill),
        "raid": {
            "rounds": _number(a.raid.rounds),
            "rounds_musd": {owner: _band(x) for owner, x in a.raid.rounds_musd.items()},
            "missing": list(a.raid.missing),
        },
        "shared_out": {
            "amount_musd": _number(a.amount), "given": a.amount_given, "arrangement": a.arrangement,
        },
        "keys": {k.name: _key(k) for k in a.keys},
        "concordance": None if a.concordance is None else asdict(a.concordance),
        "size_and_share": None if a.size_and_share is None else asdict(a.size_and_share),
        "core": {"stable": s.stable, "excess": _number(s.excess)},
        "nucleolus": {code: _maybe(m.nucleolus) for code, m in a.members.items()},
        "nucleolus_musd": {code: _maybe(m.nucleolus_musd) for code, m in a.members.items()},
        "stability": _stability(s),
        "alone": None if a.alone is None else [_apart(x) for x in a.alone],
        "notes": list(a.notes),
    }  # fmt: skip


def _member(m: Member) -> dict[str, object]:
    b = m.brings
    return {
        "plays": m.plays,
        "brings": {
            "sensors": list(b.sensors),
            "batteries": list(b.batteries),
            "rounds": dict(b.rounds),
            "hosts": list(b.hosts),
            "money_musd": {kind: _band(x) for kind, x in b.money.items()},
        },
        "shapley": _gain(m.shapley),
        "banzhaf": _gain(m.banzhaf),
        "benefit": _gain(m.benefit),
        "benefit_share": _maybe(m.benefit_share),
        "population_at_risk": _number(m.at_risk),
        "protected_population": {
            "regime": _number(m.protected),
            "against": _number(m.protected_against),
            "by_itself": _number(m.by_itself),
        },
        "warning_s": {"regime": _number(m.warning_s), "against": _number(m.warning_against_s)},
        "burden": _band(m.burden),
        "burden_share": _maybe(m.burden_share),
        "gdp_musd": _maybe(m.gdp_musd),
        "pays": {key: _maybe(x) for key, x in m.pays.items()},
        "free_rider_index": _maybe(m.free_rider_index),
        "leaving": None if m.leaving is None else _leaving(m.leaving),
    }


def _leaving(x: Leaving) -> dict[str, object]:
    return {
        "inside": _number(x.inside),
        "still_defended": _number(x.still_defended),
        "undefended": _number(x.undefended),
        "change": _gain(x.lost),
        "others": {"inside": _number(x.others[0]), "outside": _number(x.others[1])},
        "pays_inside": _band(x.pays_inside),
        "pays_outside": _band(x.pays_outside),
        "verdict": x.verdict,
        "value_musd": _maybe(x.value_musd),
        "verdict_undefended": x.verdict_undefended,
        "value_undefended_musd": _maybe(x.value_undefended_musd),
    }


def _bill(b: BillSaid) -> dict[str, object]:
    return {
        "prices": b.prices,
        "members": _band(b.members),
        "others": _band(b.others),
        "kinds": {kind: _band(x) for kind, x in b.kinds.items()},
        "payers": {payer: _band(x) for payer, x in b.payers.items()},
        "assumed_share": {kind: _number(x) for kind, x in b.assumed.items()},
        "lines": [
            {
                "what": x.what,
                "where": x.where,
                "kind": x.kind,
                "payer": x.payer,
                "musd": _band(x.price),
                "source": x.source,
                "confidence": x.confidence,
                "assumed": x.assumed,
            }
            for x in b.lines
        ],
        "missing": list(b.missing),
    }


def _key(k: Key) -> dict[str, object]:
    return {
        "defined": k.share is not None,
        "why": k.why,
        "covered": _number(k.covered),
        "at_zero": list(k.at_zero),
        "outside": list(k.outside),
    }


def _stability(s: Stability) -> dict[str, object]:
    return {
        "exact": s.exact,
        "looked_at": s.looked_at,
        "coalitions": s.coalitions,
        "saved": _number(s.saved),
        "extra_cost": _band(s.extra_cost),
        "holds_musd": {
            "value": _ends(s.holds_from), "low_cost": _ends(s.holds_low), "high_cost": _ends(s.holds_high),
        },
        "sweep": [_point(p) for p in s.sweep],
        "shown": None if s.shown is None else _point(s.shown),
        "complaining": s.complaining,
        "complaints": [
            {"members": list(c.members), "people": _number(c.people), "saves_musd": _number(c.saves),
             "musd": _maybe(c.musd)}
            for c in s.complaints
        ],
        "nearly": None if s.nearly is None else {
            "missing_musd": _number(s.nearly.missing_musd),
            "per_person_musd": _number(s.nearly.per_person_musd),
            "left_out": [list(x) for x in s.nearly.left_out],
        },
        "joining": None if s.joining is None else {
            "pairs": s.joining.pairs, "failures": s.joining.failures, "lost": _number(s.joining.lost),
            "one": list(s.joining.one), "other": list(s.joining.other),
        },
    }  # fmt: skip


def _point(p: Point) -> dict[str, object]:
    return {
        "per_person_musd": p.per_person_musd,
        "stable": p.stable,
        "excess_musd": _number(p.excess_musd),
    }


def _ends(ends: tuple[float, float] | None) -> dict[str, object] | None:
    """Least and greatest value; null for one without bound."""
    if ends is None:
        return None
    return {"from": ends[0], "to": ends[1] if math.isfinite(ends[1]) else None}


def _apart(x: ApartRow) -> dict[str, object]:
    return {
        "members": list(x.members),
        "goal": _number(x.goal),
        "cost_musd": None if x.cost is None else _band(x.cost),
        "yearly_musd": None if x.yearly is None else _band(x.yearly),
        "why": x.why,
        "buys": list(x.buys),
    }


def _band(b: Price) -> dict[str, object]:
    return {"value": _number(b.value), "low": _number(b.low), "high": _number(b.high)}


def _gain(g: Gain) -> Mapping[str, object]:
    return {
        "value": _number(g.value),
        "low": _number(g.low),
        "high": _number(g.high),
        "error": _number(g.error),
    }


def _maybe(value: float | None) -> float | None:
    return None if value is None else _number(value)


def _number(value: float) -> float | None:
    return round(value, 9) + 0.0 if math.isfinite(value) else None
