"""Kinds of arrays, and numbers that look random but depend on nothing but their names."""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

_GOLDEN, _MIX_1, _MIX_2 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def uniform(*names: Ints | int) -> Floats:
    """A number in [0, 1) for each combination of names (SplitMix64): the same whenever it is asked for."""
    state = np.zeros(1, dtype=np.uint64)
    with np.errstate(over="ignore"):
        for name in names:
            state = (state ^ np.asarray(name).astype(np.uint64)) + _GOLDEN
            state = (state ^ (state >> np.uint64(30))) * _MIX_1
            state = (state ^ (state >> np.uint64(27))) * _MIX_2
            state = state ^ (state >> np.uint64(31))
    return (state >> np.uint64(11)).astype(np.float64) / float(1 << 53)


def shares(weights: Floats, total: int) -> Ints:
    """Split a whole number in proportion to weights by largest remainder, ties by place."""
    exact = weights * (total / weights.sum()) if weights.sum() else np.zeros_like(weights)
    floors: Ints = np.floor(exact).astype(np.int64)
    missing = total - int(floors.sum()) if weights.sum() else 0
    order = np.argsort(floors - exact, kind="stable")
    floors[order[:missing]] += 1
    return floors


def ordinals(groups: Ints) -> Ints:
    """For each element which one of its group it is, from 0, in order of appearance."""
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(groups) else np.zeros(0, dtype=np.int64)
    lengths = np.diff(np.r_[starts, len(groups)])
    result = np.empty(len(groups), dtype=np.int64)
    result[order] = np.arange(len(groups)) - np.repeat(starts, lengths)
    return result
