"""How a command gives its answer: one JSON document, or words; and a picture where one is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from synaspis.errors import Problem

if TYPE_CHECKING:
    from rich.console import Console

Answer = TypeVar("Answer")
REPORT: Mapping[str, str] = MappingProxyType({"Report": "report.html"})


def print_json(document: Mapping[str, Any]) -> None:
    """The document on standard output, alone there."""
    print(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False))


def picture_problems(out: Path | None, endings: Sequence[str]) -> list[Problem]:
    """What is wrong with `out` as the file of a picture: the first of its problems, or none."""
    if out is None:
        return []
    if out.is_dir():
        return [Problem("--out", 0, 0, f"`{out}` is a folder", f"name a file, such as flight{endings[-1]}")]
    if out.suffix.lower() not in endings:
        return [
            Problem(
                "--out",
                0,
                0,
                f"`{out.name}` says no kind of picture that is drawn here",
                f"end it in {' or '.join(endings)}",
            )
        ]
    if not out.parent.is_dir():
        return [
            Problem("--out", 0, 0, f"there is no folder `{out.parent}`", "make it first, or give another")
        ]
    return []


def give(
    document: Mapping[str, Any],
    render: Callable[[Console], None],
    picture: Callable[[str], str],
    out: Path | None,
    as_json: bool,
) -> None:
    """Write `picture(ending)` to `out` where one is named, and print the document or the words."""
    if out is not None:
        from synaspis.files.whole import write_whole

        write_whole(out, picture(out.suffix.lower()))
    if as_json:
        print_json(document)
        return
    from rich.console import Console

    console = Console(highlight=False)
    render(console)
    if out is not None:
        console.print(f"Picture: {out}", markup=False, soft_wrap=True)


def give_folder(
    answer: Answer,
    document: Callable[[Answer], Mapping[str, Any]],
    render: Callable[[Answer, Console], None],
    folder: Path,
    as_json: bool,
    pages: Mapping[str, str] = REPORT,
) -> None:
    """Print the document, or the words and where in the written `folder` each of `pages` is (name: file)."""
    if as_json:
        print_json(document(answer))
        return
    from rich.console import Console

    console = Console(highlight=False)
    render(answer, console)
    for name, file in pages.items():
        console.print(f"{name}: {folder / file}", markup=False, soft_wrap=True)
