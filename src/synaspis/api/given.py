"""What several questions need of their arguments, and the version that answers carry."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable, Mapping, Sequence

from synaspis.model.case import Case

Progress = Callable[[str, float], None]


def version() -> str:
    """The installed version of Synaspis."""
    return importlib.metadata.version("synaspis")


def playable(case: Case, regimes: Sequence[str] | None, trials: int, seed: int) -> None:
    """InputError with every name that is no regime of the case, and with luck that cannot be drawn."""
    from synaspis.errors import InputError, Problem
    from synaspis.files import arguments

    have = [r.name for r in case.file.regimes]
    problems: list[Problem] = []
    for r in regimes or ():
        if r not in have:
            arguments.say(
                problems, "--regime", f"`{r}` is no regime of this case", f"it has {', '.join(have)}"
            )
    arguments.luck(problems, trials, seed)
    if problems:
        raise InputError(problems)


def named_regimes(case: Case, given: Mapping[str, str]) -> None:
    """InputError with every regime of `given`, by argument, that the case does not have."""
    from synaspis.errors import InputError, Problem
    from synaspis.files.asking import regime_of

    problems: list[Problem] = []
    for argument, name in given.items():
        regime_of(problems, argument, case, name)
    if problems:
        raise InputError(problems)
