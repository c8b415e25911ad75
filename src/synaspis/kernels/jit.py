"""How every kernel is compiled: one place, so that all agree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import llvmlite.binding
import numba
from numba.core import config as numba_config


def _use_whole_registers() -> None:
    """Let loops use all 512 bits where the CPU has them; LLVM stops at 256 unless told otherwise.

    Measured on a Cascade Lake Xeon: half as many Runge-Kutta steps again. A user's choice stands.
    """
    config: Any = numba_config
    if config.CPU_FEATURES is None and config.CPU_NAME is None:
        features = llvmlite.binding.get_host_cpu_features()
        if features.get("avx512f"):
            config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit"


_use_whole_registers()

Function = TypeVar("Function", bound=Callable[..., object])
_PLAIN: dict[str, Any] = {"nogil": True, "error_model": "numpy", "fastmath": {"contract"}}
_LEAN: dict[str, Any] = {**_PLAIN, "_nrt": False}


def _njit(function: Function, **options: Any) -> Function:
    compiled: Function = cast(Any, numba.njit)(function, **options)
    return compiled


def kernel(function: Function) -> Function:
    """A kernel that may be called from Python: no lock held, kept on disk, IEEE division.

    Multiply-add may be contracted; nothing else is reordered, so the same CPU gives the same bytes.
    """
    return _njit(function, cache=True, **_PLAIN)


def inlined(function: Function) -> Function:
    """A small function that kernels call in their inner loop: always inlined, never kept alone."""
    return _njit(function, forceinline=True, **_PLAIN)


def lean_kernel(function: Function) -> Function:
    """A kernel that makes no array: without reference counts, it may take many arrays at no cost."""
    return _njit(function, cache=True, **_LEAN)


def lean_inlined(function: Function) -> Function:
    """The same for a small function that is always inlined."""
    return _njit(function, forceinline=True, **_LEAN)
