"""Pseudonyms are one to one, fixed by the seed, and leave nothing that names what is real."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from synaspis.cli.replay_beside import Beside
from synaspis.cli.replay_run import replay_command, verify_command
from synaspis.exercise.entries import Opened
from synaspis.exercise.inputs import Agree, Draft, EndTurn
from synaspis.exercise.notional import Masked, Notional
from synaspis.exercise.plan import Plan, Said, named
from synaspis.exercise.rooms import as_told, pseudonyms, told_plan
from synaspis.exercise.wording import clause_words, name_of
from synaspis.files.case import load
from synaspis.model.case import Case
from synaspis.sharing.rules import rules

from .played import played


@pytest.fixture(scope="module")
def case() -> Case:
    return load("europe")


REAL = (
    "first-light", "USA", "ROU", "BGR", "Romania", "Bulgaria", "Türkiye", "Bucharest", "Sofia", "Tabriz",
    "kurecik", "deveselu", "bucharest", "patriot", "bmd-1", "own-2", "aegis", "nato",
)  # fmt: skip


def document(case: Case) -> dict[str, object]:
    """What a seat could show of a case: every kind of name, as key, as value and inside a text."""
    file = case.file
    given = rules(case, case.regime(case.file.compare.headline))
    return {
        "nations": {n.code: name_of(n.code) for n in file.nations},
        "places": {a.name: {"lat": 40.0, "lon": 20.0, "nation": a.nation, "people": 5} for a in file.assets},
        "sensors": {s.name: {"type": s.type, "host": s.host} for s in file.sensors},
        "batteries": {f"{b.name}/radar": {"type": b.system} for b in file.batteries},
        "clauses": {
            c.id: {"agreement": given.agreement_of[c.id], "words": clause_words(c)} for c in given.clauses
        },
        "events": {
            str(i): {"text": f"launch: mrbm-2000 to {f.target} #1 ({f.launch})", "because": []}
            for i, f in enumerate(file.raid)
        },
        "titles": [file.title, *(r.title for r in file.regimes), *(a.title for a in file.agreements)],
        "launch_areas": {a.name: a.nation for a in file.launch_areas},
        "case": file.case,
    }  # fmt: skip


def test_nothing_real_is_named(case: Case) -> None:
    notional = Notional(case, 7)
    plain = notional.unsaid(case)
    told = json.dumps(notional.outward(document(plain)), ensure_ascii=False)
    file = case.file
    real = {
        *(n.code for n in file.nations), *(name_of(n.code) for n in file.nations), "IRN", "NATO", "Iran",
        *(a.name for a in file.assets), *(s.name for s in file.sensors), *(b.name for b in file.batteries),
        *(a.name for a in file.launch_areas), *(a.name for a in file.agreements), *case.systems, *case.radars,
        *(c.id for a in file.agreements for c in a.clauses), "Türkiye", "Turkish", "Warsaw", "American",
    }  # fmt: skip
    assert [name for name in sorted(real) if name in told] == []


def test_who_understands_the_pseudonyms_gets_it_back(case: Case) -> None:
    notional = Notional(case, 7)
    made = document(notional.unsaid(case))
    del made["events"]  # whose texts are for people
    assert notional.inward(notional.outward(made)) == made


def test_each_name_has_its_own_and_the_seed_fixes_it(case: Case) -> None:
    names = Notional(case, 7).names
    assert len(set(names.values())) == len(names) and not set(names) & set(names.values())
    assert Notional(case, 7).names == names != Notional(case, 8).names
    assert all(names[n.code][0] == "X" and len(names[n.code]) == 3 for n in case.file.nations)


def test_longitudes_are_turned_by_one_angle_and_latitudes_stay(case: Case) -> None:
    notional = Notional(case, 7)
    told = notional.outward({"a": {"lat": 1.5, "lon": 170.25}, "b": [{"lat": -2.0, "lon": -170.25}]})
    turned = [(told["a"]["lon"] - 170.25) % 360, (told["b"][0]["lon"] + 170.25) % 360]
    assert turned == [notional.turned_deg] * 2 and 40 <= notional.turned_deg < 320
    assert (told["a"]["lat"], told["b"][0]["lat"]) == (1.5, -2.0)


def test_what_people_write_is_told_in_pseudonyms_and_taken_as_it_is(case: Case) -> None:
    notional = Notional(case, 7)
    shown = notional.outward({"from": "ROU", "text": "ROU asks TUR about kurecik"})
    assert not any(name in shown["text"] for name in ("ROU", "TUR", "kurecik"))
    came = notional.inward({"type": "say", "to": shown["from"], "text": f"{shown['from']} answers"})
    assert came == {"type": "say", "to": "ROU", "text": f"{shown['from']} answers"}


def test_the_case_is_played_by_its_own_names(case: Case) -> None:
    plain = Notional(case, 7).unsaid(case)
    assert plain.file.raid == case.file.raid and plain.sha256 == case.sha256
    regime = case.file.compare.headline
    assert rules(plain, plain.regime(regime)).ids() == rules(case, case.regime(regime)).ids()


class Told:
    """A `Play` of two seats that keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[object] = []

    def seats(self) -> dict[str, str]:
        return {"director": "Director", "ROU": "Romania", "observer": "Observer"}

    def still(self, seat: str) -> dict[str, object]:
        return {"seat": seat, "places": {"Bucharest": {"lat": 44.43, "lon": 26.1}}}

    def document(self, seat: str) -> dict[str, object]:
        return {"questions": {"3/all": {"recipient": "TUR"}}, "given": {"TUR": {"clauses": ["us-tr-1"]}}}

    def version(self) -> int:
        return 5

    def submit(self, seat: str, id: str, told: object) -> tuple[bool, str]:
        self.heard.append((seat, id, told))
        return False, f"no clause in force lets {seat} release anything to TUR"

    def seated(self, seat: str, taken: bool) -> None:
        self.heard.append((seat, taken))

    def logged(self, seat: str, what: str) -> None:
        self.heard.append((seat, what))


