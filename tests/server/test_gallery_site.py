"""The page of cases and runs over HTTP: what it gives, and what it does not let in."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from synaspis.server.gallery_site import GallerySite
from synaspis.server.report_server import server
from tests.server.test_report_server import PAGE, Client, Desk


class Gallery:
    """A gallery that writes down what it was asked."""

    def __init__(self, runs: Path) -> None:
        self.runs = runs
        self.begun: list[str] = []
        self.stops = 0

    def document(self) -> Mapping[str, Any]:
        return {"cases": []}

    def picture(self, name: str) -> str | None:
        return "<svg/>" if name == "first-light" else None

    def place(self, name: str) -> Path | None:
        return self.runs / name if name in ("one", "two") else None

    def begin(self, name: str) -> str:
        self.begun.append(name)
        return "" if name == "first-light" else "no such case"

    def stop(self) -> bool:
        self.stops += 1
        return True


@pytest.fixture
def gallery(tmp_path: Path) -> Gallery:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "report.html").write_text(PAGE.replace("x</h1>", f"{name}</h1>"))
        (tmp_path / name / "manifest.json").write_text("{}")
    return Gallery(tmp_path)


@contextmanager
def served(gallery: Gallery, desks: dict[str, Desk] | None = None) -> Iterator[Client]:
    site = GallerySite(gallery, lambda folder: (desks or {}).get(folder.name))
    with server(site, 0) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        client = Client(made.server_port)
        client.token = site.token
        try:
            yield client
        finally:
            made.shutdown()
            thread.join()


def test_the_page_its_document_and_its_pictures(gallery: Gallery) -> None:
    with served(gallery) as client:
        status, headers, page = client.ask("/")
        assert status == 200 and f'data-token="{client.token}"'.encode() in page
        assert "script-src 'self'" in headers["content-security-policy"]
        assert json.loads(client.ask("/gallery.json")[2]) == {"cases": []}
        status, headers, drawn = client.ask("/cases/first-light.svg")
        assert (status, headers["content-type"], drawn) == (200, "image/svg+xml", b"<svg/>")
        assert "script-src 'unsafe-inline'" in headers["content-security-policy"]
        assert "sandbox" in headers["content-security-policy"]
        assert client.ask("/assets/gallery.js")[0] == client.ask("/assets/gallery.css")[0] == 200


@pytest.mark.parametrize(
    "path", ["/cases/x.svg", "/assets/x.js", "/runs/none/", "/runs/one", "/runs/", "/runs/../one/", "/x"]
)
def test_what_there_is_not(gallery: Gallery, path: str) -> None:
    with served(gallery) as client:
        assert client.ask(path)[0] == 404


def test_a_case_is_run_and_stopped(gallery: Gallery) -> None:
    def post(path: str, body: bytes = b'{"case": "first-light"}', **headers: str | None) -> int:
        return client.ask(path, "POST", body, **headers)[0]

    with served(gallery) as client:
        assert post("/play") == 202 and post("/stop", b"{}") == 200
        assert post("/play", b'{"case": "x"}') == 409
        for body in (b"", b"[]", b"{}", b'{"case": 1}', b"[" * 10_000):
            assert post("/play", body) == 400
        assert post("/play", origin="http://elsewhere.example") == 403
        client.token = "another"
        assert post("/play") == post("/stop", b"{}") == 403
    assert gallery.begun == ["first-light", "x"] and gallery.stops == 1


def test_each_run_has_its_report_and_its_editor(gallery: Gallery) -> None:
    desks = {"one": Desk(gallery.runs / "one")}
    with served(gallery, desks) as client:
        report = client.ask("/runs/one/")[2].decode()
        assert "one</h1>" in report and 'href="/runs/one/edit"' in report and 'href="/"' in report
        other = client.ask("/runs/two/")[2].decode()
        assert "two</h1>" in other and "edit" not in other and 'href="/"' in other
        editor = client.ask("/runs/one/edit")[2].decode()
        assert f'data-token="{client.token}"' in editor and 'data-base="/runs/one"' in editor
        assert json.loads(client.ask("/runs/one/edit/sheet.json")[2]) == {"case": "x"}
        body = json.dumps({"changes": {"f": "1"}, "trials": "5"}).encode()
        assert client.ask("/runs/one/edit/run", "POST", body)[0] == 202
        assert client.ask("/runs/two/edit/run", "POST", body)[0] == 404
        changed = client.ask("/runs/one/edits/edit-1/")[2].decode()
        assert 'href="/runs/one/"' in changed
    assert desks["one"].asked == [({"f": "1"}, "5")]


def test_a_run_that_was_written_anew_is_read_anew(gallery: Gallery) -> None:
    with served(gallery) as client:
        assert b"one</h1>" in client.ask("/runs/one/")[2]
        folder = gallery.runs / "one"
        (folder / "report.html").write_text(PAGE.replace("x</h1>", "new</h1>"))
        (folder / "manifest.json").write_text('{"a": 1}')
        assert b"new</h1>" in client.ask("/runs/one/")[2]
        (folder / "report.html").unlink()
        (folder / "manifest.json").write_text("{ }")
        assert client.ask("/runs/one/")[0] == 404
