"""Shot doctrine in round figures: identities that a correct engine meets, not a validation of any weapon.

Source: S. Kaushal and J. Suess, The Impact of a Taiwan Strait Crisis on European Defence, RUSI, 20 November
2024: at a kill probability of 0.99 a barrage of two takes 2.0 interceptors a target and shoot-look-shoot
1.1. Both follow from a single-shot chance of 0.9 and at most two shots: 1 - 0.1^2 = 0.99, 1 + 0.1 = 1.1.
The third is arithmetic alone: 8 rounds at 0.5 give 1 - 2^-8 = 0.9961.

Tolerance: 0.5 %. 50,000 duels leave a standard error of 0.0013 on the 1.1 (0.12 %), 0.0004 on the 0.99 and
0.0003 on the 0.9961. The seed is fixed.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from synaspis.engine.batch import Outcomes, play
from synaspis.engine.duel import duel_tables
from synaspis.engine.layout import KILLED
from synaspis.studies.leakage import leakage
from tests.engine.scene import first_light

TRIALS = 50_000
WITHIN = 5e-3


def fought(chance: float, doctrine: str, salvo: int, looks: int) -> tuple[Outcomes, float]:
    """Duels of a round that nothing common spoils and whose look never errs; and leakage by formula."""
    case = first_light()
    battery = replace(case.file.batteries[0], doctrine=doctrine, salvo=salvo)
    system = case.systems[battery.system]
    plain = replace(
        case.interceptors[system.interceptor],
        p_kill={"mrbm": chance},
        p_type_defect=0.0,
        p_confusion=0.0,
        correlation=0.0,
        wrong_look=0.0,
    )
    out = play(duel_tables(battery, system, plain, "mrbm", looks), 7, TRIALS, 1)
    return out, leakage(battery, plain, "mrbm", looks)


@pytest.mark.parametrize(
    ("chance", "doctrine", "salvo", "looks", "rounds", "killed"),
    [
        (0.9, "barrage", 2, 1, 2.0, 0.99),
        (0.9, "shoot-look-shoot", 1, 2, 1.1, 0.99),
        (0.5, "barrage", 8, 1, 8.0, 0.9961),
        (0.5, "shoot-shoot-look", 2, 2, 4.0 * (1.0 + 0.5**4), 0.9961),
    ],
)
def test_rounds_a_target_and_kills(
    chance: float, doctrine: str, salvo: int, looks: int, rounds: float, killed: float
) -> None:
    out, leaks = fought(chance, doctrine, salvo, looks)
    assert out.rounds.mean() == pytest.approx(rounds, rel=WITHIN)
    assert (out.fate == KILLED).mean() == pytest.approx(killed, rel=WITHIN)
    assert 1.0 - leaks == pytest.approx(killed, abs=5e-5)
