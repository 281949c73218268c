"""An explanation as JSON."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from api.answer import shanghai_time
from api.registry import Registry
from density.days import to_date
from density.explain import MOST, OUTSIDE_PARKS
from density.explanation import Explanation
from density.register import Name, Reference, Term
from density.sentences import Missing

SIMULATED = Name("【模拟数据】", "[Simulated data] ")

Json = dict[str, object]


def explained(told: Explanation, reference: Reference, registry: Registry, *, simulated: bool) -> Json:
    """Everything of an explanation but its pages."""
    asked = told.question
    return {
        "sentences": _sentences(told.sentences, simulated=simulated),
        "figure": asked.figure,
        "scope": asked.scope,
        "series": asked.series,
        "day": to_date(asked.day),
        "compared_with": None if told.base_day is None else to_date(told.base_day),
        "definition": _definition(reference.terms.get(asked.figure)),
        "value": told.value,
        "value_then": told.value_then,
        "numerator": _part(told.numerator),
        "denominator": None if told.denominator is None else _part(told.denominator),
        "account": told.account,
        "effects": told.effects,
        "groups": told.groups,
        "movers": _movers(told, reference, registry),
        "beside_factories": told.beside_factories,
        "missing": _missing(told.missing),
    }


def left_out_page(left_out: pl.DataFrame, *, limit: int, cursor: str | None) -> Json:
    """The factories that a figure leaves out, by id, and how many for each reason."""
    counts = (
        left_out["reasons"].explode().drop_nulls().value_counts().sort("count", "reasons", descending=[True, False])
    )
    rest = left_out if cursor is None else left_out.filter(pl.col("factory") > cursor)
    shown = rest.head(limit).select("factory", "reasons").to_dicts()
    return {
        "count": left_out.height,
        "reasons": dict(counts.rows()),
        "factories": shown,
        "next": shown[-1]["factory"] if rest.height > limit else None,
    }


def report_page(reports: pl.DataFrame, *, limit: int, after: tuple[int, str] | None) -> Json:
    """The reports that a figure stands on, the newest first."""
    rest = reports
    if after is not None:
        stamp, writer = after
        older = (pl.col("time") < stamp) | ((pl.col("time") == stamp) & (pl.col("writer") > writer))
        rest = reports.filter(older)
    shown = rest.head(limit)
    last = shown.tail(1).select("time", "writer").rows()
    return {
        "reports_count": reports.height,
        "reports": [_report(row) for row in shown.iter_rows(named=True)],
        "next": f"{last[0][0]}.{last[0][1]}" if rest.height > limit else None,
    }


def restatement(row: Mapping[str, Any]) -> Json:
    """One restatement of the figure, and the report that caused it."""
    kept = {name: row[name] for name in ("old", "new", "why")}
    caused = None
    if row["stamp"] is not None:
        caused = {"writer": row["writer"], "stamp": str(row["stamp"]), "slot": _slot(row["slot"])}
    return {"day": to_date(row["day"]), "restated": shanghai_time(row["time"] // 1_000), **kept, "report": caused}


def _sentences(sentences: Sequence[Name], *, simulated: bool) -> Json:
    mark = SIMULATED if simulated else Name("", "")
    zh, en = [each.zh for each in sentences], [each.en for each in sentences]
    return {"zh": [mark.zh + zh[0], *zh[1:]], "en": [mark.en + en[0], *en[1:]]}


def _definition(term: Term | None) -> Json | None:
    return None if term is None else {name: vars(each) for name, each in vars(term).items()}


def _part(part: tuple[str, float | None]) -> Json:
    return {"name": part[0], "value": part[1]}


def _movers(told: Explanation, reference: Reference, registry: Registry) -> Json:
    factories = [
        {"factory": row["factory"], "name": _factory_name(row["factory"], registry), **_moved(row, reference)}
        for row in told.factories.head(MOST).iter_rows(named=True)
    ]
    parks = [_moved(row, reference) for row in told.parks.head(MOST).iter_rows(named=True)]
    return {"unit": vars(told.moved_unit), "factories": factories, "parks": parks}


def _moved(row: Mapping[str, Any], reference: Reference) -> Json:
    park = reference.parks.get(row["park"] or "")
    return {"park": row["park"], "park_name": vars(park.name if park else OUTSIDE_PARKS), "moved": row["moved"]}


def _factory_name(factory: str, registry: Registry) -> Json:
    last = registry.spells(factory)[-1]
    return {"zh": last.name_zh, "en": last.name_en}


def _missing(missing: Missing) -> Json:
    return dict(vars(missing))


def _report(row: Mapping[str, Any]) -> Json:
    arrived = shanghai_time(row["time"] // 1_000)
    kept = {name: row[name] for name in ("kind", "factory", "writer")}
    return {**kept, "stamp": str(row["time"]), "arrived": arrived, "slot": _slot(row["slot"])}


def _slot(slot: str | None) -> Json | None:
    """A slot with its days as dates and its instants as times."""
    if not slot:
        return None
    return {_said(name): _date(name, value) for name, value in json.loads(slot).items()}


def _said(name: str) -> str:
    return name.removesuffix("_day").removesuffix("_us")


def _date(name: str, value: Any) -> object:  # noqa: ANN401 - any JSON
    if value is None or not name.endswith(("_day", "_us")):
        return value
    return to_date(value) if name.endswith("_day") else shanghai_time(value)
