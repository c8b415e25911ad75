"""What `synaspis plan` answers, as frozen nouns, and its JSON document."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from synaspis.model.answers import SiteMark


@dataclass(frozen=True, kw_only=True)
class Price:
    """Millions of US dollars, with the band in which sources differ."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Post:
    """A battery with a part in a responsibility. `rounds` is what it is likely to fire in all."""

    battery: str
    nation: str
    host: str
    rounds: float


@dataclass(frozen=True, kw_only=True)
class Responsibility:
    """Who takes a layer of the defence of an asset against one corridor: a class from a launch area.

    `missiles` is how many of them the raid has; 0 for a corridor that only could be used against it.
    `gets_through` is the chance that one missile passes the layer.
    """

    asset: str
    nation: str
    threat: str
    launch: str
    layer: str
    missiles: int
    primary: Post
    backup: Post | None
    told: bool
    """Whether the backup is told what the primary has fired at."""
    gets_through: float


@dataclass(frozen=True, kw_only=True)
class Added:
    """One thing that the plan adds. `price` in millions of US dollars, None where none is public."""

    name: str
    kind: str
    type: str
    owner: str
    host: str
    place: str
    latitude_deg: float
    longitude_deg: float
    facing_deg: float
    rounds: int
    price: Price | None


@dataclass(frozen=True, kw_only=True)
class Magazine:
    """A battery's rounds and doctrine, as they are and as planned; `expected` is what the raid would take."""

    battery: str
    nation: str
    interceptor: str
    rounds_now: int
    rounds: int
    expected: float
    doctrine_now: str
    salvo_now: int
    doctrine: str
    salvo: int
    added: bool


@dataclass(frozen=True, kw_only=True)
class NationPlan:
    """One attacked nation: people at risk undefended, protected, and in places that no battery takes."""

    nation: str
    missiles: int
    at_risk: float
    protected: float
    without: float


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What one constraint costs: what the objective would gain without it, or with more of it.

    `how`: `re-solved` (the plan was made again without it) or `dual` (the slope of the relaxed program there,
    for one unit more). `unit` is that of `gain`.
    """

    kind: str
    what: str
    clause: str
    nation: str
    gain: float
    unit: str
    how: str


@dataclass(frozen=True, kw_only=True)
class Played:
    """The engine's word on a plan: people protected, mean over the same trials, and its standard error."""

    trials: int
    seed: int
    as_it_stands: float
    planned: float
    difference: float
    error: float
    worst_as_it_stands: float
    worst_planned: float
    leakers_as_it_stands: float
    leakers_planned: float
    rounds_as_it_stands: float
    rounds_planned: float


@dataclass(frozen=True, kw_only=True)
class Clash:
    """Why there is no plan: constraints that cannot all hold, and the nearest that can be had."""

    constraints: tuple[str, ...]
    nearest: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class PlanAnswer:
    """Everything that `synaspis plan` found."""

    case: str
    title: str
    date: str
    version: str
    seed: int
    trials: int
    regime: str
    objective: str
    unit: str
    add: int
    budget_usd: float | None
    protect: float | None
    allowed: tuple[str, ...]
    considered: int
    barred: int
    feasible: bool
    value: float
    bound: float
    gap: float
    protected: float
    at_risk: float
    worst_nation: float
    covered_population: float
    covered_population_now: float
    cost: Price
    responsibility: tuple[Responsibility, ...]
    laydown: tuple[Added, ...]
    magazines: tuple[Magazine, ...]
    nations: tuple[NationPlan, ...]
    binding: tuple[Binding, ...]
    tried: Mapping[str, int]
    clash: Clash | None
    played: Played | None
    notes: tuple[str, ...]
    sites: tuple[SiteMark, ...]

    @property
    def regimes(self) -> tuple[str, ...]:
        """The one regime that it was made under."""
        return (self.regime,)


@dataclass(frozen=True, kw_only=True)
class AloneAnswer:
    """What some members would have to spend by themselves. `goal` and `protected` are people of theirs.

    `cost` is what is paid once, and `yearly` a year of it with running costs, spread over years of service;
    None where no laydown of the size asked for reaches the goal; `nearest` then says what would. `within` is
    the share of the goal that was let go where the whole of it is out of reach.
    """

    members: tuple[str, ...]
    goal: float
    protected: float
    cost: Price | None
    laydown: tuple[Added, ...]
    nearest: tuple[str, ...]
    yearly: Price | None = None
    within: float = 0.0


def document(answer: PlanAnswer) -> dict[str, object]:
    """The JSON document of `plan --json`."""
    a = answer
    return {
        "case": a.case,
        "title": a.title,
        "date": a.date,
        "version": a.version,
        "seed": a.seed,
        "trials": a.trials,
        "regime": a.regime,
        "objective": a.objective,
        "unit": a.unit,
        "asked": {
            "add": a.add,
            "budget_usd": a.budget_usd,
            "protect": a.protect,
            "allow": list(a.allowed),
            "considered": a.considered,
            "barred": a.barred,
        },
        "feasible": a.feasible,
        "value": _number(a.value),
        "bound": _number(a.bound),
        "gap": _number(a.gap),
        "protected_population": _number(a.protected),
        "population_at_risk": _number(a.at_risk),
        "worst_nation": _number(a.worst_nation),
        "covered_population": {"now": a.covered_population_now, "planned": a.covered_population},
        "cost_musd": dict(vars(a.cost)),
        "responsibility": [_responsibility(r) for r in a.responsibility],
        "laydown": [_added(x) for x in a.laydown],
        "magazines": [dict(vars(m)) | {"expected": _number(m.expected)} for m in a.magazines],
        "nations": {x.nation: {k: v for k, v in vars(x).items() if k != "nation"} for x in a.nations},
        "binding": [dict(vars(b)) for b in a.binding],
        "tried": dict(a.tried),
        "clash": None if a.clash is None else {
            "constraints": list(a.clash.constraints), "nearest": list(a.clash.nearest),
        },
        "played": None if a.played is None else dict(vars(a.played)),
        "notes": list(a.notes),
    }  # fmt: skip


def _added(x: Added) -> dict[str, object]:
    told = {k: v for k, v in vars(x).items() if k != "price"}
    return told | {"price_musd": None if x.price is None else dict(vars(x.price))}


def _responsibility(r: Responsibility) -> dict[str, object]:
    return {
        "asset": r.asset,
        "nation": r.nation,
        "threat": r.threat,
        "launch": r.launch,
        "layer": r.layer,
        "missiles": r.missiles,
        "primary": r.primary.battery,
        "primary_nation": r.primary.nation,
        "primary_rounds": _number(r.primary.rounds),
        "backup": None if r.backup is None else r.backup.battery,
        "backup_nation": None if r.backup is None else r.backup.nation,
        "backup_rounds": None if r.backup is None else _number(r.backup.rounds),
        "told": r.told,
        "gets_through": _number(r.gets_through),
    }


def _number(value: float) -> float | None:
    return round(value, 9) + 0.0 if math.isfinite(value) else None
