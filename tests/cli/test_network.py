"""`synaspis network ...` and `synaspis node ...`: help, folders, keys, audits, and mistakes told."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from synaspis.journal import Journal
from tests.cli.calling import call

COMMANDS = ("run", "init", "sign", "range", "status", "audit")


@pytest.mark.parametrize("words", [*(("network", c) for c in COMMANDS), ("node", "enrol"), ("node", "run")])
def test_every_command_has_help_and_an_example(
    words: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call([*words, "--help"], monkeypatch) == 0
    told = " ".join(capsys.readouterr().out.split())
    assert f"Example: synaspis {words[0]}" in told
    assert "--follow-parent" not in told


def test_no_help_loads_kernels_or_the_bus() -> None:
    asked = (
        "import sys\n"
        "from synaspis.cli.main import main\n"
        f"for words in [('network',), ('node',), *(('network', c) for c in {COMMANDS!r}), "
        "('node', 'enrol'), ('node', 'run')]:\n"
        "    sys.argv = ['synaspis', *words, '--help']\n"
        "    try:\n        main()\n    except SystemExit as end: assert not end.code\n"
        "print(sorted({'numba', 'scipy', 'zenoh', 'numpy', 'cryptography'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]" and done.stdout.count("Example: ") >= 8


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A network's folder, two nations enrolled."""
    monkeypatch.chdir(tmp_path)
    assert call(["network", "init", "first-light", "--dir", "drill", "--port", "7000"], monkeypatch) == 0
    for words in (["--nation", "ROU", "--dir", "drill"], ["--nation", "USA", "--dir", "drill/USA"]):
        assert call(["node", "enrol", *words], monkeypatch) == 0
    capsys.readouterr()
    return tmp_path / "drill"


def told(capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    return out + err


def test_from_init_to_signed(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["network", "sign", "--dir", "drill"], monkeypatch) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line[:8] for line in lines] == ["BGR  no ", "ROU  sig", "TUR  no ", "USA  sig"]
    assert (drill / "BGR" / "keys" / "ROU.pem").is_file()
    assert not list((drill / "BGR" / "keys").glob("*.key"))


def test_a_key_is_made_once_and_in_its_own_folder(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["node", "enrol", "--nation", "ROU", "--dir", "drill"], monkeypatch) == 2
    assert "there is a key already\n    mend:" in told(capsys)
    assert call(["node", "enrol", "--nation", "ROU", "--dir", "drill/BGR"], monkeypatch) == 2
    assert "is of BGR, not of ROU" in told(capsys)
    assert call(["node", "enrol", "--nation", "ROU", "--dir", "nowhere"], monkeypatch) == 2
    assert "there is no node.yaml" in told(capsys)


def test_mistakes_of_init_are_all_said(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["network", "init", "first-light", "--dir", "drill", "--regime", "alied"]
    assert call(words, monkeypatch) == 2
    found = told(capsys)
    assert "is there already" in found and "did you mean `allied`?" in found


@pytest.mark.parametrize("speed", ["0", "-1", "nan", "inf", "1e9"])
def test_a_speed_that_is_none(
    speed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call(["network", "first-light", "--speed", speed, "--dir", "drill"], monkeypatch) == 2
    assert "is no speed" in told(capsys) and not (tmp_path / "drill").exists()


@pytest.mark.parametrize("words", [("network", "first-light"), ("network", "range")])
def test_a_stream_to_nowhere_is_refused_before_anything_starts(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert call([*words, "--dir", "drill", "--dis", "0", "--cot", "no.such.invalid:1"], monkeypatch) == 2
    found = told(capsys)
    assert "--dis: `0` is no place to send to" in found and "`no.such.invalid` is not to be found" in found
    assert not (tmp_path / "drill").exists()


def test_the_word_run_may_be_left_out_and_options_may_come_first(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["network", "--speed", "0", "first-light"], monkeypatch) == 2
    assert "0 is no speed" in told(capsys)
    assert call(["network", "first-lite"], monkeypatch) == 2
    assert "did you mean `first-light`?" in told(capsys)


def test_status_of_nodes_that_do_not_run(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(["network", "status", "--dir", "drill", "--json"], monkeypatch) == 0
    assert json.loads(capsys.readouterr().out) == {
        "nations": {"BGR": None, "ROU": None, "TUR": None, "USA": None}, "range": None
    }  # fmt: skip
    assert call(["network", "status", "--dir", "drill"], monkeypatch) == 0
    assert "ROU: it does not answer on this machine" in told(capsys)
    assert call(["network", "status", "--dir", str(drill.parent)], monkeypatch) == 2


def test_an_audit_by_nation_and_by_path(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = drill / "ROU" / "ROU.journal"
    with Journal.open(path, case_sha256="ab" * 32, keeper="ROU") as journal:
        journal.append("event", b"{}")
    assert call(["network", "audit", "ROU", "--dir", "drill", "--json"], monkeypatch) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["nation"], found["entries"], found["whole"]) == ("ROU", 1, True)
    assert call(["network", "audit", str(path)], monkeypatch) == 0
    assert "ROU: 1 entries, the chain is whole" in told(capsys)
    assert call(["network", "audit", "XXX", "--dir", "drill"], monkeypatch) == 2
    assert call(["network", "audit", "nowhere"], monkeypatch) == 2


def test_a_node_says_all_that_is_wrong_before_it_starts(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["node", "run", "--nation", "BGR", "--config", "drill/BGR/node.yaml"]
    assert call(words, monkeypatch) == 2
    found = told(capsys)
    assert "BGR.key: it is not there\n    mend: make one on this machine with `node enrol`" in found
    assert call([*words, "--speed", "3"], monkeypatch) == 2
    assert "there is no recording to play" in told(capsys)


def signed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert call(["network", "sign", "--dir", "drill"], monkeypatch) == 0
    capsys.readouterr()
    return ["node", "run", "--nation", "ROU", "--config", "drill/ROU/node.yaml"]


def test_a_journal_of_another_case(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = signed(monkeypatch, capsys)
    Journal.open(drill / "ROU" / "ROU.journal", case_sha256="ab" * 32, keeper="ROU").close()
    assert call(words, monkeypatch) == 2
    assert "is the journal of the case abababab, and this one is" in told(capsys)


def test_a_port_that_is_taken(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("zenoh")
    words = signed(monkeypatch, capsys)
    path = drill / "ROU" / "node.yaml"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        path.write_text(path.read_text().replace('listen: "127.0.0.1:7002"', f'listen: "127.0.0.1:{port}"'))
        assert call(words, monkeypatch) == 1
        assert f"127.0.0.1:{port} cannot be listened at" in told(capsys)


def test_measurements_that_are_none(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("zenoh")
    words = signed(monkeypatch, capsys)
    path = drill / "ROU" / "node.yaml"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    path.write_text(path.read_text().replace('listen: "127.0.0.1:7002"', f'listen: "127.0.0.1:{port}"'))
    recorded = drill / "m.jsonl"
    recorded.write_text('{"time_s": 1, "sensor": "kurecik", "range_km": 900}\nnonsense\n')
    assert call([*words, "--input", str(recorded)], monkeypatch) == 2
    found = told(capsys)
    assert "no row can be used: 1 malformed; 1 unknown_sensor" in found
    assert "give measurements of bucharest-patriot/radar" in found
