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

SPANNED = 1e-7  # of a vector's length: less of it outside the span is rounding
NEARLY = 1e-4  # a closed cell that is so near the span is taken as in it: told by squares, which are less exact

Vectors = npt.NDArray[np.float64]


def opened(cells: Flags, wanted: Iterable[int], protected: Flags) -> Flags:
    """Which cells may be told together, array [cell].

    Args:
        cells: array [cell, kind of factory]: whether factories of the kind are in the cell.
        wanted: the cells that may be told of themselves, the most wanted first.
        protected: array [set, kind of factory]: sets of factories whose sums nobody may work out.
    """
    found = np.zeros(len(cells), dtype=np.bool_)
    closed = protected[protected.any(axis=1)].astype(np.float64)
    whole = (closed**2).sum(axis=1)
    left = whole.copy()  # squared length of what of each closed set the open cells do not span
    base: Vectors = np.zeros((len(cells), cells.shape[1]))
    size = 0
    for cell in wanted:
        vector = cells[cell].astype(np.float64)
        rest = _without(vector, base[:size])
        length = float(np.linalg.norm(rest))
        if length <= SPANNED * float(np.linalg.norm(vector)):
            found[cell] = True  # it follows from open ones: telling it tells nothing
            continue
        direction = rest / length
        after = left - (closed @ direction) ** 2
        if (after > NEARLY**2 * whole).all():
            found[cell], left, base[size] = True, after, direction
            size += 1
    return found


def _without(vector: Vectors, base: Vectors) -> Vectors:
    """What of a vector the base does not span; twice, since the first time leaves rounding behind."""
    for _ in range(2):
        vector = vector - base.T @ (base @ vector)
    return vector
