"""The figures once more, in plain loops, written from figures.md and not from the fold: slow and obvious."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache

from naive_register import EPOCH, integer
from naive_robots import NaiveRobots
from naive_walk import Row

from density.definition import Definition
from density.register import Zone

KEPT = (
    "registration", "belongs", "headcount", "places", "stock_of", "young_of", "pending_of", "changes", "claims",
    "inside", "counting", "persons_counted", "stock_counted", "inventory_gap", "holders",
)  # fmt: skip


class NaiveCity(NaiveRobots):
    """One city: every figure of every scope, series and day."""

    def __init__(
        self,
        reports: dict[str, list[Row]],
        definition: Definition,
        today: date,
        zones: Mapping[str, Zone] | None = None,
    ) -> None:
        super().__init__(reports, definition, zones or {})
        for name in KEPT:  # each scope and series asks again for the same day
            setattr(self, name, cache(getattr(self, name)))
        self.credits, self.doubtful = self.first_days(integer(definition.baseline_day), integer(today))

    def figures(self, scope: str, series: str, day: int) -> dict[str, float | None]:
        return {
            **self.robots(scope, series, day),
            **self._people(scope, series, day),
            **self._ratios(scope, series, day),
        }

    def robots(self, scope: str, series: str, day: int) -> dict[str, int]:
        inside = self.inside(scope, series, day)
        gaps = [gap for gap in (self.inventory_gap(factory, day) for factory in inside) if gap is not None]
        return {
            "stock": sum(self.stock_of(day)[factory] for factory in inside),
            "stock_counted": self.stock_counted(scope, series, day),
            "stock_ifr": sum(self.young_of(day)[factory] for factory in inside),
            "gross_new": sum(since <= day and self.belongs(f, since, scope, series) for f, since in self.credits),
            "undated": sum(since <= day and self.belongs(f, since, scope, series) for f, since in self.doubtful),
            "installed_pending": sum(self.pending_of(day)[factory] for factory in inside),
            "in_transit": self.in_transit(day) if (scope, series) == ("city", "total") else 0,
            "inventories": len(gaps),
            "inventory_gap": sum(gaps),
            **self.flows(scope, series, day),
        }

    def _people(self, scope: str, series: str, day: int) -> dict[str, int]:
        inside = self.inside(scope, series, day)
        counts = [count for count in (self.headcount(factory, day) for factory in inside) if count is not None]
        return {
            "persons": sum(people for people, _ in counts),
            "end_of_period_persons": sum(people for people, at_end in counts if at_end),
            "persons_counted": self.persons_counted(scope, series, day),
            "factories": len(inside),
            "smart_factories": len(self.holders("smart_factory", scope, series, day)),
            "smart_claimed": sum(self.claims(factory, day) for factory in inside),
            "chain_leaders": len(self.holders("chain_leader", scope, series, day)),
            "service_providers": len(self.holders("service_provider", scope, series, day)),
            "innovation_centres": len(self.holders("innovation_centre", scope, series, day)),
        }

    def _ratios(self, scope: str, series: str, day: int) -> dict[str, float | None]:
        people = self._people(scope, series, day)
        frame = self.frame(scope, day) if series == "all" else None
        return {
            **self.densities(scope, series, day),
            **self.responses(scope, series, day),
            "end_of_period_share": _share(people["end_of_period_persons"], people["persons"]),
            "frame_coverage": _share(people["persons_counted"], frame or 0),
        }

    def densities(self, scope: str, series: str, day: int) -> dict[str, float | None]:
        robots, persons = self.stock_counted(scope, series, day), self.persons_counted(scope, series, day)
        young = sum(self.young_of(day)[factory] for factory in self.counting(scope, series, day))
        density, expected = _density(robots, persons), self.expected(scope, series, day)
        return {
            "density": density,
            "density_12m": _density(robots, self._mean(scope, series, self._month_ends(day)[-12:])),
            "density_annual": self._annual(scope, series, day),
            "density_ifr": _density(young, persons),
            "expected_density": expected,
            "mix_index": density / expected * 100 if density is not None and expected else None,
        }

    def _month_ends(self, day: int) -> list[int]:
        return [each for each in range(self.first, day + 1) if (EPOCH + timedelta(each + 1)).day == 1]

    def _mean(self, scope: str, series: str, days: list[int]) -> float:
        return sum(self.persons_counted(scope, series, day) for day in days) / len(days) if days else 0.0

    def _annual(self, scope: str, series: str, day: int) -> float | None:
        date_ = EPOCH + timedelta(day)
        ends = [end for end in self._month_ends(day) if (EPOCH + timedelta(end)).year == date_.year]
        if (date_.month, date_.day) != (12, 31) or len(ends) < 12:
            return None
        return _density(self.stock_counted(scope, series, day), self._mean(scope, series, ends))

    def expected(self, scope: str, series: str, day: int) -> float | None:
        """The density that a scope would have if each of its divisions were as dense as in the whole city."""
        if self.persons_counted(scope, series, day) < 50:
            return None
        total = 0.0
        for factory in self.counting(scope, series, day):
            row = self.registration(factory, day)
            division = f"industry:{row['industry'][:2]}" if row else ""
            people = self.persons_counted(division, series, day)
            if people:
                total += self.persons(factory, day) * self.stock_counted(division, series, day) / people * 10_000
        return total / self.persons_counted(scope, series, day)

    def responses(self, scope: str, series: str, day: int) -> dict[str, float | None]:
        inside = self.inside(scope, series, day)
        valid = [factory for factory in inside if self.headcount(factory, day) is not None]
        robots = [factory for factory in inside if factory in self.reporting]
        ever = {factory: self.headcount(factory, day, any_age=True) for factory in inside}
        weight = {factory: 0 if count is None else count[0] for factory, count in ever.items()}
        everyone = sum(weight.values())
        return {
            "response_headcount_factories": _share(len(valid), len(inside)),
            "response_headcount_persons": _share(sum(weight[factory] for factory in valid), everyone),
            "response_robots_factories": _share(len(robots), len(inside)),
            "response_robots_persons": _share(sum(weight[factory] for factory in robots), everyone),
        }

    def comparison(self, scope: str, series: str, now: int, base: str) -> dict[str, float | None]:
        """How the density of a day differs from that a month (mom) or a year (yoy) before, in parts that add up."""
        then = earlier(now, {"mom": 1, "yoy": 12}[base])
        before, after = self.counting(scope, series, then), self.counting(scope, series, now)
        matched = [factory for factory in after if factory in before]
        stock = [sum(self.stock_of(day)[factory] for factory in matched) for day in (then, now)]
        people = [sum(self.persons(factory, day) for factory in matched) for day in (then, now)]
        whole = [
            _density(self.stock_counted(scope, series, day), self.persons_counted(scope, series, day))
            for day in (then, now)
        ]
        part = [_density(stock[each], people[each]) for each in (0, 1)]
        return {
            "matched": len(matched),
            "joined": len(after) - len(matched),
            "left": len(before) - len(matched),
            "stock_then": stock[0],
            "stock_now": stock[1],
            "persons_then": people[0],
            "persons_now": people[1],
            "density_then": part[0],
            "density_now": part[1],
            "change": None if None in whole else whole[1] - whole[0],
            **_effects(stock, people, whole, part),
        }


def earlier(day: int, months: int) -> int:
    """The same day of an earlier month; its last day for the last day of a month, and where it has no such day."""
    ends = EPOCH + timedelta(day)
    first = ends.replace(day=1)
    for _ in range(months):
        first = (first - timedelta(1)).replace(day=1)
    last = (first + timedelta(31)).replace(day=1) - timedelta(1)
    is_last = (ends + timedelta(1)).day == 1
    return integer(last if is_last or ends.day > last.day else first.replace(day=ends.day))


def _effects(
    stock: list[int], people: list[int], whole: list[float | None], part: list[float | None]
) -> dict[str, float | None]:
    if None in whole or None in part:
        return dict.fromkeys(("effect_stock", "effect_headcount", "effect_composition"))
    by_stock = (stock[1] - stock[0]) / 2 * (1 / people[0] + 1 / people[1]) * 10_000
    by_people = (stock[0] + stock[1]) / 2 * (1 / people[1] - 1 / people[0]) * 10_000
    composition = (whole[1] - part[1]) + (part[0] - whole[0])
    return {"effect_stock": by_stock, "effect_headcount": by_people, "effect_composition": composition}


def _density(robots: int, persons: float) -> float | None:
    return robots / persons * 10_000 if persons >= 50 else None


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
