"""The economies that a catalogue knows, by nation."""

from __future__ import annotations

from synaspis.errors import InputError, Problem
from synaspis.files.catalog import Catalog
from synaspis.model.economy import Economy


def economies(have: Catalog) -> dict[str, Economy]:
    """The economy of each nation that `have` knows one of, by ISO code, sorted.

    A case's own entry replaces the one of its name. InputError where two entries are of one nation.
    """
    found: dict[str, Economy] = {}
    problems = []
    for name in have.names("economy"):
        economy = have.get(name).noun
        assert isinstance(economy, Economy)
        if economy.nation in found:
            first = found[economy.nation].name
            what = f"`{first}` and `{name}` are both economies of {economy.nation}"
            problems.append(Problem("catalog", 1, 1, what, f"call your own `{first}`: it then replaces that"))
            continue
        found[economy.nation] = economy
    if problems:
        raise InputError(problems)
    return {nation: found[nation] for nation in sorted(found)}
