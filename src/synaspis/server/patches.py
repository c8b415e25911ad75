"""Differences between documents as JSON Merge Patch: only what changed goes to a seat.

Source: RFC 7396, JSON Merge Patch, 2014. A patch is a map: a key with null goes, a map is merged, anything
else (a list too) takes the key's place. None in a map therefore stands for an absent key here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The patch that makes `after` of `before`; empty where they say the same.

    Order is that of `after`, then of what goes. Parts that are the very same object are not looked into.
    """
    patch: dict[str, Any] = {}
    for key, new in after.items():
        old = before.get(key)
        if new is old or new is None:
            continue
        if isinstance(new, Mapping):
            if isinstance(old, Mapping):
                deeper = difference(old, new)
                if deeper:
                    patch[key] = deeper
            else:
                patch[key] = without_none(new)
        elif type(new) is not type(old) or new != old:
            patch[key] = new
    for key, old in before.items():
        if old is not None and after.get(key) is None:
            patch[key] = None
    return patch


def without_none(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without keys of None, at any depth of maps: as whoever merges patches holds it."""
    return {
        key: without_none(value) if isinstance(value, Mapping) else value
        for key, value in document.items()
        if value is not None
    }


def merged(target: Any, patch: Any) -> Any:
    """`patch` applied to `target`, as RFC 7396 section 2 has it; neither is changed."""
    if not isinstance(patch, Mapping):
        return patch
    made = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), value)
    return made
