"""What stands for arrays: compared, and looked up, in their place."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray


def digest(arrays: Iterable[NDArray[Any]]) -> bytes:
    """16 bytes that stand for the shapes and contents of `arrays`."""
    told = hashlib.blake2b(digest_size=16)
    for array in arrays:
        told.update(repr(array.shape).encode())
        told.update(np.ascontiguousarray(array).data)
    return told.digest()
