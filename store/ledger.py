"""The log of each writer: strictly rising stamps, a mark after each write, and readers that never pass a mark."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from store.base import Store
from store.errors import PointsRejected, StoreUnavailable
from store.schema import DELIVERY, LEDGER, MARK, REFUSAL, REPORTS, Measurement

REPLAY_WRITER: Final = "replay"  # of all that replays of refused reports write; no worker and no API has this id

Frames = Mapping[Measurement, pl.DataFrame]


@dataclass(frozen=True)
class Entry:
    """A stamped batch that is ready to be written, as often as it takes: a retry keeps its stamps."""

    frames: Frames
    through: int


class LedgerWriter:
    """The one writer of an id: stamps rows, writes them, then moves its mark.

    One entry is under way at a time. The counter is `max(clock, last + 1)` and goes on from the newest stamp in
    the store, so that no restart and no clock set back ever re-uses one.
    """

    def __init__(self, store: Store, writer: str, clock_ns: Callable[[], int]) -> None:
        self.writer = writer
        self._store = store
        self._clock_ns = clock_ns
        self._last = self._newest()

    def _newest(self) -> int:
        where = {"writer": self.writer}
        stamps = [self._store.read(REPORTS, MARK, where=where)["through"].max()]
        stamps += [self._store.read(REPORTS, kind, where=where, newest=1)["time"].max() for kind in LEDGER]
        for kind in (REFUSAL, DELIVERY):
            stamps.append(self._store.read(kind.database, kind, where=where, newest=1)["time"].max())
        return max((stamp for stamp in stamps if isinstance(stamp, int)), default=0)

    def stamp(self, rows: Frames) -> Entry:
        """Name this writer in every frame that has such a tag, and stamp each row of a frame without `time`."""
        return Entry({kind: self._stamped(kind, frame) for kind, frame in rows.items()}, self._last)

    def _stamped(self, kind: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
        if "writer" in kind.tags:
            frame = frame.with_columns(pl.lit(self.writer).alias("writer"))
        if "time" in frame.columns:
            return frame
        first = self.reserve(frame.height)
        stamps = pl.int_range(first, first + frame.height, dtype=pl.Int64, eager=True)
        return frame.with_columns(stamps.alias("time"))

    @property
    def last(self) -> int:
        """The newest stamp that is given out."""
        return self._last

    def reserve(self, count: int) -> int:
        """Give out so many stamps in a row; answers the first."""
        first = max(self._clock_ns(), self._last + 1)
        self._last = max(self._last, first + count - 1)
        return first

    def write(self, entry: Entry) -> None:
        """Write an entry, database by database, then the mark; on return readers may see it.

        Raises:
            StoreUnavailable: call again with the same entry.
            PointsRejected: these rows can never be stored; all others and the mark are.
        """
        rejected: dict[str, pl.DataFrame] = {}
        for database in sorted({kind.database for kind in entry.frames}):
            frames = {kind: frame for kind, frame in entry.frames.items() if kind.database == database}
            try:
                self._store.write(database, frames)
            except PointsRejected as error:
                rejected |= error.rows
        self._mark(entry.through)
        if rejected:
            count = sum(frame.height for frame in rejected.values())
            raise PointsRejected(f"The store refuses {count} rows of {self.writer} for ever.", rejected)

    def _mark(self, through: int) -> None:
        mark = {"time": 0, "writer": self.writer, "through": through}
        try:
            self._store.write(REPORTS, {MARK: MARK.frame([mark])})
        except PointsRejected as error:
            raise StoreUnavailable(
                f"The store refuses the mark of {self.writer}, which is always good, so the fault is its own: "
                "look into its log and at what stands before it."
            ) from error


class LedgerReader:
    """Follows every writer's log: each poll answers what lies between its cursor and the writer's mark."""

    def __init__(self, store: Store, measurements: Sequence[Measurement]) -> None:
        self.cursors: dict[str, int] = {}
        self._store = store
        self._measurements = measurements

    def poll(self) -> dict[Measurement, pl.DataFrame]:
        """The reports since the last poll, by measurement, without those that have none; moves the cursors."""
        marks = self._store.read(REPORTS, MARK).select("writer", "through").rows()
        moved = [(writer, through) for writer, through in marks if through > self.cursors.get(writer, 0)]
        parts: dict[Measurement, list[pl.DataFrame]] = {}
        for writer, through in moved:
            for kind in self._measurements:
                frame = self._store.read(
                    kind.database,
                    kind,
                    after=self.cursors.get(writer, 0),
                    through=through,
                    where={"writer": writer},
                )
                if frame.height:
                    parts.setdefault(kind, []).append(frame)
        self.cursors |= dict(moved)
        return {kind: pl.concat(frames) for kind, frames in parts.items()}
