"""A changed case is run, and held against the run of the case as it was, on the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.api.runs import run, write
from synaspis.errors import RunFolderError
from synaspis.files import run_folder
from synaspis.files.case import load
from synaspis.files.whole import write_whole
from synaspis.model.case import Case
from synaspis.model.edited import Edited

PLAYING = 0.95
"""Of the time that a run takes; the rest is the report's."""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What to run and where to put it: all that is known beforehand.

    `base` is the run folder of the case as it was. Where its luck is not that of `trials` and `seed`, or
    another version wrote it, the case is run anew into `was`. `record` is the file of the comparison.
    """

    name: str
    base: Path
    was: Path
    file: Path
    out: Path
    record: Path
    trials: int
    seed: int
    regimes: tuple[str, ...]
    changes: tuple[str, ...]
    begins: str
    """How the finding begins."""


def run_edited(errand: Errand, progress: Progress, jobs: int | None = None) -> Edited:
    """Run the changed case, compare, and write the comparison beside its place and rename it.

    InputError and RunFolderError as for any run.
    """
    from synaspis.report.clauses import name_of
    from synaspis.report.edited import finding
    from synaspis.studies.edited import side_by_side

    base = run_folder.case_of(errand.base)
    kept = next((f for f in (errand.base, errand.was) if fits(f, base, errand)), None)
    share = 1.0 if kept else 0.5
    changed = load(errand.file)
    _played(changed, errand, errand.out, lambda words, part: progress(words, share * part), jobs)
    if kept is None:
        kept = errand.was
        _played(
            base,
            errand,
            kept,
            lambda words, part: progress(f"as it was: {words}", share + share * part),
            jobs,
        )
    before, after = (run_folder.read_summary(f) for f in (kept, errand.out))
    lucks = [run_folder.read_trials(f, errand.regimes, errand.trials) for f in (kept, errand.out)]
    regimes = side_by_side(before, after, *lucks)
    made = Edited(
        name=errand.name,
        case=base.file.title,
        file=str(errand.file),
        trials=errand.trials,
        seed=errand.seed,
        headline=base.file.compare.headline,
        changes=errand.changes,
        finding="",
        regimes=regimes,
        nations={code: name_of(code) for r in regimes.values() for code in r.nations},
    )
    made = replace(made, finding=finding(errand.begins, made))
    _write(errand.record, made)
    return made


def fits(folder: Path, case: Case, errand: Errand) -> bool:
    """Whether `folder` holds a run of `case` on the errand's luck, by this version, that can be read."""
    try:
        told = run_folder.read_manifest(folder)
        due = (case.sha256, version(), errand.seed, errand.trials)
        if (told["case_sha256"], told["version"], told["seed"], told["trials"]) != due:
            return False
        run_folder.read_trials(folder, errand.regimes, errand.trials)
        run_folder.read_summary(folder)
    except RunFolderError:
        return False
    return set(errand.regimes) <= set(told["regimes"])


def _played(case: Case, errand: Errand, out: Path, progress: Progress, jobs: int | None) -> None:
    def told(words: str, part: float) -> None:
        progress("writing the report" if part >= 1.0 else words, PLAYING * part)

    names: Sequence[str] = errand.regimes
    write(case, run(case, names, errand.trials, errand.seed, jobs, told), out)


def _write(path: Path, told: Edited) -> None:
    import msgspec

    write_whole(path, msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
