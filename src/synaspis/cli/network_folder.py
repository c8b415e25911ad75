"""A network's folder from the command line: made, signed, looked at, audited."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from synaspis.cli.output import print_json
from synaspis.errors import InputError, Problem


def init_command(
    case: str, folder: Path, regime: str | None, host: str, port: int, speed: float, seed: int
) -> None:
    """Make a network's folder, and say what is to be done next."""
    from synaspis.files.case import load
    from synaspis.network import founding

    loaded = load(case)
    chosen = regime or loaded.file.compare.headline
    check_speed(speed)
    where = founding.places(loaded, host, port)
    founding.init(loaded, folder, chosen, where, _now(), seed, speed)
    print(f"{folder}: {loaded.name}, {chosen}, {len(loaded.file.nations)} nations")
    print("Next:")
    print(f"  1. give each nation its folder, as {folder}/{loaded.file.nations[0].code}, and no other")
    print("  2. there: synaspis node enrol --nation N, which sends back keys/N.csr and nothing else")
    print(f"  3. synaspis network sign --dir {folder}; compare the fingerprints by telephone")
    print(f"  4. give each nation all of keys/*.pem; then synaspis network range --dir {folder}")


def sign_command(folder: Path) -> None:
    """Sign what has come, and say what has not."""
    from synaspis.network import founding

    words = {"signed": "signed", "held": "was signed before", "missing": "no request has come"}
    for one in founding.sign(folder, _now()):
        print(f"{one.nation}  {words[one.what]:<20} {one.fingerprint}".rstrip())


def enrol_command(nation: str, folder: Path) -> None:
    """Make a nation's key in its folder, and say its fingerprint."""
    from synaspis.network import config, keys

    home = folder / nation if (folder / nation / config.NODE_FILE).is_file() else folder
    file = home / config.NODE_FILE
    if not file.is_file():
        mend = f"give the folder {nation} of `synaspis network init`"
        raise InputError([Problem("--dir", 0, 0, f"there is no {config.NODE_FILE} in {home}", mend)])
    told = config.peek(file)
    if not isinstance(told, config.NodeFile) or told.nation != nation:
        named = getattr(told, "nation", "the range")
        raise InputError(
            [Problem("--nation", 0, 0, f"{file} is of {named}, not of {nation}", "name that one")]
        )
    where = home / told.keys
    print(f"{nation}  {keys.make_key(where, nation)}")
    print(f"Send {keys.request_path(where, nation)} to the authority; the key beside it stays here.")


def status_command(folder: Path, as_json: bool) -> None:
    """Ask every node of the folder that runs on this machine."""
    import msgspec

    from synaspis.model.network_status import NodeStatus, RangeStatus, Seen
    from synaspis.network import config, founding, processes

    seen = []
    for nation in config.nations_of(folder):
        port = config.peek(folder / nation / config.NODE_FILE).metrics_port
        found = processes.ask(port, NodeStatus) if port else None
        seen.append(
            Seen(nation=nation, status=found, gone="" if found else "it does not answer on this machine")
        )
    file = folder / founding.RANGE_FOLDER / config.RANGE_FILE
    port = config.peek(file).metrics_port if file.is_file() else 0
    span = processes.ask(port, RangeStatus) if port else None
    if as_json:
        nations = {s.nation: s.status for s in seen}
        print_json(msgspec.to_builtins({"nations": nations, "range": span}))
        return
    from rich.console import Console

    from synaspis.report.network_terminal import render_status

    render_status(seen, span, Console(highlight=False))


def audit_command(node: str, folder: Path | None, as_json: bool) -> None:
    """Read a journal from end to end; exit 1 where its chain is broken."""
    from synaspis.model.network_audit import document
    from synaspis.network.auditing import audit

    found = audit(_journal(node, folder))
    if as_json:
        print_json(document(found))
    else:
        from rich.console import Console

        from synaspis.report.network_terminal import render_audit

        render_audit(found, Console(highlight=False))
    if not found.whole:
        raise SystemExit(1)


def _journal(node: str, folder: Path | None) -> Path:
    """The journal of a nation in a folder, or the file named."""
    from synaspis.network import config

    if folder is None:
        return Path(node)
    nations = config.nations_of(folder)
    if node not in nations:
        from synaspis.files.words import suggest

        raise InputError([Problem("NODE", 0, 0, f"{folder} has no nation `{node}`", suggest(node, nations))])
    told = config.peek(folder / node / config.NODE_FILE)
    assert isinstance(told, config.NodeFile)
    return folder / node / told.journal


def check_speed(speed: float) -> None:
    """InputError where it is no speed that a network can keep."""
    from synaspis.network.config import MOST_SPEED

    if not 0.0 < speed <= MOST_SPEED:
        mend = f"give seconds of raid to one of the clock, above 0 and up to {MOST_SPEED:g}"
        raise InputError([Problem("--speed", 0, 0, f"{speed:g} is no speed", mend)])


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
