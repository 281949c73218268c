"""Marks of a robot's days: seen, and seen executing, each written the first time it is true."""

from typing import Final

import polars as pl

from ingest.wire.times import DAY_US, day_start_us
from store.schema import ROBOT_DAY

_DAY_NS: Final = DAY_US * 1000
_ZERO_NS: Final = day_start_us(0) * 1000
_REMEMBERED: Final = 100_000


class Activity:
    """Remembers which marks of which days are written, so that a robot's next samples of the day write none again.

    Args:
        remembered: how many robots' days are remembered for sure, and at most twice as many; what is forgotten is
            written once more, which changes nothing.
    """

    def __init__(self, remembered: int = _REMEMBERED) -> None:
        self._remembered = remembered
        self._recent: dict[str, bool] = {}  # whether it was seen executing
        self._before: dict[str, bool] = {}

    def marks(self, samples: pl.DataFrame) -> pl.DataFrame:
        """The `robot_day` points that samples bring about, once each."""
        start = (pl.col("time") - _ZERO_NS).floordiv(_DAY_NS) * _DAY_NS + _ZERO_NS
        days = samples.group_by("factory", "robot", start.alias("time")).agg(
            (pl.col("state") == "executing").any().alias("executed")
        )
        names = days.select(pl.concat_str("time", "factory", "robot", separator="/")).to_series()
        fresh = [self._is_fresh(*each) for each in zip(names.to_list(), days["executed"].to_list(), strict=True)]
        executed = pl.when("executed").then(statement=True)  # never false: a mark is not taken back
        return days.filter(pl.Series(fresh, dtype=pl.Boolean)).with_columns(
            seen=pl.lit(value=True), executed=executed
        ).select(list(ROBOT_DAY.columns))  # fmt: skip

    def _is_fresh(self, name: str, executed: bool) -> bool:  # noqa: FBT001 - a row
        known = self._recent.get(name)
        if known is None:
            known = self._before.get(name)
            self._remember(name, executed or bool(known))
        elif executed and not known:
            self._recent[name] = True
        return known is None or (executed and not known)

    def _remember(self, name: str, executed: bool) -> None:  # noqa: FBT001 - a row
        if len(self._recent) >= self._remembered:
            self._before, self._recent = self._recent, {}
        self._recent[name] = executed
