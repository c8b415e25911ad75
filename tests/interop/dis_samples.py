"""One PDU of each kind, as the tests and the files beside tshark's output have them."""

from __future__ import annotations

from synaspis.interop.dis_records import (
    Beam,
    Clock,
    Descriptor,
    Detonation,
    Emission,
    EntityId,
    EntityState,
    Fire,
    Head,
    Pdu,
    StartResume,
    StopFreeze,
    Target,
    timestamp_of,
)
from synaspis.interop.dis_types import EMITTER_NAMES, entity_type

HEAD = Head(exercise=42, timestamp=timestamp_of(1234.5))
ORDER = Head(exercise=42, timestamp=timestamp_of(1234.5), status=0)
ROUND, THREAT, SITE, RADAR = (EntityId(1, 2, n) for n in (3, 4, 5, 6))
EVENT = EntityId(1, 2, 77)
CONTROL, ALL = EntityId(1, 1, 0), EntityId(65535, 65535, 65535)
CLOCK = Clock(494_000, timestamp_of(600.0))
PLACE = (3_909_833.5, 1_820_312.25, 4_685_470.0)
SHOT = Descriptor(type=entity_type("sm-3-ib"))

SAMPLES: dict[str, Pdu] = {
    "state": EntityState(
        head=HEAD, entity=THREAT, type=entity_type("mrbm-1300"), location=PLACE, marking="EX M-1", force=2,
        velocity=(-1000.0, 250.5, -2000.0), algorithm=5, acceleration=(0.5, -0.25, -9.0),
    ),
    "fire": Fire(
        head=HEAD, shooter=SITE, target=THREAT, munition=ROUND, event=EVENT, location=PLACE, descriptor=SHOT,
        mission=7,
    ),
    "detonation": Detonation(
        head=HEAD, shooter=SITE, target=THREAT, munition=ROUND, event=EVENT, location=PLACE, descriptor=SHOT,
        velocity=(100.0, 200.0, 300.0), offset=(0.5, 0.0, 0.0), result=1,
    ),
    "start": StartResume(
        head=ORDER, origin=CONTROL, receiver=ALL, real_world=CLOCK, simulation=Clock(0, 0), request=1
    ),
    "stop": StopFreeze(
        head=ORDER, origin=CONTROL, receiver=ALL, real_world=CLOCK, reason=1, behaviour=1, request=2
    ),
    "emission": Emission(
        head=HEAD, entity=RADAR, event=EVENT, name=EMITTER_NAMES["an-tpy-2"], function=6,
        beams=(
            Beam(number=1, function=4, targets=(Target(THREAT),)),
            Beam(number=2, function=1, azimuth_rad=0.5, azimuth_sweep_rad=0.25),
        ),
    ),
}  # fmt: skip
