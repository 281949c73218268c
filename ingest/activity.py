"""Marks of a robot's days: seen, and seen executing, each written the first time it is true."""

from typing import Final

import polars as pl

from ingest.wire.times import DAY_US, day_start_us
from store.schema import ROBOT_DAY

_DAY_NS: Final = DAY_US * 1000
_ZERO_NS: Final = day_start_us(0) * 1000
_REMEMBERED: Final = 1_000_000

Mark = tuple[str, str, bool]  # factory, robot, executed


class Activity:
    """Remembers today's marks, so that a robot's next samples of the day write none again."""

    def __init__(self) -> None:
        self._day_ns = 0
        self._today: set[Mark] = set()

    def marks(self, samples: pl.DataFrame, today: int) -> pl.DataFrame:
        """The `robot_day` points that samples bring about, once each."""
        day_ns = day_start_us(today) * 1000
        if day_ns != self._day_ns or len(self._today) > _REMEMBERED:
            self._day_ns, self._today = day_ns, set()
        start = (pl.col("time") - _ZERO_NS).floordiv(_DAY_NS) * _DAY_NS + _ZERO_NS
        days = samples.group_by("factory", "robot", start.alias("time")).agg(
            (pl.col("state") == "executing").any().alias("executed")
        )
        fresh = [self._is_fresh(*row) for row in days.select("time", "factory", "robot", "executed").iter_rows()]
        executed = pl.when("executed").then(statement=True)  # never false: a mark is not taken back
        return days.filter(pl.Series(fresh, dtype=pl.Boolean)).with_columns(
            seen=pl.lit(value=True), executed=executed
        ).select(list(ROBOT_DAY.columns))  # fmt: skip

    def _is_fresh(self, time_ns: int, factory: str, robot: str, executed: bool) -> bool:  # noqa: FBT001 - a row
        if time_ns != self._day_ns:
            return True
        mark = (factory, robot, executed)
        if mark in self._today or (factory, robot, True) in self._today:
            return False
        self._today.add(mark)
        return True
