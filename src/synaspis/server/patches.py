"""Differences between documents as JSON Merge Patch: only what changed goes to a seat.

Source: RFC 7396, JSON Merge Patch, 2014. A patch is a map: a key with null goes, a map is merged, anything
else (a list too) takes the key's place. None in a map therefore stands for an absent key here.
"""

from __future__ import annotations

from typing import Any


def difference(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """The patch that makes `after` of `before`; empty where they say the same.

    Order is that of `after`, then of what goes. Parts that are the very same dict are not looked into.
    """
    patch: dict[str, Any] = {}
    had = before.get  # this is run for each figure of each seat on each tick
    for key, new in after.items():
        old = had(key)
        if new is old:
            continue
        if new is None:
            patch[key] = None
        elif type(new) is dict:
            if type(old) is dict:
                deeper = difference(old, new)
                if deeper:
                    patch[key] = deeper
            else:
                patch[key] = without_none(new)
        elif new != old or type(new) is not type(old):
            patch[key] = new
    if not before.keys() <= after.keys():
        for key, old in before.items():
            if key not in after and old is not None:
                patch[key] = None
    return patch


def without_none(document: dict[str, Any]) -> dict[str, Any]:
    """The document without keys of None, at any depth of maps: as whoever merges patches holds it."""
    return {
        key: without_none(value) if type(value) is dict else value
        for key, value in document.items()
        if value is not None
    }


def merged(target: Any, patch: Any) -> Any:
    """`patch` applied to `target`, as RFC 7396 section 2 has it; neither is changed."""
    if not isinstance(patch, dict):
        return patch
    made = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            made.pop(key, None)
        else:
            made[key] = merged(made.get(key), value)
    return made
