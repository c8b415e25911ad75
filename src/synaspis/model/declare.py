"""Declare an attribute once: unit, limits and meaning live in the field, and the reader,
the messages, the JSON schema and the docs are all derived from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Spec:
    """What a field says about itself.

    `unit`     unit that files use ("" for text); SI inside
    `above` / `at_least` / `at_most`   limits in the file's unit
    `choices`  allowed words
    `names`    the kind of thing this text names ("nation", "radar", ...), checked by the reader
    `fact`     a figure: in the catalogue it needs value, unit, low, high, source, as_of, confidence
    """

    meaning: str
    unit: str = ""
    above: float = -math.inf
    at_least: float = -math.inf
    at_most: float = math.inf
    choices: tuple[str, ...] = ()
    names: str = ""
    fact: bool = False


def _field(spec: Spec, default: Any, factory: Callable[[], Any] | None) -> Any:
    if factory is not None:
        return field(default_factory=factory, metadata={"spec": spec})
    return field(default=default, metadata={"spec": spec})


def quantity(
    unit: str,
    meaning: str,
    *,
    above: float = -math.inf,
    at_least: float = -math.inf,
    at_most: float = math.inf,
    default: Any = MISSING,
) -> Any:
    """A number with a unit. `default` is in SI; limits are in `unit`."""
    return _field(Spec(meaning, unit, above, at_least, at_most, fact=True), default, None)


def text(
    meaning: str,
    *,
    choices: tuple[str, ...] = (),
    names: str = "",
    default: Any = MISSING,
    factory: Callable[[], Any] | None = None,
) -> Any:
    """A word, or a tuple of words; `choices` or `names` say which are allowed."""
    return _field(Spec(meaning, choices=choices, names=names), default, factory)


def part(meaning: str, *, default: Any = MISSING, factory: Callable[[], Any] | None = None) -> Any:
    """A nested noun, a tuple of them, a mapping, a date or a flag."""
    return _field(Spec(meaning), default, factory)
