"""/v1/factories: the register of factories, in and out."""

from bisect import bisect_right
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request

from api.accounts import COUNTS, totals
from api.answer import Answer, shanghai_time
from api.answers.form import answered, stored_items
from api.answers.register import Factories, FactoryKept, OneFactory, Robots
from api.bodies import FactoryBody, check_factories, parse_items
from api.deliveries import contact_of
from api.errors import ApiError, error_body
from api.filters import check_area
from api.guard import CallerDep
from api.paging import LIST_LIMIT, Cursor, KnownParameters, Limit, OffsetCursor, offset_next, offset_of
from api.registering import CONTRADICTS, CREATED, Verdict, completed, judge
from api.registration import Registration
from api.routes.figures import latest
from api.routes.posting import Body, Result, openapi_body, posted
from api.scopes import Scope
from api.service import Service, ServiceDep
from api.tags import Tagged
from density.days import to_date, to_day
from density.factory_robots import FactoryRobot, factory_robots
from density.identity import SEPARATOR
from store.schema import REGISTRATION

FactoryName = Annotated[str, Path(max_length=64)]

_PLATE = ("manufacturer", "model", "serial")

router = APIRouter(prefix="/v1/factories", tags=["register"], dependencies=[KnownParameters])


@router.post("", responses=stored_items(FactoryKept, contradicts=True), openapi_extra=openapi_body(FactoryBody))
def post_factories(request: Request, service: ServiceDep, body: Body) -> Answer:
    """Register a factory or up to 1,000: 201 stored, 200 the same again, 409 where it contradicts the register.

    An edit carries `from` and may leave out what stays; `closed` ends the factory. The first registration holds
    for all days before the next. Of a list with a fault nothing is stored.
    """
    items, single = parse_items(body)
    with service.ledger.writing() as registry:
        bodies = check_factories([completed(item, registry) for item in items], service.reference, single=single)
        request.state.subjects = [each.factory for each in bodies]
        verdicts = judge(bodies, registry)
        rows = [verdict.registration.to_row() for verdict in verdicts if verdict.status == CREATED]
        if rows:
            service.ledger.write(REGISTRATION, rows)
    request.state.outcome = f"{len(rows)} of {len(verdicts)} stored"
    return posted([_result(verdict) for verdict in verdicts], single=single)


def _result(verdict: Verdict) -> Result:
    if verdict.status == CONTRADICTS:
        error = ApiError(CONTRADICTS, "contradicts", verdict.reason, path="factory")
        return {"status": verdict.status, **error_body(error)}
    return {"status": verdict.status, "factory": verdict.registration.to_json(), "account": None}


@router.get("", dependencies=[Tagged], responses=answered(Factories))
def get_factories(
    service: ServiceDep,
    caller: CallerDep,
    district: Annotated[str | None, Query(max_length=64)] = None,
    park: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = LIST_LIMIT,
    cursor: Cursor = None,
) -> Answer:
    """The registrations in force today that the key opens, by factory id."""
    registry, day, reach = service.ledger.registry(), to_day(service.today()), service.reach(caller)
    check_area("district", district, service)
    check_area("park", park, service)
    order = registry.factories()
    shown: list[dict[str, object]] = []
    for factory in order[bisect_right(order, cursor) if cursor is not None else 0 :]:
        row = registry.in_force(factory, day)
        if row and reach.holds_row(row) and district in {None, row.district} and park in {None, row.park}:
            if len(shown) == limit:
                return Answer({"factories": shown, "next": shown[-1]["factory"]})
            shown.append(row.to_json())
    return Answer({"factories": shown, "next": None})


@router.get("/{factory}", responses=answered(OneFactory))
def get_factory(service: ServiceDep, caller: CallerDep, factory: FactoryName) -> Answer:
    """One factory: its registrations, its newest figures, the account of what it sent and how it is heard."""
    service.reach(caller).demand_factory(factory)
    registry = service.ledger.registry()
    return Answer(
        {
            "factory": _standing(service, factory).to_json(),
            "registrations": [row.to_json() for row in registry.spells(factory)],
            "latest": latest(service, service.shelf_of(caller), Scope(f"factory:{factory}", "factory", factory)),
            "accounting": _accounting(service, factory),
            "contact": contact_of(service.store, factory),
        }
    )


def _standing(service: Service, factory: str) -> Registration:
    standing = service.ledger.registry().in_force(factory, to_day(service.today()))
    if standing is None:
        sentence = f"No factory {factory!r} is registered; POST /v1/factories registers it."
        raise ApiError(404, "unknown_factory", sentence, path="factory")
    return standing


def _accounting(service: Service, factory: str) -> dict[str, object]:
    sums = service.accounts.of_factory(factory)
    kinds = sums.group_by("kind").sum().select("kind", *COUNTS).sort("kind").to_dicts()
    return {"totals": totals(sums), "by_kind": kinds}


@router.get("/{factory}/robots", responses=answered(Robots))
def get_factory_robots(
    service: ServiceDep, caller: CallerDep, factory: FactoryName, limit: Limit = LIST_LIMIT, cursor: OffsetCursor = None
) -> Answer:
    """Every robot that the factory ever named, by its asset number, with what is doubtful about it."""
    service.reach(caller).demand_factory(factory)
    _standing(service, factory)
    start = offset_of(cursor)
    reports, events = service.evidence.events()
    found = factory_robots(reports, events, factory, service.definition, day=to_day(service.today()))
    page, following = found[start : start + limit], offset_next(start, limit, len(found))
    return Answer({"robots": [_robot(each) for each in page], "next": following})


def _robot(robot: FactoryRobot) -> dict[str, object]:
    conflicts = [
        {"factory": each.factory, "identity": _identity(each.identity), "at": shanghai_time(each.at_us)}
        for each in robot.conflicts
    ]
    return {
        "robot": robot.robot,
        "identity": _identity(robot.identity),
        "nameplate": dict(zip(_PLATE, robot.nameplate, strict=True)),
        "in_stock": robot.in_stock,
        "since": None if robot.since_day is None else to_date(robot.since_day),
        "until": None if robot.until_day is None else to_date(robot.until_day),
        "new": None
        if robot.new_since_day is None
        else {"since": to_date(robot.new_since_day), "by_moved_in": robot.new_by_moved_in},
        "category": robot.category,
        "purpose": robot.purpose,
        "flags": {
            "conflict": conflicts,
            "suspected_duplicate": [_identity(each) for each in robot.suspected_duplicates],
            "awaiting_review": robot.awaiting_review,
            "installed_pending": robot.installed_pending,
            "undated": robot.undated,
            "awaiting_nameplate": robot.identity is None,
        },
    }


def _identity(identity: str | None) -> dict[str, str] | None:
    """An identity by its parts, as every nameplate that names it is read."""
    return None if identity is None else dict(zip(_PLATE, identity.split(SEPARATOR), strict=True))
