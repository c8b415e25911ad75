"""A run's trial in the formats of other programs."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from synaspis.api.given import version
from synaspis.errors import InputError, Problem, RunFolderError
from synaspis.model.case import Case
from synaspis.model.shown import TrialShown


def export(
    run_folder: str | os.PathLike[str],
    to: str,
    regime: str | None = None,
    trial: int | None = None,
    out: str | os.PathLike[str] | None = None,
    of: str | None = None,
) -> Path:
    """Write one trial of a run as `czml`, `kml`, `geojson`, `csv` or `oem`, and return where.

    `regime` is the headline's where None, `trial` the one that the report plays, `out`
    `RUN-REGIME-TRIAL.FORMAT` beside the run folder; `of` the satellite that `oem` tells of, the only one
    where None. InputError with all that is wrong, and nothing written.
    """
    from synaspis.files.whole import write_whole

    written, place = document(run_folder, to, regime, trial, out, of)
    write_whole(place, written)
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
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files import arguments
    from synaspis.interop.formats import FORMATS
    from synaspis.interop.telling import telling
    from synaspis.studies import shown

    folder = Path(run_folder)
    problems: list[Problem] = []
    arguments.word(problems, "--to", to, list(FORMATS))
    _place(problems, None if out is None else Path(out))
    if of is not None and to != "oem":
        arguments.say(problems, "--of", f"`{to}` tells of all things", "leave it out, or give `--to oem`")
    if trial is not None and trial < 0:
        arguments.say(problems, "--trial", f"{trial} is below 0", "trials count from 0")
    read = _run(problems, folder)
    asked = None if read is None else _asked(problems, folder, *read, regime, trial)
    if problems or read is None or asked is None:
        raise InputError(problems)
    told = shown.shown(read[0], *asked, version(), jobs_or_default(None))
    _in_calendar(told)
    form = FORMATS[to]
    part = "" if of is None else f"-{of}"
    place = _beside(folder, told, f"{part}.{form.ending or to}") if out is None else Path(out)
    return form.document(telling(told if of is None else _of(told, of))), place


def _of(told: TrialShown, name: str) -> TrialShown:
    """The trial with one of its satellites. InputError where it has none of that name."""
    from dataclasses import replace

    from synaspis.files import arguments

    problems: list[Problem] = []
    arguments.word(problems, "--of", name, [s.name for s in told.satellites])
    if problems:
        raise InputError(problems)
    return replace(told, satellites=tuple(s for s in told.satellites if s.name == name))


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
