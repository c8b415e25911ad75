"""Serves a run's report to this machine alone, and with a desk the editor of its case and what comes of it.

Plain `http.server`: the report must show without any extra library, and the editor needs no more. Requests
pass the same gate as an exercise's. A report may hold anything: it is shown without the rights of this page.
"""

from __future__ import annotations

import hmac
import json
import secrets
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, Protocol

from synaspis.errors import RunFolderError
from synaspis.files.editing import Fault
from synaspis.server.gate import HEADERS, Names, why_not
from synaspis.server.listening import LOOPBACK
from synaspis.server.pages import Asset, assets, edit_page
from synaspis.server.run_report import KINDS, Shown, at_top, read

HOST: Final = "127.0.0.1"
REPORT_POLICY: Final = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox allow-scripts"
)
BODY_BYTES: Final = 65_536
PATIENCE_S: Final = 10.0
"""For a request to come whole."""
CONNECTIONS: Final = 64
MOST_CHANGES: Final = 5_000
TOKEN: Final = "x-synaspis-token"
KEPT: Final = 4
"""Reports of changed cases that are held ready."""
JSON, TEXT = "application/json; charset=utf-8", "text/plain; charset=utf-8"
NOTHING: Final = (404, TEXT, b"There is nothing here; the report is at /\n")
BAR: Final = (
    "<style>.desk{{display:flex;flex-wrap:wrap;gap:4px 24px;align-items:baseline;max-width:1120px;"
    "margin:0 auto;padding:14px 40px 0;overflow-wrap:anywhere;font-size:14px;"
    "color:var(--soft)}}.desk a{{color:var(--friend)}}"
    "@media(max-width:760px){{.desk{{padding:12px 20px 0}}}}@media print{{.desk{{display:none}}}}</style>"
    '<nav class="desk" aria-label="This run">{}</nav>'
)
CHANGE: Final = '{up}<a href="{base}/edit">Change this case</a>'
BACK: Final = '{up}<a href="{base}/edit">Compare, and change more</a><a href="{base}/">The case as it was</a>'
UP: Final = '<a href="/">All cases and runs</a>'

Answer = tuple[int, str, bytes]


class Desk(Protocol):
    """What the editor may be asked: `api.desk.Desk`. Every answer is a document."""

    def sheet(self) -> Mapping[str, Any]: ...
    def state(self) -> Mapping[str, Any]: ...
    def comparison(self, name: str) -> bytes | None: ...
    def changes(self, name: str) -> Sequence[str]: ...
    def report(self, name: str) -> Path | None: ...
    def text(self, name: str) -> bytes | None: ...
    def begin(self, given: Mapping[str, str], trials: str) -> tuple[str, list[Fault]]: ...
    def stop(self) -> bool: ...


class Served(Protocol):
    """What answers requests that passed the gate: a run's `Site`, or the gallery of them."""

    token: str

    def asked(self, path: str) -> tuple[Answer, bool]: ...
    def said(self, path: str, body: bytes) -> Answer: ...


class Site:
    """What there is under each path: the report, and the editor where there is a desk.

    `base` goes before its paths where it is one of several (`/runs/NAME`), with `token` that of them all.
    """

    def __init__(self, shown: Shown, desk: Desk | None, base: str = "", token: str = "") -> None:
        self._shown, self._desk = shown, desk
        self._base, self._up = base, UP if base else ""
        self._assets: dict[str, Asset] = assets() if desk is not None else {}
        self._reports: dict[str, Shown] = {}
        self.token = token or secrets.token_urlsafe(32)

    def asked(self, path: str) -> tuple[Answer, bool]:
        """The answer to a GET, and whether it is a report, which is shown without rights."""
        found = self._shown.documents.get(path)
        if found is not None:
            bar = CHANGE.format(base=self._base, up=self._up) if self._desk is not None else self._up
            return self._document(found, path in ("/", "/report.html"), bar), True
        if self._desk is None:
            return NOTHING, False
        if path.startswith("/edits/"):
            return self._edit(path.removeprefix("/edits/"))
        return self._of_editor(path, self._desk), False

    def _document(self, found: tuple[str, bytes], page: bool, bar: str) -> Answer:
        kind, content = found
        if page and bar:
            content = at_top(content.decode(), BAR.format(bar)).encode()
        return 200, kind, content

    def _edit(self, rest: str) -> tuple[Answer, bool]:
        """A changed case (`NAME.yaml`), or what its run wrote (`NAME/...`)."""
        assert self._desk is not None
        name, slash, file = rest.partition("/")
        if not slash and name.endswith(".yaml"):
            text = self._desk.text(name.removesuffix(".yaml"))
            return ((200, TEXT, text) if text is not None else NOTHING), True
        shown = self._report(name) if slash else None
        found = shown.documents.get(f"/{file}") if shown is not None else None
        if found is None:
            return NOTHING, False
        bar = f"<span>{escape('; '.join(self._desk.changes(name)))}</span>"
        bar += BACK.format(base=self._base, up=self._up)
        return self._document(found, file in ("", "report.html"), bar), True

    def _report(self, name: str) -> Shown | None:
        assert self._desk is not None
        folder = self._desk.report(name)
        if folder is None:
            return None
        if name not in self._reports:
            try:
                self._reports[name] = read(folder)
            except RunFolderError:
                return None
            for old in list(self._reports)[:-KEPT]:
                self._reports.pop(old, None)
        return self._reports.get(name)

    def _of_editor(self, path: str, desk: Desk) -> Answer:
        if path == "/edit":
            return 200, KINDS[".html"], edit_page(self.token, self._base).encode()
        if path == "/edit/sheet.json":
            return 200, JSON, as_json(desk.sheet())
        if path == "/edit/state.json":
            return 200, JSON, as_json(desk.state())
        if path.startswith("/edit/compare/"):
            told = desk.comparison(path.removeprefix("/edit/compare/"))
            return NOTHING if told is None else (200, JSON, told)
        asset = self._assets.get(path.removeprefix("/assets/")) if path.startswith("/assets/") else None
        return NOTHING if asset is None else (200, asset.kind, asset.content)

    def said(self, path: str, body: bytes) -> Answer:
        """The answer to a POST that passed the gate, with the token of the page."""
        if self._desk is None or path not in ("/edit/run", "/edit/stop"):
            return NOTHING
        if path == "/edit/stop":
            return 200, JSON, as_json({"stopped": self._desk.stop()})
        try:
            told = json.loads(body)
            changes, trials = told["changes"], told["trials"]
            fit = isinstance(changes, dict) and len(changes) <= MOST_CHANGES and isinstance(trials, str)
            fit = fit and all(isinstance(v, str) for v in changes.values())
        except (ValueError, KeyError, TypeError, RecursionError):
            fit = False
        if not fit:
            return 400, JSON, as_json({"words": "this is no list of changes"})
        name, faults = self._desk.begin(changes, trials)
        if faults:
            return 422, JSON, as_json({"faults": [vars(f) for f in faults]})
        return 202, JSON, as_json({"name": name})


