from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from cities import CASE_DEFINITION, CASE_REFERENCE, FIRST, Row, cities, reports
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from density.days import to_day
from density.explain import Explainer
from density.explanation import Explanation, Facts, Question
from density.figures import Figures
from density.fold import fold
from density.grounds import grounds
from density.measures import FLOWS
from density.recipes import RECIPES
from density.register import Name, Term
from density.reports import Reports
from density.sites import sites

DAY = to_day(FIRST) + 45
ANY = Term(Name("甲", "a"), Name("台", "robots"), Name("乙", "b"))
REFERENCE = replace(CASE_REFERENCE, terms=dict.fromkeys(("total", "all", "key", *RECIPES), ANY))
KEY_SETS = {
    "key": CASE_DEFINITION.key_set,
    **{f"key:{each.id}": each for each in CASE_DEFINITION.other_key_sets},
}
SCOPES = ("city", "district:310114", "district:310115", "park:P01", "zone:Z1", "industry:36", "industry:2611")
NOT_STORED = {"connected_stock", "operating_stock", "undeclared", "unseen"}
EXPLAINER = Explainer(REFERENCE, KEY_SETS, to_day(FIRST))


def daily(figures: Figures, scope: str, series: str) -> dict[int, Row]:
    names = [*(name for name in figures.counts if not name.startswith("flow_")), *figures.ratios]
    days = range(figures.first_day, DAY + 1)
    return {day: {name: figures.at(scope, series, day, name) for name in names} for day in days}


def facts(figures: Figures, told: Reports, scope: str, series: str, base: int) -> Facts:
    at = (figures.scopes.names.index(scope), figures.series.index(series))
    since = slice(base + 1 - figures.first_day, DAY + 1 - figures.first_day)
    flows = {name: int(figures.counts[f"flow_{name}"][at][since].sum()) for name in FLOWS}
    rows = figures.factories.with_columns(pl.col("day").cast(pl.Int64))
    names = {f"F{number}": Name("厂", "works") for number in range(1, 10)}
    return Facts(daily(figures, scope, series), flows, rows, sites(told, CASE_DEFINITION).rows, names, 0)


def check_parts(told: Explanation) -> None:
    """What factories have in a figure is all of it, but for subjects that are no factory."""
    figure = told.question.figure
    if told.beside_factories and figure not in {"chain_leaders", "service_providers", "innovation_centres"}:
        raise AssertionError(f"{figure} of {told.question}: {told.beside_factories} beside factories")


def check_change(told: Explanation) -> None:
    """The account closes, and effects, groups and movers add up to the change."""
    if told.account is not None:
        came = sum(told.account[name] for name in FLOWS[:4])
        went = sum(told.account[name] for name in FLOWS[4:])
        assert told.account["opening"] + came - went == told.account["closing"]
    if told.value is None or told.value_then is None or told.beside_factories:
        return
    change = told.value - told.value_then
    recipe = RECIPES[told.question.figure]
    if told.groups is not None and told.beside_factories == 0:
        assert sum(told.groups.values()) == pytest.approx(change)
    if told.effects is not None:
        assert told.effects["change"] == pytest.approx(change, rel=1e-9, abs=1e-9)
        parts = (told.effects[name] for name in ("effect_stock", "effect_headcount", "effect_composition"))
        assert sum(parts) == pytest.approx(change, rel=1e-9, abs=1e-9)
    if recipe.weighed:
        assert told.factories["moved"].sum() == pytest.approx(change, rel=1e-9, abs=1e-9)


@settings(derandomize=True, max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(cities(), st.sampled_from(SCOPES), st.sampled_from(CASE_DEFINITION.series))
def test_explain_agrees_with_the_figures(rows: dict[str, list[Row]], scope: str, series: str) -> None:
    told = reports(rows)
    figures = fold(told, CASE_REFERENCE, CASE_DEFINITION, FIRST + timedelta(days=45))
    if scope not in figures.scopes.names:
        return
    month_end = to_day(FIRST) + 31
    known = facts(figures, told, scope, series, month_end)
    for figure in RECIPES.keys() - NOT_STORED:
        explained = EXPLAINER.explain(Question(figure, scope, series, DAY), known, name_factories=True)
        check_parts(explained)
        if not RECIPES[figure].annual:
            assert explained.base_day == month_end
            check_change(explained)
        assert all(each.zh.endswith("。") and each.en.endswith(".") for each in explained.sentences)
        assert not any("-0" in text for each in explained.sentences for text in (each.zh, each.en))


@settings(derandomize=True, max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cities())
def test_grounds_alone_give_the_same_figure(rows: dict[str, list[Row]]) -> None:
    # A figure of a day folded from nothing but the reports that it is said to stand on.
    told = reports(rows)
    today = FIRST + timedelta(days=45)
    factories = told.registration.select("factory").unique()
    before = fold(told, CASE_REFERENCE, CASE_DEFINITION, today)
    kinds = ("registration", "workforce", "inventory", "designation")
    kept = grounds(told, kinds, factories, "city", DAY)
    subset = {
        kind: getattr(told, kind).join(
            kept.filter(kind=kind).select("time", "writer"), on=["time", "writer"], how="semi"
        )
        for kind in kinds
    }
    named = told.designation.filter(pl.col("subject_factory").is_null())
    subset["designation"] = pl.concat([subset["designation"], named]).unique()
    after = fold(replace(told, **subset), CASE_REFERENCE, CASE_DEFINITION, today)
    for figure in ("persons", "persons_counted", "smart_factories", "stock", "inventories", "factories"):
        for series in CASE_DEFINITION.series:
            assert after.at("city", series, DAY, figure) == before.at("city", series, DAY, figure), (figure, series)
