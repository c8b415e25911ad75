"""A run's trial in the formats of other programs."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from synaspis.api.given import version
from synaspis.errors import InputError, Problem, RunFolderError
from synaspis.model.case import Case
from synaspis.model.shown import TrialShown

if TYPE_CHECKING:
    from synaspis.interop.telling import Telling
    from synaspis.interop.udp import Destination
    from synaspis.sharing.labels import Label

FASTEST: Final = 1e6


def export(
    run_folder: str | os.PathLike[str],
    to: str,
    regime: str | None = None,
    trial: int | None = None,
    out: str | os.PathLike[str] | None = None,
    label: bool = False,
    remark: Callable[[str], None] | None = None,
    of: str | None = None,
) -> Path:
    """Write one trial of a run in one of `interop.formats.FORMATS`, and return where.

    `regime` is the headline's where None, `trial` the one that the report plays, `out`
    `RUN-REGIME-TRIAL.ENDING` beside the run folder. With `label`, its confidentiality label, bound to the
    file by its SHA-256, is written beside it as `FILE.label.xml`. `remark` is told what is to be known of
    the file beside it, a line at a time. `of` is the satellite that `oem` tells of, the only one where None.
    InputError with all that is wrong, and nothing written.
    """
    from synaspis.files.whole import write_whole
    from synaspis.interop.formats import FORMATS

    told, written, place = _written(run_folder, to, regime, trial, out, of)
    if label:  # first: a file that was to have one never stands without
        from synaspis.interop.stanag4778 import ENDING
        from synaspis.interop.trial_label import label_beside

        bound = label_beside(told, FORMATS[to]().media, place.name, written)
        write_whole(place.with_name(place.name + ENDING), bound)
    write_whole(place, written)
    remarks = FORMATS[to]().remarks
    if remarks and remark:
        for line in remarks(told):
            remark(line)
    return place


def document(
    run_folder: str | os.PathLike[str],
    to: str,
    regime: str | None = None,
    trial: int | None = None,
    out: str | os.PathLike[str] | None = None,
    of: str | None = None,
) -> tuple[bytes, Path]:
    """What `export` writes, and where it would."""
    return _written(run_folder, to, regime, trial, out, of)[1:]


def label_of(file: str | os.PathLike[str]) -> Label:
    """The confidentiality label that `FILE.label.xml` gives a file.

    InputError with what is doubtful, unknown or changed: no by default.
    """
    from synaspis.interop import stanag4778

    place = Path(file)
    beside = place.with_name(place.name + stanag4778.ENDING)
    found = []
    for each in (beside, place):
        try:
            found.append(each.read_bytes())
        except OSError as error:
            raise InputError([Problem(str(each), 0, 0, f"cannot be read: {error.strerror}")]) from None
    return stanag4778.of_file(found[0], place.name, found[1], str(beside))


def _written(
    run_folder: str | os.PathLike[str],
    to: str,
    regime: str | None,
    trial: int | None,
    out: str | os.PathLike[str] | None,
    of: str | None,
) -> tuple[Telling, bytes, Path]:
    """The trial, what is written of it, and where."""
    from synaspis.files import arguments
    from synaspis.interop.formats import FORMATS
    from synaspis.interop.telling import telling

    problems: list[Problem] = []
    _place(problems, None if out is None else Path(out))
    if of is not None and to != "oem":
        arguments.say(problems, "--of", f"`{to}` tells of all things", "leave it out, or give `--to oem`")
    played = _played(problems, Path(run_folder), to, regime, trial)
    form = FORMATS[to]()
    part = "" if of is None else f"-{of}"
    place = _beside(Path(run_folder), played, f"{part}.{form.ending or to}") if out is None else Path(out)
    told = telling(played if of is None else _of(played, of))
    return told, form.document(told), place


def _of(told: TrialShown, name: str) -> TrialShown:
    """The trial with one of its satellites. InputError where it has none of that name."""
    from dataclasses import replace

    from synaspis.files import arguments

    problems: list[Problem] = []
    arguments.word(problems, "--of", name, [s.name for s in told.satellites])
    if problems:
        raise InputError(problems)
    return replace(told, satellites=tuple(s for s in told.satellites if s.name == name))


def datagrams(
    run_folder: str | os.PathLike[str],
    to: str,
    udp: str | None,
    speed: float = 1.0,
    regime: str | None = None,
    trial: int | None = None,
    out: str | os.PathLike[str] | None = None,
) -> tuple[list[tuple[float, bytes]], Destination]:
    """The packets of one trial, each with its second of the raid, and where `udp` (HOST:PORT) is.

    InputError with all that is wrong; `speed` and `out` are looked at for that alone.
    """
    from synaspis.files import arguments
    from synaspis.interop.formats import FORMATS
    from synaspis.interop.telling import telling
    from synaspis.interop.udp import destination

    problems: list[Problem] = []
    if out is not None:
        arguments.say(problems, "--out", "with --udp nothing is written", "leave one of the two out")
    if udp is None:
        arguments.say(problems, "--speed", "nothing is sent", "give --udp HOST:PORT too")
    if not (math.isfinite(speed) and 0.0 <= speed <= FASTEST):
        mend = f"give seconds of the raid to one of the clock, up to {FASTEST:g}; 0 is as fast as it goes"
        arguments.say(problems, "--speed", f"{speed:g} is no speed to send at", mend)
    if to in FORMATS and not FORMATS[to]().packets:
        sends = [name for name, form in FORMATS.items() if form().packets]
        arguments.say(problems, "--to", f"`{to}` is a file, not datagrams", f"give {' or '.join(sends)}")
    place = None if udp is None else destination(problems, "--udp", udp)
    told = _played(problems, Path(run_folder), to, regime, trial)
    make = FORMATS[to]().packets
    assert make is not None and place is not None
    return list(make(telling(told))), place


def _played(
    problems: list[Problem], folder: Path, to: str, regime: str | None, trial: int | None
) -> TrialShown:
    """The trial that is asked for. InputError with `problems` and all else that is wrong."""
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files import arguments
    from synaspis.interop.formats import FORMATS
    from synaspis.studies import shown

    arguments.word(problems, "--to", to, list(FORMATS))
    if trial is not None and trial < 0:
        arguments.say(problems, "--trial", f"{trial} is below 0", "trials count from 0")
    read = _run(problems, folder)
    asked = None if read is None else _asked(problems, folder, *read, regime, trial)
    if problems or read is None or asked is None:
        raise InputError(problems)
    told = shown.shown(read[0], *asked, version(), jobs_or_default(None))
    _in_calendar(told)
    return told


def _beside(folder: Path, told: TrialShown, ending: str) -> Path:
    named = folder if folder.name not in ("", "..") else folder.resolve()
    return named.with_name(re.sub(r"[^\w.-]+", "_", f"{named.name}-{told.regime}-{told.trial}{ending}"))


def _place(problems: list[Problem], out: Path | None) -> None:
    from synaspis.files import arguments

    if out is not None and out.is_dir():
        arguments.say(problems, "--out", f"`{out}` is a folder", "name a file in it")
    elif out is not None and not out.parent.is_dir():
        arguments.say(
            problems, "--out", f"there is no folder `{out.parent}`", "make it first, or give another"
        )


def _run(problems: list[Problem], folder: Path) -> tuple[Case, dict[str, Any]] | None:
    """The case and manifest of a run folder, or None with what is wrong with it noted."""
    from synaspis.files import arguments, run_folder

    wrong: list[Problem] = []
    edited: list[Problem] = []
    case = None
    try:
        manifest = run_folder.read_manifest(folder)
        if "kind" in manifest:
            what = f"{folder} is no run's: `synaspis {manifest['kind']}` wrote it"
            arguments.say(wrong, "RUN", what, "give a folder that `synaspis run` wrote")
        arguments.luck(edited, manifest["trials"], manifest["seed"])
        if edited:
            arguments.say(wrong, "RUN", f"{folder}: its manifest was edited", "run the case again")
        if manifest["version"] != version():
            what = f"{folder} is of version {manifest['version']}, this is {version()}"
            arguments.say(wrong, "RUN", what, "run the case again: other versions may play it otherwise")
        if not wrong:
            case = run_folder.case_of(folder)
    except RunFolderError as problem:
        arguments.say(wrong, "RUN", str(problem), "give a folder that `synaspis run` wrote")
    except InputError as error:
        wrong += error.problems
    problems += wrong
    return None if wrong or case is None else (case, manifest)


def _asked(
    problems: list[Problem],
    folder: Path,
    case: Case,
    manifest: dict[str, Any],
    regime: str | None,
    trial: int | None,
) -> tuple[str, int, int] | None:
    """Regime, seed and trial, or None with what the run does not have noted."""
    from synaspis.files import arguments, run_folder
    from synaspis.studies.scenes import ordinary_trial

    regimes, trials = list(manifest["regimes"]), int(manifest["trials"])
    headline = case.file.compare.headline
    own = headline if headline in regimes else regimes[-1]
    if regime is not None:
        arguments.word(problems, "--regime", regime, regimes)
    if trial is not None and trial >= trials:
        what = f"the run has {trials:,} trials, none of them {trial}"
        arguments.say(problems, "--trial", what, f"give a number from 0 to {trials - 1}")
    if problems:
        return None
    if trial is None:
        trial = ordinary_trial(run_folder.read_trials(folder, [own], trials)[own]["leakers"])
    return regime or own, int(manifest["seed"]), trial


def _in_calendar(told: TrialShown) -> None:
    """InputError where the raid goes on after the year 9999, which no format can write."""
    from datetime import timedelta

    last_s = max((float(f.points[-1, 0]) for f in told.flights if len(f.points)), default=0.0)
    try:
        _ = told.starts + timedelta(seconds=last_s + 86_400.0)
    except OverflowError:
        problem = Problem("RUN", 0, 0, f"its raid goes on after {told.starts:%Y}", "date the case earlier")
        raise InputError([problem]) from None
