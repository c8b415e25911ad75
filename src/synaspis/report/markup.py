"""Tables, figures and keys as HTML. Text is escaped; what is markup already says so in its name."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from synaspis.report.svg import drawing, element

MOST_COLUMNS = 10
"""As many columns of numbers as stand side by side on a desk or on paper."""


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


def tables_of(
    caption: str,
    lead: Sequence[tuple[str, str]],
    names: Sequence[str],
    groups: Sequence[tuple[str, Sequence[tuple[Sequence[str], Sequence[str]]]]],
) -> str:
    """Several readings of the same names side by side, or one table each where that would be too wide.

    `lead` are the columns that say what a row is; `groups` are (what is read, rows), and a row is
    (its lead cells, one cell for each name). All groups hold the same rows. In a table of its own a reading
    leaves out what is 0 throughout: a nation neither attacked nor covered, say.
    """
    if len(lead) + len(names) * len(groups) <= MOST_COLUMNS:
        columns = [*lead, *((name, "n") for _ in groups for name in names)]
        above = [("", 1)] * len(lead) + [(what, len(names)) for what, _ in groups]
        together = zip(*(rows for _, rows in groups), strict=True)
        joined = [[*parts[0][0], *(value for _, told in parts for value in told)] for parts in together]
        return table(caption, columns, joined, groups=above)
    columns = [*lead, *((name, "n") for name in names)]
    return "".join(
        table(
            f"{caption}: {what}",
            columns,
            [[*start, *told] for start, told in rows if len(start) == 1 or {*start[1:], *told} != {"0"}],
        )
        for what, rows in groups
    )


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
