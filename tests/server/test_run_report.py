"""Serving a run: to this machine alone, and with a notice where the folder is not what a run wrote."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from synaspis.errors import RunFolderError
from synaspis.files.case import load
from synaspis.files.run_folder import write
from synaspis.report.page import page
from synaspis.server.report_server import Site, serve, server
from synaspis.server.run_report import Shown, read
from tests.report.fake import fake_answer, fake_facts


@pytest.fixture
def run(tmp_path: Path) -> Path:
    case = load("first-light")
    made = fake_answer()
    regimes = {r.name: replace(made.regimes["allied"], name=r.name) for r in case.file.regimes}
    answer = replace(made, regimes=regimes, difference=None)
    return write(case, answer, page(answer, fake_facts()), tmp_path / "runs" / "one")


@contextmanager
def listening(shown: Shown) -> Iterator[int]:
    with server(Site(shown, None), 0) as made:
        thread = threading.Thread(target=made.serve_forever, daemon=True)
        thread.start()
        try:
            yield made.server_address[1]
        finally:
            made.shutdown()
            thread.join()


def ask(
    port: int, path: str, method: str = "GET", host: str = "127.0.0.1"
) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers={"Host": f"{host}:{port}"})
    answer = connection.getresponse()
    told = answer.status, dict(answer.getheaders()), answer.read()
    connection.close()
    return told


def test_the_folder_of_another_question_lacks_no_summary(run: Path) -> None:
    (run / "summary.json").rename(run / "plan.json")
    (run / "more.html").write_text("<html></html>", encoding="utf-8")
    shown = read(run)
    assert shown.notices == () and {"/plan.json", "/more.html", "/report.html"} <= set(shown.documents)


def test_a_whole_folder_is_served_as_it_is(run: Path) -> None:
    shown = read(run)
    assert shown.notices == ()
    with listening(shown) as port:
        status, headers, body = ask(port, "/")
        assert (status, body) == (200, (run / "report.html").read_bytes())
        assert headers["content-type"] == "text/html; charset=utf-8"
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy and "sandbox allow-scripts" in policy
        assert json.loads(ask(port, "/summary.json")[2]) == json.loads((run / "summary.json").read_text())
        assert ask(port, "/", method="HEAD")[2] == b""


@pytest.mark.parametrize(
    "path", ["/../manifest.json", "/case.yaml", "/%2e%2e/x", "//etc/passwd", "/trials.parquet"]
)
def test_nothing_else_is_served(run: Path, path: str) -> None:
    with listening(read(run)) as port:
        assert ask(port, path)[0] == 404


def test_other_names_for_this_machine_are_refused(run: Path) -> None:
    with listening(read(run)) as port:
        assert ask(port, "/", host="localhost")[0] == 200
        assert ask(port, "/", host="elsewhere.example")[0] == 421


def test_it_listens_to_this_machine_alone(run: Path) -> None:
    with server(Site(read(run), None), 0) as made:
        assert made.server_address[0] == "127.0.0.1"


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_edited_summary_is_said_at_the_top_of_the_page(run: Path) -> None:
    edit(run / "summary.json", '"trials": 1000', '"trials": 9999')
    shown = read(run)
    assert any("differ" in notice for notice in shown.notices)
    assert b"differ: one of them was changed" in shown.documents["/"][1]


def test_another_version_is_said(run: Path) -> None:
    edit(run / "manifest.json", '"version": "', '"version": "0.0.<b>')
    shown = read(run)
    assert any("written by Synaspis 0.0.<b>" in notice for notice in shown.notices)
    assert b"0.0.&lt;b&gt;" in shown.documents["/"][1]


def test_an_edited_case_is_said(run: Path) -> None:
    (run / "case.yaml").write_text("case: [", encoding="utf-8")
    assert len(read(run).notices) == 1


@pytest.mark.parametrize("name", ["summary.json", "manifest.json", "case.yaml"])
def test_what_is_missing_is_said_and_the_report_shown(run: Path, name: str) -> None:
    (run / name).unlink()
    shown = read(run)
    assert any(name in notice for notice in shown.notices)
    assert b"<h1>" in shown.documents["/"][1]


def test_a_report_cut_short_is_said(run: Path) -> None:
    text = (run / "report.html").read_text(encoding="utf-8")
    (run / "report.html").write_text(text[: len(text) // 2], encoding="utf-8")
    assert any("cut short" in notice for notice in read(run).notices)


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00"])
def test_without_a_report_there_is_nothing_to_show(run: Path, content: bytes | None) -> None:
    (run / "report.html").unlink()
    if content is not None:
        (run / "report.html").write_bytes(content)
    with pytest.raises(RunFolderError, match="run the case again"):
        read(run)


def test_a_port_in_use_is_said(run: Path) -> None:
    with server(Site(read(run), None), 0) as made, pytest.raises(RunFolderError, match="--port"):
        serve(Site(read(run), None), "x", made.server_address[1], print)


def test_ctrl_c_ends_calmly(run: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(self: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("synaspis.server.report_server.ThreadingHTTPServer.serve_forever", interrupted)
    said: list[str] = []
    serve(Site(read(run), None), str(run), 0, said.append)
    assert "http://127.0.0.1:" in said[0]
    assert said[-1].strip() == "ended"
