"""Why a figure is what it is: what changed, what moved it, what it leaves out and what is missing."""

from collections.abc import Mapping

import numpy as np
import polars as pl

from density.days import month_ends
from density.explanation import Explanation, Facts, Question, Row, base_day
from density.measures import FLOWS
from density.membership import in_scope, membership
from density.parts import Parts, mean_persons, part, standing
from density.ratios import MONTHS
from density.recipes import HEADCOUNT, RECIPES, ROBOTS, Recipe
from density.register import KeySet, Name, Reference, Term
from density.sentences import COUNT_OF, Missing, Subject, change_sentence, missing_sentence, movers_sentence
from density.wording import scope_name, series_name

MOST = 5  # so many factories or parks are named
OUTSIDE_PARKS = Name("园区外", "outside parks")


class Explainer:
    """Explains figures of one city.

    Args:
        reference: names, terms and zones.
        key_sets: the key industries by series.
        first_day: the first day of the figures.
    """

    def __init__(self, reference: Reference, key_sets: Mapping[str, KeySet], first_day: int) -> None:
        self._reference, self._key_sets, self._first = reference, key_sets, first_day

    def explain(self, question: Question, facts: Facts, *, name_factories: bool) -> Explanation:
        """Explain a figure.

        Args:
            question: which; the figure is one of RECIPES.
            facts: what is stored.
            name_factories: whether the reader may see factories; else the movers that are named are parks.
        """
        recipe = RECIPES[question.figure]
        base = base_day(question.figure, question.day, self._first)
        members, states, here = self._part(question, facts, recipe, question.day)
        there = here.clear() if base is None else self._part(question, facts, recipe, base)[2]
        parts = Parts.of(there, here, recipe)
        row, before = facts.daily.get(question.day, {}), facts.daily.get(base, {}) if base is not None else {}
        movers = _largest(parts.movers() if base is not None else parts.movers().clear())
        known = base is not None and recipe.moved_by is not None
        told = {
            "account": _account(question.figure, row, before, facts.flows) if base is not None else None,
            "effects": parts.effects() if known and recipe.is_density else None,
            "groups": parts.composition() if known and recipe.form == "count" else None,
        }
        missing = _missing(members, states, row, facts.conflicts)
        subject = Subject(self._term(question.figure), recipe, self._place(question, facts), question.day, base)
        value, then = row.get(question.figure), before.get(question.figure)
        unit = self._moved_unit(question.figure, recipe)
        parks = _by_park(movers)
        return Explanation(
            question=question,
            base_day=base,
            value=value,
            value_then=then,
            numerator=(recipe.numerator, _above(recipe, row)),
            denominator=_below(recipe, row, facts.daily, question.day, self._first),
            **told,
            factories=movers,
            parks=parks,
            moved_unit=unit,
            inside=here.filter("present").select("factory"),
            left_out=_left_out(members, states, recipe),
            beside_factories=_beside(recipe, row, parts),
            missing=missing,
            sentences=(
                change_sentence(subject, value, then, **told),
                self._movers_sentence(subject, movers if name_factories else parks, facts, unit, name_factories),
                missing_sentence(missing),
            ),
        )

    def _part(
        self, question: Question, facts: Facts, recipe: Recipe, day: int
    ) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
        """Who is in the series, what stands there, and what each factory has in the figure."""
        members, states = self._members(question, facts, day), standing(facts.factories, day)
        means = None
        if recipe.yearly:
            ends = [int(end) for end in month_ends(self._first, day)[-MONTHS:]]
            means = mean_persons(
                [(self._members(question, facts, end), standing(facts.factories, end)) for end in ends]
            )
        return members, states, part(members, states, recipe, means)

    def _members(self, question: Question, facts: Facts, day: int) -> pl.DataFrame:
        scope = in_scope(question.scope, self._reference.zones)
        key = self._key_sets.get(question.series)
        return membership(facts.registrations, scope, day, key=key, above_scale=question.series != "total")

    def _place(self, question: Question, facts: Facts) -> Name:
        scope = scope_name(question.scope, self._reference, facts.names)
        series = series_name(question.series, self._reference)
        return Name(f"{scope.zh}（{series.zh}）", f"{scope.en} ({series.en})")

    def _term(self, figure: str) -> Term:
        missing = Name(figure, figure)
        return self._reference.terms.get(figure, Term(missing, Name("", ""), missing))

    def _moved_unit(self, figure: str, recipe: Recipe) -> Name:
        if recipe.weighed or recipe.moved_by is None:
            return self._term(figure).unit
        term = self._reference.terms.get(recipe.moved_by)
        return term.unit if term is not None else COUNT_OF

    def _movers_sentence(
        self,
        subject: Subject,
        movers: pl.DataFrame,
        facts: Facts,
        unit: Name,
        factories: bool,  # noqa: FBT001 - private
    ) -> Name:
        column = "factory" if factories else "park"
        rows = movers.head(MOST).select(column, "moved").rows()
        named = [(self._mover_name(column, each, facts.names), moved) for each, moved in rows]
        return movers_sentence(subject, named, unit, factories=factories)

    def _mover_name(self, kind: str, key: str | None, factories: Mapping[str, Name]) -> Name:
        return OUTSIDE_PARKS if key is None else scope_name(f"{kind}:{key}", self._reference, factories)


