"""The gallery: cases with findings and pictures, runs that are there, and a case that is run from it."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

from synaspis.api.gallery import Gallery, findings
from synaspis.cli.serve import COMMAND
from synaspis.files.case import load, shipped_cases
from synaspis.files.run_folder import MANIFEST, write
from synaspis.report.page import page
from tests.report.fake import fake_answer, fake_facts

UNTIL_S = 120.0


def until_ended(made: Gallery) -> dict[str, object]:
    until_s = time.monotonic() + UNTIL_S
    while (now := made.document()["now"])["state"] == "running":
        assert time.monotonic() < until_s
        time.sleep(0.02)
    return dict(now)


def test_every_shipped_case_has_its_finding_and_picture(tmp_path: Path) -> None:
    made = Gallery(tmp_path, ())
    told = made.document()["cases"]
    assert [c["name"] for c in told] == list(shipped_cases()) and set(findings()) == set(shipped_cases())
    for case in told:
        assert case["finding"] == findings()[case["name"]] and case["title"]
        drawn = made.picture(case["name"])
        assert drawn is not None and ElementTree.fromstring(drawn).tag.endswith("svg")
        targets = {row.target for row in load(case["name"]).file.raid}
        assert any(f">{name}<" in drawn for name in targets)
    assert made.picture("none") is None and made.picture("../x") is None


def test_runs_newest_first_and_what_is_none_left_out(tmp_path: Path) -> None:
    answer = fake_answer()
    for name in ("a", "b", "c"):
        write(load("first-light"), answer, page(answer, fake_facts()), tmp_path / name)
    for name, seconds in (("a", 30), ("b", 20), ("c", 10)):
        path = tmp_path / name / MANIFEST
        time_s = path.stat().st_mtime - seconds
        os.utime(path, (time_s, time_s))
    (tmp_path / "b" / MANIFEST).write_text("{")
    made = Gallery(tmp_path, ())
    told = made.runs()
    assert [r["name"] for r in told] == ["c", "a"] and told[0]["finding"]
    assert made.place("a") == tmp_path / "a"
    for name in ("", ".", "..", "none", "../a", "a/b"):
        assert made.place(name) is None


def test_a_case_is_run_by_the_command_itself(tmp_path: Path) -> None:
    made = Gallery(tmp_path / "runs", (*COMMAND, "case"))
    try:
        assert made.begin("first-light") == ""
        now = until_ended(made)
        assert now["state"] == "done" and made.place(str(now["run"])) is not None
        assert [r["name"] for r in made.runs()] == [now["run"]]
    finally:
        made.close()


def test_one_at_a_time_stopped_failed_and_unknown(tmp_path: Path) -> None:
    waits = "import sys; sys.stdin.readline(); sys.stdin.read(); sys.exit(130)"
    made = Gallery(tmp_path, (sys.executable, "-c", waits))
    assert made.begin("nowhere") == "no case of this name ships"
    assert made.begin("first-light") == "" and "another case is running" in made.begin("first-light")
    assert made.stop() and until_ended(made)["state"] == "stopped"
    made.close()
    fails = 'import sys; sys.stdin.readline(); print(\'{"failed": "no room"}\'); sys.exit(1)'
    made = Gallery(tmp_path, (sys.executable, "-c", fails))
    made.begin("first-light")
    told = until_ended(made)
    assert (told["state"], told["words"]) == ("failed", "no room")
    assert "cannot be started" in Gallery(tmp_path, ("/nowhere/x",)).begin("first-light")


def test_the_document_is_json(tmp_path: Path) -> None:
    told = json.loads(json.dumps(Gallery(tmp_path, ()).document()))
    assert told["runs"] == [] and told["now"] is None


def test_other_studies_are_no_runs(tmp_path: Path) -> None:
    answer = fake_answer()
    folder = write(load("first-light"), answer, page(answer, fake_facts()), tmp_path / "a")
    told = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**told, "kind": "warn"}))
    assert Gallery(tmp_path, ()).runs() == []
