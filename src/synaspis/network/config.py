"""What a process of the exercise is told before it starts: one YAML file, and all that it names.

A node's file names the nation, the case without its raid, the regime, keys, addresses and journal. Paths are
taken from the file's own folder, so that a folder can be sent to the machine on which it is to run.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from cryptography import x509

from synaspis.errors import InputError, Problem
from synaspis.files import case as cases
from synaspis.files import raidless, tree, words
from synaspis.files.reader import Reader, TooManyProblems
from synaspis.files.tree import Map
from synaspis.model.case import Case
from synaspis.model.declare import part, quantity, text
from synaspis.network import keys
from synaspis.network.keys import Identity
from synaspis.network.seam import RANGE
from synaspis.network.zenoh_bus import Address

NODE_FILE: Final = "node.yaml"
RANGE_FILE: Final = "range.yaml"
CASE_FILE: Final = "case.yaml"
WHOLE_FILE: Final = "whole-case.yaml"
KEYS: Final = "keys"
MOST_SPEED: Final = 1_000.0
_ADDRESS: Final = re.compile(r"(?:\[([0-9A-Fa-f:.]+)\]|([^\s:\[\]]+)):([0-9]{1,5})$")

T = TypeVar("T", "NodeFile", "RangeFile")


def _metrics_port() -> int:
    what = "port on this machine's loopback for /metrics and /health; 0 for none"
    port: int = quantity("1", what, at_least=0, at_most=65535, default=0)
    return port


def _log() -> str:
    told: str = text("file of the log, a JSON object a line; standard error where left out", default="")
    return told


@dataclass(frozen=True, kw_only=True)
class NodeFile:
    """What `node.yaml` says, as written. The keys are these fields."""

    nation: str = text("the nation whose node it is")
    case: str = text("the case without its raid, as `network init` wrote it")
    regime: str = text("the agreements by which the node goes")
    keys: str = text("folder of its private key, and of the certificates of all")
    journal: str = text("the journal; begun if it is not there")
    listen: str = text("where the node listens, as HOST:PORT")
    range: str = text("where the range listens")
    partners: Mapping[str, str] = part("where the other nations' nodes listen", factory=dict)
    seed: int = quantity("1", "names the luck of who decides where nobody sits", at_least=0, default=1)
    metrics_port: int = _metrics_port()
    log: str = _log()


@dataclass(frozen=True, kw_only=True)
class RangeFile:
    """What `range.yaml` says, as written: of the process that alone holds the raid."""

    case: str = text("the whole case, raid and all")
    nodes_case: str = text("the case without its raid, as the nodes have it")
    regime: str = text("the agreements of the exercise")
    keys: str = text("folder of the range's private key, and of the certificates of all")
    listen: str = text("where the range listens, as HOST:PORT")
    partners: Mapping[str, str] = part("where the nations' nodes listen")
    seed: int = quantity("1", "names the luck: same seed, same raid", at_least=0, default=1)
    speed: float = quantity(
        "1", "seconds of the raid to one of the clock", above=0, at_most=MOST_SPEED, default=1.0
    )
    metrics_port: int = _metrics_port()
    log: str = _log()


@dataclass(frozen=True, kw_only=True)
class Party:
    """What nodes and the range have in common, read and checked: paths whole, addresses taken apart.

    `case` is without its raid; `addresses` are those of all, this one's too. `doubts` are what is wrong with
    others' certificates: those are left out, and the rest carries on.
    """

    file: Path
    me: str
    case: Case
    regime: str
    keys: Path
    identity: Identity
    certificates: Mapping[str, x509.Certificate]
    doubts: tuple[Problem, ...]
    addresses: Mapping[str, Address]
    metrics_port: int
    log: Path | None


@dataclass(frozen=True, kw_only=True)
class NodeConfig(Party):
    """A node's."""

    journal: Path
    seed: int


@dataclass(frozen=True, kw_only=True)
class RangeConfig(Party):
    """The range's, with the whole case."""

    whole: Case
    seed: int
    speed: float


def load_node(path: Path, now: dt.datetime, nation: str | None = None) -> NodeConfig:
    """A node's configuration and all that it names. InputError with every problem found.

    `nation` is whose it is to be, where that was said.
    """
    read = _Read(path, NodeFile)
    f = read.file
    if nation is not None and f.nation and f.nation != nation:
        read.say(
            "nation", f"this is the configuration of {f.nation}, not of {nation}", f"give {nation}'s file"
        )
    case = read.case("case", f.case, raid=False)
    read.known(case, f.nation, f.regime)
    party = read.party(case, f.nation, now)
    read.done()
    assert party is not None
    return NodeConfig(**party, journal=read.path(f.journal), seed=f.seed)


def load_range(path: Path, now: dt.datetime) -> RangeConfig:
    """The range's configuration and all that it names. InputError with every problem found."""
    read = _Read(path, RangeFile)
    f = read.file
    whole, case = read.case("case", f.case, raid=True), read.case("nodes_case", f.nodes_case, raid=False)
    read.known(whole, "", f.regime)
    if whole is not None and case is not None and raidless.without_raid(whole) != case.text:
        mend = "run `network init` again, and send every nation its new folder"
        read.say("nodes_case", "this is not the case of the raid without its raid", mend)
    party = read.party(case, RANGE, now)
    read.done()
    assert party is not None and whole is not None
    return RangeConfig(**party, whole=whole, seed=f.seed, speed=f.speed)


