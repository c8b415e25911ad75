"""`synaspis export`: a small run in each format, and all that can be wrong at once."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import socket
import threading
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from synaspis import api
from synaspis.api.exports import _in_calendar, document, label_of
from synaspis.errors import InputError
from synaspis.files.run_folder import MANIFEST
from synaspis.interop import captures, dis, udp
from synaspis.interop.dis_records import StartResume
from synaspis.interop.formats import FORMATS
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from tests.cli.calling import call
from tests.interop.told import ACROSS, STARTS, flight, trial

TRIALS = 5


@pytest.fixture(scope="module")
def case() -> Case:
    return api.load("first-light")


@pytest.fixture(scope="module")
def answer(case: Case) -> RunAnswer:
    return api.run(case, trials=TRIALS, jobs=1)


@pytest.fixture(scope="module")
def run(case: Case, answer: RunAnswer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return api.write(case, answer, out=tmp_path_factory.mktemp("runs") / "one")


def table(run: Path, regime: str | None, trial: int | None) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(document(run, "csv", regime, trial)[0].decode(), newline="")))


@pytest.mark.parametrize("regime", ["national", "allied"])
def test_the_reports_trial_is_the_default_and_the_same(run: Path, answer: RunAnswer, regime: str) -> None:
    found = table(run, regime, None)
    scene = answer.scenes[regime]
    assert {r["trial"] for r in found} == {str(scene.trial)}
    told = [(r["kind"], r["who"], r["name"], r["text"]) for r in found if r["what"] == "event"]
    assert sorted(told) == sorted((e.kind, e.who, e.threat, e.text) for e in scene.events)
    assert {r["name"] for r in found if r["what"] == "site"} == {s.name for s in answer.sites}


def test_every_trial_ends_as_in_the_run(run: Path, answer: RunAnswer) -> None:
    rows = answer.tables.columns["trials"]
    own = rows["regime"] == "national"
    for number, leakers in zip(rows["trial"][own], rows["leakers"][own], strict=True):
        found = table(run, "national", int(number))
        ends = {r["kind"] for r in found if r["what"] == "path"}
        assert ends <= {"killed", "landed", "failed in flight"}
        assert sum(" lands on " in r["text"] for r in found) == leakers


@pytest.mark.parametrize("to", list(FORMATS))
def test_a_file_beside_the_run(
    to: str, run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    of = ["--of", "geo-east"] if to == "oem" else []
    ask = ["export", str(run), "--to", to, "--regime", "national", "--trial", "3", *of]
    assert call(ask, monkeypatch) == 0
    made = run.parent / f"one-national-3{'-geo-east' if of else ''}.{FORMATS[to]().ending or to}"
    assert capsys.readouterr().out == f"Written: {made}\n"
    assert sorted(p.name for p in run.parent.iterdir()) == ["one", made.name]
    written = made.read_bytes()
    made.unlink()
    if to in ("asterix", "dis"):  # these have no room for words, and mark each record in their own way
        assert written == document(run, to, "national", 3)[0]
        return
    text = written.decode()
    assert "EXERCISE" in text and api.version() in text and "first-light" in text
    if to in ("kml", "cot", "stanag4774"):
        ElementTree.fromstring(text.encode())
    elif to not in ("csv", "oem"):
        json.loads(text)


def test_a_label_beside_the_file_is_read_back_and_closes_the_door_when_either_changes(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "a trial.json"
    ask = ["export", str(run), "--to", "geojson", "--regime", "allied", "--label", "--out"]
    assert call([*ask, str(made)], monkeypatch) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a trial.json", "a trial.json.label.xml"]
    label = label_of(made)
    assert label.classification == "unclassified" and label.policy and not label.caveats
    assert label.releasable_to == label.originators >= {"USA", "ROU", "TUR"}
    made.write_bytes(made.read_bytes() + b" ")
    with pytest.raises(InputError, match="SHA-256 is another"):
        label_of(made)
    (tmp_path / "a trial.json.label.xml").unlink()
    with pytest.raises(InputError, match="cannot be read"):
        label_of(made)
    assert call([*ask, "-"], monkeypatch) == 2
    assert "is written beside a file" in capsys.readouterr().err


def test_what_a_format_could_not_hold_is_said_beside(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "asterix", "--regime", "allied", "--out", str(tmp_path / "x.ast")]
    assert call(ask, monkeypatch) == 0
    said = capsys.readouterr().err
    assert "0/1=kurecik" in said
    assert re.search(r"Left out: item 048/110 of [0-9,]+ records\n", said)
    assert re.search(r"Left out: item 062/130 of [0-9,]+ records\n", said)


def test_the_folder_in_which_one_stands(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(run)
    assert document(".", "kml", "national", 0)[1] == run.parent / "one-national-0.kml"
    monkeypatch.chdir(run.parent)
    assert document("one/", "kml", "national", 0)[1] == Path("one-national-0.kml")


def test_standard_output_and_a_place_of_ones_own(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "geojson", "--out"]
    assert call([*ask, "-"], monkeypatch) == 0
    said = capsys.readouterr().out
    assert call([*ask, str(tmp_path / "x.json")], monkeypatch) == 0
    assert (tmp_path / "x.json").read_text(encoding="utf-8") == said
    assert json.loads(said)["synaspis"]["regime"] == "allied"


def test_all_that_is_wrong_is_said_at_once(
    run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "kmz", "--regime", "alied", "--trial", "5"]
    assert call([*ask, "--out", str(tmp_path / "none" / "x")], monkeypatch) == 2
    said = capsys.readouterr()
    assert said.out == ""
    for part in ("--to: `kmz` is none", "--regime: `alied` is none", "did you mean `allied`", "4 problems",
                 "--trial: the run has 5 trials, none of them 5", "from 0 to 4", "--out: "):  # fmt: skip
        assert part in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (["oem"], "give `--of` with one of: geo-east, geo-west"),
        (["oem", "--of", "geo-eest"], "did you mean `geo-east`"),
        (["csv", "--of", "geo-east"], "--of: `csv` tells of all things"),
    ],
)
def test_which_satellite(
    ask: list[str], said: str, run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["export", str(run), "--to", *ask], monkeypatch) == 2
    assert said in capsys.readouterr().err


def test_no_run_is_said_beside_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(tmp_path), "--to", "x", "--trial", "-1", "--out", str(tmp_path)]
    assert call(ask, monkeypatch) == 2
    said = capsys.readouterr().err
    for part in ("RUN: ", "is no run folder", "--to: `x` is none", "--trial: -1 is below 0", "is a folder"):
        assert part in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "warn"}, "`synaspis warn` wrote it"),
        ({"version": "0.0.1"}, "is of version 0.0.1"),
        ({"seed": -1}, "its manifest was edited"),
        ({"trials": 0}, "its manifest was edited"),
        ({"regimes": ["none"]}, "regimes that the case has not"),
        ({"case_sha256": "0"}, "has changed since the run"),
        ({"format": 99}, "is of format 99"),
    ],
)
def test_a_folder_that_is_not_what_a_run_wrote(
    changes: dict[str, object], said: str, run: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(run, folder)
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**told, **changes}), encoding="utf-8")
    with pytest.raises(InputError, match=said):
        document(folder, "kml")
    assert [p.name for p in tmp_path.iterdir()] == ["copy"]


def test_a_raid_beyond_the_calendar_is_refused() -> None:
    told = trial((flight("one", ACROSS),))
    _in_calendar(told)
    with pytest.raises(InputError, match="goes on after 9999"):
        _in_calendar(replace(told, starts=STARTS.replace(year=9999, month=12, day=31)))


def listening() -> socket.socket:
    """A socket of this machine that keeps what comes, with room for all of it."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
    ear.bind(("127.0.0.1", 0))
    ear.settimeout(10.0)
    return ear


