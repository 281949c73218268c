"""Every robot that a factory ever named: where it stands, and what is doubtful about it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from density.days import day_of_us, to_day
from density.definition import Definition
from density.identity import SEPARATOR, Nameplates, normalised
from density.reports import Reports
from density.robots import Robots, reviewed_models, robots
from density.sources import related
from density.stays import Stays, counted_events, stays

Asset = tuple[str, str]  # asset number and identity


@dataclass(frozen=True)
class Conflict:
    """A stay that ended only because of another entering.

    Attributes:
        factory: the other one; the same where another machine entered under the asset number.
        identity: of the machine that entered or was there before.
        at_us: when.
    """

    factory: str
    identity: str
    at_us: int


@dataclass(frozen=True)
class FactoryRobot:
    """One machine under one asset number of a factory; days count from 1970, Asia/Shanghai.

    Attributes:
        identity: maker, model and serial joined; none while no event carries a nameplate: it waits, counts nothing.
        nameplate: manufacturer, model and serial as the factory typed them last.
        in_stock: whether it counts in the factory's stock today.
        since_day: first day of its newest stay; none where it never entered here.
        until_day: the day on which that stay ended.
        suspected_duplicates: identities of the same maker and serial with another model that nobody settled.
        awaiting_review: reported as `other`, and no official has said whether it counts.
        installed_pending: installed and not yet commissioned.
        undated: new here, but its imprecise date may lie before the baseline.
        new_since_day: it is credited to this factory as new to the city from this day on; none where it is not.
        new_by_moved_in: 迁入: new by a move from where nobody reported it, until an earlier entry arrives.
    """

    robot: str
    identity: str | None
    nameplate: tuple[str | None, str | None, str | None]
    in_stock: bool = False
    since_day: int | None = None
    until_day: int | None = None
    category: str | None = None
    purpose: str | None = None
    conflicts: tuple[Conflict, ...] = ()
    suspected_duplicates: tuple[str, ...] = ()
    awaiting_review: bool = False
    installed_pending: bool = False
    undated: bool = False
    new_since_day: int | None = None
    new_by_moved_in: bool = False


def factory_robots(
    reports: Reports, events: pl.DataFrame, factory: str, definition: Definition, *, day: int
) -> list[FactoryRobot]:
    """The robots of a factory, by asset number and identity.

    Args:
        reports: all reports.
        events: their lifecycle events with the `identity` of each nameplate.
        factory: its id.
        definition: what counts.
        day: the day on which the stock is told.
    """
    own = events.filter(pl.col("factory") == factory)
    if own.is_empty():
        return []
    near = related(pl.concat([events.filter(pl.col("factory") != factory), own]), own.height)
    told = Reports(**(vars(reports) | {"lifecycle": near}))
    followed = stays(counted_events(told), installed_counts=definition.installed_counts)
    plates = Nameplates(definition.manufacturers)
    reviews = reports.standing("review")
    names = pl.Series([plates.maker(name) for name in reviews["manufacturer"]], dtype=pl.String)
    counted = robots(followed, definition, reviewed_models(reviews, names))
    judged = frozenset(zip(names, map(normalised, reviews["model"]), strict=True))
    facts = _Facts(factory, followed, counted, judged, _suspects(events, own, reports, plates))
    return [facts.of(robot, day=day, baseline=to_day(definition.baseline_day)) for robot in _named(own)]


def _named(own: pl.DataFrame) -> list[FactoryRobot]:
    """Every asset number with each identity that it had, and those that never had one."""
    plate = ("manufacturer", "model", "serial")
    newest = own.sort("at_us", "time").group_by("robot", "identity").agg(pl.col(plate).last())
    known = newest.drop_nulls("identity")
    unnamed = newest.filter(pl.col("identity").is_null()).join(known, on="robot", how="anti")
    rows = pl.concat([known, unnamed]).sort("robot", "identity").iter_rows(named=True)
    return [FactoryRobot(row["robot"], row["identity"], tuple(row[name] for name in plate)) for row in rows]


def _suspects(
    events: pl.DataFrame, own: pl.DataFrame, reports: Reports, plates: Nameplates
) -> dict[str, tuple[str, ...]]:
    """Identities of the same maker and serial with another model, by the factory's own identity."""
    distinct = {
        (plates.maker(maker), normalised(serial), frozenset((normalised(model), normalised(other))))
        for maker, serial, model, other in reports.standing("settlement")
        .filter(~pl.col("same"))
        .select("manufacturer", "serial", "model", "other_model")
        .iter_rows()
    }
    known = events.select("identity").drop_nulls().unique().with_columns(*_shared("identity"))
    mine = own.select(mine="identity").drop_nulls().unique().with_columns(*_shared("mine"))
    pairs = mine.join(known, on=["maker", "serial"]).filter(pl.col("mine") != pl.col("identity"))
    found: dict[str, tuple[str, ...]] = {}
    ordered = pairs.sort("mine", "identity").select("mine", "identity", "maker", "serial")
    for name, other, maker, serial in ordered.iter_rows():
        models = frozenset((name.split(SEPARATOR)[1], other.split(SEPARATOR)[1]))
        if (maker, serial, models) not in distinct:
            found[name] = (*found.get(name, ()), other)
    return found


