"""YAML as a small tree of marked nodes. The bytes are hostile until checked.

The tree is built from parser events, so a limit stops the work as soon as it is passed: no node
is made beyond it and nothing recurses on the input. Scalars stay text; the reader, which knows
what each place should hold, decides what the text means.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from synaspis.errors import Problem

MAX_BYTES = 2_000_000
MAX_DEPTH = 32
MAX_NODES = 200_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# YAML 1.2 section 5.1: the characters that a stream may hold.
_UNPRINTABLE = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Characters that a terminal or page obeys instead of showing: escapes, turns of the direction of writing.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_NUMBER_LIKE = re.compile(r"[-+]?\.?[0-9][0-9_.]*([eE][-+]?[0-9]+)?$")
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))


@dataclass(slots=True, eq=False)
class Scalar:
    """A word or number as written; `plain` where it stands without quotes.

    `file` of any node is where it stands if that is not the file that is read: one taken in by it.
    """

    text: str
    plain: bool
    line: int
    column: int
    size: int = 1
    depth: int = 1
    file: str = ""

    @property
    def is_null(self) -> bool:
        return self.plain and self.text in _NULLS


@dataclass(slots=True, eq=False)
class List:
    """A list of nodes."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)
    size: int = 1
    depth: int = 1
    file: str = ""


@dataclass(slots=True, eq=False)
class Map:
    """A mapping; `keys` holds where each key stands."""

    line: int
    column: int
    pairs: dict[str, Node] = field(default_factory=dict)
    keys: dict[str, Scalar] = field(default_factory=dict)
    size: int = 1
    depth: int = 1
    file: str = ""


Node = Scalar | List | Map


class _Stop(Exception):
    """The file cannot be read any further; carries the last problem."""

    def __init__(self, line: int, column: int, what: str, mend: str) -> None:
        self.problem = (line, column, what, mend)


def read_bytes(path: Path, file: str) -> tuple[bytes, list[Problem]]:
    """The bytes of `path`, at most `MAX_BYTES`; problems where it cannot be read."""

    def refuse(what: str, mend: str) -> tuple[bytes, list[Problem]]:
        return b"", [Problem(file, 1, 1, what, mend)]

    try:
        if not path.exists():
            return refuse(
                "there is no such file", "give the path of a case file, or the name of a shipped case"
            )
        if not path.is_file():
            return refuse("this is not a file", "give the path of a YAML file")
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return refuse(f"the file cannot be read: {reason}", "check the path and its permissions")
    if len(data) > MAX_BYTES:
        return refuse(
            f"the file is larger than {MAX_BYTES:,} bytes", "split it or leave out what the case does not use"
        )
    return data, []


def parse(data: bytes, file: str) -> tuple[Node | None, list[Problem]]:
    """The tree in `data` and the problems found; no tree where it cannot be built."""
    problems: list[Problem] = []
    builder = _Builder(file, problems)
    try:
        root = builder.build(decoded(data))
    except _Stop as stop:
        problems.append(Problem(file, *stop.problem))
        return None, problems
    return root, problems


