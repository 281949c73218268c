"""Everything that the page shows, read once from the store, in both languages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.accounts import Accounts, totals
from api.figures import Folded, Shelf
from api.ledger import Ledger
from api.options import ApiOptions
from api.parks import headline, park_lines
from api.plans import Plans
from api.points import Row, point
from density.days import to_date, to_day
from density.plan import Plan, Target
from density.register import Reference

STEP_DAYS = 7  # a trend needs no more points than a screen has columns
PARKS_SHOWN = 10
ARRIVING = "0-"  # how the version of a page without figures begins

Line = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What one version of the page says.

    Attributes:
        plan: in force on the day.
        targets: each headline target with its standing in the city.
        trends: by target id, the days drawn with actual and planned, and the figures beside them.
        districts: each with its figures and its standing.
        industries: divisions with key industries, the largest first.
        parks: those of the ranking that are furthest behind.
        accounted: items that arrived, were stored and refused so far.
    """

    folded: Folded
    plan: Plan
    city: Mapping[str, Line]
    targets: list[Line]
    trends: Mapping[str, list[Line]]
    districts: list[Line]
    industries: list[Line]
    parks: list[Line]
    accounted: Mapping[str, int]


class FactFinder:
    """Reads the facts of the page; every call raises StoreUnavailable when the store does not answer."""

    def __init__(
        self,
        shelf: Shelf,
        accounts: Accounts,
        ledger: Ledger,
        *,
        reference: Reference,
        plans: Plans,
        options: ApiOptions,
    ) -> None:
        self._shelf, self._accounts, self._ledger = shelf, accounts, ledger
        self._reference, self._plans, self._options = reference, plans, options

    def version(self) -> str:
        """Differs whenever the page would; before the first figures it follows what has arrived."""
        folded = self._shelf.folded()
        return folded.version if folded.day is not None else f"{ARRIVING}{self.accounted()['arrived']}"

    def accounted(self) -> Mapping[str, int]:
        """What has arrived so far."""
        return totals(self._accounts.sums())

    def find(self) -> Facts | None:
        """The facts of the newest figures; none before the first fold."""
        folded = self._shelf.folded()
        if folded.day is None:
            return None
        day, plan = folded.day, self._plans.book().on(folded.day)
        return Facts(
            folded=folded,
            plan=plan,
            city={series: self._of_day(day, series, "city").get("city", _nothing()) for series in ("total", "key")},
            targets=[self._target(target, day) for target in plan.headlines],
            trends={target.id: self._trend(target, day) for target in _drawn(plan)},
            districts=self._districts(day, headline(plan)),
            industries=self._industries(day),
            parks=self._parks(folded, plan),
            accounted=self.accounted(),
        )

    def _of_day(self, day: int, series: str, kind: str) -> dict[str, Line]:
        rows = self._shelf.of_day(day, series=series, kind=kind)
        return {scope: point(row, folded=True) for scope, row in rows.items()}

    def _target(self, target: Target, day: int) -> Line:
        row = self._shelf.plan_of_day(day, target=target.id, kind="city").get("city")
        return {"target": target, **_standing(row)}

    def _trend(self, target: Target, day: int) -> list[Line]:
        first = to_day(self._options.first_day)
        standing = self._shelf.plan_daily("city", target.id, first, day)
        beside = self._shelf.daily("city", target.series, first, day) if target.kind == "ratio" else {}
        drawn = sorted({first, *range(day, first, -STEP_DAYS)})
        return [
            {
                "day": to_date(each).isoformat(),
                "actual": _value(standing, each, "actual"),
                "planned": _value(standing, each, "planned"),
                "density": _value(beside, each, "density"),
            }
            for each in drawn
        ]

    def _districts(self, day: int, target: Target | None) -> list[Line]:
        total, key = self._of_day(day, "total", "district"), self._of_day(day, "key", "district")
        standing = self._shelf.plan_of_day(day, target=target.id, kind="district") if target else {}
        return [
            {
                "name": district.name,
                "total": total.get(f"district:{adcode}", _nothing()),
                "key": key.get(f"district:{adcode}", _nothing()),
                **_standing(standing.get(f"district:{adcode}")),
            }
            for adcode, district in self._reference.districts.items()
        ]

    def _industries(self, day: int) -> list[Line]:
        rows = self._of_day(day, "key", "industry")
        divisions = {scope.removeprefix("industry:"): figures for scope, figures in rows.items()}
        lines = [
            {"code": code, "name": self._reference.industries[code], "key": figures}
            for code, figures in divisions.items()
            if len(code) == 2 and figures["persons"] and code in self._reference.industries
        ]
        return sorted(lines, key=lambda line: (-line["key"]["persons"], line["code"]))

    def _parks(self, folded: Folded, plan: Plan) -> list[Line]:
        firms = self._ledger.registry().firms(folded.day or 0)
        lines = park_lines(self._shelf, self._reference, plan, folded=folded, firms=firms)
        ranked = [line for line in lines if line["ranked"]]
        return [{**line, "name": self._reference.parks[line["park"]].name} for line in ranked[:PARKS_SHOWN]]


def _drawn(plan: Plan) -> list[Target]:
    """The targets whose trend is drawn: those that robots are counted for."""
    return [target for target in plan.headlines if target.kind == "ratio" or target == headline(plan)]


def _standing(row: Row | None) -> Line:
    stored = row or {}
    names = ("actual", "baseline", "goal", "planned", "progress", "planned_progress", "lead", "pace", "gap")
    return {**{name: stored.get(name) for name in names}, "status": stored.get("status"), "basis": stored.get("basis")}


def _value(rows: Mapping[int, Row], day: int, name: str) -> float | None:
    row = rows.get(day)
    return None if row is None else row[name]


def _nothing() -> Line:
    return point(None, folded=True)