def _shared(name: str) -> Iterable[pl.Expr]:
    parts = pl.col(name).str.splitn(SEPARATOR, 3).struct
    return parts.field("field_0").alias("maker"), parts.field("field_2").alias("serial")


class _Facts:
    """What is known of a factory's robots, by asset number and identity."""

    def __init__(
        self,
        factory: str,
        followed: Stays,
        counted: Robots,
        judged: frozenset[tuple[str, str]],
        suspects: dict[str, tuple[str, ...]],
    ) -> None:
        here = pl.col("factory") == factory
        newest = followed.spells.filter(here).sort("from_us").unique(["robot", "identity"], keep="last")
        self._spells = {(row["robot"], row["identity"]): row for row in newest.iter_rows(named=True)}
        self._waiting = {
            row["identity"]: row for row in followed.waits.filter(here & pl.col("to_us").is_null()).to_dicts()
        }
        self._counted = counted.assets.filter(here).partition_by("robot", "identity", as_dict=True)
        first = counted.standing.filter(pl.col("from_day") == pl.col("from_day").min().over("identity"))
        self._first = {row["identity"]: row for row in first.filter(here).iter_rows(named=True)}
        self._conflicts = _conflicts(followed, factory)
        self._judged, self._suspects = judged, suspects

    def of(self, robot: FactoryRobot, *, day: int, baseline: int) -> FactoryRobot:
        """One robot with all that is known of it."""
        if robot.identity is None:
            return robot
        asset = (robot.robot, robot.identity)
        spell, waiting = self._spells.get(asset), self._waiting.get(robot.identity)
        told = spell or waiting or {}
        standing = self._counted.get(asset)
        first = self._first.get(robot.identity)
        credited = first if first is not None and first["from_day"] > baseline else None
        new = credited if credited is not None and _earliest(credited["span_first_day"]) > baseline else None
        return replace(
            robot,
            in_stock=standing is not None and bool(((standing["from_day"] <= day) & (standing["to_day"] > day)).any()),
            since_day=None if spell is None else day_of_us(spell["stay_from_us"]),
            until_day=None if spell is None or spell["stay_to_us"] is None else day_of_us(spell["stay_to_us"]),
            category=told.get("category"),
            purpose=told.get("purpose"),
            conflicts=self._conflicts.get(asset, ()),
            suspected_duplicates=self._suspects.get(robot.identity, ()),
            awaiting_review=told.get("category") == "other" and self._model(robot.identity) not in self._judged,
            installed_pending=waiting is not None,
            undated=credited is not None and new is None,
            new_since_day=None if new is None else new["from_day"],
            new_by_moved_in=new is not None and new["came"] == "moved_in",
        )

    @staticmethod
    def _model(identity: str) -> tuple[str, str]:
        maker, model, _ = identity.split(SEPARATOR)
        return maker, model


def _earliest(span_first_day: int | None) -> int:
    return -(10**9) if span_first_day is None else span_first_day


def _conflicts(followed: Stays, factory: str) -> dict[Asset, tuple[Conflict, ...]]:
    """The conflicts of a factory's robots, whichever side it is on."""
    rows = followed.conflicts.sort("at_us").to_dicts()
    began = followed.spells.filter(pl.col("factory") == factory).select("robot", "identity", "from_us")
    numbers = {(identity, from_us): robot for robot, identity, from_us in began.iter_rows()}
    found: dict[Asset, tuple[Conflict, ...]] = {}
    for row in rows:
        sides = []
        if row["factory"] == factory:
            other = Conflict(row["other_factory"], row["other_identity"], row["at_us"])
            sides.append(((row["robot"], row["identity"]), other))
        if row["other_factory"] == factory:
            number = numbers.get((row["other_identity"], row["at_us"]), row["robot"])
            sides.append(((number, row["other_identity"]), Conflict(row["factory"], row["identity"], row["at_us"])))
        for asset, conflict in sides:
            found[asset] = (*found.get(asset, ()), conflict)
    return found
