"""What has to be closed so that no closed cell follows from the open ones by adding and subtracting.

Every figure is a sum over factories, so a cell is a vector that has a one for each of its factories, and all that
anybody can work out from the open cells is what they span. Cells are opened one after another, the most wanted first;
one that would bring a closed cell into the span stays closed. So no later audit is needed: what is open is safe by
how it was made.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from density.arrays import Flags

TOLERANCE = 1e-7  # of a vector's length: what is left of one that is spanned is rounding, about 1e-12

Vectors = npt.NDArray[np.float64]


def opened(cells: Flags, wanted: Iterable[int], protected: Flags) -> Flags:
    """Which cells may be told together, array [cell].

    Args:
        cells: array [cell, kind of factory]: whether factories of the kind are in the cell.
        wanted: the cells that may be told of themselves, the most wanted first.
        protected: array [set, kind of factory]: sets of factories whose sums nobody may work out.
    """
    found = np.zeros(len(cells), dtype=np.bool_)
    left = protected[protected.any(axis=1)].astype(np.float64)
    scale = np.linalg.norm(left, axis=1)
    base: Vectors = np.zeros((0, cells.shape[1]))
    for cell in wanted:
        vector = cells[cell].astype(np.float64)
        rest = _without(vector, base)
        length = float(np.linalg.norm(rest))
        if length <= TOLERANCE * max(1.0, float(np.linalg.norm(vector))):
            found[cell] = True  # it follows from open ones: telling it tells nothing
            continue
        direction = rest / length
        after = left - np.outer(left @ direction, direction)
        if (np.linalg.norm(after, axis=1) <= TOLERANCE * scale).any():
            continue
        found[cell], left, base = True, after, np.vstack([base, direction])
    return found


def _without(vector: Vectors, base: Vectors) -> Vectors:
    """What of a vector the base does not span; twice, since the first time leaves rounding behind."""
    for _ in range(2):
        vector = vector - base.T @ (base @ vector)
    return vector
