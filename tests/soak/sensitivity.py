"""Which ten public figures move each shipped case's answer most, by the method of Morris, as JSON.

    python -m tests.soak.sensitivity [TRAJECTORIES [CASE...]] [--write]

Every figure of the catalogue that a case uses and that has a band goes from one end of its band to the
other in steps, one figure after the other, along each trajectory; the other figures stand anywhere in their
bands meanwhile. `mu_star` is the mean size of what a step does to the answer, `sigma` how far that differs
from place to place (other figures matter to it). The answer is people protected, the headline's regime less
the one that it is held against, or the headline's alone where the two protect alike. Needs SALib (extra
`soak`). `--write` keeps the tables in docs/sensitivity.json and docs/sensitivity.md. Source: Morris,
Technometrics 33 (1991) 161; Campolongo, Cariboni and Saltelli, Env. Mod. Soft. 22 (2007) 1509.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from synaspis import api
from synaspis.engine.workers import jobs_or_default
from synaspis.files.case import shipped_cases
from synaspis.model.answers import RunAnswer
from synaspis.model.case import Case
from synaspis.model.draw import Name, contradicting, facts, throw
from synaspis.studies.arena import silent
from synaspis.studies.ignorance import Stage, gain, headline_of, in_threads, stage_of

KEPT = Path(__file__).resolve().parents[2] / "docs" / "sensitivity.json"
TRAJECTORIES, LEVELS, TRIALS, SEED, SHOWN = 20, 4, 200, 1, 10
MOST_HALVINGS = 10

Floats = NDArray[np.float64]


def names_of(case: Case) -> list[Name]:
    """The figures that have a band, in the order of the catalogue's entries."""
    return [name for name, fact in facts(case).items() if fact.low < fact.high]


def values_at(case: Case, names: Sequence[Name], shares: Floats) -> dict[Name, float]:
    """The figures at `shares` (F,) of their bands' triangles.

    Kill chances that common causes rule out are lowered as the case is made. Where other figures of one
    entry cannot be true together, all of that entry go half of the way to the catalogue's values, again and
    again until they can.
    """
    known = facts(case)
    values = {name: throw(known[name], float(u)) for name, u in zip(names, shares, strict=True)}
    for _ in range(MOST_HALVINGS):
        wrong = contradicting(case, values, capped=True)
        if not wrong:
            break
        for name in names:
            if name[0] in wrong:
                values[name] = 0.5 * (values[name] + known[name].value)
    return values


def sample(count: int, trajectories: int, seed: int = SEED) -> tuple[dict[str, Any], Floats]:
    """SALib's problem and its points (trajectories x (count + 1), count), shares of bands."""
    from SALib.sample import morris

    problem = {"num_vars": count, "names": [str(i) for i in range(count)], "bounds": [[0.0, 1.0]] * count}
    return problem, morris.sample(problem, trajectories, num_levels=LEVELS, seed=seed)


def along(stage: Stage, names: Sequence[Name], points: Floats, pair: Sequence[str]) -> Floats:
    """The answer, people, at each of `points` (P, F) of one trajectory, most of which differ little."""
    made, found = None, []
    for shares in points:
        made = stage.with_values(values_at(stage.case, names, shares), made)
        found.append(float(gain(stage.play_in(made, pair, TRIALS), pair).sum()))
    return np.array(found)


def asked_of(run: RunAnswer) -> tuple[str, float, tuple[str, ...]]:
    """What is asked, in words; its size; and the regimes that it takes: A less B, or A if B does as much."""
    moved, at_value, pair = headline_of(run)
    if round(at_value) == 0:
        moved, pair = pair[0], pair[:1]
        at_value = run.regimes[moved].protected_population
    return moved, at_value, pair


