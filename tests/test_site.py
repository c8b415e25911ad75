"""What the building of the documents' site does not see: links to files, pages that no menu names, the API.

Its own strictness (`zensical build --strict`) is tried here, too, where the tools are installed.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

import synaspis
from synaspis import api
from tools import cases

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
TEXTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *PAGES]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
# A fence with more than a language is none to the site, but for a title.
FIRST_LINE = re.compile(r"^```(\w+(?: title=\"[^\"]+\")?)?$")
LOADED = re.compile(
    r"<(?:script|img|iframe)\b[^>]*\bsrc=\"?(https?:)?//|<link\b[^>]*rel=\"?(?:stylesheet|preconnect)[^>]*//"
)


def _nav(part: Any) -> list[str]:
    """Every page that the menu names."""
    if isinstance(part, str):
        return [part]
    inner = part.values() if isinstance(part, dict) else part
    return [page for each in inner for page in _nav(each)]


def _menu() -> list[str]:
    return _nav(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])


@pytest.mark.parametrize("path", TEXTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path: Path) -> None:
    text = FENCE.sub("", path.read_text(encoding="utf-8"))
    targets = [t for t in LINK.findall(text) if not t.startswith(("http://", "https://", "#"))]
    places = {t: (path.parent / t.partition("#")[0]).resolve() for t in targets}
    assert [t for t, place in places.items() if not place.exists()] == []
    if path in PAGES:
        assert [t for t, place in places.items() if not place.is_relative_to(DOCS)] == [], "not in the site"


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_examples_are_fenced_as_the_site_reads_them(path: Path) -> None:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("```")]
    assert [line for line in lines if not FIRST_LINE.match(line)] == []


def test_the_menu_names_every_page_once() -> None:
    """A new page goes into `nav` of mkdocs.yml; a line with its path will do, its title is taken."""
    menu, pages = _menu(), {p.relative_to(DOCS).as_posix() for p in PAGES}
    assert pages - set(menu) == set(), "not in `nav` of mkdocs.yml"
    assert sorted(menu) == sorted(pages)


def test_every_decision_is_in_its_index() -> None:
    index = set(LINK.findall((DOCS / "decisions" / "index.md").read_text(encoding="utf-8")))
    assert {p.name for p in (DOCS / "decisions").glob("*.md")} - index == {"index.md"}


def test_every_shipped_case_has_its_row_and_finding() -> None:
    """`python -m tools.cases --write` makes them; links in the table lead to pages, or fail above."""
    made = cases.INDEX.read_text(encoding="utf-8").partition(cases.START)[2].partition(cases.END)[0]
    assert made.strip() == cases.table(cases.kept_findings())


def test_every_case_page_begins_with_its_finding() -> None:
    def words(text: str) -> str:
        return " ".join(re.sub(r"^> ?", "", text, flags=re.MULTILINE).split())

    said = {name: words((DOCS / "cases" / f"{name}.md").read_text("utf-8")) for name in cases.kept_findings()}
    assert [name for name, finding in cases.kept_findings().items() if words(finding) not in said[name]] == []


def test_the_reference_has_every_public_name() -> None:
    told = re.findall(
        r"^::: synaspis\.api\.(\w+)$", (DOCS / "api.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(told) == len(set(told))
    assert set(synaspis.__all__) - set(told) == set(), "not in docs/api.md"
    assert [name for name in told if not getattr(api, name).__doc__] == []


@pytest.mark.skipif(importlib.util.find_spec("zensical") is None, reason="the extra `docs` is not installed")
def test_the_site_is_built_and_loads_nothing_from_elsewhere() -> None:
    built = subprocess.run(
        [sys.executable, "-m", "zensical", "build", "--strict"],
        cwd=ROOT, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert built.returncode == 0, built.stdout + built.stderr
    pages = sorted((ROOT / "build" / "site").rglob("*.html"))
    assert len(pages) > len(PAGES)
    assert [p.name for p in pages if LOADED.search(p.read_text(encoding="utf-8"))] == []
    sheets = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "build" / "site").rglob("*.css"))
    assert re.findall(r"@import|url\([\"']?(?:https?:)?//", sheets) == []