def test_packets_are_sent_as_they_are_in_the_file(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    written = [d.payload for d in captures.datagrams(document(run, "dis", "allied", 1)[0])[0]]
    with listening() as ear:
        place = f"127.0.0.1:{ear.getsockname()[1]}"
        ask = ["export", str(run), "--to", "dis", "--trial", "1", "--udp", place, "--speed", "0"]
        heard: list[bytes] = []
        listener = threading.Thread(target=lambda: heard.extend(ear.recv(2000) for _ in written))
        listener.start()
        assert call(ask, monkeypatch) == 0
        listener.join(20.0)
    assert heard == written
    said = capsys.readouterr()
    assert said.out == f"Sent: {len(written):,} datagrams to {place}\n" and said.err == ""
    assert not list(run.parent.glob("*.pcap"))


def test_what_cannot_be_sent_is_said_at_once(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ask = ["export", str(run), "--to", "kml", "--trial", "5", "--out", "x", "--udp", "localhost:0"]
    assert call([*ask, "--speed", "-1"], monkeypatch) == 2
    said = capsys.readouterr().err
    for part in ("--out: with --udp", "--speed: -1 is no speed", "`kml` is a file", "dis", "5 problems",
                 "--udp: `localhost:0` is no place", "--trial: the run has 5"):  # fmt: skip
        assert part in said
    assert call(["export", str(run), "--to", "dis", "--speed", "2"], monkeypatch) == 2
    assert "--speed: nothing is sent" in capsys.readouterr().err


def test_a_sending_that_is_stopped_says_how_far_it_came(
    run: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped_early(packets: udp.Packets, sender: udp.Sender, _speed: float, stop: threading.Event,
                      _moved: object) -> None:  # fmt: skip
        sender.send(packets[0][1])
        stop.set()

    monkeypatch.setattr(udp, "play", stopped_early)
    with listening() as ear:
        ask = ["export", str(run), "--to", "dis", "--udp", f"127.0.0.1:{ear.getsockname()[1]}"]
        assert call(ask, monkeypatch) == 130
        assert isinstance(dis.decode(ear.recv(2000)), StartResume)
    said = capsys.readouterr()
    assert said.out == "" and re.search(r"stopped: 1 of \d+ datagrams sent", said.err)
