"""Where each robot stands, from when to when: the state machine of figures.md, "In stock".

event ──► identity (its nameplate, or what its asset number last had) ──► enter · leave · change · wait
                                                                            │
          spells: a stay at a factory, cut where category, purpose or number change ◄──┤
          transits: moved out, not yet in ◄────────────────────────────────────────────┤
          waits: installed, not yet commissioned ◄─────────────────────────────────────┘
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from density.plain_stays import plain_spells
from density.reports import Reports

# Of two events of one robot at one instant the earlier in this list comes first.
ORDER = ("void", "moved_out", "decommissioned", "changed", "moved_in", "commissioned", "installed")
ENTERING = frozenset({"commissioned", "moved_in"})
LEAVING = frozenset({"moved_out", "decommissioned"})

Asset = tuple[str, str]  # factory and its own asset number

_KIND = {"category": pl.String(), "purpose": pl.String(), "axes": pl.Int64()}
SPELLS: Mapping[str, pl.DataType] = {
    "identity": pl.String(),
    "factory": pl.String(),
    "robot": pl.String(),
    "from_us": pl.Int64(),
    "to_us": pl.Int64(),
    **_KIND,
    "span_first_day": pl.Int64(),
    "entry": pl.String(),
    "again": pl.Boolean(),
    "first_us": pl.Int64(),
    "stay_from_us": pl.Int64(),
    "stay_to_us": pl.Int64(),
    "leave": pl.String(),
}
TRANSITS: Mapping[str, pl.DataType] = {"identity": pl.String(), "from_us": pl.Int64(), "to_us": pl.Int64(), **_KIND}
WAITS: Mapping[str, pl.DataType] = {
    "identity": pl.String(), "factory": pl.String(), "from_us": pl.Int64(), "to_us": pl.Int64(), **_KIND,
}  # fmt: skip
CONFLICTS: Mapping[str, pl.DataType] = {
    "identity": pl.String(), "factory": pl.String(), "robot": pl.String(), "other_factory": pl.String(),
    "other_identity": pl.String(), "at_us": pl.Int64(),
}  # fmt: skip


class _Event(NamedTuple):
    event: str
    factory: str
    robot: str
    identity: str | None
    at_us: int
    category: str | None
    purpose: str | None
    axes: int | None
    span_first_day: int | None


class _Kind(NamedTuple):
    category: str | None
    purpose: str
    axes: int | None


@dataclass
class _Visit:
    """A stay at one factory, whatever changes during it."""

    entry: str
    again: bool
    first_us: int
    from_us: int
    to_us: int | None = None
    leave: str | None = None


@dataclass
class _Stay:
    factory: str
    robot: str
    from_us: int
    kind: _Kind
    span_first_day: int | None
    visit: _Visit


@dataclass(frozen=True)
class Stays:
    """What the events say of robots.

    Attributes:
        spells: columns SPELLS; `to_us` is null while it lasts; `span_first_day` is the first day of the span of the
            event that began it, null where the span has no beginning; `entry` and `leave` are the events that began
            and ended the stay (`entered`: another entering did), `again` whether the robot had entered before,
            `first_us` its first entering.
        transits: columns TRANSITS: reported as moved out, until it enters or is decommissioned.
        waits: columns WAITS: installed, until it enters or leaves.
        conflicts: columns CONFLICTS: a stay that ended only because of another entering.
    """

    spells: pl.DataFrame
    transits: pl.DataFrame
    waits: pl.DataFrame
    conflicts: pl.DataFrame


@dataclass
class _Floor:
    """The state: which identity each asset number has, where each identity stands, travels or waits."""

    named: dict[Asset, str] = field(default_factory=dict)
    stays: dict[str, _Stay] = field(default_factory=dict)
    occupant: dict[Asset, str] = field(default_factory=dict)
    first_us: dict[str, int] = field(default_factory=dict)
    away: dict[str, tuple[int, _Kind]] = field(default_factory=dict)
    waiting: dict[str, dict[str, tuple[int, _Kind]]] = field(default_factory=dict)  # by identity and factory
    entered: set[tuple[str, str]] = field(default_factory=set)  # identity and factory
    spells: list[tuple[str, _Stay, int | None]] = field(default_factory=list)
    transits: list[tuple[object, ...]] = field(default_factory=list)
    waits: list[tuple[object, ...]] = field(default_factory=list)
    conflicts: list[tuple[object, ...]] = field(default_factory=list)

    def cut(self, identity: str, at_us: int | None) -> _Stay | None:
        """End a spell; the visit goes on."""
        stay = self.stays.pop(identity, None)
        if stay is not None:
            self.occupant.pop((stay.factory, stay.robot), None)
            self.spells.append((identity, stay, at_us))
        return stay

    def end(self, identity: str, at_us: int, leave: str) -> _Stay | None:
        stay = self.cut(identity, at_us)
        if stay is not None:
            stay.visit.to_us, stay.visit.leave = at_us, leave
        return stay

    def begin(self, identity: str, stay: _Stay) -> None:
        """Let a spell begin; another identity under its asset number is gone."""
        other = self.occupant.get((stay.factory, stay.robot))
        if other is not None:
            self.end(other, stay.from_us, "entered")
            self.conflicts.append((other, stay.factory, stay.robot, stay.factory, identity, stay.from_us))
        self.stays[identity] = stay
        self.occupant[(stay.factory, stay.robot)] = identity

    def enter(self, identity: str, event: _Event) -> None:
        """Begin a stay, which ends any other of the identity; entering where it stands only changes it."""
        at_us = event.at_us
        first_us = self.first_us.get(identity)
        visit = _Visit(event.event, first_us is not None, at_us if first_us is None else first_us, at_us)
        self.first_us.setdefault(identity, at_us)
        self.entered.add((identity, event.factory))
        self.arrive(identity, at_us)
        old = self.stays.get(identity)
        if old is not None and old.factory == event.factory:
            self.cut(identity, at_us)
            visit = old.visit
        elif old is not None:
            self.end(identity, at_us, "entered")
            self.conflicts.append((identity, old.factory, old.robot, event.factory, identity, at_us))
        kind = _Kind(event.category, event.purpose or "production", event.axes)
        self.begin(identity, _Stay(event.factory, event.robot, at_us, kind, event.span_first_day, visit))

    def arrive(self, identity: str, at_us: int) -> None:
        """End whatever the robot waited for."""
        if identity in self.away:
            out_us, kind = self.away.pop(identity)
            self.transits.append((identity, out_us, at_us, *kind))
        for factory in list(self.waiting.get(identity, ())):
            self.stop_waiting(identity, factory, at_us)

    def stop_waiting(self, identity: str, factory: str, at_us: int) -> None:
        since_us, kind = self.waiting[identity].pop(factory)
        self.waits.append((identity, factory, since_us, at_us, *kind))

    def leave(self, identity: str, event: _Event) -> None:
        """End the stay at the factory that reports it, and nothing else."""
        if event.event == "decommissioned" and identity in self.away:
            self.arrive(identity, event.at_us)
        if event.factory in self.waiting.get(identity, ()):
            self.stop_waiting(identity, event.factory, event.at_us)
        stay = self.stays.get(identity)
        if stay is None or stay.factory != event.factory:
            return
        self.end(identity, event.at_us, event.event)
        if event.event == "moved_out":
            self.away[identity] = (event.at_us, stay.kind)

    def change(self, known: str, event: _Event) -> None:
        """Go on with a new purpose, category or nameplate; what is not given stays as it was."""
        stay = self.stays.get(known)
        if stay is None or stay.factory != event.factory:
            return
        kind = _Kind(
            event.category or stay.kind.category,
            event.purpose or stay.kind.purpose,
            event.axes if event.axes is not None else stay.kind.axes,
        )
        given, visit, at_us = event.identity or known, stay.visit, event.at_us
        self.cut(known, at_us)
        if given != known:
            stay.visit.to_us, stay.visit.leave = at_us, "changed"
            visit = _Visit("changed", True, self.first_us.get(given, stay.visit.first_us), at_us)
            self.first_us.setdefault(given, stay.visit.first_us)
            self.arrive(given, at_us)
            self.end(given, at_us, "entered")
        self.begin(given, _Stay(stay.factory, stay.robot, at_us, kind, event.span_first_day, visit))

    def wait(self, identity: str, event: _Event) -> None:
        """An installation: no stock before it is commissioned."""
        if (identity, event.factory) in self.entered:
            return
        if event.factory in self.waiting.get(identity, ()):
            self.stop_waiting(identity, event.factory, event.at_us)
        kind = _Kind(event.category, event.purpose or "production", event.axes)
        self.waiting.setdefault(identity, {})[event.factory] = (event.at_us, kind)


def counted_events(reports: Reports) -> pl.DataFrame:
    """The lifecycle events that stand: one of each slot, without the voids and what they cancel."""
    voids = reports.lifecycle.filter(pl.col("event") == "void").select(
        "factory", "robot", event="voids_event", at_us="voids_at_us"
    )
    standing = reports.standing("lifecycle").filter(pl.col("event") != "void")
    return (
        standing.join(voids.unique(), on=["factory", "robot", "event", "at_us"], how="anti")
        if voids.height
        else standing
    )


def stays(events: pl.DataFrame, *, installed_counts: bool = False) -> Stays:
    """Follow every robot through its events.

    Args:
        events: as `counted_events` gives them, in any order, with their `identity`.
        installed_counts: whether an installation enters already.
    """
    if installed_counts:
        events = events.with_columns(event=pl.col("event").replace("installed", "commissioned"))
    plain = plain_spells(events)
    floor = _Floor()
    for event in _ordered(events.join(plain, on=["factory", "robot"], how="anti")):
        _apply(floor, event)
    left = plain.filter(pl.col("leave") == "moved_out")
    return Stays(
        pl.concat([plain.select(*SPELLS), _spell_frame(floor)]),
        pl.concat([left.select(_open(TRANSITS, from_us="to_us")), _frame(TRANSITS, _transits(floor))]),
        _frame(WAITS, _waits(floor)),
        _frame(CONFLICTS, floor.conflicts),
    )


def _open(schema: Mapping[str, pl.DataType], **renamed: str) -> list[pl.Expr]:
    end = pl.lit(None, pl.Int64).alias("to_us")
    return [end if name == "to_us" else pl.col(renamed.get(name, name)).alias(name) for name in schema]


def _frame(schema: Mapping[str, pl.DataType], rows: list[tuple[object, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict(schema), orient="row")


def _spell_frame(floor: _Floor) -> pl.DataFrame:
    lasting = [(identity, stay, None) for identity, stay in floor.stays.items()]
    return _frame(
        SPELLS,
        [
            (
                identity, stay.factory, stay.robot, stay.from_us, to_us, *stay.kind, stay.span_first_day,
                stay.visit.entry, stay.visit.again, stay.visit.first_us, stay.visit.from_us, stay.visit.to_us,
                stay.visit.leave,
            )
            for identity, stay, to_us in [*floor.spells, *lasting]
        ],
    )  # fmt: skip


def _transits(floor: _Floor) -> list[tuple[object, ...]]:
    return floor.transits + [(identity, out_us, None, *kind) for identity, (out_us, kind) in floor.away.items()]


def _waits(floor: _Floor) -> list[tuple[object, ...]]:
    return floor.waits + [
        (identity, factory, at_us, None, *kind)
        for identity, places in floor.waiting.items()
        for factory, (at_us, kind) in places.items()
    ]


def _ordered(events: pl.DataFrame) -> Iterator[_Event]:
    rank = pl.col("event").replace_strict({name: place for place, name in enumerate(ORDER)}, return_dtype=pl.Int8)
    rows = events.sort("at_us", rank, "factory", "robot", "identity").select(_Event._fields).rows()
    return map(_Event._make, rows)


def _apply(floor: _Floor, event: _Event) -> None:
    asset = (event.factory, event.robot)
    known = floor.named.get(asset)
    if event.identity is not None:
        floor.named[asset] = event.identity
    identity = event.identity or known
    if identity is None:
        return
    if event.event in LEAVING:
        floor.leave(identity, event)
    elif event.event == "changed":
        floor.change(known or identity, event)
    elif event.event in ENTERING:
        floor.enter(identity, event)
    else:
        floor.wait(identity, event)
