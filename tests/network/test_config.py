"""Configurations of nodes and range: made, read back, and everything wrong said at once with its place."""

from __future__ import annotations

import datetime as dt
import shutil
import stat
from pathlib import Path

import pytest

from synaspis.errors import InputError
from synaspis.files import case as cases
from synaspis.model.case import Case
from synaspis.network import config, founding, keys
from synaspis.network.seam import RANGE
from tests.network.world import NOON

NATIONS = ("USA", "ROU", "TUR", "BGR")


@pytest.fixture(scope="module")
def case() -> Case:
    return cases.load("first-light")


@pytest.fixture(scope="module")
def made(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network") / "drill"
    founding.init(case, folder, "allied", founding.places(case), NOON)
    founding.enrol_all(folder, NATIONS, NOON)
    return folder


@pytest.fixture
def drill(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "drill"))


def problems(path: Path, now: dt.datetime = NOON, nation: str | None = None) -> list[str]:
    with pytest.raises(InputError) as wrong:
        config.load_node(path, now, nation)
    return [str(p) for p in wrong.value.problems]


def test_what_init_writes_reads_back(made: Path, case: Case) -> None:
    node = config.load_node(made / "ROU" / config.NODE_FILE, NOON, "ROU")
    assert node.me == "ROU" and node.regime == "allied" and not node.doubts
    assert set(node.addresses) == {*NATIONS, RANGE} == {*node.certificates, "ROU"}
    assert node.case.file.raid == () and node.journal == (made / "ROU" / "ROU.journal").resolve()
    range_ = config.load_range(made / "range" / config.RANGE_FILE, NOON)
    assert range_.whole.sha256 == case.sha256 and range_.case.sha256 == node.case.sha256
    assert range_.addresses == node.addresses


def test_no_nation_gets_the_raid_or_anothers_key(made: Path) -> None:
    for nation in NATIONS:
        held = {p.name for p in (made / nation).rglob("*") if p.is_file()}
        assert {n for n in held if n.endswith(".key")} == {f"{nation}.key"}
        assert not any(b"mrbm-2000" in p.read_bytes() for p in (made / nation).rglob("*.yaml"))
    for secret in ("authority", "range"):
        assert stat.S_IMODE((made / secret).stat().st_mode) == 0o700


def test_a_folder_is_whole_or_not_there(case: Case, made: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError) as wrong:
        founding.init(case, made, "alied", founding.places(case), NOON)
    assert len(wrong.value.problems) == 2 and "`allied`" in str(wrong.value)
    with pytest.raises(InputError, match="ports 65530 to 65539"):
        founding.places(case, port=65530)
    assert list(tmp_path.iterdir()) == []


def test_every_problem_is_said_with_its_place(drill: Path) -> None:
    path = drill / "ROU" / config.NODE_FILE
    told = path.read_text().replace('"allied"', '"alied"').replace('USA: "127.0.0.1:7461"', 'UAS: "nowhere"')
    path.write_text(told.replace('TUR: "127.0.0.1:7463"', 'TUR: "127.0.0.1:7464"') + "colour: blue\n")
    found = "\n".join(problems(path))
    for said in (
        ": unknown key `colour`",
        ": the case has no regime `alied`\n    mend: did you mean `allied`?",
        ": the case has no nation `UAS`\n    mend: did you mean `USA`?",
        ": `nowhere` is no address\n    mend: write HOST:PORT",
        ": 127.0.0.1:7464 is TUR's address too",
    ):
        assert said in found
    assert all(line.startswith(f"{path}:") for line in found.splitlines() if not line.startswith("    "))


def test_of_another_nation(drill: Path) -> None:
    found = problems(drill / "ROU" / config.NODE_FILE, nation="BGR")
    assert len(found) == 1 and "configuration of ROU, not of BGR" in found[0]


def test_own_certificate_expired_or_clock_hours_off(drill: Path) -> None:
    path = drill / "ROU" / config.NODE_FILE
    assert "expired 10 days ago" in problems(path, NOON + dt.timedelta(days=100))[0]
    assert "the clock may be wrong" in problems(path, NOON - dt.timedelta(hours=5))[0]


