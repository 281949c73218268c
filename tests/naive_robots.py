"""Which robots count where, from event to event and from day to day, in plain loops."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from naive_register import EPOCH, NaiveRegister, integer
from naive_walk import Robot, Row, Stay, Walker, clean, one_of_each_slot, shanghai_day

from density.definition import Definition
from density.register import Zone

Place = tuple[Any, ...]  # factory, district, park, industry, above scale
FLOWS = (
    "commissioned", "moved_in", "reinstated", "reclassified_in", "decommissioned", "moved_out", "reclassified_out",
)  # fmt: skip


class NaiveRobots(NaiveRegister):
    def __init__(self, reports: dict[str, list[Row]], definition: Definition, zones: Mapping[str, Zone]) -> None:
        super().__init__(reports, definition, zones)
        self.first = integer(definition.first_day)
        self.reviews = one_of_each_slot(reports["review"], ("manufacturer", "model"))
        self.walker = Walker(reports, definition)
        self.walk = self.walker.walk

    def is_robot(self, stay: Stay, day: int) -> bool:
        phase = stay.phase(day)
        known = phase.category in self.definition.categories
        if phase.category == "other":
            known = any(row["counts"] and self._reviewed(row) == stay.robot[:2] for row in self.reviews)
        return known and (phase.axes is None or phase.axes >= 3) and phase.purpose == "production"

    def _reviewed(self, row: Row) -> tuple[str, str]:
        maker = clean(row["manufacturer"])
        return self.walker.aliases.get(maker, maker), clean(row["model"])

    def place(self, stay: Stay, day: int) -> Place | None:
        """Where a stay counts at the end of a day: its factory and all that its registration says."""
        row = self.registration(stay.factory, day)
        if row is None or not stay.holds(day) or not self.is_robot(stay, day):
            return None
        return (stay.factory, row["district"], row.get("park") or None, row["industry"], row["above_scale"])

    def places(self, day: int) -> dict[Robot, tuple[Place, Stay]]:
        found = {}
        for stay in self.walk.stays:
            where = self.place(stay, day)
            if where is not None:
                found[stay.robot] = (where, stay)
        return found

    def stock_of(self, day: int) -> Counter[str]:
        return Counter(where[0] for where, _ in self.places(day).values())

    def young_of(self, day: int) -> Counter[str]:
        """Robots that entered less than the service life ago."""
        return Counter(where[0] for robot, (where, _) in self.places(day).items() if self._is_young(robot, day))

    def _is_young(self, robot: Robot, day: int) -> bool:
        entered = EPOCH + timedelta(shanghai_day(self.walk.entered[robot]))
        year = entered.year + self.definition.service_life_years
        last = (3, 1) if (entered.month, entered.day) == (2, 29) and year % 4 else (entered.month, entered.day)
        return day < integer(date(year, *last))

    def pending_of(self, day: int) -> Counter[str]:
        return Counter(
            wait.factory
            for wait in self.walk.pending
            if wait.holds(day) and self.is_robot(wait, day) and self.registration(wait.factory, day)
        )

    def first_days(self, baseline: int, today: int) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
        """Factory and first day of each new robot, and of each that may be new or not."""
        sure: list[tuple[str, int]] = []
        doubtful: list[tuple[str, int]] = []
        registered = {row["from_day"] for row in self.rows if row["from_day"] is not None}
        for robot in {stay.robot for stay in self.walk.stays}:
            mine = [stay for stay in self.walk.stays if stay.robot == robot]
            begun = {shanghai_day(phase.start) for stay in mine for phase in stay.phases}
            for day in sorted(begun | registered):  # no robot begins to count on any other day
                here = [stay for stay in mine if day <= today and self.place(stay, day) is not None]
                if not here:
                    continue
                span = here[0].phase(day).span_first
                if day > baseline:
                    (sure if span is not None and span > baseline else doubtful).append((here[0].factory, day))
                break
        return sure, doubtful

    def in_transit(self, day: int) -> int:
        """Moved out less than 180 days ago, and not come since."""
        return sum(
            shanghai_day(out) <= day < shanghai_day(out) + 180
            and (until is None or day < shanghai_day(until))
            and self.is_robot(stay, shanghai_day(out))
            for stay, out, until in self.walk.moves
        )

    def flows(self, scope: str, series: str, day: int) -> dict[str, int]:
        account = dict.fromkeys(FLOWS, 0)
        for name, where in self.changes(day):
            row = dict(zip(("district", "park", "industry", "above_scale"), where[1:], strict=True))
            account[name] += self._within(where[0], row, scope, series)
        return {f"flow_{name}": amount for name, amount in account.items()}

    def changes(self, day: int) -> list[tuple[str, Place]]:
        if day <= self.first:
            return []
        before, after = self.places(day - 1), self.places(day)
        found = []
        for robot in before.keys() | after.keys():
            was, now = before.get(robot), after.get(robot)
            if was is not None and now is not None and was[0] == now[0]:
                continue
            if was is not None:
                found.append((self._went(was[1], day), was[0]))
            if now is not None:
                found.append((self._came(now[1], day), now[0]))
        return found

    @staticmethod
    def _went(stay: Stay, day: int) -> str:
        if stay.end is None or shanghai_day(stay.end) > day or stay.ended == "changed":
            return "reclassified_out"
        return "decommissioned" if stay.ended == "decommissioned" else "moved_out"

    @staticmethod
    def _came(stay: Stay, day: int) -> str:
        if shanghai_day(stay.since) < day:
            return "reclassified_in"
        if stay.entered == "moved_in":
            return "moved_in"
        return "commissioned" if stay.first_ever else "reinstated"

    def stock_counted(self, scope: str, series: str, day: int) -> int:
        return sum(self.stock_of(day)[factory] for factory in self.counting(scope, series, day))

    def inventory_gap(self, factory: str, day: int) -> int | None:
        taken = [row for row in self.inventories if row["factory"] == factory and row["as_of_day"] <= day]
        if not taken:
            return None
        last = max(taken, key=lambda row: row["as_of_day"])
        if day - last["as_of_day"] > 400:
            return None
        return int(last["stock"]) - self.stock_of(last["as_of_day"])[factory]
