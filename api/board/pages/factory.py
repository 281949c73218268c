"""One factory, for who may see it: what it is, what stands in it, and what it sent."""

from typing import Any

from api.accounts import COUNTS, totals
from api.board.address import Address
from api.board.charting.factory import factory_charts
from api.board.pages.factory_lines import factory_name
from api.board.pages.frame import Asked, Found, Line, Page
from api.registration import Registration
from api.uploads.columns import choice_name
from density.days import month_ends, to_date, to_day
from density.factory_robots import FactoryRobot, factory_robots
from density.register import Name

ROBOTS_SHOWN = 500
_DOUBTS = {
    "conflicts": "conflicts", "suspected_duplicates": "suspected_duplicate", "awaiting_review": "awaiting_review",
    "installed_pending": "installed_pending", "undated": "undated", "new_by_moved_in": "new_by_moved_in",
}  # fmt: skip


def find(asked: Asked) -> Found | None:
    """Everything that the page of a factory says; none where the register does not know it."""
    sources, factory, day = asked.sources, asked.address.id, asked.day
    registry = sources.ledger.registry()
    row = registry.in_force(factory, day)
    if row is None:
        return None
    first = to_day(sources.options.first_day)
    daily = sources.shelf.factory_daily(factory, registry, first, day)
    days = sorted({first, *map(int, month_ends(first, day)), day})
    sums = sources.accounts.of_factory(factory)
    return Found(
        title=factory_name(row),
        trail=_trail(asked, row),
        facts={
            "scope": asked.address,
            "registration": row,
            "industry": _industry(asked, row.industry),
            "figures": daily.get(day),
            "trend": [{"day": to_date(each), **_held(daily.get(each))} for each in days],
            "robots": _robots(asked),
            "designations": [
                (each, choice_name("designated", each.kind))
                for each in registry.designations.values()
                if each.subject_factory == factory and each.holds(day)
            ],
            "accounted": totals(sums),
            "by_kind": sums.group_by("kind").sum().select("kind", *COUNTS).sort("kind").to_dicts(),
        },
    )


def _trail(asked: Asked, row: Registration) -> tuple[tuple[Address, Name], ...]:
    reference = asked.sources.reference
    trail = [asked.city, (Address("district", row.district), reference.districts[row.district].name)]
    if row.park:
        trail.append((Address("park", row.park), reference.parks[row.park].name))
    return tuple(trail)


def _industry(asked: Asked, code: str) -> Name:
    names = asked.sources.reference.industries
    return next((names[code[:digits]] for digits in (4, 3, 2) if code[:digits] in names), Name(code, code))


def _held(row: Any) -> Line:  # noqa: ANN401 - a stored row or none
    return {name: None if row is None else row[name] for name in ("stock", "persons", "density")}


def _robots(asked: Asked) -> list[Line]:
    reports, events = asked.sources.evidence.events()
    found = factory_robots(reports, events, asked.address.id, asked.sources.definition, day=asked.day)
    return [_robot(each) for each in found[:ROBOTS_SHOWN]]


def _robot(robot: FactoryRobot) -> Line:
    doubts = [told for name, told in _DOUBTS.items() if getattr(robot, name)]
    return {
        "robot": robot.robot,
        "plate": " ".join(part for part in robot.nameplate if part),
        "in_stock": robot.in_stock,
        "since": None if robot.since_day is None else to_date(robot.since_day),
        "until": None if robot.until_day is None else to_date(robot.until_day),
        "category": None if robot.category is None else choice_name("category", robot.category),
        "doubts": doubts if robot.identity is not None else [*doubts, "awaiting_nameplate"],
    }


PAGE = Page("factory.html", find, factory_charts)
