"""The first write to a shard of InfluxDB, which loses others that come at the same moment.

A shard's cache is made by its first write after a start or a long pause. InfluxDB 1.x and 2.x let a second writer of
that moment write into the empty store that the cache has until then, and acknowledge it: the points are in the shard's
log only, and gone for good with the next snapshot (`Cache.init` and `emptyStore` in tsdb/engine/tsm1). So one row goes
first and alone, and once more with all others when its answer has shown that the cache is there.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

import numpy as np
import numpy.typing as npt
import polars as pl

from store.errors import PointsRejected
from store.points import checked
from store.retention import DAY_NS
from store.schema import Measurement

# InfluxDB lets a cache go 600 s after the last write, as shipped; a server that started again is noticed sooner.
WARM_S = 60.0
# InfluxDB counts its shards from the first day of year 1, which is so many days before 1970.
_FIRST_DAY = 719_162

Frames = Mapping[Measurement, pl.DataFrame]
Send = Callable[[str, Frames], None]


class Shards:
    """The shards that this process has written to lately.

    Args:
        shard_days: the days of one shard, by database.
        clock: of monotonic seconds.
    """

    def __init__(self, shard_days: Callable[[str], int], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._shard_days, self._clock = shard_days, clock
        self._written_s: dict[tuple[str, int], float] = {}

    def warm(self, database: str, frames: Frames, send: Send) -> None:
        """Send one row of each shard not written to for `WARM_S`, and wait for the answer.

        Raises:
            StoreUnavailable: wait and write the same again.
        """
        shards = {shard for rows in frames.values() for shard in np.unique(self._numbers(database, rows)).tolist()}
        cold = {shard for shard in shards if self._is_cold(database, shard)}
        if cold:
            # A row that can never be stored is told by the write of all rows.
            with suppress(PointsRejected):
                send(database, dict(self._firsts(database, frames, cold)))
        now = self._clock()
        self._written_s |= {(database, shard): now for shard in shards}

    def forget(self, database: str) -> None:
        """Take every shard of a database as cold: its server may start again."""
        self._written_s = {key: at for key, at in self._written_s.items() if key[0] != database}

    def _is_cold(self, database: str, shard: int) -> bool:
        return self._clock() - self._written_s.get((database, shard), float("-inf")) > WARM_S

    def _firsts(self, database: str, frames: Frames, cold: set[int]) -> Iterator[tuple[Measurement, pl.DataFrame]]:
        """The first row that can be stored of each cold shard."""
        for kind, frame in frames.items():
            rows, _ = checked(kind, frame)
            shards, first = np.unique(self._numbers(database, rows), return_index=True)
            found = np.isin(shards, list(cold))
            cold = cold - set(shards[found].tolist())
            yield kind, rows[np.sort(first[found])]

    def _numbers(self, database: str, rows: pl.DataFrame) -> npt.NDArray[np.int64]:
        """The shard of each row that has a time; by numpy, since most writes are small and a query costs more."""
        days = rows["time"].drop_nulls().to_numpy() // DAY_NS + _FIRST_DAY
        return days // self._shard_days(database)