def answers(case: Case, points: Floats, jobs: int) -> tuple[dict[str, Any], Floats]:
    """What is asked and its value by the catalogue; and the answer, people, at each of `points`."""
    compare = case.file.compare
    run = api.run(case, [compare.headline, compare.against], trials=TRIALS, seed=SEED, jobs=jobs)
    moved, at_value, pair = asked_of(run)
    stage, names = stage_of(case, run, jobs), names_of(case)
    trajectories = np.split(points, len(points) // (len(names) + 1))
    found = in_threads(lambda t: along(stage, names, t, pair), trajectories, jobs, silent, "")
    return {"moved": moved, "at_value": round(at_value)}, np.concatenate(found)


def table(case: Case, problem: Mapping[str, Any], points: Floats, found: Floats) -> list[dict[str, Any]]:
    """The figures that move the answer most, largest first; effects in people."""
    from SALib.analyze import morris

    told = morris.analyze(problem, points, found, num_levels=LEVELS, seed=SEED)
    names, known = names_of(case), facts(case)
    order = sorted(range(len(names)), key=lambda i: (-told["mu_star"][i], names[i]))[:SHOWN]
    return [
        {
            "entry": names[i][0],
            "title": case.entries[names[i][0]].title,
            "parameter": names[i][1],
            "unit": known[names[i]].unit,
            "value": known[names[i]].value,
            "low": known[names[i]].low,
            "high": known[names[i]].high,
            "confidence": known[names[i]].confidence,
            "mu_star": round(float(told["mu_star"][i])),
            "mu_star_error": round(float(told["mu_star_conf"][i])),
            "mu": round(float(told["mu"][i])),
            "sigma": round(float(told["sigma"][i])),
        }
        for i in order
    ]


def sensitivity(name: str, trajectories: int, jobs: int) -> dict[str, Any]:
    """The table of one case, with what it was made of."""
    case = api.load(name)
    count = len(names_of(case))
    problem, points = sample(count, trajectories)
    asked, found = answers(case, points, jobs)
    return {
        **asked,
        "case_sha256": case.sha256,
        "trajectories": trajectories,
        "trials": TRIALS,
        "figures": count,
        "runs": len(points),
        "first": table(case, problem, points, found),
    }


HEAD = """# What each answer hinges on

Of the public figures behind each shipped case, the ten that move its answer most. The answer is people
protected under the headline's regime less those under the regime that it is held against, on the same
luck; where that is nobody, all that the headline's regime protects. Method of Morris: trajectories through
the bands of all figures at once, by SALib; each figure steps across its band while the others stand anywhere
in theirs. **Effect** is the mean size of what such a step does (with its 95 % error), **spread** how far
that differs with the other figures: a spread as large as the effect says that the figure matters in company
only. **Confidence** is how far the catalogue trusts the figure: an answer that hinges on figures of low
confidence is an answer to be careful with.

Made by `make soak` (`tests/soak/sensitivity.py`), kept in [sensitivity.json](sensitivity.json).
"""


def page(kept: Mapping[str, Any]) -> str:
    """docs/sensitivity.md, from what is kept."""
    return HEAD + "".join(_part(name, told) for name, told in kept.items())


def _part(name: str, told: Mapping[str, Any]) -> str:
    weak = sum(f["confidence"] in ("low", "assumed") for f in told["first"])
    lines = [
        "",
        f"## {name}",
        "",
        f"{told['moved']}: {told['at_value']:,} people with the catalogue's values.",
        f"{told['figures']} figures have a band; {told['trajectories']} trajectories, {told['runs']:,} runs",
        f"of {told['trials']} trials.",
        f"Of the ten, {weak} are assumed or of low confidence.",
        "",
        "| figure | value | band | confidence | effect, people | spread |",
        "|---|---|---|---|---|---|",
    ]
    for f in told["first"]:
        unit = "" if f["unit"] == "1" else f" {f['unit']}"
        lines.append(
            f"| {f['title']}: {f['parameter']} | {f['value']:g}{unit} | {f['low']:g} to {f['high']:g} | "
            f"{f['confidence']} | {f['mu_star']:,} ± {f['mu_star_error']:,} | {f['sigma']:,} |"
        )
    return "\n".join(lines) + "\n"


def main() -> None:
    asked = [a for a in sys.argv[1:] if a != "--write"]
    trajectories = max(2, int(asked[0])) if asked else TRAJECTORIES
    made = {n: sensitivity(n, trajectories, jobs_or_default(None)) for n in asked[1:] or shipped_cases()}
    if "--write" in sys.argv:
        before = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
        kept = {name: told for name, told in sorted({**before, **made}.items()) if name in shipped_cases()}
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        KEPT.with_suffix(".md").write_text(page(kept), encoding="utf-8")
    print(json.dumps(made, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