def _largest(movers: pl.DataFrame) -> pl.DataFrame:
    return movers.sort(pl.col("moved").abs(), pl.col(movers.columns[0]), descending=[True, False])


def _by_park(movers: pl.DataFrame) -> pl.DataFrame:
    return _largest(movers.group_by("park").agg(pl.col("moved").sum()))


def _account(figure: str, row: Row, before: Row, flows: Mapping[str, int] | None) -> Mapping[str, float] | None:
    if figure != "stock" or flows is None:
        return None
    return {"opening": before.get("stock", 0), **{name: flows[name] for name in FLOWS}, "closing": row.get("stock", 0)}


def _above(recipe: Recipe, row: Row) -> float | None:
    value: float | None = row.get(recipe.numerator)
    return value


def _below(
    recipe: Recipe, row: Row, daily: Mapping[int, Row], day: int, first_day: int
) -> tuple[str, float | None] | None:
    if recipe.denominator is None:
        return None
    if not recipe.yearly:
        return recipe.denominator, row.get(recipe.denominator)
    ends = [daily.get(int(end), {}).get(recipe.denominator, 0) for end in month_ends(first_day, day)[-MONTHS:]]
    return recipe.denominator, float(np.mean(ends)) if ends else None


def _beside(recipe: Recipe, row: Row, parts: Parts) -> float | None:
    above = row.get(recipe.numerator)
    if above is None or recipe.moved_by != recipe.numerator:
        return None
    return float(above) - parts.totals()[2]


def _left_out(members: pl.DataFrame, states: pl.DataFrame, recipe: Recipe) -> pl.DataFrame:
    flags = {HEADCOUNT: "headcount_valid", ROBOTS: "robots_reported"}
    told = members.join(states.select("factory", *flags.values()), on="factory", how="left")
    lacking = [
        pl.when(pl.col("out").is_null() & ~pl.col(flags[reason]).fill_null(value=False)).then(pl.lit(reason))
        for reason in recipe.needs
    ]
    reasons = pl.concat_list(pl.col("out"), *lacking).list.drop_nulls()
    return told.select("factory", "park", reasons=reasons).filter(pl.col("reasons").list.len() > 0).sort("factory")


def _missing(members: pl.DataFrame, states: pl.DataFrame, row: Row, conflicts: int) -> Missing:
    inside = members.filter(pl.col("out").is_null()).join(states, on="factory", how="left")
    headcount, robots = (inside[name].fill_null(value=False) for name in ("headcount_valid", "robots_reported"))
    return Missing(
        factories=inside.height,
        without_headcount=int((~headcount).sum()),
        without_robots=int((~robots).sum()),
        response_headcount=row.get("response_headcount_persons"),
        response_robots=row.get("response_robots_persons"),
        undated=row.get("undated"),
        conflicts=conflicts,
    )
