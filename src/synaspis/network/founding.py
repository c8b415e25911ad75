"""A network made from a case: the authority, the range, and a folder for each nation to take to its machine.

No nation's private key is made here: `node enrol` makes it on the nation's own machine, and the request that
comes back is signed with `sign`. Who signs compares the fingerprint with what the nation reads out.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from synaspis.errors import InputError, Problem
from synaspis.files import words
from synaspis.files.raidless import without_raid
from synaspis.files.reader import columns
from synaspis.model.case import Case
from synaspis.network import config, keys
from synaspis.network.config import CASE_FILE, KEYS, NODE_FILE, RANGE_FILE, WHOLE_FILE, NodeFile, RangeFile
from synaspis.network.seam import RANGE
from synaspis.network.zenoh_bus import Address

HOST: Final = "127.0.0.1"
PORT: Final = 7460
"""Of the range; the nations follow, in the case's order, and after them the ports for metrics."""
AUTHORITY_FOLDER: Final = "authority"
RANGE_FOLDER: Final = "range"
_HEADS: Final = {
    NodeFile: "# A nation's node, for an exercise: synaspis node run --nation {nation} --config node.yaml\n",
    RangeFile: "# The range of an exercise, which alone holds the raid: synaspis network range --dir ..\n",
}


@dataclass(frozen=True, kw_only=True)
class Places:
    """Where all will listen, the range (`XRG`) among them; and their ports for metrics."""

    addresses: Mapping[str, Address]
    metrics: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Signed:
    """What became of a nation's request: `signed`, `held` (its key had a certificate), or `missing`."""

    nation: str
    what: str
    fingerprint: str = ""


def places(case: Case, host: str = HOST, port: int = PORT) -> Places:
    """One host, and ports one after the other. InputError where they pass the last one."""
    names = [RANGE, *(n.code for n in case.file.nations)]
    last = port + 2 * len(names) - 1
    if not 0 < port <= last < 65536:
        mend = f"give a --port from 1024 to {65536 - 2 * len(names)}"
        raise InputError([Problem("--port", 0, 0, f"{len(names)} parties need ports {port} to {last}", mend)])
    return Places(
        addresses={n: Address(host=host, port=port + i) for i, n in enumerate(names)},
        metrics={n: port + len(names) + i for i, n in enumerate(names)},
    )


def init(
    case: Case, folder: Path, regime: str, where: Places, now: dt.datetime, seed: int = 1, speed: float = 1.0
) -> None:
    """Write a network's folder: all of it or nothing. InputError with what stands in the way."""
    problems = []
    regimes = [r.name for r in case.file.regimes]
    if regime not in regimes:
        what = f"the case has no regime `{words.shown(regime)}`"
        problems.append(Problem("--regime", 0, 0, what, words.suggest(regime, regimes)))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        mend = "name another, or remove it: the keys in it are then void"
        problems.append(Problem("--dir", 0, 0, f"{folder} is there already and not empty", mend))
    if problems:
        raise InputError(problems)
    parent = folder.resolve().parent
    try:
        parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=parent))
    except OSError as wrong:
        mend = "choose a folder that can be written"
        told = f"{parent} cannot be written: {wrong.strerror}"
        raise InputError([Problem("--dir", 0, 0, told, mend)]) from wrong
    try:
        _fill(case, beside, regime, where, now, seed, speed)
        beside.chmod(0o755)
        os.replace(beside, folder)
    except BaseException:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _fill(
    case: Case, folder: Path, regime: str, where: Places, now: dt.datetime, seed: int, speed: float
) -> None:
    told = without_raid(case)
    (folder / CASE_FILE).write_bytes(told)
    authority = folder / AUTHORITY_FOLDER
    keys.make_authority(authority, now)
    at = {
        n: f"[{a.host}]:{a.port}" if ":" in a.host else f"{a.host}:{a.port}"
        for n, a in where.addresses.items()
    }
    nations = [n.code for n in case.file.nations]
    for nation in nations:
        file = NodeFile(
            nation=nation, case=CASE_FILE, regime=regime, keys=KEYS, journal=f"{nation}.journal",
            listen=at[nation], range=at[RANGE], partners={n: at[n] for n in nations if n != nation},
            seed=seed, metrics_port=where.metrics[nation], log=f"{nation}.log",
        )  # fmt: skip
        home = folder / nation
        (home / KEYS).mkdir(parents=True)
        (home / CASE_FILE).write_bytes(told)
        (home / NODE_FILE).write_text(spelt(file), encoding="utf-8")
    home = folder / RANGE_FOLDER
    (home / KEYS).mkdir(parents=True)
    (home / WHOLE_FILE).write_bytes(case.text)
    ranges = RangeFile(
        case=WHOLE_FILE, nodes_case=f"../{CASE_FILE}", regime=regime, keys=KEYS, listen=at[RANGE],
        partners={n: at[n] for n in nations}, seed=seed, speed=speed, metrics_port=where.metrics[RANGE],
        log="range.log",
    )  # fmt: skip
    (home / RANGE_FILE).write_text(spelt(ranges), encoding="utf-8")
    keys.make_key(home / KEYS, RANGE)
    _certify(folder, RANGE, home / KEYS, now)
    _hand_out(folder)
    for name in (AUTHORITY_FOLDER, RANGE_FOLDER):  # the one holds the authority's key, the other the raid
        (folder / name).chmod(0o700)