def test_a_partner_with_a_wrong_certificate_is_left_out_and_said(drill: Path) -> None:
    home = drill / "ROU" / "keys"
    shutil.copyfile(home / "USA.pem", home / "TUR.pem")
    (home / "BGR.pem").unlink()
    node = config.load_node(drill / "ROU" / config.NODE_FILE, NOON)
    assert set(node.certificates) == {"USA", RANGE}
    assert [d.mend != "" for d in node.doubts] == [True, True]
    assert "this is the certificate of USA" in str(node.doubts)


def test_no_key_yet(drill: Path) -> None:
    for name in ("ROU.key", "ROU.pem"):
        (drill / "ROU" / "keys" / name).unlink()
    assert len(problems(drill / "ROU" / config.NODE_FILE)) == 2


def test_a_case_with_its_raid_is_none_for_a_node(drill: Path) -> None:
    shutil.copyfile(drill / "range" / config.WHOLE_FILE, drill / "ROU" / config.CASE_FILE)
    assert "this case holds its raid" in problems(drill / "ROU" / config.NODE_FILE)[0]


def test_the_nodes_case_is_that_of_the_raid(drill: Path) -> None:
    path = drill / config.CASE_FILE
    path.write_text(path.read_text().replace("population: 1716961", "population: 17"))
    with pytest.raises(InputError, match="not the case of the raid"):
        config.load_range(drill / "range" / config.RANGE_FILE, NOON)


def test_a_network_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no network in this folder"):
        config.nations_of(tmp_path)


@pytest.mark.parametrize(
    ("told", "host"),
    [("127.0.0.1:7447", "127.0.0.1"), ("[::1]:80", "::1"), ("a.example:65535", "a.example")],
)
def test_addresses(told: str, host: str) -> None:
    found = config.parse_address(told)
    assert found is not None and found.host == host


NO_ADDRESSES = ("", "here", "1.2.3.4", "::1:80", "[x]:80", "[1:2]:80", "a:0", "a:65536", "a b:1", "a:1 ")


@pytest.mark.parametrize("told", NO_ADDRESSES)
def test_no_addresses(told: str) -> None:
    assert config.parse_address(told) is None


# -- requests and certificates ------------------------------------------------------------------------


def test_requests_are_signed_as_they_come(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "drill"
    founding.init(case, folder, "allied", founding.places(case), NOON)
    assert [s.what for s in founding.sign(folder, NOON)] == ["missing"] * 4
    told = keys.make_key(folder / "ROU" / "keys", "ROU")
    signed = {s.nation: s for s in founding.sign(folder, NOON)}
    assert (signed["ROU"].what, signed["ROU"].fingerprint) == ("signed", told)
    assert (folder / "TUR" / "keys" / "ROU.pem").is_file()
    before = (folder / "authority" / "ROU.pem").read_bytes()
    assert [s.what for s in founding.sign(folder, NOON) if s.nation == "ROU"] == ["held"]
    assert (folder / "authority" / "ROU.pem").read_bytes() == before


def test_a_new_key_and_an_expired_certificate_are_signed_again(drill: Path) -> None:
    home = drill / "ROU" / "keys"
    (home / "ROU.key").unlink()
    keys.make_key(home, "ROU")
    later = NOON + dt.timedelta(days=80)
    assert {s.nation: s.what for s in founding.sign(drill, later)} == {
        "ROU": "signed", "USA": "held", "TUR": "held", "BGR": "held"
    }  # fmt: skip
    assert {s.what for s in founding.sign(drill, NOON + dt.timedelta(days=300))} == {"signed"}


def test_a_request_of_another_nation_is_said_and_the_others_are_signed(drill: Path) -> None:
    shutil.copyfile(drill / "BGR" / "keys" / "BGR.csr", drill / "TUR" / "keys" / "TUR.csr")
    (drill / "authority" / "USA.pem").unlink()
    with pytest.raises(InputError, match="request of BGR, not of TUR"):
        founding.sign(drill, NOON)
    assert (drill / "authority" / "USA.pem").is_file()
