"""Fields of DIS records by name: read with what is wrong with them, and written."""

from __future__ import annotations

import math
import struct
from typing import Any

FARTHEST_M = 1e9
"""No position is farther from the Earth's centre along an axis."""


class Refused(Exception):
    """Inside the modules of DIS: what is wrong, and at which byte."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


class Layout:
    """Fields that follow each other: names, `struct` codes, where they begin."""

    def __init__(self, **fields: str) -> None:
        self.struct = struct.Struct(">" + "".join(fields.values()))
        self.size = self.struct.size
        self._fields: list[tuple[str, slice, int, str]] = []
        at = value = 0
        for name, code in fields.items():
            part = struct.Struct(">" + code)
            count = len(part.unpack(bytes(part.size)))
            self._fields.append((name, slice(value, value + count), at, code))
            at, value = at + part.size, value + count

    def take(self, data: bytes, start: int) -> dict[str, Any]:
        """What stands there by name: one value plain, several as a tuple."""
        if len(data) < start + self.size:
            raise Refused(len(data), f"ends {start + self.size - len(data)} bytes early")
        values = self.struct.unpack_from(data, start)
        found: dict[str, Any] = {}
        for name, where, at, code in self._fields:
            part = values[where]
            if code[-1] in "fd":
                if not all(map(math.isfinite, part)):
                    raise Refused(start + at, f"{name} is not finite")
                if code[-1] == "d" and any(abs(v) > FARTHEST_M for v in part):
                    raise Refused(start + at, f"{name} is more than {FARTHEST_M:.0e} m away")
            found[name] = part if len(part) > 1 else part[0] if part else None
        return found

    def put(self, **given: Any) -> bytes:
        """The bytes; a field that is not given is zero."""
        values: list[Any] = []
        for name, where, _, code in self._fields:
            count = where.stop - where.start
            part = given.get(name, (b"" if code[-1] == "s" else 0,) * count if count else ())
            values.extend(part if isinstance(part, tuple) else (part,))
        return self.struct.pack(*values)
