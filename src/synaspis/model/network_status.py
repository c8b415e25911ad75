"""How a node of the network stands, as it says on its loopback address and as the board shows it.

Frozen nouns of plain values: what `/health` says is these, as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STATES = ("starting", "waiting", "running", "over", "ended")
"""A node starts, waits for the range, follows the raid, has heard its end, has ended."""


@dataclass(frozen=True, kw_only=True)
class Latency:
    """Times from one thing to another, in milliseconds; None where there was none."""

    count: int = 0
    p50_ms: float | None = None
    p99_ms: float | None = None
    worst_ms: float | None = None


@dataclass(frozen=True, kw_only=True)
class PartnerStatus:
    """A partner as the node sees it. `heard_s` ago, None for never; its clock is `ahead_ms` of this one."""

    sent: int = 0
    acknowledged: int = 0
    received: int = 0
    missing: int = 0
    waiting: int = 0
    heard_s: float | None = None
    ahead_ms: float | None = None
    quarantined: bool = False


@dataclass(frozen=True, kw_only=True)
class Warned:
    """The node warned the people of these places, `time_s` after the start of the raid."""

    places: tuple[str, ...]
    time_s: float
    impact_s: float | None = None


@dataclass(frozen=True, kw_only=True)
class NodeStatus:
    """All that a node says of itself. `process` is its number on its machine, `case_s` None before the raid.

    `own` and `received` count tracks from its own sensors and from partners, `held` the missiles that it
    tells apart of them. `released`, `not_released` and `received_by` count by product, `refused` by reason.
    `troubles` are said in words with their mends.
    """

    nation: str
    case: str
    case_sha256: str
    regime: str
    version: str
    process: int = 0
    state: str = "starting"
    utc_ns: int = 0
    case_s: float | None = None
    own: int = 0
    received: int = 0
    held: int = 0
    latency: Mapping[str, Latency] = field(default_factory=dict)
    released: Mapping[str, int] = field(default_factory=dict)
    not_released: Mapping[str, int] = field(default_factory=dict)
    received_by: Mapping[str, int] = field(default_factory=dict)
    refused: Mapping[str, int] = field(default_factory=dict)
    tombstones: int = 0
    partners: Mapping[str, PartnerStatus] = field(default_factory=dict)
    warned: tuple[Warned, ...] = ()
    fired: int = 0
    alarms: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def healthy(self) -> bool:
        """Nothing is to be mended, and no partner is in quarantine."""
        return not self.troubles and not self.alarms


@dataclass(frozen=True, kw_only=True)
class RangeStatus:
    """All that the range says of itself to who directs the exercise: it is no nation's to see."""

    case: str
    regime: str
    version: str
    process: int = 0
    state: str = "starting"
    utc_ns: int = 0
    case_s: float | None = None
    ends_s: float = 0.0
    speed: float = 1.0
    ready: tuple[str, ...] = ()
    launched: int = 0
    flying: int = 0
    down: int = 0
    shots: int = 0
    hits: int = 0
    late_cues: int = 0
    behind: int = 0
    refused: Mapping[str, int] = field(default_factory=dict)
    troubles: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A nation's node as whoever started it sees it: what it said last, and why its process is gone."""

    nation: str
    status: NodeStatus | None = None
    gone: str = ""


@dataclass(frozen=True, kw_only=True)
class NetworkView:
    """The range and all nodes at one time. `left_s`: until the raid is over, None where it is not known."""

    case: str
    title: str
    regime: str
    seed: int
    speed: float
    nodes: tuple[Seen, ...]
    range: RangeStatus | None = None
    range_gone: str = ""


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a nation's journal held in the end: messages to and from others, and is its chain whole?"""

    nation: str
    entries: int
    released: int
    received: int
    clauses: tuple[str, ...]
    whole: bool
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NetworkTotals:
    """What a network came to: the last view, the journals, and whether the raid had ended."""

    view: NetworkView
    finished: bool
    kept: tuple[Kept, ...]
    folder: str = ""


def totals_document(t: NetworkTotals) -> dict[str, object]:
    """As plain JSON, but for the statuses: dataclasses of plain values."""
    v = t.view
    kept = {k.nation: k for k in t.kept}
    return {
        "case": v.case,
        "regime": v.regime,
        "seed": v.seed,
        "speed": v.speed,
        "finished": t.finished,
        "folder": t.folder or None,
        "range": v.range,
        "nations": {
            n.nation: {"gone": n.gone or None, "status": n.status, "journal": kept.get(n.nation)}
            for n in v.nodes
        },
    }
