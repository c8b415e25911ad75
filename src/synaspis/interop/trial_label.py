"""The label of a trial that is exported, and its marking where a format has no place for the whole of it.

What an export holds are public figures and what was played with them: unclassified, of the nations whose
sites and targets it names and for them, under the agreements of its regime.
"""

from __future__ import annotations

import datetime as dt
import re

from lxml import etree

from synaspis.interop import stanag4778
from synaspis.interop.kml import kml
from synaspis.interop.telling import Telling
from synaspis.model.agreement import CLASSIFICATIONS
from synaspis.sharing.labels import Label

KML_MEDIA = "application/vnd.google-earth.kml+xml"


def label_of(told: Telling) -> Label:
    """The label of all that the trial's export holds."""
    named = {n for s in told.sites for n in (s.owner, s.operator, s.host)}
    named |= {p.flight.nation for p in told.paths}
    nations = frozenset(n for n in named if re.fullmatch("[A-Z]{3}", n))
    return Label(frozenset(told.agreements), CLASSIFICATIONS[0], nations, nations, frozenset())


def made(told: Telling) -> dt.datetime:
    """When the exercise has the label made: second 0 of the raid, so that the same run has the same bytes."""
    return told.starts.replace(tzinfo=dt.UTC)


def labelled(told: Telling) -> bytes:
    """The trial as KML within a binding to its label."""
    document = etree.fromstring(kml(told).encode())
    return stanag4778.around(label_of(told), made(told), KML_MEDIA, document)


def label_beside(told: Telling, media: str, file: str, data: bytes) -> bytes:
    """The binding of the trial's label to a file of this media type, to be written beside it."""
    return stanag4778.beside(label_of(told), made(told), file, media, data)
