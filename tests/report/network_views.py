"""A network as the board may see it: some nodes well, one gone, one with something to mend."""

from __future__ import annotations

from typing import Any

from synaspis.model.network_status import (
    Kept,
    Latency,
    NetworkTotals,
    NetworkView,
    NodeStatus,
    PartnerStatus,
    RangeStatus,
    Seen,
    Warned,
)

NATIONS = ("USA", "TUR", "ROU", "BGR", "POL")


def status(nation: str, **more: Any) -> NodeStatus:
    base: dict[str, Any] = {
        "nation": nation, "case": "europe", "case_sha256": "ab" * 32, "regime": "allied", "version": "0.1.0",
        "state": "running", "case_s": 204.0, "own": 3, "received": 9, "held": 10,
        "latency": {"track": Latency(count=812, p50_ms=8.4, p99_ms=41.7, worst_ms=80.0)},
        "released": {"alert": 12, "track": 3411}, "refused": {},
        "partners": {n: PartnerStatus(sent=4, heard_s=0.3) for n in NATIONS if n != nation},
    }  # fmt: skip
    return NodeStatus(**(base | more))


def view() -> NetworkView:
    late = {n: PartnerStatus(sent=4, heard_s=0.3 if n != "POL" else 31.0) for n in NATIONS if n != "BGR"}
    warned = Warned(places=("Bucharest", "Constanta"), time_s=190.0, impact_s=580.0)
    nodes = (
        Seen(nation="USA", status=status("USA", own=14)),
        Seen(nation="TUR", status=status("TUR", own=0, released={}, latency={})),
        Seen(nation="ROU", status=status("ROU", warned=(warned,), refused={"replay": 3})),
        Seen(
            nation="BGR",
            status=status("BGR", partners=late, troubles=("the disk is full\n    mend: free space there",)),
        ),
        Seen(nation="POL", status=None, gone="its process ended by signal 9"),
    )
    told = RangeStatus(
        case="europe", regime="allied", version="0.1.0", state="running", case_s=204.0, ends_s=1870.0,
        launched=12, flying=9, down=3, shots=4, hits=2,
    )  # fmt: skip
    return NetworkView(
        case="europe", title="Europe", regime="allied", seed=1, speed=1.0, nodes=nodes, range=told
    )


def totals(**more: Any) -> NetworkTotals:
    kept = tuple(
        Kept(nation=n, entries=1200, released=340, received=512, clauses=("bmd-1", "bmd-2"), whole=n != "TUR",
             faults=("entry 7 is not what was written there",) if n == "TUR" else ())
        for n in NATIONS
    )  # fmt: skip
    base: dict[str, Any] = {"view": view(), "finished": True, "kept": kept, "folder": "drill"}
    return NetworkTotals(**(base | more))
