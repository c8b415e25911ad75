"""`synaspis node run`: on recorded measurements from its start to its end, and what stops it at the start."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from synaspis import api
from synaspis.engine.stations import measured_by
from synaspis.engine.world import world
from synaspis.files import raidless
from synaspis.journal.reading import Reader
from synaspis.network import keys
from synaspis.network.auditing import audit
from synaspis.network.processes import free_ports
from tests.cli.calling import call

pytest.importorskip("zenoh")
pytestmark = pytest.mark.processes
RUN = ["node", "run", "--nation", "ROU", "--config", "drill/ROU/node.yaml"]


@pytest.fixture
def drill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A network's folder, two nations signed; Romania's node has a port that is free, and no health."""
    monkeypatch.chdir(tmp_path)
    (port,) = free_ports(1)
    for words in (
        ["network", "init", "first-light", "--dir", "drill", "--port", "7000"],
        ["node", "enrol", "--nation", "ROU", "--dir", "drill"],
        ["node", "enrol", "--nation", "USA", "--dir", "drill"],
        ["network", "sign", "--dir", "drill"],
    ):
        assert call(words, monkeypatch) == 0
    path = tmp_path / "drill" / "ROU" / "node.yaml"
    rows = [
        f'listen: "127.0.0.1:{port}"' if row.startswith("listen:")
        else "metrics_port: 0" if row.startswith("metrics_port:")
        else row
        for row in path.read_text().splitlines()
    ]  # fmt: skip
    path.write_text("\n".join(rows))
    capsys.readouterr()
    return tmp_path / "drill"


def fixed(latitude: np.ndarray, longitude: np.ndarray, height_km: np.ndarray) -> np.ndarray:
    """Earth-fixed kilometres on the WGS 84 ellipsoid, of radians."""
    across = 6378.137 / np.sqrt(1.0 - 0.00669438 * np.sin(latitude) ** 2)
    flat, up = (across + height_km) * np.cos(latitude), (across * (1.0 - 0.00669438) + height_km)
    return np.stack([flat * np.cos(longitude), flat * np.sin(longitude), up * np.sin(latitude)], axis=-1)


def measured(case: Path) -> str:
    """A missile that comes down near Bucharest, as the radar there has it each second, as JSON lines."""
    w = world(raidless.load(case), ())
    radar = next(
        s for s in (measured_by(w.stations[i]) for i in w.stations_of("ROU")) if "bucharest" in s.name
    )
    flight = api.fly("mrbm-2000", (38.0, 46.3), (44.45, 26.2))
    times = np.arange(flight.points[-1, 0] - 70.0, flight.points[-1, 0] - 12.0)
    lat, lon, height_km = (np.interp(times, flight.points[:, 0], flight.points[:, i]) for i in (1, 2, 3))
    a, b = radar.latitude_rad, radar.longitude_rad
    here = fixed(np.array(a), np.array(b), np.array(radar.height_m / 1000.0))
    way = fixed(np.radians(lat), np.radians(lon), height_km) - here
    up = np.array([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)])
    east = np.array([-np.sin(b), np.cos(b), 0.0])
    e, n, u = way @ east, way @ np.cross(up, east), way @ up
    rows = [
        {
            "time_s": float(k), "sensor": radar.name, "range_km": float(np.linalg.norm(way[k])),
            "azimuth_deg": float(np.degrees(np.arctan2(e[k], n[k]))) % 360.0,
            "elevation_deg": float(np.degrees(np.arctan2(u[k], np.hypot(e[k], n[k])))),
        }
        for k in range(len(times))
    ]  # fmt: skip
    return "".join(json.dumps(row) + "\n" for row in rows)


def test_recorded_measurements_are_tracked_and_people_warned(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    recorded = drill / "measurements.jsonl"
    recorded.write_text(measured(drill / "ROU" / "case.yaml") + "nonsense\n")
    assert call([*RUN, "--input", str(recorded), "--speed", "20"], monkeypatch) == 0
    out, err = capsys.readouterr()
    assert "ROU listens at 127.0.0.1:" in out
    assert "BGR" in err and "the node carries on without that nation" in err, "they have not enrolled"
    path = drill / "ROU" / "ROU.journal"
    assert audit(path).whole
    reader = Reader(path)
    events = [json.loads(e.payload) for e in reader.entries(0, 10**6) if e.kind == "event"]
    reader.close()
    assert {"detected", "track", "warned"} <= {e["event"] for e in events}
    assert "Bucharest" in str([e for e in events if e["event"] == "warned"])


def test_an_expired_certificate(
    drill: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    long_ago = dt.datetime.now(dt.UTC) - dt.timedelta(days=400)
    other = drill.parent / "other"
    keys.make_authority(other, long_ago)
    keys.make_key(other, "ROU")
    keys.enrol(other, keys.request_path(other, "ROU"), "ROU", long_ago)
    for file in other.iterdir():
        if file.name.startswith("ROU") or file.name == "authority.pem":
            shutil.copyfile(file, drill / "ROU" / "keys" / file.name)
    assert call(RUN, monkeypatch) == 2
    err = capsys.readouterr().err
    assert "expired" in err and "mend:" in err


def test_a_full_disk_at_the_start(drill: Path) -> None:
    """A file may not grow, as on a full disk."""
    code = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096)); "
    code += f"sys.argv = ['synaspis', *{RUN!r}]; from synaspis.cli.main import main; main()"
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, timeout=120)
    assert done.returncode in (1, 2), done.stderr
    assert "Traceback" not in done.stderr and "disk" in done.stderr and "mend:" in done.stderr
