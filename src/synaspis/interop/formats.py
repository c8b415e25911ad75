"""The formats in which a run's trial goes out, by the name that is also the ending of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from synaspis.interop.geojson import geojson
from synaspis.interop.kml import kml
from synaspis.interop.telling import Telling
from synaspis.interop.tidy import table
from synaspis.interop.trial_czml import czml

FORMATS: Mapping[str, Callable[[Telling], str]] = MappingProxyType(
    {"czml": czml, "kml": kml, "geojson": geojson, "csv": table}
)
