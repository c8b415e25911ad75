"""The page of measured speeds, `docs/performance.md`, from what benchmarks of a checkout gave.

Not all of them run at once: those with peers that must be installed run when they are named. So figures are
kept in `docs/performance.json`, each benchmark with its day, commit and machine; a benchmark that runs
again replaces its own, and the page is made anew from all.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from synaspis.cli.bench import Bench
from synaspis.errors import SynaspisError

KEPT = Path("docs") / "performance.json"
PAGE = Path("docs") / "performance.md"
Kept = dict[str, dict[str, Any]]
ABOUT = """\
Speeds are of one machine; ratios carry farther. A ratio above 1 says how many times better ours is than the
peer, which is measured beside it on the same inputs. This page is made by `synaspis bench --report`, and by
`synaspis bench NAME --report` for peers that must be installed first; repeat it on yours. What other
measurements found, and how they were made, is in [validation](validation.md)."""


def write_report(root: Path, benches: tuple[Bench, ...]) -> Path:
    """Put `benches` among the figures that are kept in `root`, make the page, and return where it is.

    SynaspisError where the kept figures cannot be read.
    """
    kept = _kept(root / KEPT)
    about = {
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "commit": _commit(root),
        "machine": _machine(),
    }
    kept |= {b.name: {"what": b.what, **about, "figures": b.figures} for b in benches}
    kept = dict(sorted(kept.items()))
    (root / KEPT).write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    (root / PAGE).write_text(page(kept), encoding="utf-8")
    return root / PAGE


def _kept(path: Path) -> Kept:
    if not path.exists():
        return {}
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        page(found)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        what = f"{path} does not hold the figures of benchmarks"
        raise SynaspisError(f"{what}: delete it and measure again, or take it from the repository") from error
    return dict(found)


def page(kept: Mapping[str, Mapping[str, Any]]) -> str:
    """The page in Markdown."""
    ratios = [f["ratio"] for b in kept.values() for f in b["figures"].values() if f.get("ratio") is not None]
    parts = ["# Performance", _finding(ratios), ABOUT, *(_part(name, bench) for name, bench in kept.items())]
    return "\n\n".join(parts) + "\n"


def _finding(ratios: list[float]) -> str:
    if not ratios:
        return "Nothing has been compared with a peer yet."
    ahead = sum(r > 1.0 for r in ratios)
    span = f"{_number(min(ratios))} to {_number(max(ratios))}"
    return f"**Of {len(ratios)} comparisons with a peer {ahead} come out ahead, by ratios of {span}.**"


def _part(name: str, bench: Mapping[str, Any]) -> str:
    table = ["| what | value | unit | peer | its value | ratio |", "|---|---|---|---|---|---|"]
    notes = []
    for title, f in bench["figures"].items():
        value, peer_value, ratio = (_number(f[key]) for key in ("value", "peer_value", "ratio"))
        cells = (_cell(title), value, _cell(f["unit"]), _cell(f["peer"]), peer_value, ratio)
        table.append(f"| {' | '.join(cells)} |")
        if f.get("note"):
            notes.append(f"`{title}`: {f['note']}")
        if f.get("agreement_m") is not None:
            notes.append(f"`{title}`: the two answers are at most {f['agreement_m']:.2g} m apart.")
    measured = f"{bench['date']}, commit {bench['commit']}, {bench['machine']}."
    return "\n\n".join([f"## {name}", bench["what"], "\n".join(table), *notes, measured])


def _cell(text: object) -> str:
    return "" if text is None else re.sub(r"\s+", " ", str(text)).replace("|", "\\|")


def _number(value: float | None) -> str:
    if value is None:
        return ""
    if abs(value) >= 1e6:
        return f"{value / 1e6:,.3g} million" if abs(value) < 1e9 else f"{value / 1e9:,.3g} thousand million"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def _commit(root: Path) -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        changed = git("status", "--porcelain", "--untracked-files=no", "--", "src", "bench")
        return git("rev-parse", "--short", "HEAD") + (" with changes" if changed else "")
    except (OSError, subprocess.CalledProcessError):
        return "not known"


def _machine() -> str:
    """Cores and the processor's model: all that a figure needs, and nothing of whose machine it was."""
    model = platform.processor() or platform.machine()
    try:
        named = re.search(
            r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.MULTILINE
        )
        model = named.group(1).strip() if named else model
    except OSError:
        pass
    cores = os.cpu_count() or 1
    return f"{cores} core{'s' * (cores > 1)}, {model}"
