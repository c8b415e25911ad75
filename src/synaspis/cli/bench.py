"""Run the benchmarks of a checkout: each module in bench/ has `bench() -> {name: figures}`.

A module with `ON_REQUEST` true compares with a peer that must be installed first: it runs only when named.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synaspis.errors import SynaspisError

if TYPE_CHECKING:
    from rich.table import Table

KEYS = ("value", "unit", "peer", "peer_value", "ratio")
# What only some have: how far apart the two answers are, and why a benchmark was left out.
MORE = ("agreement_m", "note")
CHECKOUT = Path(__file__).resolve().parents[3]


def run_benches(root: Path = CHECKOUT, only: str | None = None) -> dict[str, dict[str, Any]]:
    """The benchmarks of `root`/bench by name, or those of the module `only`.

    SynaspisError outside a checkout, and for a module that is not there.
    """
    folder = root / "bench"
    scripts = sorted(path for path in folder.glob("*.py") if not path.name.startswith("_"))
    if not scripts or not (root / "pyproject.toml").is_file():
        raise SynaspisError(
            "benchmarks are in the repository, not in the installed package: "
            "clone it, then run `make bench` there"
        )
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    modules = {script.stem: _module_of(script) for script in scripts}
    runnable = [name for name, module in modules.items() if hasattr(module, "bench")]
    if only is not None and only not in runnable:
        raise SynaspisError(f"no benchmark `{only}`; there are {', '.join(runnable)}")
    found: dict[str, dict[str, Any]] = {}
    for name in runnable:
        asked = name == only if only is not None else not getattr(modules[name], "ON_REQUEST", False)
        if not asked:
            continue
        print(f"measuring {name}", file=sys.stderr)
        for title, figures in modules[name].bench().items():
            found[title] = {key: figures.get(key) for key in KEYS}
            found[title] |= {key: figures[key] for key in MORE if key in figures}
    return found


def _module_of(script: Path) -> Any:
    spec = importlib.util.spec_from_file_location(f"bench.{script.stem}", script)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


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
    notes = [f"{name}: {figures['note']}" for name, figures in benches.items() if "note" in figures]
    notes += [
        f"{name}: the two answers are at most {figures['agreement_m']:.2g} m apart"
        for name, figures in benches.items()
        if "agreement_m" in figures
    ]
    table.caption = "\n".join(notes) or None
    return table


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.2e}" if abs(value) >= 1e5 else f"{value:.3g}"
