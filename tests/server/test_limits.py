"""Meters and the ledger: bounded whatever a client does."""

from __future__ import annotations

from synaspis.server.ledger import FIRST, Ledger
from synaspis.server.limits import MOST_KEYS, Meter, Rate


class Time:
    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


def test_a_meter_lets_a_burst_through_and_then_its_rate() -> None:
    time = Time()
    meter = Meter(Rate(per_s=2.0, burst=3), time)
    assert [meter.take("a") for _ in range(5)] == [True, True, True, False, False]
    assert meter.take("b")
    time.now_s = 1.0
    assert [meter.take("a") for _ in range(3)] == [True, True, False]
    time.now_s = 1e6
    assert sum(meter.take("a") for _ in range(9)) == 3


def test_a_meter_forgets_the_oldest() -> None:
    meter = Meter(Rate(per_s=0.0, burst=1), Time())
    assert all(meter.take(str(i)) for i in range(MOST_KEYS + 1))
    assert not meter.take("1")
    assert meter.take("0")


def test_refusals_are_counted_and_noted_ever_more_seldom() -> None:
    noted: list[tuple[str, str]] = []
    ledger = Ledger(lambda seat, what: noted.append((seat, what)))
    for _ in range(1000):
        ledger.refused("POL", "nonsense")
    ledger.note("POL", "left")
    ledger.close()
    assert ledger.refusals == 1000
    assert noted[:FIRST] == [("POL", "refused: nonsense")] * FIRST
    assert ("POL", "refused: nonsense (512 times so far)") in noted
    assert noted[-1] == ("POL", "left")
    assert len(noted) < FIRST + 10


def test_a_note_that_cannot_be_kept_ends_nothing() -> None:
    noted = []

    def write(_seat: str, what: str) -> None:
        noted.append(what)
        raise OSError

    ledger = Ledger(write)
    ledger.note("", "one")
    ledger.note("", "two")
    ledger.close()
    assert noted == ["one", "two"]
