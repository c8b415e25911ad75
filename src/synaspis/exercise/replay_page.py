"""An exercise again as one HTML file: truth beside each nation's picture at moments, and the review.

The script and its style are built from `web/` into `web_dist/` and stand in the page whole, so that the page
needs no network. Between moments stand only differences, as JSON Merge Patch (RFC 7396, 2014).
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any, Final

import msgspec

from synaspis.exercise.again import Replayed
from synaspis.exercise.inputs import DIRECTOR, OBSERVER
from synaspis.exercise.notional import Notional
from synaspis.exercise.rooms import case_of
from synaspis.exercise.turns import TURNS
from synaspis.server.patches import difference

MOMENT_TICKS: Final = 8
"""Between two moments of the page, in ticks: 4 s, less than anybody takes to decide."""
SHOWN: Final = ("tracks", "warned", "impacts", "truth")
"""The parts of a document that the page shows."""
PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main id="replay"><noscript>This page needs JavaScript; it asks nothing of any machine.</noscript></main>
<script type="application/json" id="synaspis-replay">{data}</script>
<script>{script}</script>
</body>
</html>
"""


def shown(again: Replayed, review: Mapping[str, Any], names: Notional | None = None) -> dict[str, Any]:
    """All that the page shows; `review` as `review_files.document` has it. The replay is at its end then.

    With `names` all is told in pseudonyms; `review` must be so already.
    """
    moments = _moments(again, names)
    still = again.to(again.last_tick).still(DIRECTOR)
    case = again.opened.case_name if names is None else names.outward(again.opened.case_name)
    return {
        "title": f"{case}, {again.opened.regime}: exercise played again",
        "starts": case_of(again.opened).file.starts.isoformat(),
        "still": still if names is None else names.still(still),
        "moments": moments,
        "review": review,
    }


def page(told: Mapping[str, Any]) -> str:
    """The page of what `shown` tells, as one file."""
    data = msgspec.json.encode(told).decode()
    for mark, code in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        data = data.replace(mark, code)
    script = _built("replay.js").replace("</script", "<\\/script").replace("<!--", "<\\!--")
    return PAGE.format(title=escape(told["title"]), style=_built("replay.css"), data=data, script=script)


def _moments(again: Replayed, names: Notional | None) -> list[dict[str, Any]]:
    """What every seat but the observer's showed of the raid, the first moment whole, then what changed."""
    found: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    last = again.last_tick
    for tick in sorted({*range(0, last + 1, MOMENT_TICKS), last}):
        shown = again.documents(tick)
        if shown[DIRECTOR].get("stage") == TURNS:
            continue
        now = {seat: _kept(told) for seat, told in shown.items() if seat != OBSERVER}
        now = now if names is None else names.outward(now)
        case_s = float(shown[DIRECTOR]["clock"]["case_s"])
        found.append({"case_s": case_s, "seats": difference(before, now)})
        before = now
    return found


def _kept(told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: told[name] for name in SHOWN if name in told}


def _built(name: str) -> str:
    return files("synaspis").joinpath("web_dist", name).read_text(encoding="utf-8")
