"""Files that a case takes in: tables of its lists, and ephemerides of its satellites.

`assets: {csv: cities.csv}` stands for the rows of that file, `oem: satellite.oem` for its text. They are
taken in before the case is read, so that all is checked alike and each problem is said where it stands. The
case goes on with their contents written into it: what holds a case, as a run's folder, needs nothing beside.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from synaspis.errors import Problem
from synaspis.files import spans, tree, words
from synaspis.files.csv_rows import rows as csv_rows
from synaspis.files.geojson_rows import rows as geojson_rows
from synaspis.files.spans import Put
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.cost import Charge
from synaspis.model.nation import Asset
from synaspis.model.threat import LaunchArea

TABLES: Final[Mapping[str, tuple[type, tuple[str, ...]]]] = {
    "assets": (Asset, ("csv", "geojson")),
    "launch_areas": (LaunchArea, ("csv", "geojson")),
    "costs": (Charge, ("csv",)),
}
"""The lists of a case that files may give, what a row of each is, and the kinds of file."""
_READERS: Final[Mapping[str, Callable[[str, str, type, list[Problem]], list[Node] | None]]] = {
    "csv": csv_rows, "geojson": geojson_rows,
}  # fmt: skip
MOST_FILES: Final = 1_000


@dataclass
class _Taking:
    """A case on its way to stand alone."""

    file: str
    folder: Path | None
    problems: list[Problem]
    steps: list[Put]
    files: int = 0
    broken: bool = False
    """Whether a list could not be had, so that no more can be said of the case."""

    def say(self, node: Node, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, node.line, node.column, what, mend))


def take_in(root: Node, data: bytes, file: str, folder: Path | None) -> tuple[bytes | None, list[Problem]]:
    """Put what `root` names in its place, and return the case's text with it, and what is wrong.

    No text where a list of the case could not be had: no more can then be said of it.

    `data` is the text that `root` was read from, `folder` the one that it stands in; None where it stands in
    none, so that nothing is beside it.
    """
    taking = _Taking(file, folder, [], [])
    if not isinstance(root, Map):
        return data, []
    for key in TABLES:
        _list(taking, root, key)
    sensors = root.pairs.get("sensors")
    for i, sensor in enumerate(sensors.items if isinstance(sensors, List) else ()):
        told = sensor.pairs.get("oem") if isinstance(sensor, Map) else None
        if isinstance(sensor, Map) and isinstance(told, Scalar) and "\n" not in told.text and told.text:
            _ephemeris(taking, sensor, told, i)
    if not taking.steps or taking.problems:
        return None if taking.broken else data, taking.problems
    whole, _ = tree.parse(data, file)
    assert whole is not None
    made = spans.changed(tree.decoded(data), whole, list(taking.steps))[0].encode()
    if len(made) > tree.MAX_BYTES:
        what = f"with the files that it names the case has {len(made):,} bytes"
        taking.say(root, what, f"keep it within {tree.MAX_BYTES:,}: leave out what it does not use")
    return made, taking.problems


def _list(taking: _Taking, root: Map, key: str) -> None:
    """A list that is one file, or has files among its items."""
    node = root.pairs.get(key)
    items = node.items if isinstance(node, List) else [node] if isinstance(node, Map) else []
    if not any(_named(item) for item in items):
        return
    assert node is not None
    found: list[Node] = []
    for item in items:
        found += _rows(taking, item, key) if isinstance(item, Map) and _named(item) else [item]
    made = List(node.line, node.column, found)
    root.pairs[key] = made
    taking.steps.append(Put((), key, made))


def _named(item: Node | None) -> bool:
    return isinstance(item, Map) and any(kind in item.pairs for kind in _READERS)


def _rows(taking: _Taking, item: Map, key: str) -> list[Node]:
    noun, kinds = TABLES[key]
    kind = next(k for k in _READERS if k in item.pairs)
    for other, where in item.keys.items():
        if other != kind:
            taking.say(where, f"`{words.shown(other)}` stands beside `{kind}`", "give the file alone")
    if kind not in kinds:
        taking.say(item.keys[kind], f"`{key}` is not read from {kind}", "give " + " or ".join(kinds))
        taking.broken = True
        return []
    text, name = _text(taking, item.pairs[kind], kind)
    found = None if text is None else _READERS[kind](text, name, noun, taking.problems)
    taking.broken = taking.broken or found is None
    return found or []


def _ephemeris(taking: _Taking, sensor: Map, told: Scalar, i: int) -> None:
    text, name = _text(taking, told, "oem")
    if text is not None:
        made = Scalar(text, False, 1, 1, file=name)
        sensor.pairs["oem"] = made
        taking.steps.append(Put(("sensors", i), "oem", made))


def _text(taking: _Taking, node: Node, kind: str) -> tuple[str | None, str]:
    """The file's text and what messages call it; None where it cannot be had."""
    if not isinstance(node, Scalar) or not node.text.strip():
        taking.say(node, f"`{kind}` names no file", "give the name of a file beside the case")
        return None, ""
    taking.files += 1
    if taking.files > MOST_FILES:
        if taking.files == MOST_FILES + 1:
            taking.say(node, f"the case names more than {MOST_FILES:,} files", "put them together")
        return None, ""
    path = _beside(taking, node)
    if path is None or taking.folder is None:
        return None, ""
    name = str(taking.folder / node.text)
    data, problems = tree.read_bytes(path, name)
    if problems:
        taking.say(node, f"`{words.shown(node.text)}`: {problems[0].what}", "give a file beside the case")
        return None, ""
    text, wrong = tree.text_of(data, name)
    taking.problems += wrong
    return text, name


def _beside(taking: _Taking, node: Scalar) -> Path | None:
    """Where the file is: in the case's own folder or below, links followed."""
    if taking.folder is None:
        what = f"`{words.shown(node.text)}` is a file beside the case, which stands in no folder"
        taking.say(node, what, "write its contents into the case, or give the case by its path")
        return None
    try:
        home = taking.folder.resolve()
        path = (home / node.text).resolve()
    except (OSError, ValueError, RuntimeError):
        taking.say(node, f"`{words.shown(node.text)}` is no file's name", "give a file beside the case")
        return None
    if Path(node.text).is_absolute() or not path.is_relative_to(home):
        what = f"`{words.shown(node.text)}` leads out of the case's folder"
        taking.say(node, what, "put a copy beside the case, and name that")
        return None
    return path


def schema(listed: Mapping[str, Any], key: str) -> dict[str, Any]:
    """`listed`, the JSON Schema of a list of `TABLES`, with what a file may stand for in it."""
    kinds = TABLES[key][1]
    files = [
        {
            "type": "object", "additionalProperties": False, "required": [kind],
            "properties": {kind: {"type": "string", "minLength": 1, "description": _SAID[kind]}},
        } for kind in kinds
    ]  # fmt: skip
    kept = {k: v for k, v in listed.items() if k != "description"}
    either = {**kept, "items": {"anyOf": [kept["items"], *files]}}
    return {"anyOf": [either, *files], "description": listed["description"]}


_SAID: Final = {
    "csv": "a CSV file beside the case, its columns named as the keys here",
    "geojson": "a GeoJSON file (RFC 7946) beside the case, its properties named as the keys here",
}
