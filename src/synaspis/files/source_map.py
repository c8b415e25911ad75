"""Reads which radar of a case each source of a recording is: `25/10=kurecik,...`, or a YAML map of it."""

from __future__ import annotations

from pathlib import Path

from synaspis.errors import Problem
from synaspis.files import tree, words
from synaspis.files.arguments import say
from synaspis.files.tree import Map, Scalar

_MEND = "give each source once, with its radar, as 25/10=kurecik,25/11=deveselu, or a YAML file of such lines"


def read(problems: list[Problem], argument: str, given: str) -> dict[str, str]:
    """The map that is given, or what there is of it with all that is wrong noted."""
    if "=" not in given:
        return _file(problems, argument, Path(given))
    found: dict[str, str] = {}
    for part in given.split(","):
        source, _, name = (x.strip() for x in part.partition("="))
        if not source or not name or source in found:
            say(
                problems,
                argument,
                f"`{words.shown(part)}` names no source and its radar, or one again",
                _MEND,
            )
        found[source] = name
    return found


def _file(problems: list[Problem], argument: str, path: Path) -> dict[str, str]:
    file = str(path)
    if not path.is_file():
        say(problems, argument, f"there is no such file: `{words.shown(file)}`", _MEND)
        return {}
    data, wrong = tree.read_bytes(path, file)
    root, more = (None, wrong) if wrong else tree.parse(data, file)
    problems += more
    if root is None:
        return {}
    if not isinstance(root, Map):
        problems.append(
            Problem(file, root.line, root.column, "this is no map", "give lines as `25/10: kurecik`")
        )
        return {}
    found: dict[str, str] = {}
    for source, node in root.pairs.items():
        if isinstance(node, Scalar):
            found[source] = node.text
        else:
            problems.append(
                Problem(file, node.line, node.column, f"`{words.shown(source)}` has no name", _MEND)
            )
    return found
