"""A confidentiality label bound to what it is of, in the manner of STANAG 4778: beside a file, or around XML.

Beside a file the binding names it and holds its SHA-256 as a second piece of metadata; around XML the object
is within. Neither is signed: a digest shows that file and label belong together, not who wrote them.
Source: ADatP-4778 (A)(1) and 4778.2 as publicly disclosed, read in descriptions of them.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final
from urllib.parse import quote

from lxml import etree

from synaspis.errors import InputError, Problem
from synaspis.interop import stanag4774
from synaspis.interop.incoming_xml import Element, parsed
from synaspis.interop.stanag4774 import SLAB
from synaspis.sharing.labels import Label

MB: Final = "urn:nato:stanag:4778:bindinginformation:1:0"
DS: Final = "http://www.w3.org/2000/09/xmldsig#"
XMIME: Final = "http://www.w3.org/2005/05/xmlmime"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
LONGEST: Final = 1_000_000
"""Bytes of a binding beside a file at most."""
LONGEST_AROUND: Final = 64_000_000
"""Bytes of a binding around XML at most."""
ENDING: Final = ".label.xml"
"""After a file's whole name: the binding beside it."""


@dataclass(frozen=True)
class Bound:
    """A label that was read and the object within its binding."""

    label: Label
    data: bytes
    content_type: str


def beside(label: Label, made: dt.datetime, file: str, content_type: str, data: bytes) -> bytes:
    """The binding of `label` to a file of this name and content. InputError where it cannot be written."""
    if not file or file in (".", "..") or "/" in file or "\\" in file:
        raise InputError([Problem("label", 0, 0, f"`{file[:80]}` is no name of a file beside it")])
    root, binding = _binding(label, made)
    manifest = etree.SubElement(
        etree.SubElement(binding, f"{{{MB}}}Metadata"), f"{{{DS}}}Manifest", nsmap={"ds": DS}
    )
    reference = etree.SubElement(manifest, f"{{{DS}}}Reference", URI=quote(file, errors="replace"))
    etree.SubElement(reference, f"{{{DS}}}DigestMethod", Algorithm=SHA256)
    etree.SubElement(reference, f"{{{DS}}}DigestValue").text = _digest(data)
    place = etree.SubElement(binding, f"{{{MB}}}DataReference", URI=quote(file, errors="replace"))
    place.set(f"{{{XMIME}}}contentType", content_type)
    return _written(root)


def around(label: Label, made: dt.datetime, content_type: str, data: Element) -> bytes:
    """The binding of `label` with the XML that it is of within."""
    root, binding = _binding(label, made)
    holds = etree.SubElement(binding, f"{{{MB}}}Data")
    holds.set(f"{{{XMIME}}}contentType", content_type)
    holds.append(data)
    return _written(root)


def of_file(binding: bytes, file: str, data: bytes, name: str = "label") -> Label:
    """The label that a binding gives the file of this name and content.

    InputError, and so a closed door, with all that is doubtful, each with its line in `name`.
    """
    root = _checked(binding, name, LONGEST)
    label = _label(root, name)
    place, manifest = root.find(f".//{{{MB}}}DataReference"), root.find(f".//{{{DS}}}Manifest")
    if place is None or manifest is None:
        raise _closed(name, root, "it is bound to no file with a digest")
    reference = manifest[0]
    if {place.get("URI"), reference.get("URI")} != {quote(file, errors="replace")}:
        raise _closed(name, place, f"it is bound to `{place.get('URI')[:80]}`, not to `{file}`")
    if (reference[1].text or "").strip() != _digest(data):
        raise _closed(name, reference, f"`{file}` is not what it was bound to: its SHA-256 is another")
    return label


def within(binding: bytes, name: str = "label") -> Bound:
    """The label of a binding with the object in it. InputError as `of_file` has it."""
    root = _checked(binding, name, LONGEST_AROUND)
    label = _label(root, name)
    holds = root.find(f"./*/*/{{{MB}}}Data")
    if holds is None or root.find(f"./*/*/{{{MB}}}Metadata/{{{DS}}}Manifest") is not None:
        raise _closed(name, root, "its object is not within")
    inner = etree.tostring(holds[0], encoding="UTF-8", with_tail=False)
    return Bound(label, bytes(inner), holds.get(f"{{{XMIME}}}contentType"))


def _binding(label: Label, made: dt.datetime) -> tuple[Element, Element]:
    root = etree.Element(f"{{{MB}}}BindingInformation", nsmap={"mb": MB, "xmime": XMIME})
    container = etree.SubElement(root, f"{{{MB}}}MetadataBindingContainer")
    binding = etree.SubElement(container, f"{{{MB}}}MetadataBinding")
    etree.SubElement(binding, f"{{{MB}}}Metadata").append(stanag4774.element(label, made))
    return root, binding


def _written(root: Element) -> bytes:
    wrong = _against_schema(root, "label")
    if wrong:
        raise InputError(wrong)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _checked(binding: bytes, name: str, longest: int) -> Element:
    root = parsed(binding, name, longest, bare=True)  # others might read values around a comment otherwise
    wrong = _against_schema(root, name)
    if wrong:
        raise InputError(wrong)
    return root


def _label(root: Element, name: str) -> Label:
    found = root.findall(f"./*/*/{{{MB}}}Metadata/{{{SLAB}}}originatorConfidentialityLabel")
    if len(found) != 1:
        raise _closed(name, root, f"it has {len(found)} labels: one is read")
    return stanag4774.label_of(found[0], name)


@cache
def _schema() -> Any:
    with resources.as_file(resources.files("synaspis.interop") / "profile") as folder:
        return etree.XMLSchema(file=str(folder / "binding.xsd"))


def _against_schema(root: Element, name: str) -> list[Problem]:
    schema = _schema()
    if schema.validate(root):
        return []
    return [Problem(name, max(e.line, 1), max(e.column, 1), e.message[:300]) for e in schema.error_log][:20]


def _digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


def _closed(name: str, at: Element, what: str) -> InputError:
    return InputError([Problem(name, at.sourceline or 1, 1, what)])
