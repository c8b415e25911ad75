"""XML that comes in: whatever could reach out, grow or hide is refused with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from synaspis.errors import InputError
from synaspis.interop.incoming_xml import parsed

LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))


def test_what_is_plain_is_read() -> None:
    root = parsed(
        b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><a b='&lt;&#233;'>\xc3\xa9<!-- y --><c/></a>", "f", 200
    )
    assert (root.tag, root.get("b"), root.text, len(root)) == ("a", "<é", "é", 1)


@pytest.mark.parametrize(
    ("data", "line", "column", "why"),
    [
        (f"<!DOCTYPE a [<!ENTITY l0 'ha'>{LAUGHS}]>\n<a>&l9;</a>".encode(), 1, 1, "declares a document type"),
        (
            b"<?xml version='1.0'?>\n  <!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'><a/>",
            2,
            3,
            "document type",
        ),
        (b"<a>\n&x;</a>", 2, 4, "is no XML"),
        (b"<a>\n\n<b></a>", 3, 8, "is no XML"),
        (b"<a>\n\xff</a>", 2, 1, "byte 4 is not UTF-8"),
        ("<a/>".encode("utf-16"), 1, 1, "byte 0 is not UTF-8"),
        (b"", 1, 1, "is no XML"),
        (b"<a>" * 1000 + b"</a>" * 1000, 1, 0, "is no XML"),
        (b"<a>" + b" " * 20_000 + b"</a>", 1, 1, "20,007 bytes"),
        (b"<a b='" + b"x" * 9000 + b"' b=''/>", 1, 0, "is no XML"),
    ],
)
def test_what_is_not_is_refused_with_its_place(data: bytes, line: int, column: int, why: str) -> None:
    with pytest.raises(InputError, match=why) as told:
        parsed(data, "f.xml", 10_000)
    (problem,) = told.value.problems
    assert (problem.file, problem.line) == ("f.xml", line)
    assert column in (problem.column, 0)  # 0: where libxml2 has it differs by version


def test_nothing_is_read_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    place = (tmp_path / "secret").as_uri()
    bomb = f"<!DOCTYPE a [<!ENTITY x SYSTEM '{place}'>]><a>&x;</a>"
    with pytest.raises(InputError, match="document type"):
        parsed(bomb.encode(), "f", 10_000)
    include = f"<a xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='{place}' parse='text'/></a>"
    assert "secret" not in "".join(parsed(include.encode(), "f", 10_000).itertext())


@pytest.mark.parametrize("aside", [b"<!-- x -->", b"<?x y?>"])
def test_what_must_be_bare_holds_no_asides(aside: bytes) -> None:
    data = b"<a>\n<b>c" + aside + b"d</b></a>"
    assert parsed(data, "f", 100)[0].text == "cd"
    with pytest.raises(InputError, match="f:2:1: it holds a comment or an instruction"):
        parsed(data, "f", 100, bare=True)
