"""An exercise among nations that do not exist: pseudonyms for nations, places, systems and what they signed.

The exercise is played as it is, by its own names, so that its dice and its record are those of the case. What
leaves it is told in pseudonyms, and what comes in is understood by them: one to one, fixed by the seed.
Texts that the case's author wrote go unsaid, and all longitudes are turned by one angle, so that no map tells
what the names do not. Latitudes, distances and times stay as they are: whoever knows the figures of a system
may still recognise it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeVar

import msgspec

from synaspis.files.borders import named_areas
from synaspis.files.iso3166 import CODES
from synaspis.model.agreement import Agreement, Clause, Terms
from synaspis.model.case import Case
from synaspis.server.play import Play

Document = Any
T = TypeVar("T")
FIRST: Final = (
    "Al Bre Cor Dal El Fen Gar Hol Is Jor Kel Lor Mer Nor Or Pel Quar Ros Sel Tor Ul Vor Wes Yar Zan"
)
MIDDLE: Final = "da ve mi ro la ne ti so gu ba"
STATES: Final = "nia mark via ria dor gard"
TOWNS: Final = "burg ford holm stad port field wick by"
TURNS_DEG: Final = (40, 320)
"""Between these longitudes are turned, by whole degrees."""
MOST_KEPT: Final = 50_000
UNSAID: Final = frozenset({
    "agreed", "alert", "all", "area", "asker", "at", "authority", "because", "by", "case", "clause", "clock",
    "director", "done", "from", "given", "had", "height", "id", "impact", "in", "level", "me", "nation", "of",
    "observer", "on", "owner", "phase", "says", "seat", "sensors", "state", "text", "the", "time", "to",
    "track", "type", "what", "yes",
})  # fmt: skip
"""Words that texts and documents are made of: where something is called so, it keeps its name."""
FREE: Final = frozenset({"text"})
"""What people write is taken as it is."""


class Notional:
    """Of one case and seed. `outward` tells a document in pseudonyms, `inward` understands one."""

    def __init__(self, case: Case, seed: int) -> None:
        self._seed = seed
        known = _names(case)
        self._taken = {*known, *CODES, *(name for _, name in named_areas())}
        self._told: dict[str, str] = {}
        for name, kind in known.items():
            self._give(name, kind)
        self._real = {told: name for name, told in self._told.items()}
        self._outward, self._inward = _pattern(self._told), _pattern(self._real)
        low, high = TURNS_DEG
        self.turned_deg = low + self._number("longitudes", 0) % (high - low)

    def _number(self, name: str, again: int) -> int:
        told = hashlib.blake2b(f"{self._seed} {name} {again}".encode(), digest_size=8).digest()
        return int.from_bytes(told, "big")

    def _give(self, name: str, make: Callable[[int], str]) -> None:
        """The first pseudonym that is nothing's name, as the seed draws them."""
        again = 0
        while (told := make(self._number(name, again))) in self._taken:
            again += 1
        self._taken.add(told)
        self._told[name] = told

    @property
    def names(self) -> Mapping[str, str]:
        """Real names and what stands for each: for the director's own eyes."""
        return dict(self._told)

    # -- the case ----------------------------------------------------------------------------------

    def unsaid(self, case: Case) -> Case:
        """The case without its author's words, to be played: titles, notes and sources tell what is real."""
        file = replace(
            case.file, title="A notional exercise", notes=(),
            agreements=tuple(_unsaid(a) for a in case.file.agreements),
            regimes=tuple(replace(r, title=r.name) for r in case.file.regimes),
        )  # fmt: skip
        return replace(case, file=file)

    # -- documents ---------------------------------------------------------------------------------

    def outward(self, told: Document) -> Document:
        """A document, JSON-ready, with pseudonyms in place of names and longitudes turned."""
        return _walked(told, self._outward, self.turned_deg)

    def retold(self, answer: T) -> T:
        """An answer, a dataclass that can be told as JSON, with pseudonyms in place of names."""
        return msgspec.convert(self.outward(msgspec.to_builtins(answer)), type(answer))

    def still(self, told: Document) -> Document:
        """What never changes in a seat, in pseudonyms; `notional` says that the map is not the Earth's."""
        return {**self.outward(told), "notional": True}

    def inward(self, told: Document) -> Document:
        """A document told in pseudonyms, with names in their place; what people wrote stays as it is."""
        return _walked(told, self._inward, -self.turned_deg, FREE)


