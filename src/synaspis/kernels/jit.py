"""How every kernel is compiled: one place, so that all agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import llvmlite.binding
import numba


def _use_whole_registers() -> None:
    """Let loops use all 512 bits where the CPU has them; LLVM stops at 256 unless told otherwise.

    Measured on a Cascade Lake Xeon: half as many Runge-Kutta steps again. A user's choice stands.
    """
    config: Any = numba.config
    if config.CPU_FEATURES is None and config.CPU_NAME is None:
        features = llvmlite.binding.get_host_cpu_features()
        if features.get("avx512f"):
            config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit"


_use_whole_registers()

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


def lean_kernel(function: Function) -> Function:
    """A kernel that makes no array: without reference counts, it may take many arrays at no cost."""
    compiled: Function = numba.njit(
        function, nogil=True, cache=True, error_model="numpy", fastmath={"contract"}, _nrt=False
    )
    return compiled


def lean_inlined(function: Function) -> Function:
    """The same for a small function that is always inlined."""
    compiled: Function = numba.njit(
        function, nogil=True, forceinline=True, error_model="numpy", fastmath={"contract"}, _nrt=False
    )
    return compiled
