"""Confidentiality labels: what is written is read back the same, and whatever is doubtful closes the door."""

from __future__ import annotations

import datetime as dt
import os
import random
import re
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from synaspis.errors import InputError
from synaspis.interop import stanag4774, stanag4778
from synaspis.interop.kml import kml
from synaspis.interop.telling import plain
from synaspis.interop.trial_label import label_beside, label_of, labelled
from synaspis.model.agreement import CLASSIFICATIONS
from synaspis.network.message import Message
from synaspis.sharing.labels import Label, combined, own_label
from tests.interop.test_cot import mutant
from tests.interop.told import hostile, small

MADE = dt.datetime(2026, 3, 1, 23, 59, 58, tzinfo=dt.UTC)
LABEL = Label(
    frozenset({"Track <exchange> & more"}), "restricted", frozenset({"DEU", "USA"}), frozenset({"USA"}),
    frozenset({"no-onward"}),
)  # fmt: skip
DATA = b"marking,case\nEXERCISE,small\n"
WRITTEN = stanag4778.beside(LABEL, MADE, "a b.csv", "text/csv", DATA)
AROUND = stanag4778.around(
    LABEL, MADE, "text/xml", etree.fromstring('<kml xmlns="urn:k"><a b="c">d</a></kml>')
)

nations = st.from_regex("[A-Z]{3}", fullmatch=True)
words = st.text(max_size=30).map(plain).filter(lambda text: len(text) <= 30)
labels = st.builds(
    Label,
    policy=st.frozensets(words),
    classification=st.sampled_from(CLASSIFICATIONS),
    releasable_to=st.frozensets(nations),
    originators=st.frozensets(nations, min_size=1),
    caveats=st.frozensets(words),
)
names = st.text(min_size=1, max_size=30).filter(lambda n: n not in (".", "..") and not set(n) & {"/", "\\"})


@settings(max_examples=200)
@given(labels, st.binary(max_size=100), names)
def test_property_every_label_comes_back_from_beside_a_file(label: Label, data: bytes, file: str) -> None:
    written = stanag4778.beside(label, MADE, file, "text/csv", data)
    assert stanag4778.of_file(written, file, data) == label


@given(labels)
def test_property_every_label_comes_back_from_around_a_document(label: Label) -> None:
    inner = etree.fromstring("<kml xmlns='urn:k'>\n<a b='c'/> x</kml>")
    found = stanag4778.within(stanag4778.around(label, MADE, "text/xml", inner))
    assert (found.label, found.content_type) == (label, "text/xml")
    back = etree.fromstring(found.data)
    assert etree.tostring(back, method="c14n", exclusive=True) == (
        b'<kml xmlns="urn:k">\n<a b="c"></a> x</kml>'
    )


def test_a_label_says_what_the_standard_asks_for_and_nothing_of_natos() -> None:
    root = etree.fromstring(WRITTEN)
    spaces = {"s": stanag4774.SLAB, "m": stanag4778.MB, "d": stanag4778.DS}

    def texts(path: str) -> list[str]:
        return [str(found) for found in root.xpath(path, namespaces=spaces)]

    assert root.tag == f"{{{stanag4778.MB}}}BindingInformation"
    assert texts("//s:PolicyIdentifier/text()") == ["SYNASPIS EXERCISE"]
    assert texts("//s:PolicyIdentifier/@URI") == [stanag4774.POLICY_URI]
    assert stanag4774.POLICY_URI == "urn:oid:2.25.56397702975426941896584137966358201091"
    assert texts("//s:Classification/text()") == ["EXERCISE RESTRICTED"]
    assert texts("//s:Category[@Type='PERMISSIVE' and @TagName='Releasable To']/*/text()") == ["DEU", "USA"]
    assert texts("//s:Category[@Type='RESTRICTIVE']/*/text()") == ["no-onward"]
    assert texts("//s:Category[@TagName='Context']/*/text()") == ["EXERCISE"]
    assert texts("//s:CreationDateTime/text()") == ["2026-03-01T23:59:58.000Z"]
    assert texts("/*/*/*/*/*/@ReviewDateTime") == ["2027-03-01T23:59:58.000Z"]
    assert texts("//m:DataReference/@URI") == texts("//d:Reference/@URI") == ["a%20b.csv"]
    assert texts("//d:DigestValue/text()") == ["wPLJCGWDKu9pYszVWpLcjUq4u2tTOVLfbi0u1i3IrUo="]  # openssl dgst
    for word in set(stanag4774.WORDS.values()) - {"UNCLASSIFIED"}:
        assert word.startswith("EXERCISE ")
    assert "NATO" not in WRITTEN.decode().replace("urn:nato", "")


