"""A table that is told piece by piece, so that no size of it needs more memory than a piece."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from density.days import DAY_NS, OFFSET_US, start_ns


@dataclass(frozen=True)
class Provenance:
    """What stands with every figure, wherever it is carried.

    Attributes:
        data_until: arrival of the newest report in it, ISO 8601 with offset; empty where nothing arrived.
        definition: which definition and which set of key industries.
        source: where it is from.
        notice: 监测测算，非官方统计, and 模拟数据 where it is.
        simulated: whether it is.
    """

    data_until: str
    definition: str
    source: str
    notice: str
    simulated: bool

    def columns(self) -> Mapping[str, str | bool]:
        """As columns that are the same in every row."""
        return dict(vars(self))


@dataclass(frozen=True)
class Table:
    """Named and typed columns and the pieces of their rows.

    Attributes:
        name: figures, reports or parks.
        schema: every column with its type, in order.
        pieces: frames of that schema; they are read as they are taken.
        provenance: of all rows.
    """

    name: str
    schema: Mapping[str, pl.DataType]
    pieces: Iterable[pl.DataFrame]
    provenance: Provenance

    def marked(self) -> "Table":
        """The same with its provenance as columns, so that each row stands by itself."""
        told = self.provenance.columns()
        types = {name: pl.Boolean() if isinstance(value, bool) else pl.String() for name, value in told.items()}
        return Table(self.name, {**self.schema, **types}, self._marked(told), self.provenance)

    def _marked(self, told: Mapping[str, str | bool]) -> Iterator[pl.DataFrame]:
        for piece in self.pieces:
            yield piece.with_columns(pl.lit(value).alias(name) for name, value in told.items())


def readable(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as dates and instants [µs] as moments of Shanghai, under the names without their unit."""
    days = [name for name in frame.columns if name.endswith("_day") and frame.schema[name] == pl.Int64]
    instants = [name for name in frame.columns if name.endswith("_us")]
    return frame.with_columns(
        *(pl.col(name).cast(pl.Int32).cast(pl.Date) for name in days),
        *(moment(pl.col(name)) for name in instants),
    ).rename({name: name.removesuffix("_us") for name in instants if name.removesuffix("_us") not in frame.columns})


def moment(instant_us: pl.Expr) -> pl.Expr:
    """An instant [µs since 1970 UTC] as text: Shanghai wall time with its offset."""
    return pl.from_epoch(instant_us + OFFSET_US, time_unit="us").dt.to_string("%Y-%m-%dT%H:%M:%S%.6f+08:00")


def day_of(time_ns: pl.Expr) -> pl.Expr:
    """The Shanghai day of a daily point [ns], as a date."""
    return ((time_ns - start_ns(0)) // DAY_NS).cast(pl.Int32).cast(pl.Date)
