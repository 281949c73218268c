"""Whether a cell may be told of itself: enough firms, none of which is nearly all of it.

Sources: figures.md, "Disclosure". The share of one firm is that of all its factories in the cell together.
"""

import numpy as np
import numpy.typing as npt

from density.arrays import Counts, Flags

MIN_FIRMS = 3
LARGEST = 70  # % of stock and of persons that one firm may be, inclusive
TWO_LARGEST = 85  # and two of them

Sizes = npt.NDArray[np.int64]


def is_open(stock: Sizes, persons: Sizes) -> bool:
    """Whether a cell holds enough firms, of which the largest and the two largest are not too much.

    Args:
        stock: of each firm in the cell [台].
        persons: of each firm in the cell [人], in the same order.
    """
    return stock.size >= MIN_FIRMS and all(not dominated(amounts) for amounts in (stock, persons))


def dominated(amounts: Sizes) -> bool:
    """Whether one or two firms are too much of a sum; of nothing nobody is too much.

    Args:
        amounts: of each firm, none of them negative.
    """
    total = int(amounts.sum())
    largest = np.sort(amounts)[::-1][:2]
    return bool(100 * int(largest[:1].sum()) > LARGEST * total or 100 * int(largest.sum()) > TWO_LARGEST * total)


def open_cells(member: Flags, firm: Counts, stock: Sizes, persons: Sizes) -> Flags:
    """Which of many cells may be told of themselves, array [cell].

    Args:
        member: array [cell, factory]: whether the factory is in the cell.
        firm: of each factory, as integers from 0.
        stock: of each factory [台].
        persons: of each factory [人].
    """
    of_firm = np.zeros((int(firm.max(initial=-1)) + 1, 2), dtype=np.int64)
    opened = np.zeros(len(member), dtype=np.bool_)
    for cell, inside in enumerate(member):
        places = np.flatnonzero(inside)
        present, position = np.unique(firm[places], return_inverse=True)
        if present.size >= MIN_FIRMS:
            sums = of_firm[: present.size] * 0
            np.add.at(sums, position.reshape(-1), np.stack([stock[places], persons[places]], axis=1))
            opened[cell] = is_open(sums[:, 0], sums[:, 1])
    return opened
