"""Spoilt case files: each loads or gives its problems with their places; nothing else may come of it.

    python -m tests.soak.hostile_cases [FILES] [SEED]

A file is a shipped case with a few lines cut, doubled, swapped, re-indented or filled with what a hand or a
program may leave there.
"""

from __future__ import annotations

import json
import random
import sys
import time
from importlib import resources

from synaspis.files.case import resolve, shipped_cases

JUNK = (
    "nan", "-.inf", "1e999", "-1", "0", "99999999999999999999", "~", "{}", "[]", "[[[[[]]]]]", '""', "yes",
    "2024-13-45", "2024-12-01", "\u202eabc", "\x00", "&a [*a]", "*nowhere",
    "!!python/object:os.system x", "NATO",
    "recipient", "POL", "kurecik", "a: b: c", "- - -", "'", '"', "{a: 1, a: 2}", "9" * 400, "ü" * 200,
)  # fmt: skip
SLOW_S = 20.0


def spoilt(rng: random.Random, text: str) -> str:
    """A shipped case after one to four accidents."""
    lines = text.splitlines()
    for _ in range(rng.randint(1, 4)):
        i = rng.randrange(len(lines))
        accident = rng.randrange(7)
        if accident == 0:
            del lines[i]
        elif accident == 1:
            lines.insert(i, lines[rng.randrange(len(lines))])
        elif accident == 2:
            lines[i] = " " * rng.randrange(9) + lines[i].strip()
        elif accident == 3 and ":" in lines[i]:
            lines[i] = lines[i].split(":", 1)[0] + ": " + rng.choice(JUNK)
        elif accident == 4:
            words = lines[i].split(" ")
            words[rng.randrange(len(words))] = rng.choice(JUNK)
            lines[i] = " ".join(words)
        elif accident == 5:
            lines[i] = lines[i][: rng.randrange(len(lines[i]) + 1)]
        else:
            j = rng.randrange(len(lines))
            lines[i], lines[j] = lines[j], lines[i]
        if not lines:
            lines = [""]
    return "\n".join(lines)


def tried(files: int, seed: int) -> dict[str, object]:
    """How many spoilt files load and how many give problems; the failures, each with what brings it back."""
    texts = {n: (resources.files("synaspis.cases") / f"{n}.yaml").read_text("utf-8") for n in shipped_cases()}
    loaded = refused = 0
    failed: list[str] = []
    for number in range(files):
        rng = random.Random(1_000_003 * seed + number)
        name = rng.choice(sorted(texts))
        data = spoilt(rng, texts[name]).encode("utf-8")
        started = time.perf_counter()
        try:
            case, problems = resolve(data, "spoilt.yaml")
        except Exception as error:
            failed.append(f"{number} of {name}: {type(error).__name__}: {error}"[:200])
            continue
        if time.perf_counter() - started > SLOW_S:
            failed.append(f"{number} of {name}: took {time.perf_counter() - started:.0f} s")
        if (case is None) != bool(problems):
            failed.append(f"{number} of {name}: neither a case nor a problem, or both")
        if any(not p.what or p.line < 1 for p in problems):
            failed.append(f"{number} of {name}: a problem without words or place")
        loaded += case is not None
        refused += bool(problems)
    return {"files": files, "seed": seed, "loaded": loaded, "refused": refused, "failed": failed}


def main() -> None:
    found = tried(
        int(sys.argv[1]) if len(sys.argv) > 1 else 2000, int(sys.argv[2]) if len(sys.argv) > 2 else 1
    )
    print(json.dumps(found, indent=2))
    sys.exit(bool(found["failed"]))


if __name__ == "__main__":
    main()