def spelt(file: NodeFile | RangeFile) -> str:
    """A configuration as a file, each key with what it means."""
    lines = [_HEADS[type(file)].format(nation=getattr(file, "nation", ""))]
    for column in columns(type(file)):
        value = getattr(file, column.name)
        lines.append(f"# {column.spec.meaning[0].upper()}{column.spec.meaning[1:]}.\n")
        if isinstance(value, Mapping):
            lines.append(f"{column.key}:\n")
            lines += [f"  {name}: {_word(told)}\n" for name, told in value.items()]
        else:
            lines.append(f"{column.key}: {_word(value) if isinstance(value, str) else f'{value:g}'}\n")
    return "".join(lines)


def _word(told: str) -> str:
    """A word as YAML reads it back, whatever it holds."""
    return '"' + told.replace("\\", "\\\\").replace('"', '\\"') + '"'


def sign(folder: Path, now: dt.datetime) -> tuple[Signed, ...]:
    """Sign the requests found in a network's folder, and hand all certificates to all.

    A certificate that is in force and of the same key stays. InputError with every request that is wrong.
    """
    found: list[Signed] = []
    problems: list[Problem] = []
    for nation in config.nations_of(folder):
        home = folder / nation / KEYS
        if not keys.request_path(home, nation).is_file():
            found.append(Signed(nation=nation, what="missing"))
            continue
        held = _held(folder, nation, home, now)
        try:
            told = held or _certify(folder, nation, home, now)
            found.append(Signed(nation=nation, what="held" if held else "signed", fingerprint=told))
        except InputError as wrong:
            problems += wrong.problems
    _hand_out(folder)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _held(folder: Path, nation: str, home: Path, now: dt.datetime) -> str:
    """The fingerprint of the key, where its certificate is there and in force; else nothing."""
    found, _ = keys.load_certificates(folder / AUTHORITY_FOLDER, [nation], now)
    asked = keys.request_key(keys.request_path(home, nation), nation)
    if nation not in found or asked is None or found[nation].public_key() != asked:
        return ""
    return keys.fingerprint(asked)


def _certify(folder: Path, nation: str, home: Path, now: dt.datetime) -> str:
    hosts = dict.fromkeys((*keys.LOOPBACK, _host(folder, nation)))
    return keys.enrol(
        folder / AUTHORITY_FOLDER, keys.request_path(home, nation), nation, now, hosts=[h for h in hosts if h]
    )


def _host(folder: Path, nation: str) -> str:
    """The host at which a party listens, "" where its configuration does not say."""
    file = folder / RANGE_FOLDER / RANGE_FILE if nation == RANGE else folder / nation / NODE_FILE
    address = config.parse_address(config.peek(file).listen)
    return address.host if address is not None else ""


def _hand_out(folder: Path) -> None:
    """Copy all certificates to all: no private key is among them."""
    certificates = sorted((folder / AUTHORITY_FOLDER).glob("*.pem"))
    for home in sorted(folder.glob(f"*/{KEYS}")):
        for one in certificates:
            shutil.copyfile(one, home / one.name)


def enrol_all(folder: Path, nations: Sequence[str], now: dt.datetime) -> None:
    """Make all nations' keys on this machine, and sign them: for a demonstration on one machine alone."""
    for nation in nations:
        keys.make_key(folder / nation / KEYS, nation)
    sign(folder, now)
