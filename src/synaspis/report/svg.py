"""Plain SVG and HTML as strings. Every text that goes in is escaped here."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

Point = tuple[float, float]


def element(tag: str, content: str = "", /, **attributes: str | float) -> str:
    """`<tag key="value">content</tag>`; `cls` stands for class, `_` in a key for `-`. Content is markup."""
    said = "".join(f' {_key(key)}="{_value(value)}"' for key, value in attributes.items() if value != "")
    return f"<{tag}{said}>{content}</{tag}>"


def _key(key: str) -> str:
    return "class" if key == "cls" else key.replace("_", "-")


def _value(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else short(value)


def short(value: float) -> str:
    """A coordinate, to a tenth."""
    return f"{value:.1f}".removesuffix(".0")


def plain(text: str) -> str:
    """Text made safe as content."""
    return escape(text)


def label(x: float, y: float, words: str, cls: str = "", anchor: str = "") -> str:
    """Text at a point; `anchor` is start, middle or end."""
    return element("text", escape(words), x=x, y=y, cls=cls, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, cls: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, cls=cls)


def rect(x: float, y: float, width: float, height: float, cls: str, **more: str | float) -> str:
    """A rectangle; a negative width is drawn to the left."""
    placed: dict[str, str | float] = {"x": min(x, x + width), "y": y, "width": abs(width), "height": height}
    return element("rect", **placed, cls=cls, **more)


def path(points: Sequence[Point], cls: str, *, closed: bool = False, title: str = "") -> str:
    """A line through `points`."""
    content = element("title", escape(title)) if title else ""
    return element("path", content, d=steps(points, closed=closed), cls=cls)


def steps(points: Sequence[Point], *, closed: bool = False) -> str:
    """The path data of `points`, to a tenth, without repeated points."""
    words: list[str] = []
    before = ""
    for x, y in points:
        now = f"{short(x)} {short(y)}"
        if now != before:
            words.append(("L" if words else "M") + now)
            before = now
    return "".join(words) + ("Z" if closed else "")


def drawing(width: float, height: float, content: str, said: str, cls: str = "") -> str:
    """A whole figure; `said` is what a screen reader reads."""
    box = f"0 0 {short(width)} {short(height)}"
    return element("svg", content, viewBox=box, role="img", aria_label=said, cls=cls)


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from `low` to `high`, about `about` of them; 0 alone where they are equal."""
    span = high - low
    if not span > 0 or not math.isfinite(span):
        return [0.0]
    rough = span / about
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [k * step for k in range(first, math.floor(high / step + 1e-9) + 1)]


def cut(words: str, width_px: float, character_px: float = 7.0) -> str:
    """`words`, ended by an ellipsis where they would be wider than `width_px`."""
    room = max(2, int(width_px / character_px))
    return words if len(words) <= room else words[: room - 1].rstrip() + "…"
