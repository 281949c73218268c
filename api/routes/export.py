"""GET /v1/export/…: whole tables as CSV, XLSX or Parquet."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import polars as pl
from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access.caller import Caller
from api.disclosure.decisions import Decisions
from api.errors import ApiError
from api.export.answer import MEDIA_TYPES, Format, download
from api.export.disclosed import disclosed_pieces
from api.export.figures import SCHEMA as FIGURE_SCHEMA
from api.export.figures import Span, figure_pieces
from api.export.parks import SCHEMA as PARK_SCHEMA
from api.export.parks import park_frame
from api.export.reports import KINDS, report_pieces, report_schema
from api.export.table import Provenance, Table
from api.guard import CallerDep
from api.paging import DaySpans, KnownParameters, check_days
from api.routes.figures import ScopeName
from api.routes.parks import park_lines_of
from api.scopes import find_scope
from api.series import KeySetName, find_key_set, series_of
from api.service import Service, ServiceDep
from density.days import start_ns, to_day

router = APIRouter(prefix="/v1/export", tags=["export"], dependencies=[KnownParameters])

SOURCE = "factories' reports, computed by robodensity"

FormatName = Annotated[Format, Path(description="csv, xlsx or parquet")]
Kinds = Annotated[
    list[Literal["city", "district", "park", "zone", "industry", "crossing"]],
    Query(alias="kind", max_length=6, description="of scopes; crossing: divisions within districts and parks"),
]
SeriesNames = Annotated[list[Literal["total", "all", "key"]], Query(max_length=3)]
ReportKind = Annotated[str, Query(max_length=64, json_schema_extra={"enum": list(KINDS)})]

_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {each.partition(";")[0]: {} for each in MEDIA_TYPES}}
}


def _asked(
    service: ServiceDep,
    asked: DaySpans,
    kinds: Kinds = ["city", "district", "park"],  # noqa: B006 - FastAPI copies it
    series: SeriesNames = ["key"],  # noqa: B006
    scope: Annotated[ScopeName | None, Query(description="one scope alone; its kind is taken from it")] = None,
    key_set: KeySetName = None,
) -> tuple[Span, str]:
    """Which figures, and by which set of key industries."""
    check_days(asked.first, asked.last)
    chosen = find_key_set(key_set, service.definition)
    begin, reached = to_day(service.options.first_day), service.shelf.folded().day
    span = Span(
        kinds=_kinds(service, scope) or list(dict.fromkeys(kinds)),
        series=[series_of(each, chosen, service.definition) for each in dict.fromkeys(series)],
        scope=scope,
        begin=begin,
        first=max(begin, begin if asked.first is None else to_day(asked.first)),
        last=begin - 1 if reached is None else min(reached, reached if asked.last is None else to_day(asked.last)),
    )
    return span, chosen.id


def _kinds(service: Service, scope: str | None) -> list[str]:
    if scope is None:
        return []
    if scope.startswith("factory:"):  # before it is looked up: whether it is registered is not everybody's to know
        sentence = f"Figures of a factory are not exported; GET /v1/figures?scope={scope} gives them by day."
        raise ApiError(422, "not_exported", sentence, path="scope")
    return [find_scope(scope, service.reference, service.ledger.registry()).kind]


@router.get("/figures.{format_}", responses=_FILES, response_class=Response)
def get_figures_file(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    asked: Annotated[tuple[Span, str], Depends(_asked)],
    format_: FormatName,
) -> Response:
    """Daily figures, a row for each day, scope and series; of each scope the oldest first.

    What the key does not open is told as the public is, and `suppressed` says why a row has no figures.
    """
    span, key_set = asked
    table = Table("figures", FIGURE_SCHEMA, _pieces(service, caller, span), _provenance(service, key_set))
    return _download(request, service, table, format_)


def _pieces(service: Service, caller: Caller, span: Span) -> Iterator[pl.DataFrame]:
    pieces, reach = figure_pieces(service.store, span), service.reach(caller)
    if reach.everything:
        return pieces

    def decide() -> Decisions:
        service.decisions.follow(service.shelf.folded())
        return service.decisions

    return disclosed_pieces(pieces, decide, reach.holds)


@router.get("/parks.{format_}", responses=_FILES, response_class=Response)
def get_parks_file(
    request: Request, service: ServiceDep, caller: CallerDep, format_: FormatName, key_set: KeySetName = None
) -> Response:
    """Every park as it stands, the one furthest behind first."""
    chosen = find_key_set(key_set, service.definition)
    frame = park_frame(park_lines_of(service, caller, key_set))
    return _download(request, service, Table("parks", PARK_SCHEMA, [frame], _provenance(service, chosen.id)), format_)


@router.get("/reports.{format_}", responses=_FILES, response_class=Response)
def get_reports_file(
    request: Request,
    service: ServiceDep,
    asked: DaySpans,
    format_: FormatName,
    kind: ReportKind,
) -> Response:
    """Every report of a kind as it was taken in, the newest first; `from` and `to` bound the day of arrival."""
    check_days(asked.first, asked.last)
    if kind not in KINDS:
        raise ApiError(
            422,
            "unknown_kind",
            f"There are no reports of the kind {kind!r}; there are {', '.join(KINDS)}.",
            path="kind",
        )
    pieces = report_pieces(
        service.store,
        KINDS[kind],
        after_ns=None if asked.first is None else start_ns(to_day(asked.first)) - 1,
        through_ns=None if asked.last is None else start_ns(to_day(asked.last) + 1) - 1,
    )
    provenance = _provenance(service, service.definition.key_set.id)
    return _download(request, service, Table(kind, report_schema(KINDS[kind]), pieces, provenance), format_)


def _download(request: Request, service: Service, table: Table, format_: Format) -> Response:
    return download(table, format_, service.reference.terms, head=request.state.head)


def _provenance(service: Service, key_set: str) -> Provenance:
    folded, terms = service.shelf.folded(), service.reference.terms
    marks = (["simulated"] if service.options.simulated else []) + ["monitoring"]
    return Provenance(
        data_until="" if folded.data_until is None else folded.data_until.isoformat(),
        definition=f"{folded.definition_version or ''} {key_set}".strip(),
        source=SOURCE,
        notice=" · ".join(terms[mark].name.zh for mark in marks),
        simulated=service.options.simulated,
    )