def test_a_server_of_seats_hears_and_tells_pseudonyms(case: Case) -> None:
    notional, inner = Notional(case, 7), Told()
    masked, names = Masked(inner, notional), notional.names
    rou, tur = names["ROU"], names["TUR"]
    assert masked.seats() == {"director": "Director", rou: names["Romania"], "observer": "Observer"}
    still = masked.still(rou)
    assert (
        still["seat"] == rou and still["notional"] is True and list(still["places"]) == [names["Bucharest"]]
    )
    shown = masked.document(rou)
    assert shown["questions"] == {"3/all": {"recipient": tur}}
    assert shown["given"] == {tur: {"clauses": [names["us-tr-1"]]}}
    words = masked.submit(rou, "k1", {"type": "say", "to": tur, "text": "hello"})
    assert words == (False, f"no clause in force lets {rou} release anything to {tur}")
    masked.seated(rou, True)
    masked.logged("", "a stranger")
    assert inner.heard == [
        ("ROU", "k1", {"type": "say", "to": "TUR", "text": "hello"}), ("ROU", True), ("", "a stranger"),
    ]  # fmt: skip
    assert masked.version() == 5


def test_a_record_says_whether_it_is_told_in_pseudonyms(case: Case) -> None:
    draft = Draft("USA", "AUT", "alert")
    plan = Plan(
        before=(
            Said("USA", draft), Said("AUT", Agree(named("USA", draft))), Said("director", EndTurn()),
        )
    )  # fmt: skip
    opened = Opened(
        case_name=case.name,
        case=case.text.decode(),
        regime="allied",
        seed=7,
        plan=told_plan(plan),
        format=1,
        version="0",
        key="",
    )
    assert pseudonyms(opened) is None and as_told(opened, inner := Told()) is inner
    masked = told_plan(msgspec.structs.replace(plan, notional=True))
    notional = pseudonyms(msgspec.structs.replace(opened, plan=masked))
    assert notional is not None and "USA-AUT-alert-0" in notional.names


@pytest.mark.long
def test_a_notional_record_is_reviewed_and_exported_in_pseudonyms(tmp_path: Path) -> None:
    log = tmp_path / "first-light-drill.log"
    played(log, "first-light", "allied", 130.0, ("USA",), lambda *_: True, Plan(notional=True))
    for out, by_real_names in ((tmp_path / "told", False), (tmp_path / "real", True)):
        told, _ = verify_command(log, None, False, True)
        assert told is not None
        replay_command(told, out, Beside(log, None, real_names=by_real_names), None, True)
    for name in ("review.json", "decisions.csv", "responses.yaml", "replay.html", "replay.czml"):
        told, real = ((tmp_path / of / name).read_text(encoding="utf-8") for of in ("told", "real"))
        if name == "replay.html":
            told, real = (
                re.findall(r'id="synaspis-replay">(.*?)</script>', t, re.S)[0] for t in (told, real)
            )
            assert (
                json.loads(told)["still"]["notional"] is True and "notional" not in json.loads(real)["still"]
            )
        assert [n for n in REAL if n in told] == []
        assert "deveselu" in real or name == "responses.yaml"
    told, real = (json.loads((tmp_path / of / "review.json").read_text()) for of in ("told", "real"))
    assert told["seed"] is None and len(told["decisions"]) == len(real["decisions"]) > 0
    assert [d["took_s"] for d in told["decisions"]] == [d["took_s"] for d in real["decisions"]]
