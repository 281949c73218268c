"""What an explanation is made from, read from the store and from the reports."""

import threading
from typing import Any

import polars as pl

from api.evidence import Evidence
from api.figures import Shelf
from api.registration import Registration
from api.registry import Registry
from api.scopes import Scope
from api.series import KEY, factory_in
from density.days import DAY_NS, DAY_US, OFFSET_US, start_ns
from density.definition import Definition
from density.explain import Explainer
from density.explanation import Explanation, Facts, Question, base_day, since_day
from density.grounds import grounds
from density.membership import in_scope
from density.recipes import RECIPES
from density.register import KeySet, Name, Reference
from density.reports import Reports
from density.sites import sites
from density.stays import counted_events, stays
from store.base import Store
from store.schema import FACTORY_FIGURE, FIGURES, RESTATEMENT, district_database

FLOW = "flow"


class Explaining:
    """Explains stored figures from the store and the reports.

    Every call is safe from any thread, and raises StoreUnavailable when the store does not answer.
    """

    def __init__(
        self, store: Store, shelf: Shelf, evidence: Evidence, *, reference: Reference, definition: Definition
    ) -> None:
        self._store, self._shelf, self._evidence = store, shelf, evidence
        self._reference, self._definition = reference, definition
        others = {f"{KEY}:{each.id}": each for each in definition.other_key_sets}
        self._key_sets = {KEY: definition.key_set, **others}
        self._conflicts: tuple[Reports, pl.DataFrame] | None = None
        self._lock = threading.Lock()

    def explain(self, question: Question, scope: Scope, registry: Registry, first_day: int) -> Explanation:
        """Explain a figure to a reader who may see factories.

        Args:
            question: which figure; its day is one of the stored figures'.
            scope: the question's.
            registry: names of factories.
            first_day: the first day of the figures.
        """
        facts = self._facts(question, scope, registry, first_day)
        explainer = Explainer(self._reference, self._key_sets, first_day)
        return explainer.explain(question, facts, name_factories=True)

    def reports(self, told: Explanation) -> pl.DataFrame:
        """The reports that an explained figure stands on, as `density.grounds.grounds` gives them."""
        asked, recipe = told.question, RECIPES[told.question.figure]
        return grounds(
            self._evidence.reports(), recipe.reports, told.inside, asked.scope, asked.day, yearly=recipe.yearly
        )

    def restatements(self, question: Question, base: int | None) -> list[dict[str, Any]]:
        """How the figure of the day, and of the day that it is compared with, was restated; the newest first."""
        where = {"scope": question.scope, "series": question.series, "figure": question.figure}
        rows = self._store.read(FIGURES, RESTATEMENT, where=where)
        days = pl.col("day").is_in([question.day, question.day if base is None else base])
        return rows.filter(days).sort("time", descending=True).to_dicts()

    def _facts(self, question: Question, scope: Scope, registry: Registry, first_day: int) -> Facts:
        since = since_day(question.figure, question.day, first_day)
        registrations = sites(self._evidence.reports(), self._definition).rows
        mine = registrations.filter("registered").filter(in_scope(question.scope, self._reference.zones))
        holds = factory_in(question.series, self._key_set(question.series), scope.id, registry)
        daily = self._shelf.rows(scope, registry, series=question.series, holds=holds, first=since, last=question.day)
        base = base_day(question.figure, question.day, first_day)
        entries = [row.get(FLOW) for day, row in daily.items() if base is not None and day > base]
        factories = self._rows(mine["district"].unique().to_list(), registrations, since, question.day)
        return Facts(
            daily=daily,
            flows=_summed(entries) if entries and None not in entries else None,
            factories=factories,
            registrations=registrations,
            names={factory: _name(registry.spells(factory)[-1]) for factory in mine["factory"].unique()},
            conflicts=self._count_conflicts(mine.select("factory").unique(), question.day),
        )

    def _key_set(self, series: str) -> KeySet:
        return self._key_sets.get(series, self._definition.key_set)

    def _rows(self, districts: list[str], registrations: pl.DataFrame, since: int, day: int) -> pl.DataFrame:
        """Rows of factories while they stood in the district whose database holds them."""
        stood = registrations.filter("registered").select("factory", "from_day", "district").sort("from_day")
        frames = [FACTORY_FIGURE.frame().with_columns(adcode=pl.lit(None, pl.String))]
        for adcode in sorted(districts):
            database = district_database(adcode)
            read = self._store.read(database, FACTORY_FIGURE, after=start_ns(since) - 1, through=start_ns(day))
            frames.append(read.with_columns(adcode=pl.lit(adcode)))
        rows = pl.concat(frames).with_columns(day=(pl.col("time") - start_ns(0)) // DAY_NS).sort("day")
        placed = rows.join_asof(stood, left_on="day", right_on="from_day", by="factory", check_sortedness=False)
        return placed.filter(pl.col("district") == pl.col("adcode")).drop("time", "adcode", "from_day", "district")

    def _count_conflicts(self, factories: pl.DataFrame, day: int) -> int:
        """How many stays of factories had ended by a day only because another took over."""
        with self._lock:
            reports, events = self._evidence.events()
            if self._conflicts is None or self._conflicts[0] is not reports:
                found = stays(_counted(reports, events), installed_counts=self._definition.installed_counts).conflicts
                self._conflicts = (reports, found)
            conflicts = self._conflicts[1]
        ended = conflicts.filter((pl.col("at_us") + OFFSET_US) // DAY_US <= day)
        return ended.join(factories, on="factory", how="semi").height


def _summed(entries: list[Any]) -> dict[str, int]:
    return {name: sum(entry[name] for entry in entries) for name in entries[0]}


def _name(registration: Registration) -> Name:
    return Name(registration.name_zh, registration.name_en or registration.name_zh)


def _counted(reports: Reports, events: pl.DataFrame) -> pl.DataFrame:
    return counted_events(Reports(**{**vars(reports), "lifecycle": events}))
