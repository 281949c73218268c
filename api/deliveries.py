"""What came of each factory on each day, and how it is heard, as the store holds it."""

from typing import Any

import polars as pl

from api.accounts import COUNTS
from api.answer import shanghai_time
from density.days import DAY_NS, day_of_ns, start_ns, to_date
from store.base import Store
from store.schema import ACCOUNTING, CONTACT, NUMBERING, REPORTS

_NUMBERED = ("numbered", "missing", "unnumbered", "repeated")
_DAY = (pl.col("time") - start_ns(0)) // DAY_NS


def daily_accounts(
    store: Store, *, first: int, last: int, factory: str | None = None, kind: str | None = None
) -> pl.DataFrame:
    """A row for each day of arrival, factory and kind, the newest day first.

    Args:
        store: holds accounts and numbering.
        first: the first day.
        last: the last one.
        factory: none takes every one, and `?` what the register does not know.
        kind: none takes every one.

    Returns:
        day, factory, kind, the counts of accounting in items; numbered, missing and unnumbered in messages, sent in
        messages or null where any of the day carries no number; repeated in items; of status the skew_s of the day.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    asked = {name: value for name, value in (("factory", factory), ("kind", kind)) if value is not None}
    span = {"after": start_ns(first) - 1, "through": start_ns(last)}
    accounts = store.read(REPORTS, ACCOUNTING, where=asked, **span)
    numbers = store.read(REPORTS, NUMBERING, where=asked, **span)
    of_factory = {name: value for name, value in asked.items() if name == "factory"}
    contacts = store.read(REPORTS, CONTACT, where=of_factory, **span)
    keys = ("day", "factory", "kind")
    counted = accounts.with_columns(day=_DAY).group_by(*keys).agg(pl.col(name).sum() for name in COUNTS)
    told = numbers.with_columns(day=_DAY).select(*keys, *_NUMBERED)
    clocks = contacts.select(_DAY.alias("day"), "factory", pl.lit("status").alias("kind"), "skew_s")
    known = (pl.col("unnumbered") == 0) & (pl.col("numbered") > 0)
    return (
        counted.join(told, on=keys, how="left")
        .join(clocks, on=keys, how="left")
        .with_columns(pl.col(name).fill_null(0) for name in _NUMBERED)
        .with_columns(sent=pl.when(known).then(pl.col("numbered") + pl.col("missing")))
        .filter(pl.any_horizontal(pl.col(name) != 0 for name in COUNTS))  # replays may have moved all of it
        .sort("day", "factory", "kind", descending=[True, False, False])
    )


def contact_of(store: Store, factory: str) -> dict[str, Any] | None:
    """How a factory is heard: its last arrival, since when it is silent, and how far its clock is off; none before.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    found = store.read(REPORTS, CONTACT, where={"factory": factory}, newest=1)
    if found.is_empty():
        return None
    row = found.row(0, named=True)
    return {
        "day": to_date(day_of_ns(row["time"])),
        "last_heard": shanghai_time(row["last_us"]),
        "silent_since": shanghai_time(row["last_us"]) if row["silent"] else None,
        "silent_after_s": row["silent_after_s"],
        "skew_s": row["skew_s"],
        "live_messages": row["live"],
        "late_messages": row["late"],
    }
