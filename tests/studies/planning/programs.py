"""Small programs and their optimum by trying everything: what HiGHS is held against."""

from __future__ import annotations

import itertools

from hypothesis import strategies as st

from synaspis.studies.planning.program import (
    PROTECTED,
    WORST,
    Addition,
    Attack,
    Choice,
    Magazine,
    Program,
    worth,
)

RULES = ("host", "maker")
LEAKS = st.sampled_from([0.05, 0.15, 0.3, 0.45, 0.6, 0.85])
LANDS = st.sampled_from([0.4, 0.7, 0.9])
BARS = st.sampled_from([(), (), ("host",), ("maker",)])
ROUNDS = st.sampled_from([0.5, 1.0, 1.6, 2.0, 2.4])


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """At most three attacks on two assets, three batteries that stand, two that could be added."""
    assets = draw(st.integers(1, 2))
    attacks = draw(
        st.lists(
            st.builds(Attack, st.integers(0, assets - 1), st.integers(1, 3), LANDS),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    standing = draw(
        st.lists(st.builds(Magazine, st.integers(0, 6).map(float), st.just(8.0), doctrines=st.integers(1, 2)),
                 min_size=1, max_size=3)
    )  # fmt: skip
    count = draw(st.integers(0, 2))
    new = [Magazine(float(draw(st.integers(1, 5))), 5.0, addition=c) for c in range(count)]
    magazines = (*standing, *new)
    choices = []
    for k, b in itertools.product(range(len(attacks)), range(len(magazines))):
        for d in range(magazines[b].doctrines):
            if draw(st.booleans()):
                needs = (magazines[b].addition,) if magazines[b].addition >= 0 else ()
                layer = draw(st.sampled_from(["midcourse", "terminal"]))
                choices.append(Choice(k, layer, draw(LEAKS), ((b, d, draw(ROUNDS)),), needs))
    attacked = sorted({k.asset for k in attacks})
    return Program(
        attacks=tuple(attacks),
        choices=tuple(choices),
        magazines=magazines,
        people=(900_000.0, 250_000.0)[:assets],
        nations={"ROU" if a else "BGR": (a,) for a in attacked},
        additions=tuple(
            Addition(draw(st.sampled_from([1.0, 2.0, 4.0])), draw(BARS))
            for _ in range(count)
        ),
        most_added=float(draw(st.integers(0, 2))),
        budget=draw(st.sampled_from([1.5, 3.0, 8.0])),
        objective=draw(st.sampled_from([PROTECTED, WORST])),
    )  # fmt: skip


def best(p: Program) -> float:
    """The objective's greatest value, by trying every choice."""
    found = 0.0
    rows = range(len(p.additions))
    for added in itertools.chain.from_iterable(itertools.combinations(rows, n) for n in range(len(rows) + 1)):
        dear = sum(p.additions[c].cost for c in added) > p.budget
        if dear or len(added) > p.most_added or not all(p.allowed(c) for c in added):
            continue
        slots: dict[tuple[int, str], list[int | None]] = {}
        for o, c in enumerate(p.choices):
            if set(c.needs) <= set(added):
                slots.setdefault((c.attack, c.layer), [None]).append(o)
        for way in itertools.product(*slots.values()):
            chosen = [o for o in way if o is not None]
            if fits(p, chosen):
                found = max(found, worth(p, chosen, added).of(p.objective))
    return found


def fits(p: Program, chosen: list[int]) -> bool:
    """Whether the choices fit the magazines, each battery by one doctrine."""
    used: dict[int, float] = {}
    doctrine: dict[int, int] = {}
    for o in chosen:
        for b, d, n in p.choices[o].takes:
            used[b] = used.get(b, 0.0) + n * p.attacks[p.choices[o].attack].count
            if doctrine.setdefault(b, d) != d:
                return False
    return all(n <= p.magazines[b].rounds + 1e-9 for b, n in used.items())
