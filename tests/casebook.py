"""Hand-worked cases: a folder's reports in the language of the wire, and what the figures must then be."""

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, get_args

from cities import CASE_DEFINITION, KINDS, Row

from density.days import start_ns, to_day
from density.definition import ROBOTS, Definition
from density.reports import Reports
from ingest.wire.json_v1 import CODECS, decode, encode
from ingest.wire.receipt import Receipt
from ingest.wire.times import parse_instant, parse_period
from ingest.wire.topics import Kind

FOLDER = Path(__file__).parent / "density" / "cases"
WIRE = frozenset(get_args(Kind)) - {"status"}
EARLIEST_NS = start_ns(to_day(date(2000, 1, 1)))  # stamps in the order of the lines, before every stated one


@dataclass(frozen=True)
class Case:
    """One rule, with its reports and figures.

    Attributes:
        rows: the reports by kind, as rows of the ledger.
        expect: scope, series, day, figure and value; with `base` (mom or yoy) of the comparison.
    """

    rule: str
    today: date
    definition: Definition
    rows: dict[str, list[Row]]
    expect: list[dict[str, Any]]

    @property
    def reports(self) -> Reports:
        return Reports(**{name: kind.frame(self.rows[name]) for name, kind in KINDS.items()})


def names() -> list[str]:
    """Every case folder."""
    return sorted(path.parent.name for path in FOLDER.glob("*/expected.json"))


@cache
def case(name: str) -> Case:
    """The case of one folder."""
    expected = json.loads((FOLDER / name / "expected.json").read_text())
    today = date.fromisoformat(expected["today"])
    lines = [json.loads(line) for line in (FOLDER / name / "reports.jsonl").read_text().splitlines()]
    rows: dict[str, list[Row]] = {kind: [] for kind in KINDS}
    for number, line in enumerate(lines, start=1):
        kind, stamp = line.pop("kind"), line.pop("stamp", None)
        time = EARLIEST_NS + number if stamp is None else parse_instant(stamp, "stamp") * 1_000
        row = _from_wire(kind, line, today) if kind in WIRE else _READERS[kind](line)
        if "as_of" in expected and time >= start_ns(to_day(date.fromisoformat(expected["as_of"])) + 1):
            continue
        rows[kind].append({"time": time, "writer": "case", **row})
    return Case(expected["rule"], today, _definition(expected.get("definition", {})), rows, expected["expect"])


def _definition(changes: dict[str, Any]) -> Definition:
    given = dict(changes)
    for name in ("first_day", "baseline_day"):
        if name in given:
            given[name] = date.fromisoformat(given[name])
    if "without" in given:
        given["categories"] = ROBOTS - set(given.pop("without"))
    return replace(CASE_DEFINITION, **given)


def _from_wire(kind: Kind, line: Row, today: date) -> Row:
    """One item as its factory sends it, through the decoder of the platform."""
    factory, item = line.pop("factory"), dict(line)
    head = {name: item.pop(name) for name in ("reported_at", "basis") if name in item}
    listed = CODECS[kind].list_name
    message = {**head, listed: [item]} if listed else {**head, **item}
    arrived_us = start_ns(to_day(today) + 1) // 1_000
    decoded = decode(kind, encode(message), Receipt(factory, arrived_us))
    if decoded.refusals:
        raise ValueError(f"The decoder refuses {line}: {decoded.refusals[0].detail}")
    return {name: column[0] for name, column in decoded.columns.items()}


def _day(text: str | None) -> int | None:
    return None if text is None else to_day(date.fromisoformat(text))


def _registration(line: Row) -> Row:
    given = {"district": "310115", "park": None, "industry": "3610", "above_scale": True, **line}
    return {**given, "from_day": _day(given.pop("from", None)), "closed_day": _day(given.pop("closed", None))}


def _designation(line: Row) -> Row:
    subject = line.pop("subject")
    named = {f"subject_{name}": subject.get(name) for name in ("factory", "name", "district")}
    row = {"kind": line.pop("of"), "scheme": "shanghai-2023", "grade": None, **line, **named}
    return {**row, "from_day": _day(row.pop("from")), "to_day": _day(row.pop("to", None))}


def _statistic(line: Row) -> Row:
    published, ends = _day(line.pop("published")), parse_period(line["period"], "period").last_day
    return {"unit": "人", "source": "case", **line, "period_end_day": ends, "published_day": published}


_READERS = {
    "registration": _registration,
    "designation": _designation,
    "statistic": _statistic,
    "settlement": dict,
    "review": dict,
}
