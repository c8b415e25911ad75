"""The board of a network, wide and narrow, and its totals."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from synaspis.model.network_audit import Audit, Passed
from synaspis.report.network_terminal import Board, line, render_audit, render_status, render_totals
from tests.report.network_views import NATIONS, status, totals, view


def shown(thing: object, width: int) -> list[str]:
    console = Console(width=width, file=io.StringIO(), highlight=False, record=True)
    if callable(thing):
        thing(console)
    else:
        console.print(thing)
    return console.export_text().splitlines()


@pytest.mark.parametrize("width", [144, 100, 80, 60, 40])
def test_no_line_is_wider_than_the_terminal_and_every_nation_is_there(width: int) -> None:
    found = shown(Board(view()), width)
    assert max(map(len, found)) <= width
    for nation in NATIONS:
        assert any(row.startswith(nation[:3]) for row in found) or width < 50


def test_the_board_says_what_is_to_be_seen() -> None:
    found = "\n".join(shown(Board(view()), 144))
    assert "3:24 of 31:10  1×" in found and "12 launched, 9 in flight, 3 down, 4 shots, 2 hits" in found
    assert "3 of 5 nodes are well" in found and "EXERCISE" in found
    rows = {row.split()[0]: row.split() for row in found.splitlines() if row[:3] in NATIONS}
    assert rows["USA"][1:] == ["runs", "14", "9", "10", "3,423", "·", "8.4", "42", "·"]
    assert rows["ROU"][6] == "3" and rows["ROU"][-2:] == ["Bucharest,", "Constanta"]
    assert "BGR  the disk is full; mend: free space there" in found
    assert "POL  its process ended by signal 9" in found
    assert "3:10  ROU warned Bucharest, Constanta, down at 9:40" in found


def test_before_anybody_has_said_anything() -> None:
    from synaspis.model.network_status import Seen

    blank = replace(view(), nodes=tuple(Seen(nation=n) for n in NATIONS), range=None)
    found = "\n".join(shown(Board(blank), 80))
    assert found.count("starts") == 5 and "not started" in found
    assert line(blank).startswith("not started") and line(view()).startswith("3:24")


def test_it_says_what_the_latency_is_and_one_shot_is_one() -> None:
    v = view()
    assert v.range is not None
    for width in (144, 80):
        assert "from a measurement at its owner to the updated track here" in "\n".join(
            shown(Board(v), width)
        )
    once = replace(v, range=replace(v.range, shots=1, hits=1))
    assert "down, 1 shot, 1 hit;" in "\n".join(shown(Board(once), 144))


def test_totals() -> None:
    found = "\n".join(shown(lambda c: render_totals(totals(), c), 100))
    assert "The raid is over: europe, allied, seed 1, 1×" in found
    assert "1,700 messages were released" in found and "4 of 5 journals verify" in found
    assert "TUR: entry 7 is not what was written there" in found and "broken" in found
    assert "The node of POL ended before the others." in " ".join(found.split())
    early = "\n".join(shown(lambda c: render_totals(totals(finished=False, folder=""), c), 100))
    assert "Ended before the raid was over at 3:24" in early and "Folder" not in early


def test_status_says_what_is_to_be_mended() -> None:
    v = view()
    found = "\n".join(shown(lambda c: render_status(v.nodes, v.range, c), 100))
    assert "BGR: the disk is full" in found and "range: runs, 3:24" in found


def test_an_audit() -> None:
    went = Passed(
        nation="POL", product="track", clauses=("bmd-1", "odd[/red]"), originators=("USA",), messages=12345,
        first_ns=10**18, last_ns=10**18 + 10**11,
    )  # fmt: skip
    a = Audit(
        nation="USA", case_sha256="ab" * 32, journal="USA.journal", entries=7, head="cd" * 32,
        faults=("torn",), kinds={"sent": 7}, released=(went,), received=(), turned_away={},
        closed={("USA", "POL"): 3}, dropped={}, refused={"replay": 4}, not_released={}, alarms=(),
    )  # fmt: skip
    found = "\n".join(shown(lambda c: render_audit(a, c), 100))
    assert "the chain is broken" in found and "torn" in found
    assert "12,345" in found and "bmd-1 odd[/red]" in found and "01:46:40–01:48:20" in found
    assert "Refused, by reason: replay 4" in found and "USA→POL 3" in found and "Received: nothing" in found


def test_a_node_is_healthy_or_not() -> None:
    assert status("USA").healthy
    assert not status("USA", alarms=("POL is in quarantine",)).healthy
