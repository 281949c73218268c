"""The API as one application; it reads the figures that the rollup stored, and folds only what is asked as of a day."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from api import errors
from api.access.gate import Gate
from api.access.keys import Keys
from api.accounts import Accounts
from api.audit import Audited, AuditLog
from api.board.board import Board
from api.board.failures import failure_page
from api.board.routes import router as board_router
from api.board.sources import Sources
from api.description import describer
from api.disclosure.decisions import Decisions
from api.edge import Edge
from api.evidence import Evidence
from api.explaining import Explaining
from api.feed import Feed
from api.figures import Shelf
from api.guard import Admitted
from api.kept import Kept
from api.ledger import Ledger
from api.options import ApiOptions, Readiness
from api.plans import Plans
from api.probe import StoreProbe
from api.routes import (
    accounting,
    alerts,
    check,
    designations,
    docs,
    events,
    explain,
    export,
    factories,
    figures,
    health,
    keys,
    parks,
    plans,
    refused,
    refused_files,
    restatements,
    robots,
    sdmx,
    sensitivity,
    sessions,
    statistics,
    targets,
    upload_page,
    uploads,
)
from api.sensitivity import SensitivityTable
from api.service import Service
from api.tags import NotModifiedError, not_modified
from api.uploads.holdings import Holdings
from api.uploads.previews import Previews
from api.versions import Versions
from density.days import to_day
from density.definition import Definition
from density.plan import Plan
from density.register import Reference
from store.base import Store

_ROUTERS = (
    figures, events, explain, restatements, sensitivity, targets, plans, parks, alerts, factories, designations,
    statistics, robots, refused, refused_files, check, accounting, export, sdmx, uploads, upload_page, keys, health,
    docs, sessions,
)  # fmt: skip


def _routes() -> APIRouter:
    routes = APIRouter(dependencies=[Admitted])
    for module in _ROUTERS:
        routes.include_router(module.router)
    routes.include_router(board_router)
    return routes


# Of every application of a process: working out what each of its routes takes costs a fifth of a second.
_ROUTES = _routes()


def create_app(
    store: Store,
    *,
    reference: Reference,
    definition: Definition,
    plan: Plan,
    options: ApiOptions,
    clock_ns: Callable[[], int],
    readiness: Callable[[], Readiness] | None = None,
    metrics: Callable[[], Mapping[str, float]] | None = None,
) -> FastAPI:
    """Build the application; it touches the store only when asked.

    Args:
        store: what the figures are read from and registrations are written to.
        reference: areas, industries and terms.
        definition: what the figures mean that the rollup stores.
        plan: the targets.
        options: how it answers.
        clock_ns: the time of now in ns since 1970 UTC.
        readiness: whether the whole system takes work; without it the store is asked.
        metrics: gauges of what runs beside the API.
    """
    ledger = Ledger(store, writer=options.writer, clock_ns=clock_ns)
    shelf = Shelf(store)
    versions = Versions(shelf, ledger, clock_ns=clock_ns, fresh_s=options.fresh_s)
    accounts = Accounts(store, clock_ns=clock_ns, first_day=to_day(options.first_day))
    plans_in_force = Plans(ledger, plan, reference)
    evidence = Evidence(store, reference, clock_ns=clock_ns)
    sensitivity_table = SensitivityTable(evidence, reference=reference, definition=definition, clock_ns=clock_ns)
    decisions = Decisions(store, shelf)
    sources = Sources(
        store,
        shelf,
        decisions,
        accounts,
        ledger,
        plans_in_force,
        evidence,
        sensitivity_table,
        reference,
        definition,
        options,
    )
    key_ring = Keys(store, clock_ns=clock_ns)
    service = Service(
        gate=Gate(key_ring, admin_key=options.admin_key, oidc=options.oidc, wrong_a_minute=options.wrong_keys_a_minute),
        keys=key_ring, store=store, reference=reference, definition=definition, plan=plan, options=options,
        clock_ns=clock_ns,
        readiness=readiness or StoreProbe(store, writer=options.writer, clock_ns=clock_ns),
        metrics=metrics or dict, ledger=ledger, shelf=shelf, decisions=decisions, accounts=accounts,
        versions=versions, feed=Feed(versions),
        plans=plans_in_force, evidence=evidence,
        explaining=Explaining(store, shelf, evidence, reference=reference, definition=definition),
        sensitivity=sensitivity_table,
        audit=AuditLog(options.audit_path, clock_ns=clock_ns),
        board=Board(sources),
        previews=Previews(options.uploads),
        holdings=Holdings(store),
    )  # fmt: skip
    return _application(service)


def _application(service: Service) -> FastAPI:
    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        service.board.start()
        yield
        service.board.close()

    app = FastAPI(
        title="robodensity",
        summary="Industrial-robot density and smart factories of a city, by day.",
        version="1",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        dependencies=[Admitted],
    )
    app.state.service = service
    errors.install(app, failure_page)
    app.add_exception_handler(NotModifiedError, not_modified)
    app.add_middleware(Edge, as_page=failure_page)
    app.add_middleware(Audited, log=service.audit)
    app.add_middleware(Kept, versions=service.versions, gate=service.gate)
    app.router.routes.extend(_ROUTES.routes)
    docs.mount(app)
    app.openapi = describer(app, service.options, [each.id for each in service.definition.key_sets])  # type: ignore[method-assign] # FastAPI's own way
    return app
