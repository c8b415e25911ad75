"""What `import synaspis` shows."""

from __future__ import annotations

from types import FunctionType

import synaspis
from synaspis import api


def test_every_function_of_the_api_is_shown_and_no_other() -> None:
    given_on = {name for name, thing in vars(api).items() if isinstance(thing, FunctionType)}
    assert given_on == set(synaspis.__all__)
    assert all(getattr(synaspis, name) is getattr(api, name) for name in given_on)
