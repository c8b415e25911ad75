"""Over Zenoh, with certificates at both ends: what the bus lets pass, and what it does not."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from synaspis.errors import BusError
from synaspis.journal import Journal
from synaspis.network import keys
from synaspis.network.gateway import Gateway
from synaspis.network.keyring import Keyring
from synaspis.network.rulebook import Rulebook

from .world import CASE, NATIONS, offer, permit, rules_of

pytest.importorskip("zenoh")

from synaspis.network.zenoh_bus import Address, ZenohBus

EGRESS = {f"syn/{a}/{b}/alert" for a in NATIONS for b in NATIONS if a != b}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys that are in force by the machine's own clock, which TLS goes by."""
    found = tmp_path_factory.mktemp("keys")
    now = dt.datetime.now(dt.UTC)
    keys.make_authority(found, now)
    for nation in NATIONS:
        keys.make_key(found, nation)
        keys.enrol(found, keys.request_path(found, nation), nation, now)
    return found


@pytest.fixture
def addresses() -> dict[str, Address]:
    found = {}
    held = []
    for nation in NATIONS:
        one = socket.socket()
        one.bind(("127.0.0.1", 0))
        held.append(one)
        found[nation] = Address(host="127.0.0.1", port=one.getsockname()[1])
    for one in held:
        one.close()
    return found


def wait(until: Callable[[], bool], most_s: float = 20.0) -> bool:
    end = time.monotonic() + most_s
    while not until() and time.monotonic() < end:
        time.sleep(0.02)
    return until()


def meets(sender: ZenohBus, found: list[tuple[str, bytes]], key: str) -> None:
    """Put until something comes: links take a while to open."""

    def asked() -> bool:
        sender.put(key, b"hello")
        return any(k == key for k, _ in found)

    assert wait(asked)


def test_only_what_its_rules_let_out_passes_and_only_one_s_own_word_comes_in(
    folder: Path, addresses: dict[str, Address]
) -> None:
    buses = {n: ZenohBus(folder, n, addresses, EGRESS) for n in NATIONS[:3]}
    heard: dict[str, list[tuple[str, bytes]]] = {n: [] for n in buses}
    try:
        for n, bus in buses.items():
            bus.subscribe("syn", lambda k, d, n=n: heard[n].append((k, d)))  # type: ignore[misc]
        meets(buses["AAA"], heard["BBB"], "syn/AAA/BBB/alert")
        meets(buses["CCC"], heard["BBB"], "syn/CCC/BBB/alert")
        buses["AAA"].put("syn/AAA/BBB/track", b"not let out")
        buses["CCC"].put("syn/AAA/BBB/alert", b"another's word")
        buses["AAA"].put("syn/AAA/CCC/alert", b"for CCC")
        buses["AAA"].put("syn/AAA/BBB/alert", b"last")
        buses["CCC"].put("syn/CCC/BBB/alert", b"last")
        assert wait(lambda: sum(d == b"last" for _, d in heard["BBB"]) == 2)
        assert wait(lambda: ("syn/AAA/CCC/alert", b"for CCC") in heard["CCC"])
        others = {d for k, d in heard["BBB"] if "/BBB/" in k}
        assert others == {b"hello", b"last"}, "though BBB subscribes to everything"
        assert not any(k.split("/")[2] == "CCC" for k, _ in heard["BBB"])
        buses["AAA"].narrow(EGRESS - {"syn/AAA/BBB/alert"} | {"syn/AAA/BBB/control"})
        meets(buses["AAA"], heard["BBB"], "syn/AAA/BBB/control")
        heard["BBB"].clear()
        buses["AAA"].put("syn/AAA/BBB/alert", b"no longer")
        meets(buses["AAA"], heard["BBB"], "syn/AAA/BBB/control")
        assert {k for k, _ in heard["BBB"]} == {"syn/AAA/BBB/control"}
    finally:
        for bus in buses.values():
            bus.close()
    buses["AAA"].put("syn/AAA/BBB/control", b"after the end")


