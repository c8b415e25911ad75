"""Cases that are based on a shipped one: `based_on` names it, and the file says only what is otherwise.

Such a file is spelt out as a case of its own before it is read, so that all that follows knows no bases. Of a
list of things with names those that the file names take the keys that it gives; any other key takes the place
of the base's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from synaspis.errors import Problem
from synaspis.files import spans, tree, words
from synaspis.files.reader import Reader
from synaspis.files.spans import Put, Step
from synaspis.files.tree import List, Map, Node, Scalar

KEY = "based_on"
NAMED = ("sensors", "batteries", "assets", "launch_areas", "agreements", "regimes")
"""Lists whose things have names and are changed one by one."""
MOST_CHANGES = 200
"""A file that changes more is a case of its own; each change is made in the text, which takes time."""
Place = tuple[str, int, int]


@dataclass(frozen=True)
class Spelt:
    """A case spelt out, and where each line and column of it was written."""

    data: bytes
    places: dict[tuple[int, int], Place]
    base: Place

    def moved(self, problem: Problem) -> Problem:
        """The problem where it was written; at `based_on` where nobody wrote the place.

        One in a file that the case takes in stands there.
        """
        if problem.file != self.base[0]:
            return problem
        at = self.places.get((problem.line, problem.column), self.base)
        return Problem(*at, problem.what, problem.mend)


def is_based(root: Node | None) -> bool:
    """Whether a file says on which case it is based."""
    return isinstance(root, Map) and KEY in root.pairs


def spelt(
    root: Node,
    file: str,
    data: bytes,
    read: Callable[[str], tuple[bytes, str] | None],
    names: tuple[str, ...],
) -> tuple[Spelt | None, list[Problem]]:
    """The case that `root` (read from `data`) spells with its base, or all that is wrong with basing it.

    `read` gives the bytes of a shipped case and what messages call it, `names` are those that ship.
    """
    assert isinstance(root, Map)
    reader = Reader(file)
    named = root.pairs[KEY]
    name = named.text if isinstance(named, Scalar) else ""
    found = read(name) if name in names else None
    if found is None:
        reader.say(named, f"no case `{words.shown(name)}` ships", words.suggest(name, names))
        return None, reader.problems
    whole, called = found
    base, problems = tree.parse(whole, called)
    if not isinstance(base, Map):
        return None, problems
    if is_based(base):
        reader.say(named, f"`{name}` is itself based on a case", "name the case that it is based on")
        return None, reader.problems
    steps, keys = _steps(reader, root, base)
    if reader.problems:
        return None, reader.problems
    text, made, _ = spans.changed(tree.decoded(whole), base, steps)
    head = _head(tree.decoded(data), name)
    out = (head + text).encode()
    spelt_out, problems = tree.parse(out, file)
    if spelt_out is None:
        return None, problems
    places: dict[tuple[int, int], Place] = {}
    _place(made, spelt_out, keys, (called, file), places)
    return Spelt(out, places, (file, named.line, named.column)), []


def _steps(reader: Reader, root: Map, base: Map) -> tuple[list[Step], dict[int, Scalar]]:
    """What to do to the base, and the key of each value that the file puts there, by the value's id."""
    steps: list[Step] = []
    keys: dict[int, Scalar] = {}

    def put(path: tuple[str | int, ...], held: Map, key: str) -> None:
        steps.append(Put(path, key, held.pairs[key]))
        keys[id(held.pairs[key])] = held.keys[key]

    for key, node in root.pairs.items():
        listed = base.pairs.get(key)
        if key in NAMED and isinstance(listed, List) and isinstance(node, List):
            for item, index in _matched(reader, key, node, listed):
                for name in item.pairs:
                    if name != "name":
                        put((key, index), item, name)
        elif key != KEY:
            put((), root, key)
    if len(steps) > MOST_CHANGES:
        what = f"more than {MOST_CHANGES} things are otherwise than in the base"
        reader.say(root, what, "write a case of its own")
    return steps, keys


def _matched(reader: Reader, key: str, given: List, listed: List) -> Iterator[tuple[Map, int]]:
    """Each of the file's things with the place of the base's of that name."""
    places = {n: i for i, item in enumerate(listed.items) if (n := _name(item))}
    said: set[str] = set()
    for item in given.items:
        name = _name(item)
        if not isinstance(item, Map) or name not in places:
            what = f"the base has no `{words.shown(name)}` among its {key}" if name else "this has no `name`"
            reader.say(item, what, words.suggest(name, tuple(places)))
        elif name in said:
            reader.say(item, f"`{words.shown(name)}` stands here twice", "say all of it once")
        else:
            said.add(name)
            yield item, places[name]


def _name(item: Node) -> str:
    """What an item is called; an agreement taken from the catalogue may go by that name."""
    if not isinstance(item, Map):
        return ""
    node = item.pairs.get("name", item.pairs.get("from"))
    return node.text if isinstance(node, Scalar) else ""


def _head(text: str, name: str) -> str:
    """The comment at the top of a file, and that what follows is spelt out."""
    top = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        top.append(line)
    return "\n".join([*top, f"# Spelt out from its base, {name}, whose own head follows.", "#", ""])


def _place(
    made: Node,
    read: Node,
    keys: dict[int, Scalar],
    files: tuple[str, str],
    places: dict[tuple[int, int], Place],
) -> None:
    """Where each node was written: both trees have the same shape.

    `files` are the base and the file; what stands at one of `keys` is the file's, with all that is in it.
    """
    places.setdefault((read.line, read.column), (files[0], made.line, made.column))
    if isinstance(made, List) and isinstance(read, List):
        for one, other in zip(made.items, read.items, strict=False):
            _place(one, other, keys, files, places)
    elif isinstance(made, Map) and isinstance(read, Map):
        for key, one in made.pairs.items():
            if key not in read.pairs:
                continue
            at, own = read.keys[key], keys.get(id(one))
            wrote, owners = (own, (files[1], files[1])) if own else (made.keys[key], files)
            places.setdefault((at.line, at.column), (owners[0], wrote.line, wrote.column))
            _place(one, read.pairs[key], keys, owners, places)
