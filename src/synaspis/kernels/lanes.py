"""Seven numbers side by side: a state, or a row of its covariance, in one register of the CPU.

The compiler does not find by itself that the seven columns of a row may be worked on at once: here it is
told. Each lane is rounded as a number alone is, so that results are those of plain loops to the last bit, on
any CPU.

In kernels alone: `load` takes the first seven of a row that lies in one piece, `store` puts them back.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic as numba_intrinsic
from numba.extending import models, register_model

STATES = 7
"""Numbers of a state, and lanes."""
_LANES = ir.VectorType(ir.DoubleType(), STATES)
_PLACE = ir.IntType(32)
_ALIGNED = 8


def intrinsic(written: Callable[..., Any]) -> Callable[..., Any]:
    """As Numba has it; in kernels it is called without the context."""
    made: Callable[..., Any] = numba_intrinsic(written)
    return made


class _Lanes(types.Type):
    """The type of seven numbers side by side, as the compiler knows it."""

    def __init__(self) -> None:
        super().__init__(name="lanes")


_KIND = _Lanes()


@register_model(_Lanes)
class _Model(models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, manager: Any, kind: Any) -> None:
        super().__init__(manager, kind, _LANES)


def _pointer(context: Any, builder: Any, kind: Any, array: Any) -> Any:
    if kind.ndim != 1 or kind.layout != "C":
        raise TypeError("lanes are loaded from and stored in rows that lie in one piece")
    return builder.bitcast(context.make_array(kind)(context, builder, array).data, _LANES.as_pointer())


def _in_all(builder: Any, number: Any) -> Any:
    first = builder.insert_element(ir.Constant(_LANES, ir.Undefined), number, _PLACE(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(_PLACE, STATES), [0] * STATES))


@intrinsic
def load(_context: Any, row: Any) -> Any:
    """The first seven numbers of `row`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.load(_pointer(context, builder, signature.args[0], args[0]), align=_ALIGNED)

    return _KIND(row), code


@intrinsic
def store(_context: Any, row: Any, lanes: Any) -> Any:
    """Put `lanes` into the first seven places of `row`."""

    def code(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        builder.store(args[1], _pointer(context, builder, signature.args[0], args[0]), align=_ALIGNED)
        return context.get_dummy_value()

    return types.void(row, lanes), code


@intrinsic
def times(_context: Any, number: Any, lanes: Any) -> Any:
    """number * lanes."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.fmul(_in_all(builder, args[0]), args[1])

    return _KIND(types.float64, _KIND), code


@intrinsic
def fma_lanes(_context: Any, number: Any, lanes: Any, more: Any) -> Any:
    """number * lanes + more, rounded once."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(_LANES, [_LANES] * 3)
        fused = cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{STATES}f64")
        return builder.call(fused, [_in_all(builder, args[0]), args[1], args[2]])

    return _KIND(types.float64, _KIND, _KIND), code


@intrinsic
def lane(_context: Any, lanes: Any, place: Any) -> Any:
    """The number at `place`."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.extract_element(args[0], builder.trunc(args[1], _PLACE))

    return types.float64(_KIND, types.int64), code


@intrinsic
def with_lane(_context: Any, lanes: Any, place: Any, number: Any) -> Any:
    """`lanes` with `number` at `place`."""

    def code(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.insert_element(args[0], args[2], builder.trunc(args[1], _PLACE))

    return _KIND(_KIND, types.int64, types.float64), code