def as_json(document: Mapping[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, allow_nan=False).encode()


class _Server(ThreadingHTTPServer):
    """Answers so many at the same time and no more."""

    daemon_threads = True

    def __init__(self, port: int, site: Served) -> None:
        super().__init__((HOST, port), _Handler)
        self.site = site
        self.names = Names(hosts=tuple(f"{name}:{self.server_port}" for name in LOOPBACK), tls=False)
        self._free = threading.BoundedSemaphore(CONNECTIONS)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Refuse where all are busy."""
        if self._free.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """One request from its begin to its end."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._free.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no event; a fault of ours is told in the terminal."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD, and POST of the editor's own page."""

    server_version, sys_version, timeout = "Synaspis", "", PATIENCE_S
    server: _Server

    def do_GET(self) -> None:
        self._ask(body=True)

    def do_HEAD(self) -> None:
        self._ask(body=False)

    def do_POST(self) -> None:
        refused = self._refused() or self._unfit()
        if refused is not None:
            self._answer(refused)
            return
        body = self._body(int(self.headers["Content-Length"]))
        told = (408, JSON, as_json({"words": "the request did not come to its end"}))
        self._answer(told if body is None else self.server.site.said(self.path, body))

    def _ask(self, *, body: bool) -> None:
        refused = self._refused()
        if refused is not None:
            self._answer(refused, body=body)
            return
        answer, report = self.server.site.asked(self.path.split("?", 1)[0])
        self._answer(answer, report=report, body=body)

    def _refused(self) -> Answer | None:
        headers = [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in self.headers.items()]
        why = why_not(self.server.names, self.command, headers)
        return None if why is None else (why[0], JSON, as_json({"words": why[1]}))

    def _unfit(self) -> Answer | None:
        """Why a POST is not read: without the page's token, of another kind, or of unknown length."""
        token = self.headers.get(TOKEN, "")
        if not hmac.compare_digest(token.encode(), self.server.site.token.encode()):
            return 403, JSON, as_json({"words": "this page is of an earlier start: load it again"})
        if self.headers.get_content_type() != "application/json" or "Transfer-Encoding" in self.headers:
            return 415, JSON, as_json({"words": "only JSON of a known length is read"})
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 8):
            return 411, JSON, as_json({"words": "the length must be said"})
        if int(length) > BODY_BYTES:
            return 413, JSON, as_json({"words": "this is longer than anything that is meant here"})
        return None

    def _body(self, length: int) -> bytes | None:
        """The whole body; None where it does not come within the time."""
        until_s, body = time.monotonic() + PATIENCE_S, b""
        while len(body) < length:
            try:
                part = self.rfile.read1(length - len(body))
            except OSError:
                return None
            if not part or time.monotonic() > until_s:
                return None
            body += part
        return body

    def _answer(self, answer: Answer, *, report: bool = False, body: bool = True) -> None:
        status, kind, content = answer
        self.send_response(status)
        headers = {**HEADERS, "content-security-policy": REPORT_POLICY} if report else HEADERS
        for key, value in {
            "content-type": kind,
            "content-length": str(len(content)),
            **headers,
        }.items():
            self.send_header(key, value)
        self.end_headers()
        if body:
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the terminal holds the address."""


def server(site: Served, port: int) -> ThreadingHTTPServer:
    """A server for `site` on the loopback address; port 0 takes a free one."""
    return _Server(port, site)


def serve(site: Served, what: str, port: int, say: Callable[[str], None]) -> None:
    """Serve until interrupted; `what` is said with the address. RunFolderError where the port is taken."""
    try:
        listening = server(site, port)
    except (OSError, OverflowError) as problem:
        raise RunFolderError(f"cannot listen on {HOST}:{port}: {problem}; choose another --port") from problem
    with listening:
        say(f"{what} at http://{HOST}:{listening.server_address[1]}/ (Ctrl-C ends)")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            say("\nended")
