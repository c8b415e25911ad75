"""Run every shipped case and hold it against what is expected of it.

    python -m tools.cases [CASE...]     a table of the figures and their bands; exit code 1 where one misses
    python -m tools.cases --write       keeps the findings in src/synaspis/cases/findings.json, and as a table
                                        in docs/cases/index.md; and what comes out, with a map, on each
                                        case's page

A case of which nothing is expected, and a finding, a page's table or a map that is not the one kept, are
misses.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from synaspis import api
from synaspis.files.case import shipped_cases
from synaspis.files.expected import expected
from synaspis.model.early_warning import document
from synaspis.model.expected import Expected, Held, finding, held
from synaspis.model.summary import summary
from synaspis.report.case_picture import case_picture
from tools.outcomes import renewed

ROOT = Path(__file__).resolve().parents[1]
FINDINGS = ROOT / "src" / "synaspis" / "cases" / "findings.json"
MOVED = ROOT / "docs" / "sensitivity.json"
INDEX = ROOT / "docs" / "cases" / "index.md"
START, END = "<!-- cases: made by python -m tools.cases --write -->", "<!-- cases: end -->"


def documents(wanted: Expected) -> dict[str, Any]:
    """The documents of a run of the case and, where it is asked for, of its warning study."""
    case = api.load(wanted.case)
    found: dict[str, Any] = {"run": summary(api.run(case, trials=wanted.trials, seed=wanted.seed))}
    if any(e.document == "warn" for e in wanted.expect):
        found["warn"] = document(api.warn(case, seed=wanted.seed))
    return found


def kept_findings() -> dict[str, str]:
    """The findings as they were kept last, by case."""
    return dict(json.loads(FINDINGS.read_text(encoding="utf-8"))) if FINDINGS.exists() else {}


def table(findings: dict[str, str]) -> str:
    """All shipped cases with their findings, as a table of docs/cases/index.md."""
    rows = ["| case | what it is | finding |", "|---|---|---|"]
    for name in shipped_cases():
        title = api.load(name).file.title
        rows.append(f"| [{name}]({name}.md) | {title} | {findings.get(name, 'on its page')} |")
    return "\n".join(rows)


def told(results: tuple[Held, ...]) -> None:
    """A line for each figure."""
    for h in results:
        e = h.expectation
        value = "not there" if h.value is None else f"{h.value:.4g}"
        print(
            f"  {'good' if h.good else 'MISS'}  {e.name:<24} {value:>10}  [{e.low:g}, {e.high:g}]  {e.what}"
        )


def stale(name: str, found: dict[str, Any], write: bool) -> list[str]:
    """What of a case's page is not as its documents and the case make it; with `write` it is, from now on."""
    moved = json.loads(MOVED.read_text(encoding="utf-8")).get(name)
    page, picture = INDEX.with_name(f"{name}.md"), INDEX.with_name("pictures") / f"{name}.svg"
    made = {
        page: renewed(page.read_text(encoding="utf-8"), found, moved),
        picture: case_picture(api.load(name)) + "\n",
    }
    old = {p: text for p, text in made.items() if not p.exists() or p.read_text(encoding="utf-8") != text}
    for place, text in old.items() if write else ():
        place.write_text(text, encoding="utf-8")
    return [] if write else [f"{place.relative_to(ROOT)} is not what is made now" for place in old]


def main() -> int:
    asked = [a for a in sys.argv[1:] if not a.startswith("--")]
    names, misses, findings = asked or list(shipped_cases()), 0, dict[str, str]()
    kept = kept_findings()
    began = time.perf_counter()
    for name in names:
        wanted = expected(name)
        if wanted is None:
            print(f"{name}\n  MISS  nothing is expected of it")
            misses += 1
            continue
        started = time.perf_counter()
        found = documents(wanted)
        results = held(wanted, found)
        print(f"{name}: {time.perf_counter() - started:.1f} s")
        told(results)
        misses += sum(not h.good for h in results)
        for words in stale(name, found, "--write" in sys.argv):
            print(f"  MISS  {words}: run with --write")
            misses += 1
        if all(h.value is not None for h in results):
            findings[name] = finding(wanted, results)
            print(f"  {findings[name]}")
    if "--write" in sys.argv and not misses:
        kept = {**(kept if asked else {}), **findings}
        written = json.dumps(kept, indent=2, sort_keys=True, ensure_ascii=False)
        FINDINGS.write_text(written + "\n", encoding="utf-8")
        before, _, rest = INDEX.read_text(encoding="utf-8").partition(START)
        after = rest.partition(END)[2]
        INDEX.write_text(f"{before}{START}\n\n{table(kept)}\n\n{END}{after}", encoding="utf-8")
    for name in (n for n, words in findings.items() if kept.get(n) != words):
        print(f"{name}\n  MISS  its finding is not the one kept: run with --write")
        misses += 1
    print(f"{len(names)} cases, {misses} misses, {time.perf_counter() - began:.0f} s")
    return int(misses > 0)


if __name__ == "__main__":
    sys.exit(main())