class Masked:
    """A `Play` whose seats, documents and words are told in pseudonyms; what comes is understood by them."""

    def __init__(self, play: Play, notional: Notional) -> None:
        self._play, self._told = play, notional
        self._real = {notional.outward(seat): seat for seat in play.seats()}

    def seats(self) -> Mapping[str, str]:
        """Title of each seat."""
        titles = self._play.seats()
        return {told: self._told.outward(titles[seat]) for told, seat in self._real.items()}

    def still(self, seat: str) -> Any:
        """What never changes in the seat as long as a stage lasts."""
        return self._told.still(self._play.still(self._real[seat]))

    def document(self, seat: str) -> Any:
        """What the seat shows now."""
        return self._told.outward(self._play.document(self._real[seat]))

    def version(self) -> int:
        """Another number whenever a document may be another."""
        return self._play.version()

    def submit(self, seat: str, id: str, told: Any) -> tuple[bool, str]:
        """Have done what was told, by its real names."""
        ok, words = self._play.submit(self._real[seat], id, self._told.inward(told))
        return ok, self._told.outward(words)

    def seated(self, seat: str, taken: bool) -> None:
        """Somebody sits in the seat, or nobody does."""
        self._play.seated(self._real[seat], taken)

    def logged(self, seat: str, what: str) -> None:
        """Into the record, which has the real names."""
        self._play.logged(self._real.get(seat, seat), what)


def _names(case: Case) -> dict[str, Callable[[int], str]]:
    """Every name that is to go, with how a pseudonym is made of a number, nations first."""
    file = case.file
    found: dict[str, Callable[[int], str]] = {}

    def add(names: Iterable[str], make: Callable[[int], str]) -> None:
        for name in names:
            if name and name not in UNSAID:
                found.setdefault(name, make)

    nations = [n.code for n in file.nations] + [a.nation for a in file.launch_areas]
    add((*nations, *sorted(CODES)), _code)
    add((name for code, name in named_areas() if code), _state)
    add((a.name for a in file.alliances), _made(STATES, "League of "))
    add((*(a.name for a in file.assets), *(s.name for s in file.plan.sites)), _town)
    add((a.name for a in file.launch_areas), _numbered("area"))
    every = case.every_site
    add((*(s.name for s in every.sensors), *(b.name for b in every.batteries)), _numbered("site"))
    add((*case.radars, *case.infrareds, *case.systems, *case.interceptors), _numbered("system"))
    add((t.name for t in file.threats), _numbered("class"))
    add((c.id for a in file.agreements for c in a.clauses), _numbered("clause"))
    add((a.name for a in file.agreements), _numbered("treaty"))
    add((case.name,), _numbered("case"))
    return found


def _code(number: int) -> str:
    """ISO 3166-1 leaves XAA to XZZ to users."""
    return f"X{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}"


def _made(ends: str, before: str = "") -> Callable[[int], str]:
    first, middle, last = FIRST.split(), MIDDLE.split(), ends.split()

    def make(number: int) -> str:
        number, a = divmod(number, len(first))
        number, b = divmod(number, len(middle))
        return f"{before}{first[a]}{middle[b]}{last[number % len(last)]}"

    return make


_state, _town = _made(STATES), _made(TOWNS)


def _numbered(kind: str) -> Callable[[int], str]:
    return lambda number: f"{kind}-{number % 10_000:04d}"


def _unsaid(a: Agreement) -> Agreement:
    parts: dict[str, tuple[Clause, ...]] = {
        kind: tuple(replace(c, note="", source="") for c in getattr(a, kind))
        for kind in ("releases", "mandates", "authorities", "consents", "transfers")
    }
    named: Terms = replace(a, title=a.name, source="", **parts)  # type: ignore[arg-type]
    assert isinstance(named, Agreement)
    return named


class _Pattern:
    """Puts one set of names in place of another, the longest first, whole words alone."""

    def __init__(self, told: Mapping[str, str]) -> None:
        self.told = told
        names = sorted(told, key=lambda name: (-len(name), name))
        self._found = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, names))})(?!\w)")

        self._kept: dict[str, str] = {}

    def text(self, text: str) -> str:
        """A text; most come again and again."""
        told = self._kept.get(text)
        if told is None:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            told = self._kept[text] = self._found.sub(lambda m: self.told[m[0]], text)
        return told

    def key(self, key: str) -> str:
        """A key is a name, or has one inside; the words of documents are neither."""
        return key if key.isidentifier() and key not in self.told else self.text(key)


def _pattern(told: Mapping[str, str]) -> _Pattern:
    return _Pattern(told)


def _walked(
    told: Document, names: _Pattern, turned_deg: float, free: frozenset[str] = frozenset()
) -> Document:
    if isinstance(told, str):
        return names.text(told)
    if isinstance(told, dict):
        return {
            names.key(k): _turned(v, turned_deg)
            if k == "lon"
            else v
            if k in free
            else _walked(v, names, turned_deg, free)
            for k, v in told.items()
        }
    if isinstance(told, list | tuple):
        return [_walked(one, names, turned_deg, free) for one in told]
    return told


def _turned(longitude_deg: float, by_deg: float) -> float:
    return round((longitude_deg + by_deg + 180.0) % 360.0 - 180.0, 4)
