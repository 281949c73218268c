"""Rows of designations, statistics and factories: judged by the code that judges what officials post."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from api.bodies import DesignationBody, FactoryBody
from api.designating import designation_of, is_unregistered, unregistered
from api.errors import ApiError
from api.paper_bodies import StatisticBody
from api.papers import Papers, contents, slot_of
from api.registering import CONTRADICTS, UNCHANGED, judge
from api.registration import Registration
from api.registry import Registry
from api.statistics import statistic_row
from api.uploads.entries import Entry, nested, not_taken, shown
from api.uploads.faults import Fault
from api.uploads.judged import Tell, Told
from density.days import to_day
from density.register import Name, Reference
from store.schema import DESIGNATION, REGISTRATION, STATISTIC

Body = TypeVar("Body", bound=BaseModel)

_FROM: Final = "registered_from"
# What the bodies say of a row as a whole, for those who read Chinese.
_CHINESE: Final = {
    "a smart_factory has a grade and the subject is a registered factory": "智能工厂须填等级，且须是已登记的工厂",
    "to must lie after from": "失效日期须晚于起始日期",
    "give either factory, or name and district": "工厂编号与单位名称、所在区二者填其一",
    "name and district stand together": "单位名称与单位所在区须同时填写",
}


def designation_teller(registry: Registry, reference: Reference) -> Tell:
    """How designations are judged."""

    def tell(entry: Entry) -> Told | list[Fault]:
        body = _checked(entry, DesignationBody, nested(entry.values), reference)
        if isinstance(body, list):
            return body
        row = designation_of(body)
        if is_unregistered(row, registry):
            return [_unregistered(entry, row.subject_factory)]
        subject = row.subject_factory or row.subject_name or ""
        return Told(entry, DESIGNATION, row.slot, row, registry.designations.get(row.slot), dict(vars(row)), subject)

    return tell


def statistic_teller(
    papers: Papers, registry: Registry, reference: Reference, known: Mapping[str, frozenset[str]], today: date
) -> Tell:
    """How statistics are judged, by the units of each figure that is known."""
    held = papers.of(STATISTIC)

    def tell(entry: Entry) -> Told | list[Fault]:
        body = _checked(entry, StatisticBody, {**entry.values, "value": float(entry.values["value"])}, reference)
        if isinstance(body, list):
            return body
        try:
            row = statistic_row(body, known, reference, registry, today)
        except ApiError as error:
            path = error.path or ""
            zh = f"{_value(entry, path)}：该指标、范围、期间或单位与平台已知的不符；请核对。"
            return [entry.fault(path, error.code, Name(zh, error.message))]
        slot, told = slot_of(STATISTIC, row), contents(STATISTIC, row)
        return Told(entry, STATISTIC, slot, told, held.get(slot), row, f"{body.figure} {body.scope} {body.period}")

    return tell


def factory_teller(registry: Registry, reference: Reference) -> Tell:
    """How factories are judged: what a table has no column for stays as it is registered."""

    def tell(entry: Entry) -> Told | list[Fault]:
        body = _checked(entry, FactoryBody, _factory(entry, registry), reference)
        if isinstance(body, list):
            return body
        verdict = judge([body], registry)[0]
        if verdict.status == CONTRADICTS:
            zh = "与已有登记不一致；变更登记须在“生效日期”填写变更生效的日期，且不同于已有的日期。"
            return [entry.fault(_FROM, "contradicts", Name(zh, verdict.reason))]
        row = verdict.registration
        same = row if verdict.status == UNCHANGED else None
        held = same or (registry.spells(row.factory) or None)
        return Told(entry, REGISTRATION, (row.factory, row.from_day), row, held, row.to_row(), row.factory)

    return tell


def _factory(entry: Entry, registry: Registry) -> dict[str, Any]:
    base = _base(entry, registry)
    kept: dict[str, Any] = base.to_json() if base else {}
    for name in ("from", "closed"):
        kept.pop(name, None)
    if base and not entry.stands("closed") and base.closed_day is not None:
        kept["closed"] = base.to_json()["closed"]
    given = nested({name: entry.values.get(name) for name in entry.places if entry.stands(name)})
    if "edge_nodes" in given:
        given["edge_nodes"] = str(given["edge_nodes"] or "").split(";") if given["edge_nodes"] else []
    begins = given.pop(_FROM, None)
    given["name"] = {**kept.get("name", {}), **given["name"]}
    item = {**kept, **given, **({"from": begins} if begins else {})}
    paths = item.get("metric_paths", {})
    return {**item, "metric_paths": {node: told for node, told in paths.items() if node in item.get("edge_nodes", [])}}


def _base(entry: Entry, registry: Registry) -> Registration | None:
    """What the row changes: the registration in force when it begins, the first one where it says no day."""
    spells = registry.spells(str(entry.values["factory"]))
    begins = entry.values.get(_FROM)
    if begins is None or not spells:
        return spells[0] if spells else None
    return registry.in_force(spells[0].factory, to_day(date.fromisoformat(str(begins))))


def _checked(entry: Entry, model: type[Body], item: Mapping[str, Any], reference: Reference) -> "Body | list[Fault]":
    try:
        return model.model_validate(item, context=reference)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False, include_context=False)
        return [
            _fault(entry, ".".join(map(str, each["loc"])), each["msg"].removeprefix("Value error, ")) for each in found
        ]


def _fault(entry: Entry, path: str, message: str) -> Fault:
    place = entry.place_of(path) if path else None
    if place is None or path not in entry.values:
        return entry.fault(path, "invalid_field", _row_sentence(path, message))
    zh = not_taken(place, entry.values[path]).zh
    return entry.fault(path, "invalid_field", Name(zh, f"{place.heading}: {message}."))


def _row_sentence(path: str, message: str) -> Name:
    return Name(f"{_CHINESE.get(message, message)}。", f"{path or 'The row'}: {message}.")


def _unregistered(entry: Entry, factory: str | None) -> Fault:
    zh = f"工厂 {shown(factory)} 未登记；请核对编号，或先登记该工厂。"
    return entry.fault("subject.factory", "unknown_factory", Name(zh, unregistered(factory)))


def _value(entry: Entry, path: str) -> str:
    place = entry.place_of(path)
    return f"“{place.heading}”为 {shown(entry.values.get(path, ''))}" if place else "本行"
