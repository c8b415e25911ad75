"""The pages of a server of seats: short frames around what `web/` builds, and those built files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from typing import Final

from synaspis.server.play import DIRECTOR, OBSERVER

KINDS: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json; charset=utf-8",
}
ICON: Final = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'/%3E"
"""An empty one, so that no browser asks for another."""
FRAME: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="{icon}">
<link rel="stylesheet" href="/assets/{part}.css">
</head>
<body>
<main id="{part}"{data}><noscript>This page needs JavaScript. Everything it needs comes from here; \
nothing is asked of any other machine.</noscript></main>
<script src="/assets/{part}.js" defer></script>
</body>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A built file: its kind, bytes, and a tag that changes with them."""

    kind: str
    content: bytes
    tag: str


def assets() -> dict[str, Asset]:
    """The built files by name. They are few and read once."""
    found = {}
    for path in files("synaspis").joinpath("web_dist").iterdir():
        kind = KINDS.get(f".{path.name.rsplit('.', 1)[-1]}")
        if kind is not None and path.is_file():
            content = path.read_bytes()
            tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            found[path.name] = Asset(kind=kind, content=content, tag=tag)
    return found


def role(seat: str) -> str:
    """Which page a seat has: `director`, `observer` or `nation`."""
    return seat if seat in (DIRECTOR, OBSERVER) else "nation"


def join_page() -> str:
    """Where an invitation leads: its script reads the fragment, which no server ever sees."""
    return FRAME.format(title="Synaspis: join an exercise", part="join", icon=escape(ICON), data="")


def replay_page(title: str) -> str:
    """An exercise played again; its script asks for what it shows."""
    return FRAME.format(title=escape(title), part="replay", icon=escape(ICON), data="")


def seat_page(seat: str, title: str) -> str:
    """The page of a seat; its script asks for everything in it."""
    data = f' data-seat="{escape(seat)}" data-role="{role(seat)}" data-title="{escape(title)}"'
    return FRAME.format(title=f"{escape(title)} · Synaspis", part="seat", icon=escape(ICON), data=data)


def edit_page(token: str, base: str = "") -> str:
    """The editor of a run's case. Its requests must carry `token`, and their paths begin with `base`."""
    data = f' data-token="{escape(token)}" data-base="{escape(base)}"'
    return FRAME.format(title="Synaspis: change this case", part="edit", icon=escape(ICON), data=data)


def gallery_page(token: str) -> str:
    """All cases and runs. `token` is what its requests must carry."""
    data = f' data-token="{escape(token)}"'
    return FRAME.format(title="Synaspis: cases and runs", part="gallery", icon=escape(ICON), data=data)
