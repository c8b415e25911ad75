"""The formats in which a run's trial goes out, by the name that is also the ending of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from synaspis.interop.geojson import geojson
from synaspis.interop.kml import kml
from synaspis.interop.oem import oem
from synaspis.interop.telling import Telling
from synaspis.interop.tidy import table
from synaspis.interop.trial_czml import czml


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write a trial.

    `document` gives the file's bytes. `packets` gives the same as datagrams, each with its second of the
    raid, earliest first, where the format is one that programs send each other. `ending` is the file's, the
    format's name where empty.
    """

    document: Callable[[Telling], bytes]
    packets: Callable[[Telling], Iterable[tuple[float, bytes]]] | None = None
    ending: str = ""


def _words(write: Callable[[Telling], str]) -> Format:
    return Format(document=lambda told: write(told).encode())


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "czml": _words(czml),
        "kml": _words(kml),
        "geojson": _words(geojson),
        "csv": _words(table),
        "oem": _words(oem),
    }
)
