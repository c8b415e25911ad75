"""Threads over chunks: kernels release the lock, so threads share arrays without copies."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager


def jobs_or_default(jobs: int | None) -> int:
    """`jobs`, or as many workers as this process may use cores."""
    return jobs if jobs else max(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1, 1)


@contextmanager
def _threads(jobs: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that is waited for, unless something is raised: what then runs on (a compiler) is let be."""
    pool = ThreadPoolExecutor(jobs)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown(cancel_futures=True)


@contextmanager
def pool_of(jobs: int) -> Iterator[Executor | None]:
    """Threads to play trials ahead in; None for one worker. What has not begun when it is left is dropped."""
    if jobs == 1:
        yield None
        return
    with _threads(jobs) as pool:
        yield pool


def in_chunks(task: Callable[[int, int], None], count: int, jobs: int) -> None:
    """Call `task(begin, end)` over `range(count)` cut into pieces, in threads. Errors are raised."""
    if count == 0:
        return
    size = max(1, -(-count // (4 * jobs)))
    pieces = [(a, min(a + size, count)) for a in range(0, count, size)]
    if jobs == 1 or len(pieces) == 1:
        for a, b in pieces:
            task(a, b)
        return
    with _threads(jobs) as pool:
        for done in [pool.submit(task, a, b) for a, b in pieces]:
            done.result()
