"""A case without its raid: what a nation's node reads, for it must not know what is about to be fired."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import yaml

from synaspis.errors import InputError, Problem
from synaspis.files import tree
from synaspis.files.case import resolve
from synaspis.files.tree import List, Map, Node, Scalar
from synaspis.model.case import Case

LEFT_OUT: Final = (
    "raid",
    "raids_per_day",
    "weather",
    "timeline",
    "plan",
    "stability",
    "stock",
    "costs",
    "notes",
)
"""Keys of a case that tell of the raid, or that only questions asked of it need."""
_WORD, _MAPPING, _LIST = "tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"
_RESOLVER: Final = yaml.resolver.Resolver()
_HEAD: Final = "# {name}, without its raid: for the nodes of an exercise.\n"


def without_raid(case: Case) -> bytes:
    """The case file with all that tells of its raid left out, comments too, as YAML."""
    root, problems = tree.parse(case.text, case.name)
    if not isinstance(root, Map):
        raise InputError(problems)
    left = Map(root.line, root.column, depth=root.depth)
    left.pairs = {key: node for key, node in root.pairs.items() if key not in LEFT_OUT}
    left.keys = {key: root.keys[key] for key in left.pairs}
    told = yaml.serialize(_spelt(left), allow_unicode=True, width=110)
    return (_HEAD.format(name=case.name) + told).encode()


def load(path: Path) -> Case:
    """The case in a file that must hold no raid. InputError with every problem found."""
    data, problems = tree.read_bytes(path, str(path))
    if problems:
        raise InputError(problems)
    root, _ = tree.parse(data, str(path))
    if isinstance(root, Map) and "raid" in root.keys:
        where = root.keys["raid"]
        mend = "give a node the `case.yaml` that `network init` writes; only the range knows the raid"
        problems.append(Problem(str(path), where.line, where.column, "this case holds its raid", mend))
        raise InputError(problems)
    case, problems = resolve(data, str(path), raid=False)
    if case is None or problems:
        raise InputError(problems)
    return case


def _spelt(node: Node) -> yaml.Node:
    """A node for YAML's writer: plain words stay plain, all others stand in quotes."""
    if isinstance(node, Scalar):
        if not node.plain:
            return yaml.ScalarNode(_WORD, node.text, style='"')
        return yaml.ScalarNode(_RESOLVER.resolve(yaml.ScalarNode, node.text, (True, False)), node.text)
    if isinstance(node, List):
        return yaml.SequenceNode(_LIST, [_spelt(item) for item in node.items], flow_style=_short(node))
    pairs = [(_spelt(node.keys[key]), _spelt(value)) for key, value in node.pairs.items()]
    return yaml.MappingNode(_MAPPING, pairs, flow_style=_short(node))


def _short(node: List | Map) -> bool:
    """Whether it reads well on a line: a list of words, or a few words by name."""
    return node.depth <= (2 if isinstance(node, List) else 3)
