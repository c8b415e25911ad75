"""XML that comes in: hostile until parsed without network, document type or entities, within bounds."""

from __future__ import annotations

from typing import Any, Final

from lxml import etree

from synaspis.errors import InputError, Problem

DOCTYPE: Final = "<!DOCTYPE"
Element = Any


def parsed(data: bytes, name: str, longest: int, bare: bool = False) -> Element:
    """The root of the document `data`, without its comments and instructions; with `bare` it may hold none.

    InputError with line and column, `name` standing for the file, where it is longer than `longest` bytes,
    not UTF-8, not well formed, or declares a document type, as every bomb and external entity must.
    """
    if len(data) > longest:
        raise _refused(name, 1, 1, f"{len(data):,} bytes", f"give at most {longest:,}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _refused(name, line, 1, f"byte {error.start} is not UTF-8", "write it in UTF-8") from None
    at = text.find(DOCTYPE)
    if at >= 0:
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        raise _refused(name, line, column, "it declares a document type", "leave the declaration out")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=not bare, remove_pis=not bare,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        raise _refused(name, max(line, 1), max(column, 1), f"is no XML: {error.msg}", "") from None
    for aside in root.iter(etree.Comment, etree.ProcessingInstruction) if bare else ():
        raise _refused(name, aside.sourceline or 1, 1, "it holds a comment or an instruction", "leave it out")
    return root


def _refused(name: str, line: int, column: int, what: str, mend: str) -> InputError:
    return InputError([Problem(name, line, column, what, mend)])
