"""The figures once more, in plain loops, written from figures.md and not from the fold: slow and obvious."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from density.definition import Definition

Row = dict[str, Any]
EPOCH = date(1970, 1, 1)
RANK = ["void", "moved_out", "decommissioned", "changed", "moved_in", "commissioned", "installed"]


def shanghai_day(instant_us: int) -> int:
    return (instant_us + 8 * 3_600_000_000) // 86_400_000_000


def one_of_each_slot(rows: Sequence[Row], slot: Sequence[str]) -> list[Row]:
    best: dict[tuple[Any, ...], Row] = {}
    for row in rows:
        key = tuple(row.get(name) for name in slot)
        stated = row["reported_at_us"] * 1000 if row.get("reported_at_us") is not None else row["time"]
        if key not in best or (stated, row["time"]) > best[key]["_stated"]:
            best[key] = {**row, "_stated": (stated, row["time"])}
    return list(best.values())


def name_of(row: Row, aliases: dict[str, str]) -> tuple[str, str, str] | None:
    if row.get("serial") is None:
        return None

    def clean(text: str) -> str:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        return "".join(letter for letter in folded if letter not in " -/_")

    maker = clean(row["manufacturer"])
    return aliases.get(maker, maker), clean(row["model"]), clean(row["serial"])


@dataclass
class Spell:
    robot: tuple[str, str, str]
    factory: str
    asset: str
    start: int
    end: int | None
    category: str
    purpose: str
    axes: int | None
    span_first: int | None


class NaiveCity:
    def __init__(self, reports: dict[str, list[Row]], definition: Definition, today: date) -> None:
        self.definition = definition
        self.first = (definition.first_day - EPOCH).days
        self.today = (today - EPOCH).days
        self.baseline = (definition.baseline_day - EPOCH).days
        self.rows = one_of_each_slot(reports["registration"], ("factory", "from_day"))
        self.work = one_of_each_slot(reports["workforce"], ("factory", "period"))
        slot = ("kind", "scheme", "subject_factory", "subject_name", "subject_district", "grade", "from_day")
        self.designations = one_of_each_slot(reports["designation"], slot)
        self.reporting = {row["factory"] for kind in ("lifecycle", "inventory") for row in reports[kind]}
        self.factories = sorted({row["factory"] for row in self.rows})
        self.spells = self._walk(reports["lifecycle"])
        self.credits = self._first_days()

    def _walk(self, events: list[Row]) -> list[Spell]:  # noqa: C901 - one loop, as the rules read
        voided = {
            (row["factory"], row["robot"], row["voids_event"], row["voids_at_us"])
            for row in events
            if row["event"] == "void"
        }
        standing = [
            row
            for row in one_of_each_slot(events, ("factory", "robot", "event", "at_us"))
            if row["event"] != "void" and (row["factory"], row["robot"], row["event"], row["at_us"]) not in voided
        ]
        aliases = dict(self.definition.manufacturers)
        order = sorted(
            standing,
            key=lambda row: (
                row["at_us"],
                RANK.index(row["event"]),
                row["factory"],
                row["robot"],
                name_of(row, aliases) or (),
            ),
        )
        done: list[Spell] = []
        open_: list[Spell] = []
        last_named: dict[tuple[str, str], tuple[str, str, str]] = {}

        def close(spell: Spell, at: int) -> None:
            open_.remove(spell)
            spell.end = at
            done.append(spell)

        for row in order:
            asset, at = (row["factory"], row["robot"]), row["at_us"]
            before = last_named.get(asset)
            given = name_of(row, aliases)
            if given is not None:
                last_named[asset] = given
            robot = given or before
            if robot is None or row["event"] == "installed":
                continue
            if row["event"] in ("moved_out", "decommissioned"):
                for spell in [each for each in open_ if each.robot == robot and each.factory == row["factory"]]:
                    close(spell, at)
                continue
            if row["event"] == "changed":
                for spell in [
                    each for each in open_ if each.robot == (before or robot) and each.factory == row["factory"]
                ]:
                    close(spell, at)
                    new = Spell(
                        given or spell.robot,
                        spell.factory,
                        spell.asset,
                        at,
                        None,
                        row.get("category") or spell.category,
                        row.get("purpose") or spell.purpose,
                        row["axes"] if row.get("axes") is not None else spell.axes,
                        row["span_first_day"],
                    )
                    for other in [each for each in open_ if each.robot == new.robot]:
                        close(other, at)
                    open_.append(new)
                continue
            for spell in [each for each in open_ if each.robot == robot or (each.factory, each.asset) == asset]:
                close(spell, at)
            open_.append(
                Spell(
                    robot,
                    row["factory"],
                    row["robot"],
                    at,
                    None,
                    row.get("category"),
                    row.get("purpose") or "production",
                    row.get("axes"),
                    row["span_first_day"],
                )
            )
        return done + open_

    def registration(self, factory: str, day: int) -> Row | None:
        mine = sorted(
            (row for row in self.rows if row["factory"] == factory),
            key=lambda row: -(10**9) if row["from_day"] is None else row["from_day"],
        )
        in_force = mine[0]
        for row in mine[1:]:
            if row["from_day"] <= day:
                in_force = row
        if in_force.get("closed_day") is not None and day >= in_force["closed_day"]:
            return None
        return in_force

    def counts(self, spell: Spell, day: int) -> bool:
        started = shanghai_day(spell.start) <= day
        ended = spell.end is not None and shanghai_day(spell.end) <= day
        kind = spell.category in self.definition.categories and (spell.axes is None or spell.axes >= 3)
        place = self.registration(spell.factory, day) if spell.factory in self.factories else None
        return started and not ended and kind and spell.purpose == "production" and place is not None

    def _first_days(self) -> list[tuple[str, int]]:
        """Each new robot's factory and first day."""
        found = []
        for robot in {spell.robot for spell in self.spells}:
            mine = [spell for spell in self.spells if spell.robot == robot]
            start = min(shanghai_day(spell.start) for spell in mine)
            for day in range(start, self.today + 1):
                here = [spell for spell in mine if self.counts(spell, day)]
                if here:
                    sure = here[0].span_first is not None and here[0].span_first > self.baseline
                    if day > self.baseline and sure:
                        found.append((here[0].factory, day))
                    break
        return found

    def headcount(self, factory: str, day: int, *, any_age: bool = False) -> int | None:
        ended = [row for row in self.work if row["factory"] == factory and row["period_end_day"] <= day]
        if not ended:
            return None
        latest = max(row["period_end_day"] for row in ended)
        if not any_age and day - latest > 400:
            return None
        row = min((row for row in ended if row["period_end_day"] == latest), key=lambda row: row["period_months"])
        value = row["average"] if row["average"] is not None else row["end_of_period"]
        return int(value)

    def belongs(self, factory: str, day: int, scope: str, series: str) -> bool:
        row = self.registration(factory, day)
        if row is None:
            return False
        key = row["above_scale"] and self.definition.key_set.holds(row["industry"])
        if not {"total": True, "all": row["above_scale"], "key": key}[series]:
            return False
        kind, _, name = scope.partition(":")
        return {
            "city": True,
            "district": row["district"] == name,
            "park": row.get("park") == name,
            "industry": row["industry"].startswith(name or "?"),
            "factory": factory == name,
        }[kind]

    def figures(self, scope: str, series: str, day: int) -> dict[str, float | None]:
        inside = [factory for factory in self.factories if self.belongs(factory, day, scope, series)]
        stock = {f: sum(spell.factory == f and self.counts(spell, day) for spell in self.spells) for f in inside}
        persons = {f: self.headcount(f, day) for f in inside}
        known = {f: self.headcount(f, day, any_age=True) or 0 for f in inside}
        counting = [f for f in inside if f in self.reporting and persons[f] is not None]
        stock_counted = sum(stock[f] for f in counting)
        persons_counted = sum(persons[f] or 0 for f in counting)
        valid = [f for f in inside if persons[f] is not None]
        return {
            "stock": sum(stock.values()),
            "gross_new": sum(d <= day and self.belongs(f, d, scope, series) for f, d in self.credits),
            "persons": sum(persons[f] or 0 for f in inside),
            "stock_counted": stock_counted,
            "persons_counted": persons_counted,
            "density": stock_counted / persons_counted * 10_000 if persons_counted >= 50 else None,
            "density_12m": self._annual(scope, series, day, stock_counted),
            "response_headcount_factories": _share(len(valid), len(inside)),
            "response_headcount_persons": _share(sum(persons[f] or 0 for f in valid), sum(known.values())),
            "response_robots_factories": _share(len([f for f in inside if f in self.reporting]), len(inside)),
            "response_robots_persons": _share(
                sum(known[f] for f in inside if f in self.reporting), sum(known.values())
            ),
            "factories": len(inside),
            "smart_factories": sum(self.is_smart(f, day) for f in inside),
        }

    def _annual(self, scope: str, series: str, day: int, stock_counted: int) -> float | None:
        ends = [d for d in range(self.first, day + 1) if (EPOCH + timedelta(d + 1)).day == 1][-12:]
        sums = []
        for end in ends:
            inside = [f for f in self.factories if self.belongs(f, end, scope, series) and f in self.reporting]
            sums.append(sum(self.headcount(f, end) or 0 for f in inside))
        mean = sum(sums) / len(sums) if sums else 0
        return stock_counted / mean * 10_000 if mean >= 50 else None

    def is_smart(self, factory: str, day: int) -> bool:
        return any(
            row["kind"] == "smart_factory"
            and row["subject_factory"] == factory
            and (row["scheme"], row["grade"]) in self.definition.crosswalk.counts
            and row["from_day"] <= day
            and (row["to_day"] is None or day < row["to_day"])
            for row in self.designations
        )


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