def peek(path: Path) -> NodeFile | RangeFile:
    """What a configuration says, without looking at what it names. InputError where it cannot be read."""
    if path.name == RANGE_FILE:
        of_range = _Read(path, RangeFile)
        of_range.done()
        return of_range.file
    of_node = _Read(path, NodeFile)
    of_node.done()
    return of_node.file


def nations_of(folder: Path) -> tuple[str, ...]:
    """Codes of the nations whose folders are in a network's, sorted. InputError where there is none."""
    found = tuple(sorted(p.parent.name for p in folder.glob(f"*/{NODE_FILE}")))
    if not found:
        mend = "make one with `synaspis network init CASE --dir DIR`, or give its folder with --dir"
        raise InputError([Problem(str(folder), 0, 0, "there is no network in this folder", mend)])
    return found


def parse_address(told: str) -> Address | None:
    """`HOST:PORT`, an IPv6 host in brackets; None where it is no such thing."""
    found = _ADDRESS.match(told)
    if found is None or not 0 < int(found[3]) < 65536:
        return None
    if found[1] is not None:
        try:
            ipaddress.IPv6Address(found[1])
        except ValueError:
            return None
    return Address(host=found[1] or found[2], port=int(found[3]))


class _Read(Generic[T]):
    """One configuration as it is read; problems gather until `done`."""

    def __init__(self, path: Path, kind: type[T]) -> None:
        """InputError where there is no such mapping to read: nothing else can then be said."""
        data, problems = tree.read_bytes(path, str(path))
        root, more = (None, problems) if problems else tree.parse(data, str(path))
        if root is None:
            raise InputError(more)
        self.at, self.problems = path, list(more)
        self._reader = Reader(str(path))
        self.file: T
        with suppress(TooManyProblems):
            self.file = self._reader.noun(root, kind)
        self._sound = not self._reader.problems

    def done(self) -> None:
        """InputError with all problems, if there is any."""
        found = [*self._reader.problems, *self.problems]
        if found:
            raise InputError(found)

    def say(self, field: str, what: str, mend: str, item: str = "") -> None:
        """Note a problem at a field, or at an item of a mapping."""
        node = self._reader.node(self.file, field)
        if item and isinstance(node, Map):
            node = node.pairs.get(item, node)
        self.problems.append(Problem(str(self.at), node.line, node.column, what, mend))

    def path(self, told: str) -> Path:
        """A path of the file, whole."""
        return self.at.parent.resolve() / Path(told).expanduser()

    def case(self, field: str, told: str, raid: bool) -> Case | None:
        """The case that a field names; its problems are this configuration's."""
        if not told:
            return None
        path = self.path(told)
        if not path.is_file():
            self.say(field, f"there is no file {path}", "give the file that `network init` wrote")
            return None
        try:
            return cases.load(path) if raid else raidless.load(path)
        except InputError as wrong:
            self.problems += wrong.problems
            return None

    def known(self, case: Case | None, nation: str, regime: str) -> None:
        """Nation, regime and partners are of the case."""
        if case is None:
            return
        nations = [n.code for n in case.file.nations]
        regimes = [r.name for r in case.file.regimes]
        if nation and nation not in nations:
            self.say(
                "nation", f"the case has no nation `{words.shown(nation)}`", words.suggest(nation, nations)
            )
        if regime and regime not in regimes:
            self.say(
                "regime", f"the case has no regime `{words.shown(regime)}`", words.suggest(regime, regimes)
            )
        for partner in self.file.partners:
            if partner not in nations:
                what = f"the case has no nation `{words.shown(partner)}`"
                self.say("partners", what, words.suggest(partner, nations), partner)
            elif partner == nation:
                self.say("partners", "the node is its own partner", "take it out", partner)

    def party(self, case: Case | None, me: str, now: dt.datetime) -> dict[str, Any] | None:
        """Keys, certificates and addresses, if all of this node's own are sound."""
        f = self.file
        addresses = self._addresses(me)
        others = [n for n in addresses if n != me]
        identity: Identity | None = None
        certificates: Mapping[str, x509.Certificate] = {}
        doubts: tuple[Problem, ...] = ()
        if me and f.keys:
            try:
                identity = keys.load_identity(self.path(f.keys), me, now)
                certificates, doubts = keys.load_certificates(self.path(f.keys), others, now)
            except InputError as wrong:
                self.problems += wrong.problems
        if case is None or identity is None or self.problems or not self._sound:
            return None
        return {
            "file": self.at, "me": me, "case": case, "regime": f.regime, "keys": self.path(f.keys),
            "identity": identity, "certificates": certificates, "doubts": doubts, "addresses": addresses,
            "metrics_port": f.metrics_port, "log": self.path(f.log) if f.log else None,
        }  # fmt: skip

    def _addresses(self, me: str) -> dict[str, Address]:
        """Where all listen; each says where it is wrong, and no two are the same."""
        f = self.file
        told = [(me, "listen", "", f.listen)]
        if isinstance(f, NodeFile):
            told.append((RANGE, "range", "", f.range))
        told += [(n, "partners", n, where) for n, where in f.partners.items()]
        found: dict[str, Address] = {}
        for name, field, item, where in told:
            if not where:
                continue
            address = parse_address(where)
            if address is None:
                mend = "write HOST:PORT, as 127.0.0.1:7447 or [::1]:7447"
                self.say(field, f"`{words.shown(where)}` is no address", mend, item)
            elif address in found.values():
                other = next(n for n, a in found.items() if a == address)
                what = f"{address.host}:{address.port} is {other}'s address too"
                self.say(field, what, "give each its own port", item)
            else:
                found[name] = address
        return found