def test_a_nation_of_another_authority_is_not_let_in(
    folder: Path, addresses: dict[str, Address], tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    keys.make_authority(tmp_path, now)
    keys.make_key(tmp_path, "CCC")
    keys.enrol(tmp_path, keys.request_path(tmp_path, "CCC"), "CCC", now)
    shutil.copy(folder / "authority.pem", tmp_path / "authority.pem")  # it trusts, and is not trusted
    buses = [ZenohBus(folder, "AAA", addresses, EGRESS), ZenohBus(folder, "BBB", addresses, EGRESS)]
    stranger = ZenohBus(tmp_path, "CCC", addresses, EGRESS)
    found: list[tuple[str, bytes]] = []
    stranger_found: list[tuple[str, bytes]] = []
    try:
        buses[1].subscribe("syn", lambda k, d: found.append((k, d)))
        stranger.subscribe("syn", lambda k, d: stranger_found.append((k, d)))
        meets(buses[0], found, "syn/AAA/BBB/alert")
        for _ in range(20):
            stranger.put("syn/CCC/BBB/alert", b"let me in")
            buses[0].put("syn/AAA/CCC/alert", b"for CCC alone")
            time.sleep(0.02)
        assert all(d == b"hello" for _, d in found)
        assert {d for _, d in stranger_found} == {b"let me in"}, "it hears itself alone"
    finally:
        for bus in (*buses, stranger):
            bus.close()


def test_a_port_that_is_taken_is_said_with_the_mend(folder: Path, addresses: dict[str, Address]) -> None:
    with socket.socket() as other:
        other.bind((addresses["AAA"].host, addresses["AAA"].port))
        other.listen()
        with pytest.raises(BusError, match="mend: end what uses the port"):
            ZenohBus(folder, "AAA", addresses, EGRESS)


class MachineClock:
    def utc_ns(self) -> int:
        return time.time_ns()

    def case_s(self) -> float:
        return 0.0


def test_gateways_meet_over_the_bus_and_nobody_else_hears(
    folder: Path, addresses: dict[str, Address], tmp_path: Path
) -> None:
    now = dt.datetime.now(dt.UTC)
    certificates, problems = keys.load_certificates(folder, NATIONS, now)
    assert not problems
    rules = rules_of(permit("p", "track"), permit("q", "alert", owners=("BBB",), recipients=("AAA",)))
    got: dict[str, list[bytes]] = {n: [] for n in NATIONS[:3]}
    spied: list[str] = []
    with contextlib.ExitStack() as stack:
        gateways = {}
        for n in got:
            book = Rulebook(n, rules, NATIONS)
            bus = ZenohBus(folder, n, addresses, book.egress())
            stack.callback(bus.close)
            journal = stack.enter_context(Journal.open(tmp_path / f"{n}.journal", case_sha256=CASE, keeper=n))
            if n == "CCC":
                bus.subscribe("syn", lambda key, _: spied.append(key))
            gateways[n] = Gateway(
                keys.load_identity(folder, n, now), CASE, book, journal=journal, transport=bus,
                keyring=Keyring(certificates), clock=MachineClock(), alarm=lambda *_: None,
                deliver=lambda _, m, n=n: got[n].append(m.body), unfit=lambda *_: "",
            )  # fmt: skip
            stack.callback(gateways[n].close)

        def all_there() -> bool:
            for g in gateways.values():
                g.flush()
                g.tick()
            return got["BBB"] == [b"track"] and got["AAA"] == [b"alert"]

        gateways["AAA"].offer(offer("track", body=b"track"))
        gateways["BBB"].offer(offer("alert", body=b"alert"))
        assert wait(all_there), "what is sent before the links are open is sent again"
        assert gateways["AAA"].health()["BBB"].received == 1
        assert not got["CCC"] and not spied
