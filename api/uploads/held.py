"""What the platform holds, as the rows of a template: what was reported last, and a blank row for what is due."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import polars as pl

from api.answer import shanghai_time
from api.papers import Row
from api.registration import Registration
from api.registry import Registry
from api.service import Service
from api.uploads.columns import REPORTED, UploadKind
from api.uploads.judged import Allowed
from api.uploads.values import Value
from density.days import start_ns, to_date, to_day
from store.schema import STATISTIC

Line = Mapping[str, Value | None]
"""A row by field, in the words of the contract."""

_PLATE: Final = ("manufacturer", "model", "serial", "serial_source", "manufactured")
_EVENT: Final = (
    "robot", "event", "category", "axes", "payload_kg", "collaborative", "purpose", "application", "acquisition",
    "owner", "integrator", "record",
)  # fmt: skip


def held_lines(kind: UploadKind, service: Service, allowed: Allowed) -> list[Line]:
    """The rows of a template for the factories that somebody may report for.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    registry, today = service.ledger.registry(), service.today()
    rows = {row.factory: row for row in _standing(registry, to_day(today)) if allowed(row.factory)}
    if kind == "factories":
        return [_factory(row) for row in rows.values()]
    if kind == "designations":
        return list(_designations(registry, to_day(today), rows))
    if kind == "statistics":
        return [_statistic(row) for row in service.ledger.papers().of(STATISTIC).values()]
    begun = today.replace(day=1)
    due = begun - timedelta(days=1)
    reported = REPORTED[kind]
    return list(_LINES[reported](service.holdings.standing(reported, rows), rows, due))


def _standing(registry: Registry, day: int) -> Iterator[Registration]:
    return (row for factory in registry.factories() if (row := registry.in_force(factory, day)))


def _open(rows: Mapping[str, Registration], day: date) -> Iterator[Line]:
    for row in rows.values():
        if row.closed_day is None or row.closed_day > to_day(day):
            yield {"factory": row.factory, "factory_name": row.name_zh}


def _workforce(frame: pl.DataFrame, rows: Mapping[str, Registration], due: date) -> Iterator[Line]:
    month = f"{due:%Y-%m}"
    ordered = frame.sort("period_end_day", "period_months", descending=[False, True])
    last = {row["factory"]: row for row in ordered.iter_rows(named=True)}
    for named in _open(rows, due):
        held = last.get(str(named["factory"]))
        if held:
            yield {**named, **{name: held[name] for name in ("period", "average", "end_of_period", "basis")}}
        if held is None or held["period_end_day"] < to_day(due):
            yield {**named, "period": month}


def _inventory(frame: pl.DataFrame, rows: Mapping[str, Registration], due: date) -> Iterator[Line]:
    last = {row["factory"]: row for row in frame.sort("as_of_day").iter_rows(named=True)}
    for named in _open(rows, due):
        held = last.get(str(named["factory"]))
        if held:
            yield {**named, "as_of": _iso(held["as_of_day"]), "stock": held["stock"], "complete": held["complete"]}
        if held is None or held["as_of_day"] < to_day(due):
            yield {**named, "as_of": due.isoformat()}


def _lifecycle(frame: pl.DataFrame, rows: Mapping[str, Registration], due: date) -> Iterator[Line]:
    since_us = start_ns(to_day(due.replace(day=1))) // 1_000
    recent = frame.filter(pl.col("at_us") >= since_us).sort("factory", "at_us", "robot")
    for row in recent.iter_rows(named=True):
        plate = {f"nameplate.{name}": row[name] for name in _PLATE}
        event = {name: row[name] for name in _EVENT}
        at = {"at": _moment(row["at"], row["at_us"]), "voids.event": row["voids_event"]}
        voided = {"voids.at": None if row["voids_at_us"] is None else _time(row["voids_at_us"])}
        yield {
            "factory": row["factory"], "factory_name": rows[row["factory"]].name_zh, **plate, **event, **at, **voided,
        }  # fmt: skip


_LINES: Final[Mapping[str, Callable[[pl.DataFrame, Mapping[str, Registration], date], Iterable[Line]]]] = {
    "workforce": _workforce,
    "inventory": _inventory,
    "lifecycle": _lifecycle,
}


def _designations(registry: Registry, day: int, rows: Mapping[str, Registration]) -> Iterator[Line]:
    for each in registry.designations.values():
        if each.holds(day) and (each.subject_factory is None or each.subject_factory in rows):
            yield {
                "kind": each.kind, "scheme": each.scheme, "grade": each.grade, "subject.factory": each.subject_factory,
                "subject.name": each.subject_name, "subject.district": each.subject_district,
                "from": _iso(each.from_day), "to": _iso(each.to_day), "record": each.record,
            }  # fmt: skip


def _statistic(row: Row) -> Line:
    told = {name: row[name] for name in ("figure", "scope", "period", "value", "unit", "source")}
    return {**told, "published": _iso(row["published_day"])}


def _factory(row: Registration) -> Line:
    return {
        "factory": row.factory, "name.zh": row.name_zh, "name.en": row.name_en, "credit_code": row.credit_code,
        "district": row.district, "park": row.park, "industry": row.industry, "above_scale": row.above_scale,
        "edge_nodes": ";".join(row.edge_nodes) or None, "registered_from": _iso(row.from_day),
        "closed": _iso(row.closed_day),
    }  # fmt: skip


def _iso(day: int | None) -> str | None:
    return None if day is None else to_date(day).isoformat()


def _moment(sent: str, at_us: int) -> str:
    """A time as it was sent; one in milliseconds as people read it."""
    return _time(at_us) if sent.isdecimal() and len(sent) > 4 else sent


def _time(at_us: int) -> str:
    moment: Any = shanghai_time(at_us)
    assert isinstance(moment, datetime)  # noqa: S101 - of an instant
    return moment.isoformat()
