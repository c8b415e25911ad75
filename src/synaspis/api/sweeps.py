"""Many runs, one table; and how large a raid a shield absorbs."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path

from synaspis.api.given import Progress, version
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.model.sweep import Answered, Point, SweepAnswer

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

    `vary` is `{"raid.salvo": [4, 8], "regime": ["national", "allied"]}`, or a list of `KEY=VALUE,VALUE`. All
    regimes are played where none is named, those of one point on the same luck. `cluster` is the address of a
    Dask scheduler, or `local` for processes of this machine; without it `jobs` threads play (all cores where
    None). The answer is the same wherever it was played. With `keep`, points are kept beside the folder that
    `write_sweep` will write (to `out`), and a call that was stopped goes on where it was. InputError with every
    problem of `vary` at once; ClusterError where the cluster cannot be reached or is lost.
    """
    from synaspis.engine.workers import jobs_or_default
    from synaspis.files import sweep_folder
    from synaspis.files.sweep_asking import sweep_request
    from synaspis.studies.arena import silent
    from synaspis.studies.sweep import in_worlds

    loaded = case if isinstance(case, Case) else load(case)
    asked, variants = sweep_request(loaded, vary, trials, seed)
    final = sweep_folder.place(loaded, asked, version(), None if out is None else Path(out))
    keeping = sweep_folder.keeping(loaded, asked, version(), final) if keep else nullcontext(None)
    told, count, workers = progress or silent, len(asked), jobs_or_default(jobs)
    with keeping as kept:
        done: dict[int, Answered] = {} if kept is None else kept.done
        resumed = len(done)
        left = in_worlds(p for p in asked.points() if p.number not in done)
        played: Iterable[tuple[Point, Answered]]
        if cluster is None:
            played = _in_threads(variants.of, asked.regimes, left, workers)
        else:
            from synaspis.api.cluster import on_cluster

            played = on_cluster(cluster, loaded, asked.regimes, left, workers)
        told(f"{len(done):,} of {count:,} points", len(done) / count)
        for point, answered in played:
            if kept is None:
                done[point.number] = answered
            else:
                kept.add(point.number, answered)
            told(f"{len(done):,} of {count:,} points", len(done) / count)
    compare = loaded.file.compare
    return SweepAnswer(
        case=loaded.name,
        title=loaded.file.title,
        request=asked,
        version=version(),
        headline=compare.headline,
        against=compare.against,
        answered=tuple(done[i] for i in range(count)),
        resumed=resumed,
    )


def _in_threads(
    case_of: Callable[[tuple[tuple[str, str], ...]], Case],
    regimes: Sequence[str],
    points: Sequence[Point],
    jobs: int,
) -> Iterator[tuple[Point, Answered]]:
    from synaspis.engine.workers import pool_of
    from synaspis.studies.sweep import Player

    with pool_of(jobs) as pool:
        yield from Player(case_of, regimes, jobs, pool).all_of(points)


def write_sweep(case: Case, answer: SweepAnswer, out: str | os.PathLike[str] | None = None) -> Path:
    """Write the folder of a `sweep` (default `runs/CASE-sweep-HASH8/`) in one move; return its path."""
    from synaspis.files import sweep_folder
    from synaspis.report.sweep_page import page

    return sweep_folder.write(case, answer, page(answer), None if out is None else Path(out))
