"""Points of a sweep played by the workers of a Dask cluster (optional extra `cluster`).

A worker gets the case's text, a point's settings and its luck, and gives back numbers: nothing else goes
over the wire, and where a point is played changes nothing. A point whose worker dies is played by another.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

from synaspis.api.given import version
from synaspis.errors import ClusterError, InputError, Problem
from synaspis.model.case import Case
from synaspis.model.sweep import Answered, Point

LOCAL, LOOPBACK = "local", "127.0.0.1"
REACH_S, JOIN_S = 5.0, 30.0
"""How long a scheduler may take to answer, and its first worker to join."""
MOST_DEATHS = 3
"""Workers that may die over one point before it is blamed."""
_ADDRESS = re.compile(r"(?:(tcp|tls|ws|wss)://)?(?:\[[0-9a-fA-F:]+\]|[^\s:/\[\]]+):([0-9]{1,5})/?$")
_own = threading.local()


def on_cluster(
    address: str, case: Case, regimes: Sequence[str], points: Sequence[Point], jobs: int
) -> Iterator[tuple[Point, Answered]]:
    """Every point answered, in the order in which they are done.

    `address` is a scheduler's, or `local` for `jobs` processes of this machine, on the loopback address
    alone. InputError where it is no address; ClusterError where nobody answers there, where a worker has
    another version of Synaspis, or where the cluster is lost.
    """
    distributed = _library()
    check_address(address)
    if not points:
        return
    with _client(distributed, address, jobs) as client:
        _same_version(client)
        yield from _played(distributed, client, case, regimes, points)


def check_address(address: str) -> None:
    """InputError where `address` is neither `local` nor a scheduler's."""
    found = _ADDRESS.match(address)
    if address == LOCAL or (found and 0 < int(found[2]) < 65_536):
        return
    mend = "give a Dask scheduler's address, as tcp://10.0.0.5:8786, or local"
    raise InputError([Problem("--cluster", 0, 0, f"`{address[:60]}` is no address", mend)])


def _library() -> Any:
    try:
        import dask
        import distributed
    except ImportError as error:
        raise ClusterError(
            "--cluster needs Dask, which is not installed\n    mend: pip install 'synaspis[cluster]'"
        ) from error
    dask.config.set(
        {
            "distributed.scheduler.allowed-failures": MOST_DEATHS,
            "distributed.comm.timeouts.connect": f"{REACH_S:g}s",
            "distributed.admin.log-length": 100,
        }
    )
    return distributed


@contextmanager
def _client(distributed: Any, address: str, jobs: int) -> Iterator[Any]:
    """A client of the cluster; one of this machine is started, and ended with it."""
    if address == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, processes=True, host=LOOPBACK,
                dashboard_address=f"{LOOPBACK}:0", silence_logs=50, memory_limit=0,
            ) as cluster,
            distributed.Client(cluster, set_as_default=False) as client,
        ):  # fmt: skip
            yield client
        return
    try:
        client = distributed.Client(address, timeout=REACH_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError, RuntimeError) as error:
        mend = "start one there with `dask scheduler` and `dask worker`, or give --cluster local"
        raise ClusterError(f"no Dask scheduler answers at {address}\n    mend: {mend}") from error
    with client:
        try:
            client.wait_for_workers(1, timeout=JOIN_S)
        except TimeoutError as error:
            mend = f"start some with `dask worker {address}`"
            raise ClusterError(f"the scheduler at {address} has no worker\n    mend: {mend}") from error
        yield client


def _same_version(client: Any) -> None:
    """ClusterError where a worker cannot say this version: its figures might be others."""
    own = version()
    try:
        told = client.run(version)
    except Exception as error:
        raise ClusterError(
            f"a worker cannot run Synaspis: {error}\n    mend: install synaspis {own} where the workers run"
        ) from error
    other = {worker: found for worker, found in told.items() if found != own}
    if other:
        worker, found = next(iter(other.items()))
        raise ClusterError(
            f"the worker at {worker} has synaspis {found}, here is {own}\n    mend: install the same on all"
        )


def _played(
    distributed: Any, client: Any, case: Case, regimes: Sequence[str], points: Sequence[Point]
) -> Iterator[tuple[Point, Answered]]:
    by_key = {}
    futures = []
    # Made by a task, so that it is made again where the worker that held it dies.
    text = client.submit(bytes, case.text, pure=False)
    for point in points:
        future = client.submit(point_there, text, case.name, tuple(regimes), point, pure=False, retries=1)
        by_key[future.key] = point
        futures.append(future)
    try:
        for future in distributed.as_completed(futures, loop=client.loop):
            yield by_key[future.key], future.result()
            future.release()
    except (distributed.KilledWorker, distributed.CancelledError, OSError) as error:
        kind = type(error).__name__
        raise ClusterError(
            f"the cluster was lost ({kind}); what was done is kept\n    mend: the same command goes on "
            f"from there"
        ) from error


def point_there(text: bytes, name: str, regimes: tuple[str, ...], point: Point) -> Answered:
    """One point played by a worker. What points share is kept by each of its threads."""
    from synaspis.studies.sweep import Player

    key = (hash(text), name, regimes)
    if getattr(_own, "key", None) != key:
        _own.key, _own.player = key, Player(_variants(text, name).of, regimes)
    player: Player = _own.player
    return player.play(point)


@lru_cache(maxsize=2)
def _variants(text: bytes, name: str) -> Any:
    from synaspis.files.case import resolve
    from synaspis.files.varied import Variants

    case, problems = resolve(text, name)
    if case is None:
        raise InputError(problems)
    return Variants(case)
