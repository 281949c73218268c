"""Independent parts of one computation, side by side."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import polars as pl

MOST_CORES = 2  # more would hold more in memory at a time
CORES = min(MOST_CORES, pl.thread_pool_size())  # one where Polars is told to keep to one

Part = TypeVar("Part")
Answer = TypeVar("Answer")


def on_cores(work: Callable[[Part], Answer], parts: Iterable[Part]) -> list[Answer]:
    """The answer of each part, in their order; NumPy and Polars let go of the interpreter while they compute."""
    held = list(parts)
    if len(held) < 2 or CORES < 2:
        return [work(part) for part in held]
    with ThreadPoolExecutor(CORES) as pool:
        return list(pool.map(work, held))
