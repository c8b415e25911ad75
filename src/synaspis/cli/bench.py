"""Run the benchmarks of a checkout: each module in bench/ has `bench() -> {name: figures}`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synaspis.errors import SynaspisError

if TYPE_CHECKING:
    from rich.table import Table

KEYS = ("value", "unit", "peer", "peer_value", "ratio")
CHECKOUT = Path(__file__).resolve().parents[3]


def run_benches(root: Path = CHECKOUT) -> dict[str, dict[str, Any]]:
    """Every benchmark of `root`/bench by name. SynaspisError outside a checkout."""
    folder = root / "bench"
    scripts = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    if not scripts or not (root / "pyproject.toml").is_file():
        raise SynaspisError(
            "benchmarks are in the repository, not in the installed package: "
            "clone it, then run `make bench` there"
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    found: dict[str, dict[str, Any]] = {}
    for script in scripts:
        for name, figures in _benches_of(script).items():
            found[name] = {key: figures.get(key) for key in KEYS}
    return found


def _benches_of(script: Path) -> dict[str, dict[str, Any]]:
    spec = importlib.util.spec_from_file_location(f"bench.{script.stem}", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    bench = getattr(module, "bench", None)
    if bench is None:
        return {}
    print(f"measuring {script.stem}", file=sys.stderr)
    return dict(bench())


def bench_table(benches: dict[str, dict[str, Any]]) -> Table:
    """The figures as a table: ours, the peer's beside it, and how many times better."""
    from rich.table import Table

    table = Table(title="Benchmarks", title_justify="left", title_style="bold")
    for heading in ("what", "value", "unit", "baseline", "its value", "ratio"):
        table.add_column(heading, justify="right" if heading in ("value", "its value", "ratio") else "left")
    for name, figures in benches.items():
        value, unit, peer, peer_value, ratio = (figures[key] for key in KEYS)
        table.add_row(
            name, _short(value), str(unit or ""), str(peer or ""), _short(peer_value), _short(ratio)
        )
    return table


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2e}" if abs(value) >= 1e5 else f"{value:.3g}"
