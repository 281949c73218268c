"""Exported figures as one reader may know them, with the law that `api.disclosure` has for single answers."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache

import polars as pl

from api.disclosure.decisions import Decisions
from api.disclosure.shelf import Holds
from api.disclosure.told import closed, softened
from api.export.figures import SCHEMA
from api.points import Row
from density.days import to_day


def disclosed_pieces(
    pieces: Iterable[pl.DataFrame], decide: Callable[[], Decisions], holds: Holds
) -> Iterator[pl.DataFrame]:
    """The same rows; what is not the reader's own is closed, with its reason in `suppressed`, or in tens of persons.

    Args:
        pieces: frames of SCHEMA.
        decide: what is public now; asked after each piece was read, since figures move on while a file is told.
        holds: whether the reader sees a scope whole.
    """
    known = cache(holds)
    for piece in pieces:
        decisions = decide()
        yield pl.DataFrame([_told(row, decisions, known) for row in piece.iter_rows(named=True)], schema=dict(SCHEMA))


def _told(row: Row, decisions: Decisions, holds: Holds) -> Row:
    if holds(row["scope"]):
        return row
    why = decisions.why_closed(row["scope"], row["kind"], row["series"], to_day(row["day"]))
    return softened(row) if why is None else closed(row, why)
