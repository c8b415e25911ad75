"""`synaspis sweep` and `absorb`: a document, a folder in one move, a killed sweep, a cluster."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from synaspis import api
from synaspis.api.cluster import check_address, point_there
from synaspis.errors import ClusterError, InputError
from synaspis.model.sweep import Point
from tests.cli.calling import call

ASKED = [
    "first-light",
    "--vary",
    "raid.salvo=1,2",
    "--vary",
    "regime=allied",
    "--trials",
    "10",
    "--jobs",
    "1",
]
dask = pytest.mark.skipif(importlib.util.find_spec("distributed") is None, reason="the extra `cluster`")


def test_json_is_one_document_and_the_folder_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "grid"
    assert call(["sweep", *ASKED, "--json", "--out", str(out)], monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told == json.loads((out / "sweep.json").read_text(encoding="utf-8"))
    names = {"case.yaml", "manifest.json", "report.html", "sweep.json", "points.parquet"}
    assert {p.name for p in out.iterdir()} == names and list(tmp_path.iterdir()) == [out]
    rows = duckdb.sql(f"SELECT * FROM '{out / 'points.parquet'}'").fetchnumpy()
    assert list(rows) == list(told["rows"][0]) and rows["raid.salvo"].tolist() == [1, 2]
    assert rows["leakers_mean"].tolist() == [r["leakers_mean"] for r in told["rows"]]


def test_words_and_page_say_the_finding(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert call(["sweep", *ASKED, "--out", str(tmp_path / "x")], monkeypatch) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "raid.salvo: allied protects" in said and "Report: " in said
    page = (tmp_path / "x" / "report.html").read_text(encoding="utf-8")
    assert "raid.salvo: allied protects" in page and "<svg" in page


def test_a_folder_that_is_no_run_is_left_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    assert call(["sweep", *ASKED, "--out", str(tmp_path / "mine")], monkeypatch) == 2
    assert "no run folder" in capsys.readouterr().err


def test_all_mistakes_are_said_and_nothing_is_written(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["sweep", "first-light", "--vary", "raid.salv=1", "--vary", "seed=1,1", "--vary", "x"]
    assert call(asked, monkeypatch) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("mend:") == 3 and list(tmp_path.iterdir()) == []
    assert call(["sweep", "first-light"], monkeypatch) == 2
    assert "KEY=VALUE" in capsys.readouterr().err


def test_absorb_says_how_many_times(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["absorb", "first-light", "--confidence", "0.5", "--most", "2", "--trials", "20", "--jobs", "1"]
    assert call([*asked, "--json"], monkeypatch) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["regimes"]["national"]["multiple"] == 0 and told["missiles"] == 3
    assert call(asked, monkeypatch) == 0
    assert "allied absorbs" in capsys.readouterr().out
    assert call(["absorb", "first-light", "--confidence", "2"], monkeypatch) == 2


def test_a_point_of_a_worker_is_the_point_of_a_thread() -> None:
    case = api.load("first-light")
    answer = api.sweep(case, {"raid.salvo": [2]}, trials=10, jobs=1)
    point = Point(number=0, settings=(("raid.salvo", "2"),), trials=10, seed=1)
    for _ in range(2):  # the second finds what the first left behind
        assert point_there(case.text, case.name, ("national", "allied"), point) == answer.answered[0]


@pytest.mark.parametrize("address", ["", "here", "tcp://x", "http://x:1", "x:0", "x:65536", "a b:1", "x:1/y"])
def test_what_is_no_address_is_said_before_anything_is_played(address: str) -> None:
    with pytest.raises(InputError, match="is no address"):
        check_address(address)


@pytest.mark.parametrize(
    "address", ["local", "10.0.0.5:8786", "tcp://head.example.org:8786", "tls://[::1]:1"]
)
def test_addresses(address: str) -> None:
    check_address(address)


@dask
@pytest.mark.processes
def test_a_cluster_that_is_not_there_is_said_at_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ["sweep", *ASKED, "--out", str(tmp_path / "x"), "--cluster", "tcp://127.0.0.1:9"]
    assert call(asked, monkeypatch) == 1
    told = capsys.readouterr().err
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in told and "--cluster local" in told


VARY: dict[str, list[object]] = {
    "raid.salvo": [1, 2, 4, 6],
    "clauses.own-2.decision_s": [10, 300],
    "seed": [1, 2],
}


@dask
@pytest.mark.processes
def test_processes_come_to_the_bytes_of_threads(tmp_path: Path) -> None:
    case = api.load("first-light")
    for name, cluster in (("threads", None), ("processes", "local")):
        answer = api.sweep(case, VARY, trials=50, jobs=2, cluster=cluster)
        api.write_sweep(case, answer, tmp_path / name)
    for file in ("points.parquet", "sweep.json"):
        assert (tmp_path / "threads" / file).read_bytes() == (tmp_path / "processes" / file).read_bytes()


@dask
@pytest.mark.processes
def test_what_a_dead_worker_had_is_played_by_another() -> None:
    import distributed

    deaths: list[int] = []
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as cluster:

        def kill_one(stage: str, fraction: float) -> None:
            if fraction > 0.0 and not deaths:
                deaths.append(next(iter(cluster.workers.values())).pid)
                os.kill(deaths[0], signal.SIGKILL)

        address = cluster.scheduler_address
        answer = api.sweep("first-light", VARY, trials=50, cluster=address, progress=kill_one)
    assert deaths and answer.answered == api.sweep("first-light", VARY, trials=50, jobs=1).answered


@dask
@pytest.mark.processes
def test_a_cluster_without_workers_or_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    import distributed

    from synaspis.api import cluster as own

    monkeypatch.setattr(own, "JOIN_S", 0.5)
    where = {"dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", **where) as none,
        pytest.raises(ClusterError, match="has no worker"),
    ):
        api.sweep("first-light", VARY, trials=1, cluster=none.scheduler_address)
    monkeypatch.setattr(own, "JOIN_S", 30.0)
    told = iter(["0.0.1", "9.9.9"])
    monkeypatch.setattr(own, "version", lambda: next(told))
    with (
        distributed.LocalCluster(n_workers=1, processes=False, protocol="tcp", **where) as one,
        distributed.Client(one, set_as_default=False) as client,
        pytest.raises(ClusterError, match=r"synaspis 9\.9\.9, here is 0\.0\.1"),
    ):
        own._same_version(client)


@pytest.mark.processes
def test_a_killed_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    axes = ["--vary", "raid.salvo=1,2,3,4", "--vary", "seed=1,2,3,4,5"]
    command: list[Any] = [sys.executable, "-m", "synaspis.cli.main", "sweep", "first-light", *axes,
                          "--trials", "3000", "--jobs", "1", "--out"]  # fmt: skip
    kept = tmp_path / ".cut.points"
    with subprocess.Popen([*command, tmp_path / "cut"], stdout=subprocess.DEVNULL) as running:
        while running.poll() is None and not (kept.exists() and kept.read_bytes().count(b"\n") > 4):
            time.sleep(0.01)
        running.kill()
    assert running.returncode == -signal.SIGKILL and not (tmp_path / "cut").exists()
    done = kept.read_bytes().count(b"\n") - 1
    again = subprocess.run([*command, tmp_path / "cut"], capture_output=True, text=True, check=True)
    assert f"{done} of the points had been kept" in again.stdout
    subprocess.run([*command, tmp_path / "whole"], capture_output=True, check=True)
    assert (tmp_path / "cut/points.parquet").read_bytes() == (tmp_path / "whole/points.parquet").read_bytes()
