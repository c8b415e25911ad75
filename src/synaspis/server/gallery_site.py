"""Serves the page of all cases and runs, and under it each run's report and editor."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from synaspis.errors import RunFolderError
from synaspis.server.pages import assets, gallery_page
from synaspis.server.report_server import JSON, NOTHING, Answer, Desk, Site, as_json
from synaspis.server.run_report import KINDS, read

PICTURE: Final = "image/svg+xml"
OPEN: Final = 8
"""Runs whose reports and editors are held ready."""


class Gallery(Protocol):
    """What the page may be asked: `api.gallery.Gallery`."""

    def document(self) -> Mapping[str, Any]: ...
    def picture(self, name: str) -> str | None: ...
    def place(self, name: str) -> Path | None: ...
    def begin(self, name: str) -> str: ...
    def stop(self) -> bool: ...


class GallerySite:
    """What there is under each path. Answers come from several threads."""

    def __init__(self, gallery: Gallery, desk_of: Callable[[Path], Desk | None]) -> None:
        """`desk_of` gives the editor of a run folder, None where its case cannot be changed."""
        self._gallery, self._desk_of = gallery, desk_of
        self._assets = assets()
        self._sites: dict[str, tuple[float, Site]] = {}
        self._lock = threading.Lock()
        self.token = secrets.token_urlsafe(32)

    def asked(self, path: str) -> tuple[Answer, bool]:
        """The answer to a GET, and whether it is a report, which is shown without rights."""
        if path == "/":
            return (200, KINDS[".html"], gallery_page(self.token).encode()), False
        if path == "/gallery.json":
            return (200, JSON, as_json(self._gallery.document())), False
        if path.startswith("/assets/"):
            asset = self._assets.get(path.removeprefix("/assets/"))
            return (NOTHING if asset is None else (200, asset.kind, asset.content)), False
        if path.startswith("/cases/") and path.endswith(".svg"):
            drawn = self._gallery.picture(path.removeprefix("/cases/").removesuffix(".svg"))
            return (NOTHING if drawn is None else (200, PICTURE, drawn.encode())), drawn is not None
        site, rest = self._run(path)
        return (NOTHING, False) if site is None else site.asked(rest)

    def said(self, path: str, body: bytes) -> Answer:
        """The answer to a POST that passed the gate, with the token of the page."""
        if path == "/stop":
            return 200, JSON, as_json({"stopped": self._gallery.stop()})
        if path != "/play":
            site, rest = self._run(path)
            return NOTHING if site is None else site.said(rest, body)
        try:
            name = json.loads(body)["case"]
        except (ValueError, KeyError, TypeError, RecursionError):
            name = None
        if not isinstance(name, str):
            return 400, JSON, as_json({"words": "this names no case"})
        wrong = self._gallery.begin(name)
        return (409, JSON, as_json({"words": wrong})) if wrong else (202, JSON, as_json({"case": name}))

    def _run(self, path: str) -> tuple[Site | None, str]:
        """The site of the run that a path is under, made where it is not there yet, and the path in it."""
        if not path.startswith("/runs/"):
            return None, path
        name, slash, rest = path.removeprefix("/runs/").partition("/")
        folder = self._gallery.place(name) if slash else None
        if folder is None:
            return None, path
        with self._lock:
            try:
                written = (folder / "manifest.json").stat().st_mtime
                held = self._sites.pop(name, None)
                if held is None or held[0] != written:
                    site = Site(read(folder), self._desk_of(folder), f"/runs/{name}", self.token)
                    held = (written, site)
            except (OSError, RunFolderError):
                return None, path
            self._sites[name] = held
            for old in list(self._sites)[:-OPEN]:
                self._sites.pop(old, None)
        return held[1], f"/{rest}"
