"""Changes to the text of a YAML file that leave the rest of it as it was written.

Each change is made to the tree and to the text. Where the text then does not spell what the tree holds (an
alias that stands for several places, an unusual layout), the tree is written out anew: comments are lost, and
nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import yaml

from synaspis.files import tree
from synaspis.files.tree import List, Map, Node, Scalar

Path = tuple[str | int, ...]
LEFT_OUT = "# left out:"
_WIDTH = 110


@dataclass(frozen=True)
class Put:
    """Give a mapping's key another value, or give it that key."""

    path: Path
    key: str
    value: Node


@dataclass(frozen=True)
class Write:
    """Put something else in the place of a list's item."""

    path: Path
    value: Node


@dataclass(frozen=True)
class Drop:
    """Take an item out of its list."""

    path: Path


Step = Put | Write | Drop


def changed(text: str, root: Node, steps: list[Step]) -> tuple[str, Node, bool]:
    """`text` and `root`, its tree, after `steps`; and whether the text kept its layout.

    What is dropped goes last, from behind, so that paths are those of the tree as given.
    """
    drops = [s for s in steps if isinstance(s, Drop)]
    ordered: list[Step] = [s for s in steps if not isinstance(s, Drop)]
    ordered += sorted(drops, key=lambda s: -int(s.path[-1]))
    made = copied(root)
    told: str | None = text
    for step in ordered:
        _in_tree(made, step)
        told = None if told is None else _in_text(told, step)
    if told is not None:
        read, problems = tree.parse(told.encode(), "")
        if read is not None and not problems and same(read, made):
            return told, made, True
    return emitted(made), made, False


def at(root: Node, path: Path) -> Node | None:
    """The node at `path`, None where there is none."""
    node: Node | None = root
    for step in path:
        if isinstance(node, Map) and isinstance(step, str):
            node = node.pairs.get(step)
        elif isinstance(node, List) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            return None
    return node


def copied(node: Node) -> Node:
    """A tree of its own, in which no node stands in two places."""
    if isinstance(node, Scalar):
        return Scalar(node.text, node.plain, node.line, node.column)
    if isinstance(node, List):
        return List(node.line, node.column, [copied(n) for n in node.items])
    made = Map(node.line, node.column)
    made.pairs = {key: copied(n) for key, n in node.pairs.items()}
    made.keys = dict(node.keys)
    return made


def same(one: Node, other: Node) -> bool:
    """Whether two trees say the same, wherever they stand; a list of nothing may be left empty."""
    if _empty(one) or _empty(other):
        return _empty(one) and _empty(other)
    if isinstance(one, Scalar) and isinstance(other, Scalar):
        return (one.text, one.plain) == (other.text, other.plain)
    if isinstance(one, List) and isinstance(other, List):
        return len(one.items) == len(other.items) and all(map(same, one.items, other.items))
    if isinstance(one, Map) and isinstance(other, Map):
        return one.pairs.keys() == other.pairs.keys() and all(
            same(n, other.pairs[k]) for k, n in one.pairs.items()
        )
    return False


def _empty(node: Node) -> bool:
    return node.is_null if isinstance(node, Scalar) else isinstance(node, List) and not node.items


def _in_tree(root: Node, step: Step) -> None:
    if isinstance(step, Put):
        held = at(root, step.path)
        assert isinstance(held, Map)
        held.keys.setdefault(step.key, Scalar(step.key, True, held.line, held.column))
        held.pairs[step.key] = step.value
        return
    held = at(root, step.path[:-1])
    last = step.path[-1]
    assert isinstance(held, List) and isinstance(last, int)
    if isinstance(step, Write):
        held.items[last] = step.value
    else:
        del held.items[last]


