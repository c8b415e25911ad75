"""Tables, figures and keys as HTML. Text is escaped; what is markup already says so in its name."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from synaspis.report.svg import drawing, element


class Markup(str):
    """Text that is markup already and is not escaped again."""

    __slots__ = ()


def cell(value: str) -> str:
    """Text escaped, markup as it is."""
    return value if isinstance(value, Markup) else escape(value)


def table(
    caption: str,
    columns: Sequence[tuple[str, str]],
    rows: Sequence[Sequence[str]],
    tones: Sequence[str] = (),
    groups: Sequence[tuple[str, int]] = (),
) -> str:
    """A table; columns are (heading, kind): `n` number, `t` text that needs room, `c` unbroken, `` plain.

    `groups` are (heading, columns it spans), left to right, for a second row of headings above.
    """
    head = "".join(element("th", escape(name), cls=kind, scope="col") for name, kind in columns)
    above = "".join(
        element("th", escape(name), cls="g", colspan=span, scope="colgroup") for name, span in groups
    )
    above = element("tr", above) if above else ""
    body = []
    for i, row in enumerate(rows):
        cells = (element("td", cell(value), cls=kind) for value, (_, kind) in zip(row, columns, strict=True))
        body.append(element("tr", "".join(cells), cls=tones[i] if tones else ""))
    inside = element("caption", escape(caption)) if caption else ""
    inside += element("thead", above + element("tr", head)) + element("tbody", "".join(body))
    return element("div", element("table", inside), cls="scroll", tabindex="0")


def figure(title: str, markup: str, note: str = "", key: str = "") -> str:
    """A figure whose title is its finding (empty where the section's title says it)."""
    caption = element("figcaption", escape(note)) if note else ""
    return element("figure", (element("h3", escape(title)) if title else "") + key + markup + caption)


def section(topic: str, title: str, markup: str) -> str:
    """A part of the page: its topic in a word or two, its finding, its content."""
    return element("section", element("p", escape(topic), cls="over") + element("h2", escape(title)) + markup)


def flag(words: str, cls: str = "") -> Markup:
    """A small label."""
    return Markup(element("span", escape(words), cls=f"flag {cls}".strip()))


def key(items: Sequence[tuple[str, str]]) -> str:
    """What marks mean: (shape markup in 22 by 14, words)."""
    said = (element("li", drawing(22, 14, shape, "") + escape(words)) for shape, words in items)
    return element("ul", "".join(said), cls="key")
