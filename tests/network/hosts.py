"""Hosts of one machine: network namespaces joined by a bridge, where the system lets this user make them."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence

PORT = 7447


def why_not() -> str:
    """Why there can be no hosts here; empty where there can."""
    if not shutil.which("ip"):
        return "there is no `ip` here"
    if os.geteuid():
        return "only root makes network namespaces"
    name = f"syn{os.getpid()}try"
    done = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    if done.returncode:
        return f"no network namespace can be made here: {done.stderr.strip()}"
    _ip("netns", "del", name)
    return ""


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


class Hosts:
    """One for each nation, with an address of its own (192.0.2.0/24 of RFC 5737)."""

    def __init__(self, nations: Sequence[str]) -> None:
        self._tag = f"syn{os.getpid()}"
        self._ports = {n: f"port{i}" for i, n in enumerate(nations)}
        self.addresses = {n: (f"192.0.2.{i + 1}", PORT) for i, n in enumerate(nations)}

    def _name(self, what: str) -> str:
        return f"{self._tag}{what}"

    def build(self) -> None:
        """Make them, and the bridge between."""
        hub = self._name("hub")
        _ip("netns", "add", hub)
        _ip("-n", hub, "link", "add", "bridge", "type", "bridge")
        _ip("-n", hub, "link", "set", "bridge", "up")
        for nation, port in self._ports.items():
            host = self._name(nation)
            _ip("netns", "add", host)
            _ip("-n", hub, "link", "add", port, "type", "veth", "peer", "name", "line", "netns", host)
            _ip("-n", hub, "link", "set", port, "master", "bridge", "up")
            _ip("-n", host, "addr", "add", f"{self.addresses[nation][0]}/24", "dev", "line")
            for device in ("lo", "line"):
                _ip("-n", host, "link", "set", device, "up")

    def clear(self) -> None:
        """Take all away again, also what is left of an attempt."""
        for what in (*self._ports, "hub"):
            with contextlib.suppress(subprocess.CalledProcessError):
                _ip("netns", "del", self._name(what))

    def prefix(self, nation: str) -> list[str]:
        """What a command begins with to run on a nation's host."""
        return ["ip", "netns", "exec", self._name(nation)]

    def plug(self, nation: str, *, in_: bool) -> None:
        """Put the nation's line into the bridge, or pull it out."""
        _ip("-n", self._name("hub"), "link", "set", self._ports[nation], "up" if in_ else "down")


@contextlib.contextmanager
def hosts(nations: Sequence[str]) -> Iterator[Hosts]:
    """Hosts that are gone afterwards, whatever happens."""
    found = Hosts(nations)
    try:
        found.build()
        yield found
    finally:
        found.clear()
