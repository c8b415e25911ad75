"""The stable document of a run: `summary.json` (schema in docs/contracts/run.schema.json)."""

from __future__ import annotations

from synaspis.model.answers import (
    Band,
    DecisionTime,
    Difference,
    Ignorance,
    NationAnswer,
    RegimeAnswer,
    RunAnswer,
    Spread,
)
from synaspis.model.layers import layers_document
from synaspis.model.stability import stability_document
from synaspis.model.stock import stock_document


def summary(answer: RunAnswer) -> dict[str, object]:
    """The stable document of a run (`summary.json`; schema in docs/contracts)."""
    return {
        "case": answer.case,
        "title": answer.title,
        "date": answer.date,
        "seed": answer.seed,
        "trials": answer.trials,
        "version": answer.version,
        "regimes": {name: _regime(r) for name, r in answer.regimes.items()},
        "difference": None if answer.difference is None else _difference(answer.difference),
        "price_of_a_second": {name: _price(p) for name, p in answer.price_of_a_second.items()},
        "self_check": dict(answer.self_check),
        "ignorance": None if answer.ignorance is None else _ignorance(answer.ignorance),
        "stability": None if answer.stability is None else stability_document(answer.stability),
    }


def _price(p: DecisionTime) -> dict[str, object]:
    return {
        "decision_s": list(p.decision_s),
        "once": list(p.once),
        "twice": list(p.twice),
        "nations": {code: {"once": list(o), "twice": list(t)} for code, (o, t) in p.nations.items()},
    }


def _spread(s: Spread) -> dict[str, float]:
    return {"mean": s.mean, "p05": s.p05, "p95": s.p95}


def _regime(r: RegimeAnswer) -> dict[str, object]:
    return {
        "title": r.title,
        "leakers": _spread(r.leakers),
        "columns": _columns(r),
        "p_no_leaker": r.p_no_leaker,
        "protected_population": r.protected_population,
        "protected_spread": _spread(r.protected_spread),
        "population_at_risk": r.population_at_risk,
        "prevented_impacts": _spread(r.prevented_impacts),
        "covered_population": r.covered_population,
        "covered_twice_population": r.covered_twice_population,
        "rounds": dict(r.rounds),
        "wasted": dict(r.wasted),
        "doubled": dict(r.doubled),
        "kills": dict(r.kills),
        "kills_by_layer": dict(r.kills_by_layer),
        "layers": None if r.layers is None else layers_document(r.layers),
        "stock": None if r.stock is None else stock_document(r.stock),
        "nations": {code: _nation(n) for code, n in r.nations.items()},
        "shots_lost": dict(r.shots_lost),
        "lost": [
            {
                "battery": x.battery,
                "threat": x.threat,
                "cause": x.cause,
                "mean": x.mean,
                "clauses": list(x.clauses),
                "why": x.why,
            }
            for x in r.lost
        ],
    }


def _columns(r: RegimeAnswer) -> dict[str, object]:
    """Exo-atmospheric results always come in two columns."""
    columns: dict[str, object] = {
        "no_countermeasures": {
            "leakers": _spread(r.leakers),
            "p_no_leaker": r.p_no_leaker,
            "protected_population": r.protected_population,
            "wasted": sum(r.wasted.values()),
        }
    }
    c = r.simple_countermeasures
    if c is not None:
        columns["simple_countermeasures"] = {
            "leakers": _spread(c.leakers),
            "p_no_leaker": c.p_no_leaker,
            "protected_population": c.protected_population,
            "wasted": c.wasted,
        }
    return columns


def _nation(n: NationAnswer) -> dict[str, object]:
    return {
        "warning_s": {"p05": n.warning_s.p05, "p50": n.warning_s.p50, "p95": n.warning_s.p95},
        "warned_people": {str(seconds): people for seconds, people in n.warned_people.items()},
        "leakers_mean": n.leakers_mean,
        "protected_population": n.protected_population,
        "population_at_risk": n.population_at_risk,
        "covered_population": n.covered_population,
        "covered_twice_population": n.covered_twice_population,
        "warned_needlessly": n.warned_needlessly,
    }


def _difference(d: Difference) -> dict[str, object]:
    return {
        "headline": d.headline,
        "against": d.against,
        "whole": d.whole,
        "information": d.information,
        "mandate": d.mandate,
        "authority": d.authority,
        "coordination": d.coordination,
        "hypothetical": d.hypothetical,
        "clauses": [
            {
                "id": c.id,
                "agreement": c.agreement,
                "group": c.group,
                "gain": c.gain,
                "assumed": c.assumed,
                "note": c.note,
            }
            for c in d.clauses
        ],
    }


def _ignorance(i: Ignorance) -> dict[str, object]:
    return {
        "draws": i.draws,
        "figures": i.figures,
        "regimes": {
            name: {
                "leakers": _band(r.leakers),
                "p_no_leaker": _band(r.p_no_leaker),
                "protected_population": _band(r.protected_population),
                "nations": {code: {"warning_s": _band(b)} for code, b in r.warning_s.items()},
            }
            for name, r in i.regimes.items()
        },
        "difference": {part: _band(b) for part, b in i.difference.items()},
        "moved": i.moved,
        "at_value": i.at_value,
        "movers": [dict(vars(m)) for m in i.movers],
        "drawn_back": i.drawn_back,
    }


def _band(b: Band) -> dict[str, float]:
    return {"value": b.value, "low": b.low, "high": b.high}
