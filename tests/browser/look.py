"""Open a report in a real browser, wide and on a phone, light and dark; fail on what an eye would see.

    python tests/browser/look.py [REPORT.html]

Without a report it runs the smallest case first, and asks every other question once for its page. A probe
added to a copy of the page logs what the browser laid out; a page that logs nothing has failed. Without a
report given, and where Node is at hand, `web/browser/look.mjs` then uses the globe as a reader would:
regimes, slider, keys, against summary.json; `edit.mjs` beside it changes a case and compares; `gallery.mjs`
runs one from the page of all cases; `drill.mjs` clicks through a drill of two nations, `review.mjs` through
its review.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = {"wide": (1440, 900), "phone": (390, 844)}
TABLES, DRAWINGS = 8, 6
FIRST = "first-light"
PAGES = {
    "warn": (("warn", FIRST, "--trials", "20"), "report.html"),
    "footprint": (("footprint", FIRST, "--regime", "allied"), "report.html"),
    "plan": (("plan", FIRST, "--trials", "50"), "report.html"),
    "boost layer": (("plan", FIRST, "--constellation"), "report.html"),
    "burden": (("burden", FIRST, "--trials", "50"), "report.html"),
    "timeline": (("timeline", "europe", "--from", "2010", "--to", "2026", "--regime", "national",
                  "--regime", "allied", "--trials", "20"), "report.html"),
    "transparency": (("run", "europe", "--regime", "allied", "--trials", "20"), "stability.html"),
    "fly": (("fly", "mrbm-2000", "--from", "38.08,46.29", "--to", "44.43,26.10"), ""),
    "reconstruct": (("reconstruct", "--apogee-km", "4475", "--range-km", "950"), ""),
}  # fmt: skip
"""The page of each question: its command, and the file in its folder ("" where `--out` is the page)."""
SMALLEST_PICTURE_BYTES = 15_000
LARGEST_REPORT_BYTES = 3_000_000
WEB = Path(__file__).resolve().parents[2] / "web"
PROBE = """<script>addEventListener("load", () => {
  const seen = [...document.querySelectorAll("svg")].filter(s => s.getBoundingClientRect().width > 40);
  const tables = [...document.querySelectorAll("table")];
  console.log("PROBE" + JSON.stringify({
    wide: document.documentElement.scrollWidth, window: innerWidth,
    tables: tables.length, empty: tables.filter(t => !t.querySelector("tbody td")).length,
    drawings: seen.length, missing: [...document.images].filter(i => !i.naturalWidth).length,
    fetched: performance.getEntriesByType("resource").length, title: document.title}));
});</script>"""


def browser() -> str:
    for name in ("chromium", "chromium-browser", "google-chrome"):
        found = shutil.which(name)
        if found:
            return found
    sys.exit("no chromium found (Debian: apt install chromium)")


def made(command: tuple[str, ...], out: Path) -> None:
    """Run one command of the program; what it prints is not wanted."""
    whole = [sys.executable, "-m", "synaspis.cli.main", *command, "--out", str(out)]
    subprocess.run(whole, check=True, stdout=subprocess.DEVNULL)


def small_report(folder: Path) -> Path:
    out = folder / "run"
    made(("run", FIRST, "--trials", "200"), out)
    return out / "report.html"


def look(report: Path, folder: Path, name: str, dark: bool, tables: int, drawings: int) -> list[str]:
    """What is wrong with `report` in a window of this size; so many tables and drawings are due."""
    width, height = SIZES[name]
    probed = folder / "probed.html"
    probed.write_text(report.read_text(encoding="utf-8") + PROBE, encoding="utf-8")
    frame = folder / "frame.html"
    style = f"border:0;width:{width}px;height:{height}px"
    frame.write_text(f'<body style="margin:0"><iframe src="probed.html" style="{style}"></iframe></body>')
    picture = folder / f"{name}-{'dark' if dark else 'light'}.png"
    command = [browser(), "--headless", "--no-sandbox", "--hide-scrollbars"]
    command += ["--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
    command += ["--enable-logging=stderr", "--v=0", f"--window-size={max(width, 500)},{height}"]
    command += [f"--user-data-dir={folder / 'profile'}", f"--screenshot={picture}"]
    command += ["--blink-settings=preferredColorScheme=0"] if dark else []
    done = subprocess.run([*command, frame.as_uri()], capture_output=True, text=True, timeout=120)
    return problems(done.stderr, picture, tables, drawings)


def problems(log: str, picture: Path, tables: int, drawings: int) -> list[str]:
    lines = [line for line in log.splitlines() if "CONSOLE" in line]
    found = [f"the console says: {line}" for line in lines if "PROBE" not in line]
    told = re.search(r'"PROBE(\{.*\})"', log)
    if told is None:
        return [*found, "the page logged nothing: it was not laid out"]
    seen = json.loads(told.group(1))
    if seen["wide"] > seen["window"]:
        found.append(f"the page is {seen['wide']} px wide in a window of {seen['window']} px")
    if seen["tables"] < tables or seen["empty"]:
        found.append(f"{seen['tables']} tables, {seen['empty']} of them empty; {tables} or more are due")
    if seen["drawings"] < drawings:
        found.append(f"{seen['drawings']} drawings; {drawings} or more are due")
    if seen["missing"] or seen["fetched"]:
        found.append(
            f"{seen['missing']} missing images, {seen['fetched']} things fetched: the page must stand alone"
        )
    if not picture.exists() or picture.stat().st_size < SMALLEST_PICTURE_BYTES:
        found.append("the picture is blank")
    return found


def use_the_globe(run: Path, pictures: Path) -> int:
    """1 where the globe does not do what it should."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "playwright-core").is_dir():
        print("no Node or no web/node_modules (make web): the globe was not tried", file=sys.stderr)
        return 0
    command = [node, str(WEB / "browser" / "look.mjs"), str(run), str(pictures)]
    return int(subprocess.run(command, env={**os.environ, "CHROMIUM": browser()}).returncode != 0)


