"""The formats in which a run's trial goes out, by the name that is also the ending of their files.

Each is loaded when it is asked for: some bring large libraries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import Any

from synaspis.interop.telling import Telling

BYTES = "application/octet-stream"


@dataclass(frozen=True, kw_only=True)
class Format:
    """One way to write a trial.

    `document` gives the file's bytes. `packets` gives the same as datagrams, each with its second of the
    raid, earliest first, where the format is one that programs send each other. `ending` is the file's, the
    format's name where empty. `media` is its media type, which labels tell.
    `remarks` says what is to be known of the file beside it, such as what the format could not hold.
    """

    document: Callable[[Telling], bytes]
    packets: Callable[[Telling], Iterable[tuple[float, bytes]]] | None = None
    ending: str = ""
    media: str = BYTES
    remarks: Callable[[Telling], Iterable[str]] | None = None


def _words(module: str, name: str, media: str) -> Callable[[], Format]:
    """A format whose module has a function that gives its file as text."""

    def load() -> Format:
        write: Callable[[Telling], str] = getattr(_module(module), name)
        return Format(document=lambda told: write(told).encode(), media=media)

    return load


def _packets(module: str, ending: str = "", media: str = BYTES) -> Callable[[], Format]:
    """A format whose module has `document` and `packets`, and may have `remarks`."""

    def load() -> Format:
        made = _module(module)
        remarks = getattr(made, "remarks", None)
        return Format(
            document=made.document, packets=made.packets, ending=ending, media=media, remarks=remarks
        )

    return load


def _labelled() -> Format:
    return Format(document=_module("trial_label").labelled, ending="labelled.xml", media="application/xml")


def _module(name: str) -> Any:
    return import_module(f"synaspis.interop.{name}")


FORMATS: Mapping[str, Callable[[], Format]] = MappingProxyType(
    {
        "czml": _words("trial_czml", "czml", "application/json"),
        "kml": _words("kml", "kml", "application/vnd.google-earth.kml+xml"),
        "geojson": _words("geojson", "geojson", "application/geo+json"),
        "csv": _words("tidy", "table", "text/csv"),
        "oem": _words("oem", "oem", "text/plain"),
        "cot": _packets("cot_events", media="application/xml"),
        "stanag4774": _labelled,
        "asterix": _packets("asterix_trial", "ast"),
        "dis": _packets("dis_trial", "pcap"),
    }
)
