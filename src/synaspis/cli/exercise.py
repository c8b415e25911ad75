"""`synaspis exercise CASE`: a server of seats, a link for each, and a calm line until Ctrl-C."""

from __future__ import annotations

import contextlib
import datetime as dt
import math
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from synaspis.cli.streams import Cot, Dis, stream_places
from synaspis.errors import InputError, Problem, ServerError

if TYPE_CHECKING:
    from synaspis.exercise.session import Session
    from synaspis.interop.udp import Destination
    from synaspis.server.house import House
    from synaspis.server.listening import Place

CaseName = Annotated[
    str, typer.Argument(metavar="CASE", help="A case file, or the name of a case that ships.")
]
Seed = Annotated[int | None, typer.Option(min=0, help="Names the luck: same seed, same raid (default: 1).")]
PlanFile = Annotated[Path | None, typer.Option(metavar="FILE", help="What the director has prepared (YAML).")]
LogFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="The record (default: runs/CASE-exercise-TIME.log).")
]
DRAWN_S: Final = 1.0
"""On a terminal the line is written anew so often."""
SAID_S: Final = 60.0
"""Where nobody looks at a terminal, a line is said so often, and whenever the state changes."""
DOORS: Final = ".doors"
TRUTH: Final = "truth"
OBSERVERS: Final = ("alliance", TRUTH)
WIDE: Final = 100


