"""Where each robot stands, told again event by event in plain loops, from figures.md and not from the fold."""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from density.definition import Definition

Row = dict[str, Any]
Robot = tuple[str, str, str]  # manufacturer, model, serial as they are compared
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


def clean(text: str) -> str:
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return "".join(letter for letter in folded if letter not in " -/_")


@dataclass
class Phase:
    """A stay, or part of it, with one category and purpose."""

    start: int
    category: str | None
    purpose: str
    axes: int | None
    span_first: int | None


@dataclass
class Stay:
    """A robot at a factory without a break; `entered` is the event that began it, `since` that event's instant."""

    robot: Robot
    factory: str
    asset: str
    start: int
    since: int
    entered: str
    first_ever: bool
    phases: list[Phase]
    end: int | None = None
    ended: str | None = None

    def holds(self, day: int) -> bool:
        return shanghai_day(self.start) <= day and (self.end is None or day < shanghai_day(self.end))

    def phase(self, day: int) -> Phase:
        return [each for each in self.phases if shanghai_day(each.start) <= day][-1]


@dataclass
class Walk:
    """What came of all events: stays, installations that wait, and who moved out to somewhere unknown."""

    stays: list[Stay] = field(default_factory=list)
    pending: list[Stay] = field(default_factory=list)
    moves: list[tuple[Stay, int, int | None]] = field(default_factory=list)  # out of this stay, from, until
    entered: dict[Robot, int] = field(default_factory=dict)  # the first entering event of each


class Walker:
    def __init__(self, reports: dict[str, list[Row]], definition: Definition) -> None:
        self.definition = definition
        self.aliases = dict(definition.manufacturers)
        slot = ("manufacturer", "serial", "model", "other_model")
        self.same = [row for row in one_of_each_slot(reports.get("settlement", []), slot) if row["same"]]
        self.walk = Walk()
        self.open: list[Stay] = []
        self.waiting: list[Stay] = []
        self.transit: dict[Robot, tuple[Stay, int]] = {}
        self.named: dict[tuple[str, str], Robot] = {}
        self.entered_at: set[tuple[Robot, str]] = set()
        for row in sorted(self._standing(reports["lifecycle"]), key=self._order):
            self._take(row)
        self.walk.stays += self.open
        self.walk.pending += self.waiting
        self.walk.moves += [(stay, out, None) for stay, out in self.transit.values()]

    def _standing(self, events: list[Row]) -> list[Row]:
        voided = {
            (row["factory"], row["robot"], row["voids_event"], row["voids_at_us"])
            for row in events
            if row["event"] == "void"
        }
        return [
            row
            for row in one_of_each_slot(events, ("factory", "robot", "event", "at_us"))
            if row["event"] != "void" and (row["factory"], row["robot"], row["event"], row["at_us"]) not in voided
        ]

    def _order(self, row: Row) -> tuple[Any, ...]:
        return (
            row["at_us"], RANK.index(row["event"]), row["factory"], row["robot"], self.name_of(row) or (),
        )  # fmt: skip

    def name_of(self, row: Row) -> Robot | None:
        if row.get("serial") is None:
            return None
        maker, model, serial = (clean(row[name]) for name in ("manufacturer", "model", "serial"))
        maker = self.aliases.get(maker, maker)
        for settled in self.same:
            settled_maker = self.aliases.get(clean(settled["manufacturer"]), clean(settled["manufacturer"]))
            if (settled_maker, clean(settled["serial"]), clean(settled["other_model"])) == (maker, serial, model):
                return maker, clean(settled["model"]), serial
        return maker, model, serial

    def _take(self, row: Row) -> None:
        asset = (row["factory"], row["robot"])
        known, given = self.named.get(asset), self.name_of(row)
        if given is not None:
            self.named[asset] = given
        robot = given or known
        if robot is None:
            return
        what: dict[str, Callable[[Row, Robot], None]] = {
            "moved_out": self._leave,
            "decommissioned": self._leave,
            "moved_in": self._enter,
            "commissioned": self._enter,
            "installed": self._enter if self.definition.installed_counts else self._install,
        }
        if row["event"] == "changed":
            self._change(row, known or robot, robot)
        else:
            what[row["event"]](row, robot)

    def _close(self, stay: Stay, at: int, why: str) -> None:
        self.open.remove(stay)
        stay.end, stay.ended = at, why
        self.walk.stays.append(stay)

    def _leave(self, row: Row, robot: Robot) -> None:
        at, factory = row["at_us"], row["factory"]
        self._stop_waiting(at, lambda wait: wait.robot == robot and wait.factory == factory)
        if row["event"] == "decommissioned":
            self._arrive(robot, at)
        for stay in [each for each in self.open if each.robot == robot and each.factory == factory]:
            self._close(stay, at, row["event"])
            if row["event"] == "moved_out":
                self.transit[robot] = (stay, at)

    def _enter(self, row: Row, robot: Robot) -> None:
        at, factory, asset = row["at_us"], row["factory"], row["robot"]
        phase = Phase(
            at, row.get("category"), row.get("purpose") or "production", row.get("axes"), row["span_first_day"]
        )
        here = [each for each in self.open if each.robot == robot and each.factory == factory]
        for stay in [
            each for each in self.open if each.robot == robot or (each.factory, each.asset) == (factory, asset)
        ]:
            if stay not in here:
                self._close(stay, at, "entered")
        self._arrive(robot, at)
        self._stop_waiting(at, lambda wait: wait.robot == robot)
        first_ever = robot not in self.walk.entered
        self.walk.entered.setdefault(robot, at)
        self.entered_at.add((robot, factory))
        if here:
            here[0].asset = asset
            here[0].phases.append(phase)
        else:
            self.open.append(Stay(robot, factory, asset, at, at, row["event"], first_ever, [phase]))

    def _change(self, row: Row, before: Robot, after: Robot) -> None:
        at = row["at_us"]
        for stay in [each for each in self.open if each.robot == before and each.factory == row["factory"]]:
            last = stay.phases[-1]
            phase = Phase(
                at,
                row.get("category") or last.category,
                row.get("purpose") or last.purpose,
                row["axes"] if row.get("axes") is not None else last.axes,
                row["span_first_day"],
            )
            if after == before:
                stay.phases.append(phase)
                continue
            self._close(stay, at, "changed")
            for other in [each for each in self.open if each.robot == after]:
                self._close(other, at, "entered")
            self._arrive(after, at)
            self._stop_waiting(at, lambda wait: wait.robot == after)
            first_ever = stay.first_ever and after not in self.walk.entered
            self.walk.entered.setdefault(after, stay.since)
            self.open.append(Stay(after, stay.factory, stay.asset, at, stay.since, stay.entered, first_ever, [phase]))

    def _install(self, row: Row, robot: Robot) -> None:
        if (robot, row["factory"]) in self.entered_at:
            return
        at = row["at_us"]
        self._stop_waiting(at, lambda wait: wait.robot == robot and wait.factory == row["factory"])
        phase = Phase(
            at, row.get("category"), row.get("purpose") or "production", row.get("axes"), row["span_first_day"]
        )
        self.waiting.append(Stay(robot, row["factory"], row["robot"], at, at, "installed", False, [phase]))

    def _stop_waiting(self, at: int, which: Callable[[Stay], bool]) -> None:
        for wait in [each for each in self.waiting if which(each)]:
            self.waiting.remove(wait)
            wait.end = at
            self.walk.pending.append(wait)

    def _arrive(self, robot: Robot, at: int) -> None:
        if robot in self.transit:
            stay, out = self.transit.pop(robot)
            self.walk.moves.append((stay, out, at))
