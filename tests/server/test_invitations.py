"""Invitations: redeemed once, for their seat, in time; and sessions that end when they should."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from synaspis.errors import ServerError
from synaspis.server.invitations import ANOTHER_DIRECTOR, FULL, NO_SUCH, Doors
from synaspis.server.limits import Limits


class Time:
    now_s = 1e9

    def __call__(self) -> float:
        return self.now_s


def test_a_link_opens_its_seat_once() -> None:
    doors = Doors()
    token = doors.invite("POL")
    assert len(token) == 43  # 256 bits in base64
    assert doors.redeem("DEU", token).words == NO_SUCH
    cookie = doors.redeem("POL", token).cookie
    assert doors.session("POL", cookie) is not None
    assert doors.redeem("POL", token).words == NO_SUCH


def test_a_cookie_opens_no_other_seat_and_cannot_be_changed() -> None:
    doors = Doors()
    cookie = doors.redeem("POL", doors.invite("POL")).cookie
    assert doors.session("DEU", cookie) is None
    for i in range(len(cookie)):
        if cookie[i] != "." and i != len(cookie) - 1:  # the last letter has bits that mean nothing
            other = "A" if cookie[i] != "A" else "B"
            assert doors.session("POL", cookie[:i] + other + cookie[i + 1 :]) is None
    for odd in ("", ".", "a.b", "\u00e9.\u00e9", "\ud800." * 3, cookie.split(".")[0]):
        assert doors.session("POL", odd) is None


def test_links_and_sessions_grow_old() -> None:
    time, limits = Time(), Limits(invitation_s=100.0, session_s=200.0)
    doors = Doors(limits=limits, now=time)
    late, token = doors.invite("POL"), doors.invite("POL")
    time.now_s += 99.0
    cookie = doors.redeem("POL", token).cookie
    time.now_s += 2.0
    assert doors.redeem("POL", late).words == NO_SUCH
    assert doors.session("POL", cookie) is not None
    time.now_s += 199.0
    assert doors.session("POL", cookie) is None


def test_the_director_sits_alone_until_the_terminal_says_otherwise() -> None:
    doors = Doors()
    first = doors.redeem("director", doors.invite("director", over=True)).cookie
    second = doors.invite("director")
    assert doors.redeem("director", second).words == ANOTHER_DIRECTOR
    taken = doors.redeem("director", doors.invite("director", over=True))
    assert len(taken.ended) == 1
    assert doors.session("director", first) is None
    session = doors.session("director", taken.cookie)
    assert session is not None
    doors.leave("director", session)
    assert doors.redeem("director", second).cookie  # the link was not used up when it was refused


def test_a_seat_is_full_one_day() -> None:
    doors = Doors(limits=Limits(sessions=2))
    for _ in range(2):
        assert doors.redeem("POL", doors.invite("POL")).cookie
    assert doors.redeem("POL", doors.invite("POL")).words == FULL


def test_revoked_is_gone() -> None:
    doors = Doors()
    token, cookie = doors.invite("POL"), doors.redeem("POL", doors.invite("POL")).cookie
    other = doors.redeem("DEU", doors.invite("DEU")).cookie
    assert doors.revoke("POL") == (1, 1)
    assert doors.redeem("POL", token).words == NO_SUCH
    assert doors.session("POL", cookie) is None
    assert doors.session("DEU", other) is not None


def test_they_outlive_the_process_without_a_secret_in_the_file(tmp_path: Path) -> None:
    kept = tmp_path / "drill.doors"
    doors = Doors(kept)
    used, unused = doors.invite("POL"), doors.invite("DEU")
    cookie = doors.redeem("POL", used).cookie
    text = kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert not any(secret in text for secret in (used, unused, cookie, *cookie.split(".")))
    again = Doors(kept)
    assert again.session("POL", cookie) is not None
    assert again.redeem("POL", used).words == NO_SUCH
    assert again.redeem("DEU", unused).cookie


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"key": "c2hvcnQ="}', b'{"key": 3}'])
def test_a_file_that_holds_none_is_said(tmp_path: Path, content: bytes) -> None:
    kept = tmp_path / "drill.doors"
    kept.write_bytes(content)
    with pytest.raises(ServerError, match="does not hold the invitations"):
        Doors(kept)


def test_what_cannot_be_written_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    doors = Doors(tmp_path / "doors")
    token, cookie = doors.invite("POL"), doors.redeem("DEU", doors.invite("DEU")).cookie

    def full(_path: Path, _book: object) -> None:
        raise OSError("no space left on device")

    with monkeypatch.context() as bad:
        bad.setattr("synaspis.server.invitations._write", full)
        for does in (
            lambda: doors.redeem("POL", token),
            lambda: doors.revoke("DEU"),
            lambda: doors.invite("X"),
        ):
            with pytest.raises(OSError, match="no space left"):
                does()
    assert doors.count("POL") == (1, 0) and doors.session("DEU", cookie) is not None
    assert doors.redeem("POL", token).cookie
