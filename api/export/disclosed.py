"""Exported figures as one reader may know them: column by column what `api.disclosure.told` says of a single answer."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import polars as pl

from api.disclosure.decisions import Decisions
from api.disclosure.shelf import Holds
from api.disclosure.told import NAMES, PERSONS
from api.export.figures import SCHEMA
from api.points import RATIOS, SUPPRESSED
from density.days import to_day
from density.disclosure.rounding import rounded_persons, rounded_ratio

_CELL = ("scope", "kind", "series", "day")
_KEPT = {*NAMES, SUPPRESSED}  # what a closed row tells all the same


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
        own = pl.Series([known(scope) for scope in piece["scope"]], dtype=pl.Boolean)
        why = _reasons(piece, own, decide())
        told = [pl.when(why.is_null()).then(name).alias(name) for name in SCHEMA if name not in _KEPT]
        shown = piece.with_columns(told)
        yield shown.with_columns(*_softened(shown, ~own & why.is_null()), why)


def _reasons(piece: pl.DataFrame, own: pl.Series, decisions: Decisions) -> pl.Series:
    """Why each row is closed; null where it is open or the reader's own."""
    reasons = [
        None if is_own else decisions.why_closed(scope, kind, series, to_day(day))
        for is_own, (scope, kind, series, day) in zip(own, piece.select(_CELL).iter_rows(), strict=True)
    ]
    return pl.Series(SUPPRESSED, reasons, dtype=pl.String())


def _softened(rows: pl.DataFrame, public: pl.Series) -> list[pl.Series]:
    """Persons and what is divided by them, in public rows no finer than `density.disclosure.rounding` says."""
    counted = pl.when(pl.col("persons_counted") != 0).then("persons_counted").otherwise("persons")
    by = rows.select(counted.fill_null(0)).to_series()
    persons = [_rounded(rows[name], by, public, _person) for name in PERSONS if name in SCHEMA]
    return persons + [_rounded(rows[name], by, public, rounded_ratio) for name in RATIOS]


def _rounded(values: pl.Series, by: pl.Series, public: pl.Series, told: Callable[[Any, int], Any]) -> pl.Series:
    """A column with its public values as they are told, given the persons that they are divided by."""
    if values.null_count() == values.len():
        return values
    rounded = [
        told(value, persons) if is_public and value is not None else value
        for value, persons, is_public in zip(values, by, public, strict=True)
    ]
    return pl.Series(values.name, rounded, dtype=values.dtype)


def _person(value: int, _: int) -> int:
    return rounded_persons(value)
