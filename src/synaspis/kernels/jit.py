"""How every kernel is compiled: one place, so that all agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """A kernel that may be called from Python: no lock held, kept on disk, IEEE division.

    Multiply-add may be contracted; nothing else is reordered, so the same CPU gives the same bytes.
    """
    compiled: Function = numba.njit(
        function, nogil=True, cache=True, error_model="numpy", fastmath={"contract"}
    )
    return compiled


def inlined(function: Function) -> Function:
    """A small function that kernels call in their inner loop: always inlined, never kept alone."""
    compiled: Function = numba.njit(
        function, nogil=True, forceinline=True, error_model="numpy", fastmath={"contract"}
    )
    return compiled
