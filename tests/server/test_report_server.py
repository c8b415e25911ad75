"""The editor over HTTP: what a hostile page, program or report may not do, and what the editor's page may."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synaspis.files.editing import Fault
from synaspis.server import report_server
from synaspis.server.report_server import BODY_BYTES, TOKEN, Site, server
from synaspis.server.run_report import Shown

PAGE = "<!doctype html><html><head></head><body><h1>x</h1></body></html>"


class Desk:
    """A desk that writes down what it was asked."""

    def __init__(self, folder: Path) -> None:
        self.asked: list[tuple[dict[str, str], str]] = []
        self.stops = 0
        self.folder = folder
        self.faults: list[Fault] = []

    def sheet(self) -> Mapping[str, Any]:
        return {"case": "x"}

    def state(self) -> Mapping[str, Any]:
        return {"edits": []}

    def comparison(self, name: str) -> bytes | None:
        return b"{}" if name == "edit-1" else None

    def changes(self, name: str) -> tuple[str, ...]:
        return ("<b>bmd-3</b> left out",)

    def report(self, name: str) -> Path | None:
        return self.folder if name == "edit-1" else None

    def text(self, name: str) -> bytes | None:
        return b"case: <script>" if name == "edit-1" else None

    def begin(self, given: Mapping[str, str], trials: str) -> tuple[str, list[Fault]]:
        self.asked.append((dict(given), trials))
        return ("", self.faults) if self.faults else ("edit-1", [])

    def stop(self) -> bool:
        self.stops += 1
        return True


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / "report.html").write_text(PAGE, encoding="utf-8")
    return Desk(tmp_path)


class Client:
    """Asks as the editor's page does, unless told otherwise."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.token = ""

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, **headers: str | None
    ) -> tuple[int, dict[str, str], bytes]:
        own: dict[str, str | None] = {"Host": f"127.0.0.1:{self.port}"}
        if method == "POST":
            own |= {"Origin": f"http://127.0.0.1:{self.port}", "Content-Type": "application/json"}
            own |= {TOKEN: self.token, "Content-Length": str(len(body or b""))}
        own |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        for name, value in {k.lower(): v for k, v in own.items()}.items():
            if value is not None:
                connection.putheader(name, value)
        connection.endheaders(body or b"")
        answer = connection.getresponse()
        told = answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        connection.close()
        return told

    def run(self, document: object, **headers: str | None) -> int:
        return self.ask("/edit/run", "POST", json.dumps(document).encode(), **headers)[0]


@contextmanager
def served(desk: Desk | None) -> Iterator[Client]:
    shown = Shown(folder=Path("x"), documents={"/": ("text/html; charset=utf-8", PAGE.encode())}, notices=())
    with server(Site(shown, desk), 0) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        client = Client(made.server_port)
        try:
            if desk is not None:
                page = client.ask("/edit")[2].decode()
                client.token = page.split('data-token="')[1].split('"')[0]
            yield client
        finally:
            made.shutdown()
            thread.join()


GOOD = {"changes": {"f1-state": "out"}, "trials": "20"}


def test_the_editor_runs_what_its_page_asks_for(desk: Desk) -> None:
    with served(desk) as client:
        assert client.run(GOOD) == 202
        assert client.ask("/edit/stop", "POST", b"{}")[0] == 200
        assert desk.asked == [({"f1-state": "out"}, "20")] and desk.stops == 1
        desk.faults = [Fault(field="f1-state", what="no", mend="yes")]
        status, _, body = client.ask("/edit/run", "POST", json.dumps(GOOD).encode())
        assert status == 422 and json.loads(body)["faults"][0]["mend"] == "yes"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({TOKEN: None}, 403),
        ({TOKEN: "x" * 43}, 403),
        ({TOKEN: "é"}, 403),
        ({"Origin": None}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://elsewhere.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Host": "elsewhere.example"}, 421),
        ({"Host": None}, 421),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Transfer-Encoding": "chunked"}, 415),
        ({"Content-Length": None}, 411),
        ({"Content-Length": "-1"}, 411),
        ({"Content-Length": "1e3"}, 411),
        ({"Content-Length": str(BODY_BYTES + 1)}, 413),
    ],
)
def test_nobody_else_may(desk: Desk, headers: dict[str, str | None], status: int) -> None:
    with served(desk) as client:
        assert client.run(GOOD, **headers) == status
        assert desk.asked == [] and desk.stops == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 60_000,
        b'{"changes": {}}',
        b'{"changes": [], "trials": "1"}',
        b'{"changes": {"a": 1}, "trials": "1"}',
        b'{"changes": {"a": {"b": "c"}}, "trials": "1"}',
        b'{"changes": {}, "trials": 1}',
        json.dumps({"changes": {str(i): "" for i in range(5_001)}, "trials": "1"}).encode(),
    ],
)
def test_what_is_no_list_of_changes_is_refused(desk: Desk, body: bytes) -> None:
    with served(desk) as client:
        assert client.ask("/edit/run", "POST", body)[0] == 400
        assert desk.asked == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_none(desk: Desk, method: str) -> None:
    with served(desk) as client:
        assert client.ask("/edit/run", method)[0] == 501