def _in_text(text: str, step: Step) -> str | None:
    """`text` after `step`; None where its layout leaves no plain way."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(text, Loader=loader)
    except yaml.YAMLError:  # an earlier step tore it
        return None
    spot: Any = root
    for name in step.path if isinstance(step, Put) else step.path[:-1]:
        spot = _inside(spot, name)
    if isinstance(step, Put):
        return _put(text, spot, step) if isinstance(spot, yaml.MappingNode) else None
    index = int(step.path[-1])
    if not isinstance(spot, yaml.SequenceNode) or index >= len(spot.value):
        return None
    if isinstance(step, Drop):
        return _cut(text, spot, index) if spot.flow_style else _silenced(text, spot.value[index])
    start, end = _span(text, spot.value[index])
    column = start - (text.rfind("\n", 0, start) + 1)
    lines = emitted(step.value, flow=bool(spot.flow_style)).rstrip("\n").split("\n")
    return text[:start] + ("\n" + " " * column).join(lines) + text[end:]


def _inside(spot: Any, name: str | int) -> Any:
    if isinstance(spot, yaml.MappingNode):
        return next((value for key, value in spot.value if key.value == name), None)
    if isinstance(spot, yaml.SequenceNode) and isinstance(name, int) and name < len(spot.value):
        return spot.value[name]
    return None


def _span(text: str, spot: Any) -> tuple[int, int]:
    """Where a node's own text begins and ends: a block ends with the last thing in it."""
    start, last = spot.start_mark.index, spot
    while last.id != "scalar" and not last.flow_style and last.value:
        last = last.value[-1][1] if last.id == "mapping" else last.value[-1]
    end = last.end_mark.index
    return start, start + len(text[start:end].rstrip())


def _put(text: str, spot: Any, step: Put) -> str | None:
    told = emitted(step.value, flow=True).strip()
    old = _inside(spot, step.key)
    if old is not None:
        start, end = _span(text, old)
        return text[:start] + told + text[end:]
    if not spot.value:
        return None
    if spot.flow_style:
        _, end = _span(text, spot.value[-1][1])
        return text[:end] + f", {step.key}: {told}" + text[end:]
    first = spot.value[0][0].start_mark.index
    _, end = _span(text, spot.value[0][1])
    line = text.find("\n", end)
    line = len(text) if line < 0 else line
    rest = text[end:line].strip()
    if rest and not rest.startswith("#"):
        return None
    column = first - (text.rfind("\n", 0, first) + 1)
    return text[:line] + f"\n{' ' * column}{step.key}: {told}" + text[line:]


def _cut(text: str, spot: Any, index: int) -> str:
    """A flow list without one of its items, and without the comma that went with it."""
    spans = [_span(text, item) for item in spot.value]
    start, end = spans[index]
    if index + 1 < len(spans):
        end = spans[index + 1][0]
    elif index:
        start = spans[index - 1][1]
    return text[:start] + text[end:]


def _silenced(text: str, item: Any) -> str | None:
    """A block list with one of its items made a comment; None where it shares a line with something else."""
    start, end = _span(text, item)
    begins = text.rfind("\n", 0, start) + 1
    ends = text.find("\n", end)
    ends = len(text) if ends < 0 else ends
    before, rest = text[begins:start], text[end:ends].strip()
    if before.strip() != "-" or (rest and not rest.startswith("#")):
        return None
    margin = before[: before.index("-")]
    lines = [margin + LEFT_OUT] + [
        f"{margin}# {line.removeprefix(margin)}" for line in text[begins:ends].split("\n")
    ]
    return text[:begins] + "\n".join(lines) + text[ends:]


def emitted(node: Node, flow: bool = False) -> str:
    """The YAML text of a tree, in block style or on as few lines as there must be."""
    events = [yaml.StreamStartEvent(), yaml.DocumentStartEvent(explicit=False)]
    events += _events(node, flow)
    events += [yaml.DocumentEndEvent(explicit=False), yaml.StreamEndEvent()]
    told: str = yaml.emit(events, width=10**6 if flow else _WIDTH, allow_unicode=True)
    return told.removesuffix("...\n")


def _events(node: Node, flow: bool) -> list[Any]:
    if isinstance(node, Scalar):
        style = None if node.plain else '"'
        return [yaml.ScalarEvent(None, None, (node.plain, True), node.text, style=style)]
    if isinstance(node, List):
        short = flow or all(isinstance(n, Scalar) for n in node.items)
        inside = [e for n in node.items for e in _events(n, flow)]
        return [yaml.SequenceStartEvent(None, None, True, flow_style=short), *inside, yaml.SequenceEndEvent()]
    inside = [e for k, n in node.pairs.items() for e in (*_events(node.keys[k], flow), *_events(n, flow))]
    return [yaml.MappingStartEvent(None, None, True, flow_style=flow), *inside, yaml.MappingEndEvent()]
