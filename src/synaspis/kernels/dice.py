"""Named, counter-based dice: every random number has a name, and no state.

A die is named by (key of seed and trial, purpose, two entities, count). Entities are hashes of
names, never indices, so that adding a battery leaves every other battery's luck as it was, and
trial 37 can be replayed alone. The mixing function is the finaliser of SplitMix64
(Steele, Lea and Flood, OOPSLA 2014, doi:10.1145/2660193.2660195).
"""

from __future__ import annotations

import functools
import hashlib
import math

import numpy as np
from numpy.typing import NDArray

from synaspis.kernels.jit import inlined

FLIES, LANDS, SCAN, DECIDE, REACHED, STANDING, HITS, TYPE_DEFECT, CONFUSED, LOOKS, STANDS_READY = range(11)
MISTAKEN, AIMED = range(11, 13)
WEATHER = 20
TYPE_CHANCE = 21
URN, SHUFFLE = 40, 41
GLIMPSED, BLURRED, FALSE_ALARMS = 50, 51, 52
"""Purposes."""

_u64 = np.uint64


@functools.lru_cache(maxsize=1 << 14)
def name_hash(name: str) -> np.uint64:
    """A name as 64 bits, the same on every machine."""
    return _u64(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"))


def name_hashes(names: tuple[str, ...]) -> NDArray[np.uint64]:
    """`name_hash` of each name, shape (len(names),), uint64."""
    return np.array([name_hash(name) for name in names], dtype=np.uint64)


@inlined
def mix(z: np.uint64) -> np.uint64:
    """SplitMix64 finaliser: 64 bits to 64 well-mixed bits."""
    z = z + _u64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> _u64(30))) * _u64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> _u64(27))) * _u64(0x94D049BB133111EB)
    return z ^ (z >> _u64(31))


@inlined
def trial_key(seed: int, trial: int) -> np.uint64:
    """Key of all dice of one trial."""
    return mix(mix(_u64(seed)) + _u64(trial))


@inlined
def die(key: np.uint64, purpose: int, a: np.uint64, b: np.uint64, n: int) -> float:
    """A uniform number in the open interval (0, 1), named by its arguments."""
    z = mix(key ^ (_u64(purpose) * _u64(0xD1342543DE82EF95)) ^ (_u64(n) << _u64(40)))
    z = mix(z ^ a)
    z = mix(z + b * _u64(0x9E3779B97F4A7C15))
    return (np.float64(np.int64(z >> _u64(11))) + 0.5) * (1.0 / 9007199254740992.0)


@inlined
def gauss(key: np.uint64, purpose: int, a: np.uint64, b: np.uint64, n: int) -> float:
    """A standard normal number by Box and Muller from two dice, `2n` and `2n + 1`."""
    u = die(key, purpose, a, b, 2 * n)
    v = die(key, purpose, a, b, 2 * n + 1)
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)