def test_to_nobody_is_said_and_not_left_out() -> None:
    alone = combined([own_label("DEU"), own_label("USA")])
    assert alone.releasable_to == frozenset()
    written = stanag4778.beside(alone, MADE, "x", "text/csv", DATA)
    assert b"<slab:GenericValue>NONE</slab:GenericValue>" in written
    assert stanag4778.of_file(written, "x", DATA) == alone


@pytest.mark.parametrize(
    ("label", "why"),
    [
        (replace(LABEL, classification="cosmic"), "classification `cosmic` is not known"),
        (replace(LABEL, originators=frozenset()), "it has no originators"),
        (replace(LABEL, releasable_to=frozenset({"NONE"})), "`NONE` is no nation"),
        (replace(LABEL, originators=frozenset({"usa"})), "`usa` is no nation"),
        (replace(LABEL, caveats=frozenset({"\x00"})), "holds what XML cannot"),
        (replace(LABEL, policy=frozenset({"x" * 2001})), "too long"),
        (replace(LABEL, policy=frozenset(map(str, range(1001)))), "1,001 names"),
    ],
)
def test_a_label_that_cannot_be_written_is_refused(label: Label, why: str) -> None:
    with pytest.raises(InputError, match=why):
        stanag4778.beside(label, MADE, "x", "text/csv", DATA)


@pytest.mark.parametrize("file", ["", ".", "..", "a/b", "../x", "a\\b"])
def test_a_label_is_bound_to_a_file_beside_it(file: str) -> None:
    with pytest.raises(InputError, match="no name of a file"):
        stanag4778.beside(LABEL, MADE, file, "text/csv", DATA)


RELEASABLE = b'<slab:Category Type="PERMISSIVE" TagName="Releasable To">'
ONE_LABEL = WRITTEN[
    WRITTEN.index(b"<mb:Metadata>") : WRITTEN.index(b"</mb:Metadata>") + len(b"</mb:Metadata>")
]
ONE_BINDING = WRITTEN[
    WRITTEN.index(b"<mb:MetadataBinding>") : WRITTEN.index(b"</mb:MetadataBindingContainer>")
]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b">SYNASPIS EXERCISE<", b">NATO<", "policy `NATO` is not known"),
        (
            stanag4774.POLICY_URI.encode() + b'"',
            b'urn:oid:1.3.26.1.3.1"',
            "policy `SYNASPIS EXERCISE` is not",
        ),
        (b"EXERCISE RESTRICTED", b"RESTRICTED", "classification `RESTRICTED` is not known"),
        (b"EXERCISE RESTRICTED", b"SECRET", "classification `SECRET` is not known"),
        (b'TagName="Releasable To"', b'TagName="Only"', "category `Only` .PERMISSIVE. is not known"),
        (
            RELEASABLE,
            RELEASABLE.replace(b"PERMISSIVE", b"RESTRICTIVE"),
            "`Releasable To` .RESTRICTIVE. is not known",
        ),
        (b'TagName="Context"', b'TagName="Originators"', "`Originators` is there twice"),
        (b">EXERCISE</slab:G", b">OPERATION</slab:G", "context is not EXERCISE"),
        (b">DEU<", b">NATO<", "`NATO` is no nation"),
        (b">DEU<", b">USA<", "has a value twice"),
        (b">DEU<", b">NONE<", "`NONE` is no nation"),
        (ONE_LABEL, ONE_LABEL + ONE_LABEL, "Metadata"),
        (ONE_LABEL, b"", "it has 0 labels"),
        (ONE_BINDING, ONE_BINDING * 2, "MetadataBinding"),
        (b"<mb:MetadataBindingContainer>", b"<mb:MetadataBindingContainer><mb:x/>", "not expected"),
        (b"ds:Manifest", b"ds:Manifests", "not expected"),
        (b'URI="a%20b.csv" xmime', b'URI="a.csv" xmime', "not to `a b.csv`"),
        (b'Reference URI="a%20b.csv"', b'Reference URI="a.csv"', "not to `a b.csv`"),
        (b"xmlenc#sha256", b"xmldsig#sha1", "sha1"),
        (b"wPLJ", b"wPLj", "SHA-256 is another"),
        (b"wPLJ", b"", "DigestValue"),
        (b"<slab:CreationDateTime>", b"<slab:CreationDateTime>x", "CreationDateTime"),
        (b"slab:originatorConf", b"slab:alternativeConf", "not expected"),
        (b"1:0", b"2:0", "No matching global declaration"),
        (
            b"<mb:Binding",
            b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hosts'>]><mb:Binding",
            "document type",
        ),
        (b">DEU<", b">&b;<", "is no XML"),
        (b">DEU<", b">D<!-- -->EU<", "a comment or an instruction"),
        (b">no-onward<", b">no<?x?>-onward<", "a comment or an instruction"),
        (b"</mb:BindingInformation>", b"", "is no XML"),
    ],
)
def test_whatever_is_doubtful_closes_the_door(old: bytes, new: bytes, why: str) -> None:
    assert stanag4778.of_file(WRITTEN, "a b.csv", DATA) == LABEL
    changed = WRITTEN.replace(old, new)
    assert changed != WRITTEN
    with pytest.raises(InputError, match=why) as told:
        stanag4778.of_file(changed, "a b.csv", DATA, "f.label.xml")
    assert all(p.file == "f.label.xml" and p.line >= 1 for p in told.value.problems)


