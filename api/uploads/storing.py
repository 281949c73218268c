"""A judged table stored: as one entry of the API's log, with the account of what arrived."""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from api.service import Service
from api.uploads.columns import REPORTED, UploadKind
from api.uploads.judged import Told
from density.days import day_of_ns, start_ns
from store.schema import ACCOUNTING, REPORTS, Measurement


def store_rows(kind: UploadKind, rows: Sequence[Told], service: Service) -> None:
    """Store rows durably; the caller holds the ledger and has judged them under its lock.

    Raises:
        StoreUnavailable: judge and store again; what was stored then changes nothing.
    """
    if not rows:
        return
    measurement = rows[0].measurement
    frames: dict[Measurement, pl.DataFrame] = {
        measurement: measurement.frame([told.row for told in rows]).drop("time", "writer")
    }
    if kind in REPORTED:
        frames[ACCOUNTING] = _accounts(kind, Counter(told.subject for told in rows), service)
    service.ledger.write_all(frames)


def _accounts(kind: str, items: Mapping[str, int], service: Service) -> pl.DataFrame:
    """The day's running totals of this writer, with these items of each factory: all arrived, all are stored."""
    day = start_ns(day_of_ns(service.clock_ns()))
    where = {"writer": service.options.writer, "kind": kind}
    before = service.store.read(REPORTS, ACCOUNTING, after=day - 1, through=day, where=where)
    totals = {row["factory"]: row for row in before.iter_rows(named=True)}
    rows = [_added(totals.get(factory, {}), factory, kind, day, count) for factory, count in sorted(items.items())]
    return ACCOUNTING.frame(rows).drop("writer")


def _added(before: Mapping[str, int], factory: str, kind: str, day: int, items: int) -> dict[str, object]:
    return {
        "time": day,
        "factory": factory,
        "kind": kind,
        "messages": (before.get("messages") or 0) + 1,
        "arrived": (before.get("arrived") or 0) + items,
        "stored": (before.get("stored") or 0) + items,
        "refused": before.get("refused") or 0,
        "redelivered": before.get("redelivered") or 0,
    }
