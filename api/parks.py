"""The parks as they stand toward the headline target, in the order of their lead."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from api.figures import Folded, Shelf
from api.points import Row, point, standing_of
from density.days import to_date
from density.plan import Plan, Target
from density.ranking import MIN_FIRMS, MIN_PERSONS
from density.register import Park, Reference

HEADLINE = "gross_new"

ParkLine = dict[str, Any]


def headline(plan: Plan) -> Target | None:
    """The target that gives a scope its one status: that of gross_new."""
    return next((target for target in plan.targets if target.figure == HEADLINE), None)


def park_lines(
    shelf: Shelf, reference: Reference, plan: Plan, *, folded: Folded, firms: Mapping[str, int], key: str = "key"
) -> list[ParkLine]:
    """Every park with its newest figures, the day that they are of, and its standing, by lead, those without one last.

    Args:
        shelf: where they are.
        reference: the parks.
        plan: whose headline target gives the standing.
        folded: how far the figures go.
        firms: of each park.
        key: the stored series that is shown as `key`.
    """
    day, target = folded.day, headline(plan)
    read = {"total": "total", "key": key}
    figures = {
        series: {} if day is None else shelf.of_day(day, series=stored, kind="park") for series, stored in read.items()
    }
    standing = {} if day is None or target is None else shelf.plan_of_day(day, target=target.id, kind="park")
    scopes = [f"park:{park}" for park in reference.parks]
    days = {} if day is None else shelf.days_of(scopes, day)
    lines = [
        _line(park, {series: rows.get(f"park:{park.id}") for series, rows in figures.items()}, day is not None)
        | _standing(target, standing.get(f"park:{park.id}"))
        | {"day": date_of(days.get(f"park:{park.id}")), "firms": firms.get(park.id, 0)}
        for park in reference.parks.values()
    ]
    for line in lines:
        persons = line["total"]["persons"] or 0
        line["ranked"] = persons >= MIN_PERSONS and line["firms"] >= MIN_FIRMS and line["lead"] is not None
    return sorted(lines, key=lambda line: (line["lead"] is None, line["lead"] or 0.0, line["park"]))


def date_of(day: int | None) -> date | None:
    """A day that figures are of, as lines tell it; none before there is any."""
    return None if day is None else to_date(day)


def _line(park: Park, rows: Mapping[str, Row | None], folded: bool) -> ParkLine:  # noqa: FBT001 - one call, above
    return {
        "park": park.id,
        "name": vars(park.name),
        "district": park.district,
        "administering_body": park.administering_body,
        **{series: point(row, folded=folded) for series, row in rows.items()},
    }


def _standing(target: Target | None, row: Row | None) -> ParkLine:
    stored = row or {}
    return {
        "target": target.id if target else None,
        "quota": stored.get("goal"),
        "basis": stored.get("basis"),
        **standing_of(row),
    }
