"""What the register, the returns and the designations say of each factory, in plain loops."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from naive_walk import Row, one_of_each_slot

from density.definition import Definition
from density.register import Zone

EPOCH = date(1970, 1, 1)
SUBJECT = ("kind", "scheme", "subject_factory", "subject_name", "subject_district", "grade", "from_day")


def integer(day: date) -> int:
    return (day - EPOCH).days


class NaiveRegister:
    def __init__(self, reports: dict[str, list[Row]], definition: Definition, zones: Mapping[str, Zone]) -> None:
        self.definition, self.zones = definition, zones
        self.rows = one_of_each_slot(reports["registration"], ("factory", "from_day"))
        self.work = one_of_each_slot(reports["workforce"], ("factory", "period"))
        self.inventories = one_of_each_slot(reports["inventory"], ("factory", "as_of_day"))
        self.designations = one_of_each_slot(reports["designation"], SUBJECT)
        self.assessments = one_of_each_slot(reports["assessment"], ("factory", "standard", "on_day"))
        self.statistics = one_of_each_slot(reports["statistic"], ("figure", "scope", "period", "published_day"))
        self.reporting = {row["factory"] for kind in ("lifecycle", "inventory") for row in reports[kind]}
        self.factories = sorted({row["factory"] for row in self.rows})

    def registration(self, factory: str, day: int) -> Row | None:
        mine = sorted(
            (row for row in self.rows if row["factory"] == factory),
            key=lambda row: -(10**9) if row["from_day"] is None else row["from_day"],
        )
        if not mine:
            return None
        in_force = mine[0]
        for row in mine[1:]:
            if row["from_day"] <= day:
                in_force = row
        if in_force.get("closed_day") is not None and day >= in_force["closed_day"]:
            return None
        return in_force

    def belongs(self, factory: str, day: int, scope: str, series: str) -> bool:
        row = self.registration(factory, day)
        return row is not None and self._within(factory, row, scope, series)

    def _within(self, factory: str, row: Row, scope: str, series: str) -> bool:
        if series != "total" and not row["above_scale"]:
            return False
        if series.startswith("key"):
            sets = {each.id: each for each in self.definition.other_key_sets}
            chosen = sets[series.split(":")[1]] if ":" in series else self.definition.key_set
            if not chosen.holds(row["industry"]):
                return False
        return all(self._inside(factory, row, part) for part in scope.split("/"))

    def _inside(self, factory: str, row: Row, scope: str) -> bool:
        kind, _, name = scope.partition(":")
        return {
            "city": True,
            "district": row["district"] == name,
            "park": row.get("park") == name,
            "zone": name in self.zones and row.get("park") in self.zones[name].parks,
            "industry": row["industry"].startswith(name or "?"),
            "factory": factory == name,
        }[kind]

    def headcount(self, factory: str, day: int, *, any_age: bool = False) -> tuple[int, bool] | None:
        """How many people, and whether that is the number at the period's end."""
        ended = [row for row in self.work if row["factory"] == factory and row["period_end_day"] <= day]
        if not ended:
            return None
        latest = max(row["period_end_day"] for row in ended)
        if not any_age and day - latest > 400:
            return None
        row = min((row for row in ended if row["period_end_day"] == latest), key=lambda row: row["period_months"])
        order = ["average", "end_of_period"]
        if self.definition.prefer == "end_of_period":
            order.reverse()
        taken = next(name for name in order if row[name] is not None)
        return int(row[taken]), taken == "end_of_period"

    def persons(self, factory: str, day: int) -> int:
        count = self.headcount(factory, day)
        return 0 if count is None else count[0]

    def inside(self, scope: str, series: str, day: int) -> list[str]:
        return [factory for factory in self.factories if self.belongs(factory, day, scope, series)]

    def counting(self, scope: str, series: str, day: int) -> list[str]:
        return [
            factory
            for factory in self.inside(scope, series, day)
            if factory in self.reporting and self.headcount(factory, day) is not None
        ]

    def persons_counted(self, scope: str, series: str, day: int) -> int:
        return sum(self.persons(factory, day) for factory in self.counting(scope, series, day))

    def holders(self, kind: str, scope: str, series: str, day: int) -> set[Any]:
        """The subjects with a designation of a kind in force; one that is no factory stands in its district alone."""
        found: set[Any] = set()
        for row in self.designations:
            to_day = row["to_day"]
            if row["kind"] != kind or row["from_day"] > day or (to_day is not None and day >= to_day):
                continue
            if kind == "smart_factory" and not self._counts_toward_plan(row, day):
                continue
            factory = row["subject_factory"]
            if factory is None and series == "total" and scope in ("city", f"district:{row['subject_district']}"):
                found.add((row["subject_name"], row["subject_district"]))
            elif factory is not None and self.belongs(factory, day, scope, series):
                found.add(factory)
        return found

    def _counts_toward_plan(self, row: Row, day: int) -> bool:
        since = self.definition.crosswalk.counts_from.get((row["scheme"], row["grade"]))
        return since is not None and day >= integer(since)

    def claims(self, factory: str, day: int) -> bool:
        designated = any(
            row["kind"] == "smart_factory"
            and row["subject_factory"] == factory
            and row["from_day"] <= day
            and (row["to_day"] is None or day < row["to_day"])
            for row in self.designations
        )
        return not designated and any(row["factory"] == factory and row["on_day"] <= day for row in self.assessments)

    def frame(self, scope: str, day: int) -> float | None:
        loaded = [
            row
            for row in self.statistics
            if row["figure"] == "frame_persons" and row["scope"] == scope and row["published_day"] <= day
        ]
        if not loaded:
            return None
        return float(max(loaded, key=lambda row: (row["published_day"], row["period_end_day"]))["value"])