def decoded(data: bytes) -> str:
    """The text that `parse` reads. It stops where there is none, as it does in `parse`."""
    if len(data) > MAX_BYTES:
        raise _Stop(
            1, 1, f"the file is larger than {MAX_BYTES:,} bytes", "leave out what the case does not use"
        )
    try:
        # One spelling for each letter, so that names that look alike are alike.
        text = unicodedata.normalize("NFC", data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line, column = _place(data[: error.start].decode("utf-8", "replace"))
        raise _Stop(line, column, "this is not UTF-8 text", "save the file as UTF-8") from None
    strange = _UNPRINTABLE.search(text)
    if strange:
        line, column = _place(text[: strange.start()])
        what = f"character U+{ord(strange.group()):04X} is not text"
        raise _Stop(line, column, what, "this looks like a binary file: give a YAML text file")
    return text


def text_of(data: bytes, file: str) -> tuple[str | None, list[Problem]]:
    """The text of a file that is no YAML, every character of which may be shown; None where it is none."""
    try:
        text = decoded(data)
    except _Stop as stop:
        return None, [Problem(file, *stop.problem)]
    text = text.replace("\r\n", "\n")
    strange = _CONTROL.search(text)
    if strange:
        what = f"the text holds the control character U+{ord(strange.group()):04X}"
        return None, [Problem(file, *_place(text[: strange.start()]), what, "take it out")]
    return text, []


def _place(before: str) -> tuple[int, int]:
    return before.count("\n") + 1, len(before) - before.rfind("\n")


class _Builder:
    """Builds one tree from parser events, counting as it goes."""

    def __init__(self, file: str, problems: list[Problem]) -> None:
        self.file = file
        self.problems = problems
        self.root: Node | None = None
        self.documents = 0
        self.total = 0
        self.anchors: dict[str, Node] = {}
        self.open: list[List | Map] = []
        self.names: list[str | None] = []
        self.waiting: list[Scalar | None] = []

    def say(self, line: int, column: int, what: str, mend: str) -> None:
        self.problems.append(Problem(self.file, line, column, what, mend))

    def build(self, text: str) -> Node:
        try:
            for event in yaml.parse(text, Loader=_LOADER):
                if self.documents > 1:
                    break
                self._take(event)
        except yaml.YAMLError as error:
            raise _syntax(error, text) from None
        if self.root is None or (isinstance(self.root, Scalar) and self.root.is_null):
            raise _Stop(1, 1, "the file is empty", "see the shipped cases for an example to start from")
        return self.root

    def _take(self, event: yaml.Event) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._scalar(event)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._start(event)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self._end()
        elif kind is yaml.AliasEvent:
            self._alias(event)
        elif kind is yaml.DocumentStartEvent:
            self._document(event)

    def _document(self, event: Any) -> None:
        self.documents += 1
        self.anchors.clear()
        if self.documents > 1:
            mark = event.start_mark
            self.say(
                mark.line + 1, mark.column + 1, "a second document starts here", "keep one case in one file"
            )

    def _count(self, nodes: int, depth: int, line: int, column: int, alias: bool = False) -> None:
        self.total += nodes
        if self.total > MAX_NODES:
            cause = "its aliases expand to more" if alias else "the file holds more"
            raise _Stop(
                line, column, f"{cause} than {MAX_NODES:,} values", "a case needs a few thousand at most"
            )
        if depth > MAX_DEPTH:
            raise _Stop(line, column, f"nested deeper than {MAX_DEPTH} levels", "a case needs six levels")

    def _tag(self, event: Any, line: int, column: int) -> None:
        if event.tag is not None:
            self.say(line, column, f"the tag `{event.tag}` is not used here", "leave the tag out")

    def _scalar(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        self._count(1, len(self.open), line, column)
        self._tag(event, line, column)
        node = Scalar(event.value, not event.style, line, column)
        strange = _CONTROL.search(node.text)
        if strange:
            what = f"the text holds the control character U+{ord(strange.group()):04X}"
            self.say(line, column, what, "take it out")
            node.text = _CONTROL.sub("", node.text)
        self._put(node, event.anchor)

    def _start(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        self._count(1, len(self.open) + 1, line, column)
        self._tag(event, line, column)
        node: List | Map = Map(line, column) if type(event) is yaml.MappingStartEvent else List(line, column)
        self.open.append(node)
        self.names.append(event.anchor)
        self.waiting.append(None)

    def _end(self) -> None:
        node = self.open.pop()
        self.waiting.pop()
        self._put(node, self.names.pop())

    def _alias(self, event: Any) -> None:
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        target = self.anchors.get(event.anchor)
        if target is None:
            inside = event.anchor in self.names
            what = f"the alias `*{event.anchor}` " + (
                "stands inside itself" if inside else "has no anchor before it"
            )
            raise _Stop(line, column, what, "write the value out")
        self._count(target.size, len(self.open) + target.depth - 1, line, column, alias=True)
        self._put(target, None)

    def _put(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        parent = self.open[-1]
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)
        if isinstance(parent, List):
            parent.items.append(node)
        elif self.waiting[-1] is None:
            self.waiting[-1] = self._key(node)
        else:
            key, self.waiting[-1] = self.waiting[-1], None
            self._pair(parent, key, node)

    def _key(self, node: Node) -> Scalar:
        if not isinstance(node, Scalar):
            self.say(
                node.line, node.column, "a key must be a word", "a `{` or `[` too many, or a missing quote?"
            )
            return Scalar("", True, node.line, node.column)
        if node.is_null:
            self.say(node.line, node.column, "a key is missing before the colon", "write the key")
            return Scalar("", True, node.line, node.column)
        if node.plain and _NUMBER_LIKE.match(node.text):
            self.say(
                node.line, node.column, f"the key {node.text} is a number", "keys are words; put it in quotes"
            )
            return Scalar("", True, node.line, node.column)
        if node.plain and node.text == "<<":
            self.say(node.line, node.column, "merge keys are not read", "write the keys out")
            return Scalar("", True, node.line, node.column)
        return node

    def _pair(self, parent: Map, key: Scalar, node: Node) -> None:
        if key.text == "" and key.plain:  # already reported
            return
        first = parent.keys.get(key.text)
        if first is not None:
            what = f"the key `{key.text}` is given twice"
            self.say(key.line, key.column, what, f"keep one; the first is on line {first.line}")
            return
        parent.keys[key.text] = key
        parent.pairs[key.text] = node


def _syntax(error: yaml.YAMLError, text: str) -> _Stop:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    if mark is None:
        return _Stop(1, 1, f"this is not YAML: {reason}", "check quotes, brackets and colons")
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    if "\t" in line[: mark.column + 1]:
        column = line.index("\t") + 1
        return _Stop(mark.line + 1, column, "a tab stands where YAML wants spaces", "indent with spaces")
    context = getattr(error, "context", None)
    start = getattr(error, "context_mark", None)
    about = f" ({context} on line {start.line + 1})" if context and start is not None else ""
    mend = "check quotes, brackets, colons and indentation here and on the line before"
    return _Stop(mark.line + 1, mark.column + 1, f"this is not YAML: {reason}{about}", mend)
