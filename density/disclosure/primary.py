"""Whether a cell may be told of itself: enough firms, none of which is nearly all of it.

Sources: figures.md, "Disclosure". The share of one firm is that of all its factories in the cell together.
"""

from dataclasses import dataclass

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
    return stock.size >= MIN_FIRMS and not (dominated(stock) or dominated(persons))


def dominated(amounts: Sizes) -> bool:
    """Whether one or two firms are too much of a sum; of nothing nobody is too much.

    Args:
        amounts: of each firm, none of them negative.
    """
    total = int(amounts.sum())
    if amounts.size < MIN_FIRMS:
        return total > 0
    largest = np.partition(amounts, -2)[-2:]
    return bool(100 * int(largest[1]) > LARGEST * total or 100 * int(largest.sum()) > TWO_LARGEST * total)


@dataclass(frozen=True)
class Shares:
    """What each firm has in each cell.

    Attributes:
        factories: array [cell, firm].
        stock: array [cell, firm] [台].
        persons: array [cell, firm] [人].
    """

    factories: Sizes
    stock: Sizes
    persons: Sizes

    def open(self, cell: int, without: int | None = None) -> bool:
        """Whether a cell may be told of itself, or what is left of it without another one that lies in it."""
        parts = [self.factories, self.stock, self.persons]
        present, stock, persons = (each[cell] if without is None else each[cell] - each[without] for each in parts)
        firms = present > 0
        return is_open(stock[firms], persons[firms])


def shares(member: Flags, firm: Counts, stock: Sizes, persons: Sizes) -> Shares:
    """What each firm has in each cell.

    Args:
        member: array [cell, factory]: whether the factory is in the cell.
        firm: of each factory, as integers from 0.
        stock: of each factory [台].
        persons: of each factory [人].
    """
    firms = int(firm.max(initial=-1)) + 1
    ones = np.ones_like(stock)

    def by_firm(amounts: Sizes) -> Sizes:
        told = np.zeros((len(member), firms), dtype=np.int64)
        for cell, inside in enumerate(member):
            told[cell] = np.bincount(firm[inside], weights=amounts[inside], minlength=firms)
        return told

    return Shares(by_firm(ones), by_firm(stock), by_firm(persons))


def open_cells(member: Flags, firm: Counts, stock: Sizes, persons: Sizes) -> Flags:
    """Which of many cells may be told of themselves, array [cell]; the arguments are those of `shares`."""
    told = shares(member, firm, stock, persons)
    return np.array([told.open(cell) for cell in range(len(member))], dtype=np.bool_)
