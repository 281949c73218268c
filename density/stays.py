"""Where each robot stands, from when to when: the state machine of figures.md, "In stock".

event ──► identity (its nameplate, or what its asset number last had) ──► enter · leave · change
                                                                            │
               spells: identity, factory, from, to, category, purpose ◄──────┘
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from density.identity import identities
from density.reports import Reports

# Of two events of one robot at one instant the earlier in this list comes first.
ORDER = ("void", "moved_out", "decommissioned", "changed", "moved_in", "commissioned", "installed")

Asset = tuple[str, str]  # factory and its own asset number

SPELLS: Mapping[str, pl.DataType] = {
    "identity": pl.String(),
    "factory": pl.String(),
    "from_us": pl.Int64(),
    "to_us": pl.Int64(),
    "category": pl.String(),
    "purpose": pl.String(),
    "axes": pl.Int64(),
    "span_first_day": pl.Int64(),
}


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


@dataclass
class _Stay:
    factory: str
    robot: str
    from_us: int
    category: str | None
    purpose: str
    axes: int | None
    span_first_day: int | None


@dataclass
class _Floor:
    """The state: which identity each asset number has, and where each identity stands."""

    named: dict[Asset, str] = field(default_factory=dict)
    stays: dict[str, _Stay] = field(default_factory=dict)
    occupant: dict[Asset, str] = field(default_factory=dict)
    spells: list[tuple[object, ...]] = field(default_factory=list)

    def end(self, identity: str, at_us: int | None) -> _Stay | None:
        stay = self.stays.pop(identity, None)
        if stay is None:
            return None
        self.occupant.pop((stay.factory, stay.robot), None)
        self.spells.append(
            (
                identity, stay.factory, stay.from_us, at_us,
                stay.category, stay.purpose, stay.axes, stay.span_first_day,
            )
        )  # fmt: skip
        return stay

    def enter(self, identity: str, stay: _Stay) -> None:
        """Begin a stay; it ends any other of the identity, and of another identity under the asset number."""
        self.end(identity, stay.from_us)
        other = self.occupant.get((stay.factory, stay.robot))
        if other is not None:
            self.end(other, stay.from_us)
        self.stays[identity] = stay
        self.occupant[(stay.factory, stay.robot)] = identity

    def leave(self, identity: str, factory: str, at_us: int) -> None:
        """End the stay at the factory that reports it, and nothing else."""
        stay = self.stays.get(identity)
        if stay is not None and stay.factory == factory:
            self.end(identity, at_us)

    def change(self, known: str, given: str | None, new: _Stay) -> None:
        """Go on with a new purpose, category or nameplate; what is not given stays as it was."""
        stay = self.stays.get(known)
        if stay is None or stay.factory != new.factory:
            return
        new.category = new.category or stay.category
        new.purpose = new.purpose or stay.purpose
        new.axes = new.axes if new.axes is not None else stay.axes
        new.robot = stay.robot
        self.end(known, new.from_us)
        self.enter(given or known, new)


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


def spells(events: pl.DataFrame, manufacturers: Mapping[str, str]) -> pl.DataFrame:
    """Every spell of a robot at a factory with one category and purpose.

    Args:
        events: as `counted_events` gives them, in any order.
        manufacturers: as `identities` takes them.

    Returns:
        Columns as SPELLS; `to_us` is null while the spell lasts; `span_first_day` is the first day of the span
        of the event that began it, null where the span has no beginning.
    """
    named = events.with_columns(identity=identities(events, manufacturers))
    plain = _plain(named)
    floor = _Floor()
    for event in _ordered(named.join(plain, on=["factory", "robot"], how="anti")):
        _apply(floor, event)
    for identity in list(floor.stays):
        floor.end(identity, None)
    return pl.concat([plain.select(*SPELLS), pl.DataFrame(floor.spells, schema=SPELLS, orient="row")])


def _plain(events: pl.DataFrame) -> pl.DataFrame:
    """The spells of robots with the usual story, all at once; the state machine takes the rest.

    The usual story of nearly every robot: one entering under one asset number, at most one leaving after it.
    """
    name = pl.col("event")
    enters, leaves = name.is_in(["commissioned", "moved_in"]), name.is_in(["moved_out", "decommissioned"])
    entered = {
        column: pl.col(column).filter(enters).first() for column in ("category", "purpose", "axes", "span_first_day")
    }
    stories = events.group_by("factory", "robot").agg(
        pl.len(),
        pl.col("identity").filter(enters).first(),
        from_us=pl.col("at_us").filter(enters).first(),
        to_us=pl.col("at_us").filter(leaves).first(),
        named=pl.col("identity").is_not_null().sum(),
        entered=enters.sum(),
        left=leaves.sum(),
        **entered,
    )
    usual = (
        (pl.col("entered") == 1)
        & (pl.col("named") == 1)
        & (pl.col("left") <= 1)
        & (pl.col("len") == pl.col("entered") + pl.col("left"))
        & (pl.col("to_us") > pl.col("from_us")).fill_null(value=True)
    )
    met_once = events.select("identity", "factory", "robot").drop_nulls().unique().group_by("identity").len()
    known_once = met_once.filter(pl.col("len") == 1).select("identity")
    return (
        stories.filter(usual)
        .join(known_once, on="identity", how="semi")
        .with_columns(purpose=pl.col("purpose").fill_null("production"))
    )


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
    if identity is None or event.event == "installed":
        return
    if event.event in {"moved_out", "decommissioned"}:
        floor.leave(identity, event.factory, event.at_us)
        return
    stay = _Stay(*asset, event.at_us, event.category, event.purpose or "", event.axes, event.span_first_day)
    if event.event == "changed":
        floor.change(known or identity, event.identity, stay)
        return
    stay.purpose = stay.purpose or "production"
    floor.enter(identity, stay)