def test_another_file_or_other_data_closes_the_door() -> None:
    with pytest.raises(InputError, match=r"not to `b\.csv`"):
        stanag4778.of_file(WRITTEN, "b.csv", DATA)
    with pytest.raises(InputError, match="SHA-256 is another"):
        stanag4778.of_file(WRITTEN, "a b.csv", DATA[:-1])
    with pytest.raises(InputError, match="bound to no file"):
        stanag4778.of_file(AROUND, "a b.csv", DATA)
    with pytest.raises(InputError, match="not within"):
        stanag4778.within(WRITTEN)
    with pytest.raises(InputError, match="bytes"):
        stanag4778.of_file(b" " * 1_000_001, "a", b"")


def test_releasability_that_is_left_out_is_no() -> None:
    start = WRITTEN.index(RELEASABLE)
    end = WRITTEN.index(b"</slab:Category>", start) + len(b"</slab:Category>")
    with pytest.raises(InputError, match="no `Releasable To`: what is not said is no"):
        stanag4778.of_file(WRITTEN[:start] + WRITTEN[end:], "a b.csv", DATA)


def test_a_trial_is_labelled_for_the_nations_that_it_names() -> None:
    told = replace(small(), agreements=("one", "two"))
    label = label_of(told)
    assert label == Label(
        frozenset({"one", "two"}), "unclassified", frozenset({"BGR", "ROU", "USA"}),
        frozenset({"BGR", "ROU", "USA"}), frozenset(),
    )  # fmt: skip
    found = stanag4778.within(labelled(told))
    assert found.label == label
    assert b"UNCLASSIFIED" in labelled(told) and labelled(told) == labelled(told)
    due = etree.tostring(etree.fromstring(kml(told).encode()), method="c14n", exclusive=True)
    assert etree.tostring(etree.fromstring(found.data), method="c14n", exclusive=True) == due
    beside = label_beside(told, "text/csv", "x.csv", DATA)
    assert stanag4778.of_file(beside, "x.csv", DATA) == label
    assert stanag4778.within(labelled(hostile())).label.releasable_to == label.releasable_to


def test_a_message_of_the_network_is_bound_to_the_label_that_it_carries() -> None:
    message = Message("track", 7, 12.5, ("warning",), LABEL, ("p",), b"state")
    data = msgspec.msgpack.encode(message)
    bound = stanag4778.beside(message.label, MADE, "track-7.msgpack", "application/msgpack", data)
    assert stanag4778.of_file(bound, "track-7.msgpack", data) == message.label


@pytest.mark.parametrize("data", [WRITTEN, AROUND], ids=["beside", "around"])
def test_mutated_labels_are_refused_or_read_and_never_another_policys(data: bytes) -> None:
    luck = random.Random(4774)
    taken = 0
    for _ in range(500 * int(os.environ.get("SYNASPIS_SOAK", "1"))):
        made = mutant(luck, data)
        try:
            if data is WRITTEN:
                stanag4778.of_file(made, "a b.csv", DATA)
            else:
                stanag4778.within(made)
        except InputError:
            continue
        taken += 1
        bare = re.sub(rb"<!\[CDATA\[|\]\]>", b"", made)
        assert b"SYNASPIS EXERCISE" in bare and b"Releasable To" in bare
    assert taken > 0
