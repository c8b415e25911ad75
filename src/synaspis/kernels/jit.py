"""How every kernel is compiled: one place, so that all agree."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any, TypeVar, cast

import llvmlite.binding
import numba
from numba.core import config as numba_config
from numba.extending import intrinsic, overload


def _tune() -> None:
    """Let loops use all 512 bits where the CPU has them, and read tables one entry at a time.

    LLVM stops at 256 bits unless told otherwise, and gathers where it can. Measured on a Cascade Lake
    Xeon: the first gives half as many Runge-Kutta steps again; gathering eight table entries takes 13 ns
    and loading them one by one 8, which gives a tenth more. A user's choice stands.
    """
    config: Any = numba_config
    if config.CPU_FEATURES is None and config.CPU_NAME is None:
        features = llvmlite.binding.get_host_cpu_features()
        if features.get("avx512f"):
            # Older LLVM has no such word and would say so on standard error at every kernel.
            plain_loads = ",+prefer-no-gather" if llvmlite.binding.llvm_version_info >= (18,) else ""
            config.CPU_FEATURES = features.flatten() + ",-prefer-256-bit" + plain_loads


def _spare_blas() -> None:
    """Have numba load without SciPy's linear algebra: it takes 0.3 s, and no kernel uses it.

    In the command line's own process alone: who imports Synaspis may have kernels that multiply matrices.
    """
    if "synaspis.cli.guard" not in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    linalg: Any = importlib.import_module("numba.np.linalg")
    asked = getattr(linalg, "ensure_blas", None)

    def without() -> None:
        raise ImportError("no kernel multiplies matrices")

    linalg.ensure_blas = without
    try:
        importlib.import_module("numba.np.arraymath")
    finally:
        linalg.ensure_blas = asked


_tune()
_spare_blas()

Function = TypeVar("Function", bound=Callable[..., object])
_PLAIN: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_LEAN: dict[str, Any] = {**_PLAIN, "_nrt": False}


def _njit(function: Function, **options: Any) -> Function:
    compiled: Function = cast(Any, numba.njit)(function, **options)
    return compiled


def kernel(function: Function) -> Function:
    """A kernel that may be called from Python: no lock held, kept on disk, IEEE arithmetic as written.

    Nothing is reordered and no multiply-add contracted: a kernel's code is copied into others, and each copy
    would be contracted in its own way, so that a first run, which compiles, would differ from the
    next. Where it pays, `fma` is written out.
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


@intrinsic
def _fused(_context: Any, _a: Any, _b: Any, _c: Any) -> Any:
    real = numba.float64

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.fma(*args)

    return real(real, real, real), code


def fma(a: float, b: float, c: float) -> float:
    """a * b + c; in kernels rounded once: one instruction where the CPU has it, the same number elsewhere."""
    return a * b + c


@overload(fma, inline="always")
def _fma(a, b, c):  # type: ignore[no-untyped-def]
    return lambda a, b, c: _fused(a, b, c)  # type: ignore[call-arg]