@pytest.mark.parametrize(
    "path",
    ["/edit/", "/edit/compare/", "/edit/compare/../sheet.json", "/edits/", "/edits/edit-1", "/edits/edit-2/",
     "/edits/../x.yaml", "/edits/edit-1/../../x", "/edits/edit-2.yaml", "/assets/../pages.py", "/assets/",
     "/edits/edit-1/case.yaml", "/" + "a" * 5_000],
)  # fmt: skip
def test_nothing_else_is_there(desk: Desk, path: str) -> None:
    with served(desk) as client:
        assert client.ask(path)[0] == 404


def test_a_page_elsewhere_reads_nothing(desk: Desk) -> None:
    with served(desk) as client:
        for path in ("/edit/sheet.json", "/edit/state.json", "/edit/compare/edit-1", "/"):
            assert client.ask(path)[0] == 200
            assert client.ask(path, **{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"})[0] == 403
            assert client.ask(path, Origin="http://elsewhere.example")[0] == 403


def test_a_report_is_shown_without_the_rights_of_the_editor(desk: Desk) -> None:
    """A run folder may come from anybody: its page can neither ask the editor nor reach into its page."""
    with served(desk) as client:
        for path in ("/", "/edits/edit-1/", "/edits/edit-1.yaml"):
            policy = client.ask(path)[1]["content-security-policy"]
            assert policy.split("; ")[-1] == "sandbox allow-scripts"
            assert "default-src 'none'" in policy and "connect-src" not in policy
        editor = client.ask("/edit")[1]["content-security-policy"]
        assert "script-src 'self'" in editor and "unsafe" not in editor and "sandbox" not in editor
        assert client.ask("/edits/edit-1.yaml")[1]["content-type"].startswith("text/plain")


def test_the_bar_leads_to_the_editor_and_back(desk: Desk) -> None:
    with served(desk) as client:
        assert b'<a href="/edit">Change this case</a>' in client.ask("/")[2]
        page = client.ask("/edits/edit-1/")[2]
        assert b"&lt;b&gt;bmd-3" in page and b"<b>bmd-3" not in page and b'href="/edit"' in page


def test_without_a_desk_there_is_the_report_alone() -> None:
    with served(None) as client:
        assert b"/edit" not in client.ask("/")[2]
        for path in ("/edit", "/edit/sheet.json", "/assets/edit.js", "/edits/edit-1/"):
            assert client.ask(path)[0] == 404


def test_a_body_that_does_not_come_is_not_waited_for(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(desk) as client:
        monkeypatch.setattr(report_server, "PATIENCE_S", 0.05)
        head = f"POST /edit/run HTTP/1.1\r\nHost: 127.0.0.1:{client.port}\r\nOrigin: http://127.0.0.1:{client.port}"
        head += f"\r\nContent-Type: application/json\r\n{TOKEN}: {client.token}\r\nContent-Length: 50\r\n\r\n"
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(head.encode() + b"{")
            threading.Timer(0.1, connection.sendall, (b" ",)).start()
            assert b" 408 " in connection.recv(200)
        assert desk.asked == []


@settings(max_examples=60)
@given(data=st.binary(max_size=400), method=st.sampled_from([b"GET ", b"POST ", b""]))
def test_noise_reaches_nothing(data: bytes, method: bytes) -> None:
    desk = Desk(Path("nowhere"))
    with served(desk) as client:
        with socket.create_connection(("127.0.0.1", client.port), timeout=10) as connection:
            connection.sendall(method + data + b"\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            answer = b""
            while part := connection.recv(65_536):
                answer += part
        assert b" 500 " not in answer[:20] and desk.asked == [] and desk.stops == 0
        assert client.ask("/")[0] == 200


def test_more_connections_than_are_answered_are_closed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_server, "CONNECTIONS", 2)
    with served(desk) as client:
        idle = [socket.create_connection(("127.0.0.1", client.port), timeout=10) for _ in range(3)]
        assert idle[2].recv(1) == b""
        for connection in idle:
            connection.close()
