"""The kinds and columns of the ledger that figures are made of."""

from dataclasses import fields

import polars as pl

from density.reports import Reports
from store.schema import LEDGER, Measurement

FOLDED = tuple(kind for kind in LEDGER if kind.name in {each.name for each in fields(Reports)})

# No figure and no list of robots is made of them: they stay in the store.
_UNUSED = {
    "ext", "at", "serial_source", "manufactured", "application", "acquisition", "owner", "integrator", "record",
    "payload_kg", "collaborative", "basis", "complete", "name_zh", "name_en", "edge_nodes",
}  # fmt: skip


def kept(kind: Measurement, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that are kept in memory."""
    return frame.select(name for name in kind.columns if name not in _UNUSED)


def no_reports() -> Reports:
    """Reports before the first one."""
    return Reports(**{kind.name: kept(kind, kind.frame()) for kind in FOLDED})
