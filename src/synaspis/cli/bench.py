"""Run the benchmarks of a checkout: each module in bench/ has `bench() -> {name: figures}`.

A module with `ON_REQUEST` true compares with a peer that must be installed first: it runs only when named.
"""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synaspis.errors import SynaspisError

if TYPE_CHECKING:
    from rich.table import Table

KEYS = ("value", "unit", "peer", "peer_value", "ratio")
# What only some have: how far apart the two answers are, and why a benchmark was left out.
MORE = ("agreement_m", "note")
CHECKOUT = Path(__file__).resolve().parents[3]


def bench(
    name: Annotated[
        str | None,
        typer.Argument(
            help="One module of bench/ (default: all but basilisk, tracking and crowd, which first install "
            "Basilisk, 600 MB, or Stone Soup into an environment of its own)."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document on standard output.")
    ] = False,
    report: Annotated[
        bool, typer.Option("--report", help="Put the figures into docs/performance.md, beside those it has.")
    ] = False,
) -> None:
    """Measure speed beside a baseline in the same run (needs a checkout of the repository)."""
    measured = run_benches(only=name)
    benches = by_title(measured)
    if report:
        from synaspis.cli.bench_report import write_report

        print(f"Written: {write_report(CHECKOUT, measured)}", file=sys.stderr)
    if as_json:
        from synaspis.cli.output import print_json

        print_json({"benches": benches})
        return
    from rich.console import Console

    Console(highlight=False).print(bench_table(benches))


@dataclass(frozen=True)
class Bench:
    """What one module of bench/ measured: `what` is the first line of its docstring, `figures` go by name."""

    name: str
    what: str
    figures: dict[str, dict[str, Any]]


def run_benches(root: Path = CHECKOUT, only: str | None = None) -> tuple[Bench, ...]:
    """The benchmarks of `root`/bench, or that of the module `only`.

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
    found = []
    for name in runnable:
        module = modules[name]
        asked = name == only if only is not None else not getattr(module, "ON_REQUEST", False)
        if not asked:
            continue
        print(f"measuring {name}", file=sys.stderr)
        figures = {
            title: {key: row.get(key) for key in KEYS} | {key: row[key] for key in MORE if key in row}
            for title, row in module.bench().items()
        }
        found.append(Bench(name, (module.__doc__ or "").strip().partition("\n")[0], figures))
    return tuple(found)


def by_title(benches: tuple[Bench, ...]) -> dict[str, dict[str, Any]]:
    """All figures by name, as `--json` has them."""
    return {title: row for bench in benches for title, row in bench.figures.items()}


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