def tried(script: str, what: str, given: list[str], serve: list[str], at: Path | None = None) -> int:
    """1 where a script of `web/browser`, given a server's command (run in `at`), finds something wrong."""
    node = shutil.which("node")
    if node is None or not (WEB / "node_modules" / "playwright-core").is_dir():
        print(f"no Node or no web/node_modules (make web): {what} was not tried", file=sys.stderr)
        return 0
    program = [sys.executable, "-m", "synaspis.cli.main", *serve]
    command = [node, str(WEB / "browser" / script), *given, "--", *program]
    return int(subprocess.run(command, env={**os.environ, "CHROMIUM": browser()}, cwd=at).returncode != 0)


def editor(run: Path, pictures: Path) -> int:
    """1 where the editor of a run's case does not do what it should."""
    edits = str(run.with_name("edits"))
    serve = ["serve", str(run), "--port", "0", "--edits", edits]
    return tried("edit.mjs", "the editor", [edits, str(pictures)], serve)


def gallery(pictures: Path) -> int:
    """1 where the page of all cases does not do what it should."""
    with tempfile.TemporaryDirectory() as folder:
        return tried("gallery.mjs", "the gallery", [str(pictures)], ["serve", "--port", "0"], Path(folder))


def drill(pictures: Path) -> int:
    """1 where a drill of two nations, clicked through, or its review does not go as it should."""
    with tempfile.TemporaryDirectory() as folder:
        log, plan = str(Path(folder) / "drill.log"), Path(folder) / "plan.yaml"
        plan.write_text("turns: [{title: The eve, may: [draft, warn_public]}]\n")
        serve = ["exercise", FIRST, "--listen", "127.0.0.1:0", "--log", log, "--plan", str(plan)]
        again = ["replay", log, "--serve", "--port", "0"]
        bad = tried("drill.mjs", "the drill", [folder, str(pictures)], serve)
        return bad or tried("review.mjs", "its review", [str(pictures)], again)


def looked(report: Path, folder: Path, what: str, views: list[tuple[str, bool]], due: tuple[int, int]) -> int:
    """How much is wrong with a page in these windows, and said."""
    bad = int(report.stat().st_size > LARGEST_REPORT_BYTES)
    if bad:
        print(f"{what} has {report.stat().st_size:,} bytes; {LARGEST_REPORT_BYTES:,} are too many")
    for name, dark in views:
        found = look(report, folder, name, dark, *due)
        print(f"{what}, {name} {'dark' if dark else 'light'}: {'; '.join(found) or 'good'}", flush=True)
        bad += len(found)
    return bad


def other_pages(folder: Path) -> int:
    """How much is wrong with the pages of all other questions: wide in the light, on a phone in the dark."""
    bad = 0
    for what, (command, file) in PAGES.items():
        out = folder / (what.replace(" ", "-") + ("" if file else ".html"))
        made(command, out)
        bad += looked(out / file if file else out, folder, what, [("wide", False), ("phone", True)], (1, 1))
    return bad


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        report = Path(sys.argv[1]) if len(sys.argv) > 1 else small_report(folder)
        every = [(name, dark) for name in SIZES for dark in (False, True)]
        bad = looked(report, folder, report.name, every, (TABLES, DRAWINGS))
        if len(sys.argv) == 1:
            bad += other_pages(folder)
            pictures = Path(tempfile.mkdtemp(prefix="synaspis-pictures-"))
            bad += use_the_globe(report.parent, pictures)
            bad += editor(report.parent, pictures)
            bad += gallery(pictures)
            bad += drill(pictures)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
