"""What the figures of a city are told from: its reports, read and placed once."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

import polars as pl

from density.cube import Lines, Scopes, scopes
from density.definition import Definition
from density.identity import Nameplates
from density.measures import Placed, Spans, flows, measures, placed_robots, reporting
from density.register import Reference
from density.reports import Reports
from density.robots import Robots, reviewed_models, robots
from density.sites import Sites, sites
from density.stays import counted_events, stays

REREADS = frozenset({"settlement", "review"})  # what changes how every other report is read
PLACING = frozenset({"registration", "designation"})  # what changes which sites there are


@dataclass(frozen=True)
class Sources:
    """Reports with all that can be said before anything is added up; `reports.lifecycle` has the `identity` too."""

    reports: Reports
    sites: Sites
    robots: Robots
    placed: Placed
    scopes: Scopes
    lines: Lines
    reporting: pl.DataFrame

    def spans(self, factories: pl.DataFrame | None, definition: Definition) -> Spans:
        """Everything that is counted at some factories, as `density.measures.measures` gives it.

        Args:
            factories: one column, `factory`; none means all.
            definition: what counts.
        """
        if factories is None:
            return measures(self.reports, self.sites, self.placed, self.robots, definition)
        placed, found = self.placed.of(factories), self.robots.of(factories)
        return measures(self.reports.of(factories), self.sites.of(factories), placed, found, definition)

    def scopes_of(self, factory: str) -> frozenset[str]:
        """Every scope that a factory has ever been in."""
        places = self.sites.rows.filter(pl.col("factory") == factory)["site"].to_numpy()
        found = {int(scope) for site in places for scope in self.lines.scopes_of(int(self.lines.cell[site]))}
        return frozenset(self.scopes.names[scope] for scope in found)

    def flows(self, factories: pl.DataFrame | None, first_day: int, last_day: int) -> pl.DataFrame:
        """What came and went at some factories or at all, as `density.measures.flows` gives it."""
        return flows(self.placed if factories is None else self.placed.of(factories), first_day, last_day)


class Reader:
    """Reads reports by one definition."""

    def __init__(self, reference: Reference, definition: Definition) -> None:
        self._reference, self._definition = reference, definition

    def read(self, reports: Reports) -> Sources:
        """All reports from the beginning."""
        named = self._named(reports, {"lifecycle": reports.lifecycle})
        whole = Reports(**{each.name: named.get(each.name, getattr(reports, each.name)) for each in fields(Reports)})
        return self._sources(whole, self._robots(whole))

    def more(self, sources: Sources, arrived: Mapping[str, pl.DataFrame]) -> tuple[Sources, pl.DataFrame]:
        """The sources with further reports, none of them of REREADS, and the factories whose figures may change."""
        reports = sources.reports.extended(self._named(sources.reports, arrived))
        found, touched = sources.robots, []
        if "lifecycle" in arrived:
            events = related(reports.lifecycle, arrived["lifecycle"].height)
            told = self._robots(Reports(**(vars(reports) | {"lifecycle": events})))
            identities = events["identity"].drop_nulls().unique()
            touched += [
                each.select("factory")
                for robots_ in (found.only(identities), told)
                for each in (robots_.standing, robots_.waiting)
            ]
            found = found.replaced(identities, told)
        after = self._sources(reports, found, None if PLACING & arrived.keys() else sources)
        touched += [_factories(kind, frame) for kind, frame in arrived.items()]
        touched += _credited(sources.placed.credits, after.placed.credits)
        return after, pl.concat(touched).unique()

    def _named(self, reports: Reports, arrived: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
        if "lifecycle" not in arrived:
            return dict(arrived)
        plates = Nameplates(self._reference.manufacturers, reports.standing("settlement"))
        events = arrived["lifecycle"]
        return dict(arrived) | {"lifecycle": events.with_columns(identity=plates.identities(events))}

    def _robots(self, reports: Reports) -> Robots:
        reviews = reports.standing("review")
        maker = Nameplates(self._reference.manufacturers).maker
        names = pl.Series([maker(name) for name in reviews["manufacturer"]], dtype=pl.String)
        followed = stays(counted_events(reports), installed_counts=self._definition.installed_counts)
        return robots(followed, self._definition, reviewed_models(reviews, names))

    def _sources(self, reports: Reports, found: Robots, before: Sources | None = None) -> Sources:
        """The sources of some reports; `before` has the same sites."""
        placed = sites(reports, self._definition) if before is None else before.sites
        known = scopes(self._reference, placed) if before is None else before.scopes
        return Sources(
            reports=reports,
            sites=placed,
            robots=found,
            placed=placed_robots(found, placed, self._definition),
            scopes=known,
            lines=Lines(placed, known, self._reference, self._definition) if before is None else before.lines,
            reporting=reporting(reports),
        )


def related(lifecycle: pl.DataFrame, arrived: int) -> pl.DataFrame:
    """Every event of the robots that the newest events can concern: linked by identity or by asset number.

    Args:
        lifecycle: all events with their identity, the newest last.
        arrived: how many are new.
    """
    asset, events, found = ["factory", "robot"], lifecycle.tail(arrived), -1
    while events.height != found:
        found = events.height
        named = events.select("identity").drop_nulls().unique()
        numbers = events.select(asset).unique()
        reached = lifecycle.join(named, on="identity", how="semi").select(asset).unique()
        events = lifecycle.join(pl.concat([numbers, reached]).unique(), on=asset, how="semi")
    return events


def _factories(kind: str, frame: pl.DataFrame) -> pl.DataFrame:
    if kind == "designation":
        named = pl.concat_str("subject_name", "subject_district", separator=":")
        return frame.select(factory=pl.coalesce("subject_factory", named))
    return frame.select("factory") if "factory" in frame.columns else pl.DataFrame(schema={"factory": pl.String})


def _credited(old: pl.DataFrame, new: pl.DataFrame) -> list[pl.DataFrame]:
    """The factories that a new robot is credited to now and was not before, or the other way round."""
    key = ["identity", "factory", "from_day", "sure"]
    return [one.join(other, on=key, how="anti").select("factory") for one, other in ((old, new), (new, old))]
