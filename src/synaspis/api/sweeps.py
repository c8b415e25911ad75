"""Many runs, one table; and how large a raid a shield absorbs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.absorb import AbsorbAnswer
from synaspis.model.case import Case
from synaspis.model.sweep import SCALE, Answered, Point, SweepAnswer, SweepRequest

if TYPE_CHECKING:
    from synaspis.files.varied import Variants

Vary = Sequence[str] | Mapping[str, Sequence[object]]


def sweep(
    case: Case | str | os.PathLike[str],
    vary: Vary,
    trials: int = 1000,
    seed: int = 1,
    jobs: int | None = None,
    cluster: str | None = None,
    out: str | os.PathLike[str] | None = None,
    keep: bool = False,
    progress: Progress | None = None,
) -> SweepAnswer:
    """Play a case at every point of a grid: each combination of the values in `vary`, by key.

    `vary` is `{"raid.salvo": [4, 8], "regime": ["national", "allied"]}`, or a list of `KEY=VALUE,VALUE`.
    All regimes are played where none is named, those of one point on the same luck. `cluster` is the
    address of a Dask scheduler, or `local` for processes of this machine; without it `jobs` threads play
    (all cores where None). The answer is the same wherever it was played. With `keep`, points are kept
    beside the folder that `write_sweep` will write (to `out`), and a call that was stopped goes on where it
    was. InputError with every problem of `vary` at once; ClusterError where the cluster cannot be reached
    or is lost.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files import sweep_folder
    from synaspis.files.sweep_asking import sweep_request
    from synaspis.files.sweep_folder import Kept
    from synaspis.studies.arena import silent
    from synaspis.studies.sweep import in_worlds

    loaded = case if isinstance(case, Case) else load(case)
    asked, variants = sweep_request(loaded, vary, trials, seed)
    final = sweep_folder.place(loaded, asked, version(), None if out is None else Path(out))
    keeping = sweep_folder.keeping(loaded, asked, version(), final) if keep else nullcontext(Kept(None, {}))
    told, count, workers = progress or silent, len(asked), jobs_or_default(jobs)
    with keeping as kept:
        resumed = len(kept.done)
        left = in_worlds(p for p in asked.points() if p.number not in kept.done)
        told(f"{resumed:,} of {count:,} points", resumed / count)
        for point, answered in _played(cluster, loaded, variants, asked.regimes, left, workers):
            kept.add(point.number, answered)
            told(f"{len(kept.done):,} of {count:,} points", len(kept.done) / count)
    return _answer(loaded, asked, tuple(kept.done[i] for i in range(count)), resumed)


def _answer(case: Case, asked: SweepRequest, answered: tuple[Answered, ...], resumed: int) -> SweepAnswer:
    return SweepAnswer(
        case=case.name,
        title=case.file.title,
        request=asked,
        version=version(),
        headline=case.file.compare.headline,
        against=case.file.compare.against,
        answered=answered,
        resumed=resumed,
    )


def _played(
    cluster: str | None,
    case: Case,
    variants: Variants,
    regimes: Sequence[str],
    points: Sequence[Point],
    jobs: int,
) -> Iterator[tuple[Point, Answered]]:
    """The points answered by threads, or by a cluster, as they are done."""
    from synaspis.engine.workers import pool_of
    from synaspis.studies.sweep import Player

    if cluster is not None:
        from synaspis.api.cluster import on_cluster

        yield from on_cluster(cluster, case, regimes, points, jobs)
        return
    with pool_of(jobs) as pool:
        yield from Player(variants.of, regimes, jobs, pool).all_of(points)


def write_sweep(case: Case, answer: SweepAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `sweep` (default `runs/CASE-sweep-HASH8/`) in one move; return its path."""
    from synaspis.files import sweep_folder
    from synaspis.report.sweep_page import page

    return sweep_folder.write(case, answer, page(answer), None if out is None else Path(out))


def absorb(
    case: Case | str | os.PathLike[str],
    confidence: float = 0.9,
    share: float = 0.0,
    regimes: Sequence[str] | None = None,
    most: int = 32,
    trials: int = 1000,
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> AbsorbAnswer:
    """How many times its own raid each regime absorbs: the case's own mix, scaled up as it stands.

    A raid is absorbed in a trial where at most `share` of the missiles that would land in an asset do (0:
    none). The answer is the largest whole multiple, up to `most`, at which that happens in at least
    `confidence` of the trials. InputError with every problem of the arguments at once.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files.sweep_asking import absorb_request
    from synaspis.studies import absorb as study
    from synaspis.studies.arena import silent

    loaded = case if isinstance(case, Case) else load(case)
    names, variants = absorb_request(loaded, confidence, share, regimes, most, trials, seed)
    found = study.absorb(
        lambda multiple: variants.of(((SCALE, str(multiple)),)), names, confidence, share, most, trials, seed,
        jobs_or_default(jobs), progress or silent,
    )  # fmt: skip
    return AbsorbAnswer(
        case=loaded.name,
        title=loaded.file.title,
        version=version(),
        seed=seed,
        trials=trials,
        confidence=confidence,
        share=share,
        most=most,
        missiles=sum(f.count for f in loaded.file.raid),
        regimes=found,
    )