def exercise(
    case: CaseName,
    regime: Annotated[str | None, typer.Option(help="The regime (default: the headline's).")] = None,
    seed: Seed = None,
    plan: PlanFile = None,
    log: LogFile = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the record of --log.")] = False,
    listen: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="Where (default: 127.0.0.1:8478).")
    ] = None,
    tls_cert: Annotated[
        Path | None, typer.Option(metavar="PEM", help="To listen to others: a certificate.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="PEM", help="Its key.")] = None,
    speed: Annotated[
        float | None, typer.Option(help="Seconds of the case to one of the clock (default: 1).")
    ] = None,
    notional: Annotated[
        bool, typer.Option("--notional", help="Nations, places and systems go by pseudonyms.")
    ] = False,
    observer: Annotated[str, typer.Option(help="What observers see: alliance or truth.")] = "alliance",
    dis: Dis = None,
    cot: Cot = None,
) -> None:
    """A drill in the browser: a seat for each nation that shows what was released to it, and a director's."""
    from synaspis.server import listening

    given = {
        "--plan": plan is not None, "--regime": regime is not None, "--seed": seed is not None,
        "--speed": speed is not None, "--notional": notional,
    }  # fmt: skip
    speed, seed = 1.0 if speed is None else speed, 1 if seed is None else seed
    opening = [name for name, told in given.items() if told]
    streams = _check(speed, observer, log, resume, opening, {"--dis": dis, "--cot": cot})
    at = listening.place(listen, tls_cert, tls_key)
    listening.needed()
    from synaspis.network.processes import stopped_by_signals

    with stopped_by_signals() as stop:
        socket = listening.bound(at)
        _compile(stop)
        if stop.is_set():
            return
        session, kept = _session(case, regime, seed, plan, log, resume, speed, notional)
        with _streaming(session, streams):
            _play(session, kept, lambda: _serve(session, at, socket, kept, observer == TRUTH, stop), stop)
    _say(f"closed; again in the browser: synaspis replay {kept}")


def _play(session: Session, kept: Path, serve: Callable[[], None], stop: threading.Event) -> None:
    """Serve until somebody stops it; only then is the record closed. ServerError where it ends by itself."""
    try:
        print(f"Record {kept}, signed by {session.key}", flush=True)
        serve()
        if not stop.is_set():
            raise ServerError(f"the server ended by itself\n    mend: go on with --resume --log {kept}")
    except BaseException:
        session.leave()  # what went wrong is mended, and the exercise goes on
        raise
    _say("closing the record")
    session.close()


@contextlib.contextmanager
def _streaming(session: Session, told: Mapping[str, Destination]) -> Iterator[None]:
    """Tell other programs of the exercise, where somebody asked for it."""
    if not told:
        yield
        return
    from synaspis.exercise.streaming import drill, source
    from synaspis.interop.feeds import outlets
    from synaspis.interop.live import streaming

    with streaming(source(session), outlets(told, drill(session)), _say):
        yield


def _check(
    speed: float, observer: str, log: Path | None, resume: bool, opening: list[str],
    streams: Mapping[str, str | None],
) -> dict[str, Destination]:  # fmt: skip
    """Where streams go. InputError with all that is wrong."""
    from synaspis.exercise.pace import FASTEST, SLOWEST

    problems: list[Problem] = []
    if math.isnan(speed) or not SLOWEST <= speed <= FASTEST:
        mend = f"give {SLOWEST:g} to {FASTEST:g} seconds of the case to one of the clock"
        problems.append(Problem("--speed", 0, 0, f"{speed:g} is no speed of an exercise", mend))
    if observer not in OBSERVERS:
        mend = f"give {' or '.join(OBSERVERS)}"
        problems.append(Problem("--observer", 0, 0, f"`{observer}` is nothing that an observer sees", mend))
    if resume and log is None:
        problems.append(Problem("--resume", 0, 0, "there is no record to go on with", "name it with --log"))
    if resume:
        problems += [
            Problem(option, 0, 0, "a record that is gone on with has its own", "leave it out")
            for option in opening
        ]
    return stream_places(streams, problems)


def _compile(stop: threading.Event) -> None:
    """Have kernels compiled now, where they are not: in an exercise there is no time for it."""
    from synaspis.cli.progress import progress_on_terminal
    from synaspis.network.local import compile_once

    with progress_on_terminal() as progress:
        compile_once(progress or (lambda _stage, _fraction: None), stop)


def _session(
    name: str,
    regime: str | None,
    seed: int,
    plan: Path | None,
    log: Path | None,
    resume: bool,
    speed: float,
    notional: bool,
) -> tuple[Session, Path]:
    """The session and its record's file."""
    import msgspec

    from synaspis.exercise import plan as plans
    from synaspis.exercise.campaign import begun
    from synaspis.exercise.session import Session
    from synaspis.files import asking
    from synaspis.files.case import load

    case = load(name)
    _say(f"{case.name}: opening the room")
    if resume and log is not None:
        session = Session.resume(log)
        if session.opened.case.encode() != case.text:
            _say(f"{name} is not as it was: the exercise goes on with the case that its record holds")
        return session, log
    problems: list[Problem] = []
    chosen = asking.regime_of(problems, "--regime", case, regime)
    if problems:
        raise InputError(problems)
    prepared = plans.Plan() if plan is None else plans.read(plan, case)
    prepared = msgspec.structs.replace(prepared, notional=notional)
    begun(case, chosen, seed, prepared)  # before there is a record: it may refuse the turns before the raid
    kept = log or Path("runs") / f"{case.name}-exercise-{dt.datetime.now():%Y%m%d-%H%M%S}.log"
    kept.parent.mkdir(parents=True, exist_ok=True)
    return Session.open(kept, case, chosen, seed, prepared, speed), kept


def _serve(session: Session, at: Place, socket: Any, log: Path, truth: bool, stop: threading.Event) -> None:
    from synaspis.exercise.rooms import as_told
    from synaspis.exercise.venue import Venue
    from synaspis.server import listening
    from synaspis.server.app import app
    from synaspis.server.house import House
    from synaspis.server.invitations import Doors
    from synaspis.server.limits import Limits

    limits = Limits()
    doors = Doors(log.with_name(log.name + DOORS), limits)
    play = as_told(session.opened, Venue(session, observer_sees_truth=truth))
    house = House(play, doors, listening.names(at, socket.getsockname()[1]), limits)
    with listening.serving(app(house), at, socket) as serving:
        _print_links(house)
        _watch(session, house, lambda: stop.is_set() or not (serving.alive and session.alive), stop)
    sys.stderr.write("\n" if sys.stderr.isatty() else "")


def _print_links(house: House) -> None:
    """A link for each seat; each opens its seat once. Who has this terminal decides who directs."""
    from synaspis.server.play import DIRECTOR

    wide = max(map(len, house.titles.values()))
    for seat, title in house.titles.items():
        print(f"{title:<{wide}}  {house.link(seat, over=seat == DIRECTOR)}")
    print(
        "Each link opens its seat once, within 12 hours; the director can make more. Ctrl-C ends.", flush=True
    )


def _watch(session: Session, house: House, ended: Any, stop: threading.Event) -> None:
    """A line about the exercise, again and again until the end."""
    drawn, said_s, state = sys.stderr.isatty(), -math.inf, ""
    while not ended():
        told = line(session.document("director"), house.presence(), house.ledger.refusals)
        now = str(session.document("director").get("clock", {}).get("state", ""))
        if drawn:
            sys.stderr.write(f"\r{told[:WIDE]:<{WIDE}}")
            sys.stderr.flush()
        elif now != state or time.monotonic() - said_s >= SAID_S:
            _say(told)
            state, said_s = now, time.monotonic()
        stop.wait(DRAWN_S)


def line(shown: Mapping[str, Any], presence: Mapping[str, Mapping[str, Any]], refused: int) -> str:
    """How an exercise stands, in a line: from the director's document and who is there."""
    from synaspis.report.live_terminal import clock

    at = shown.get("clock", {})
    parts = [
        str(at.get("state", "")), clock(float(at.get("case_s", 0.0))), f"{at.get('speed', 1.0):g}×",
        f"{sum(bool(p['sessions']) for p in presence.values())} of {len(presence)} seats taken",
    ]  # fmt: skip
    health = shown.get("health", {})
    if health.get("behind_s"):
        parts.append(f"{health['behind_s']:g} s behind")
    if refused:
        parts.append(f"{refused} refused")
    if health.get("trouble"):
        parts.append(str(health["trouble"]))
    return "  ".join(parts)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
