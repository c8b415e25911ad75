"""What every page has: its head with one style, a header, an outline with cards, and a footer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files

from synaspis.report.svg import element

MAP_CREDIT = (
    "Shores and borders: Natural Earth, public domain, disputed areas as drawn there; "
    "no statement about any border."
)


def whole(title: str, style: str, header: str, main: str, footer: str, after: str = "") -> str:
    """One HTML file that needs nothing else: `header`, `main` and `after` are markup, the rest is text.

    `style` goes behind that of every page; `after` the footer, as scripts do.
    """
    css = files("synaspis.report").joinpath("page.css").read_text(encoding="utf-8") + style
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        + element("title", escape(f"{title} – Synaspis"))
        + element("style", css)
    )
    body = element("header", header) + element("main", main) + element("footer", escape(footer)) + after
    return f'<!doctype html>\n<html lang="en"><head>{head}</head>\n<body>{body}</body></html>\n'


def heading(over: str, headline: str, condition: str = "") -> str:
    """The inside of a header: what the page is of, its finding, and on what that rests."""
    said = element("p", escape(over), cls="over") + element("h1", escape(headline))
    return said + element("p", escape(condition), cls="condition") if condition else said


def outline(lede: str, cards: str, meaning: str) -> str:
    """The answer in a paragraph, in `cards` (markup), and what its figures mean."""
    return element(
        "div",
        element("p", escape(lede), cls="lede")
        + element("div", cards, cls="cards")
        + element("p", escape(meaning), cls="small meaning"),
        cls="outline",
    )


def card(
    name: str, title: str, big: str, lines: Sequence[tuple[str, str]], tone: str, small: str = ""
) -> str:
    """One figure that matters, `small` words below it, and a few lines of others.

    Its name is a heading next to the page's, so that none is skipped.
    """
    inside = (
        element("h2", escape(name))
        + element("p", escape(title), cls="title")
        + element("div", escape(big), cls="big")
        + (element("div", escape(small), cls="small") if small else "")
        + element("dl", facts(lines))
    )
    return element("article", inside, cls=f"card {tone}")


def facts(lines: Sequence[tuple[str, str]]) -> str:
    """The inside of a list of names and values."""
    return "".join(element("dt", escape(k)) + element("dd", escape(v)) for k, v in lines)
