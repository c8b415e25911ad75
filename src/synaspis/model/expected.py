"""What a shipped case is expected to answer: bands with reasons, and the finding that they make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synaspis.model.declare import part, quantity, text


@dataclass(frozen=True, kw_only=True)
class Expectation:
    """A figure of a run's (or a warning study's) document, and the band in which it must lie."""

    name: str = text("what the finding calls it")
    what: str = text(
        "where it stands in the document: keys with dots between them; several with ` + ` are added"
    )
    minus: str = text("the same of what is taken off it", default="")
    over: str = text("where the figure stands that the rest is divided by", default="")
    document: str = text(
        "which document: that of `run`, or of `warn`", choices=("run", "warn"), default="run"
    )
    scale: float = quantity("1", "what the figure is multiplied with", default=1.0)
    low: float = quantity("1", "the band's lower end, after scaling")
    high: float = quantity("1", "its upper end")
    why: str = text("why the band is right")


@dataclass(frozen=True, kw_only=True)
class Expected:
    """The expectations of one case, at a number of trials and a seed."""

    case: str = text("the case's name")
    trials: int = quantity("1", "trials of the run", at_least=1, at_most=1_000_000, default=1000)
    seed: int = quantity("1", "names the luck", at_least=0, at_most=2**63 - 1, default=1)
    finding: str = text("the finding in a sentence or two, with figures by name in braces")
    expect: tuple[Expectation, ...] = part("the figures and their bands")


@dataclass(frozen=True, kw_only=True)
class Held:
    """An expectation beside what came out; `value` is None where the document has no such figure."""

    expectation: Expectation
    value: float | None

    @property
    def good(self) -> bool:
        """Whether the figure is there and within its band."""
        return self.value is not None and self.expectation.low <= self.value <= self.expectation.high


def held(expected: Expected, documents: Mapping[str, Any]) -> tuple[Held, ...]:
    """Each expectation held against `documents` (`run`, `warn`)."""
    return tuple(Held(expectation=e, value=_value(e, documents.get(e.document))) for e in expected.expect)


def finding(expected: Expected, results: tuple[Held, ...]) -> str:
    """The finding with its figures. ValueError where one of them is missing."""
    figures = {h.expectation.name: h.value for h in results if h.value is not None}
    try:
        return " ".join(expected.finding.format(**figures).split())
    except (KeyError, IndexError) as missing:
        raise ValueError(f"the finding names a figure that is not there: {missing}") from None


def figure(document: Any, path: str) -> float | None:
    """The number at `path`, keys with dots between them (a key may hold dots itself), or None."""
    if not path:
        return None if isinstance(document, bool) or not isinstance(document, int | float) else document
    keys = path.split(".")
    if isinstance(document, list) and keys[0].isdecimal() and int(keys[0]) < len(document):
        return figure(document[int(keys[0])], ".".join(keys[1:]))
    if not isinstance(document, Mapping):
        return None
    for n in range(len(keys), 0, -1):
        if (key := ".".join(keys[:n])) in document:
            return figure(document[key], ".".join(keys[n:]))
    return None


def _value(e: Expectation, document: Any) -> float | None:
    value, taken = _sum(document, e.what), _sum(document, e.minus) if e.minus else 0.0
    parts = figure(document, e.over) if e.over else 1.0
    return e.scale * (value - taken) / parts if value is not None and taken is not None and parts else None


def _sum(document: Any, paths: str) -> float | None:
    found = [figure(document, path) for path in paths.split(" + ")]
    return None if None in found else sum(v for v in found if v is not None)
