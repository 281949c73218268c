"""What was reported, of one kind, as it stands in the ledger: the newest first, so that it can be read in parts."""

from collections.abc import Iterator, Mapping

import polars as pl

from api.export.table import moment, readable
from store.base import Store
from store.schema import LEDGER, REPORTS, Measurement

KINDS: Mapping[str, Measurement] = {kind.name: kind for kind in LEDGER}
PIECE_ROWS = 20_000


def report_schema(kind: Measurement) -> Mapping[str, pl.DataType]:
    """The columns of a table of reports of a kind."""
    return dict(_shown(kind.frame()).schema)


def report_pieces(
    store: Store, kind: Measurement, *, after_ns: int | None, through_ns: int | None
) -> Iterator[pl.DataFrame]:
    """Every report of a kind that was stamped in a span [ns], with when it arrived.

    Raises:
        StoreUnavailable: the store does not answer; the table ends unfinished.
    """
    rows = PIECE_ROWS
    while True:
        frame = store.read(REPORTS, kind, after=after_ns, through=through_ns, newest=rows)
        whole = frame.height < rows
        oldest = None if whole else frame["time"][0]
        told = frame if whole else frame.filter(pl.col("time") > oldest)
        if told.height == 0 and not whole:
            rows *= 2  # so many of one instant: they are told together
            continue
        yield _shown(told.sort("time", "writer", descending=True))
        if whole:
            return
        through_ns, rows = oldest, PIECE_ROWS


def _shown(frame: pl.DataFrame) -> pl.DataFrame:
    """With the stamp as text: a spreadsheet would round so long a number."""
    told = frame.with_columns(
        moment(pl.col("time") // 1_000).alias("arrived"), pl.col("time").cast(pl.String).alias("stamp")
    )
    return readable(told.select("arrived", "stamp", pl.exclude("time", "arrived", "stamp")))
