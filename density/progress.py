"""How far a target has come, against where the plan stands on the day. Level ÷ level is used nowhere."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import polars as pl

from density.actual import Actual, actual_of
from density.arrays import Ratios
from density.cores import on_cores
from density.cube import ratio
from density.days import Days, months_before, to_day
from density.figures import Figures
from density.judged import Judged, clustering, judged
from density.milestones import planned_progress
from density.plan import FIGURE, Plan, Target
from density.plan_book import PlanBook
from density.quota import goals
from density.standing import Progress as Progress  # noqa: PLC0414 - the name that others know it by
from density.standing import stitched
from density.status import Evidence, statuses

JUDGED = ("city", "district", "park", "zone")  # the kinds of scopes that a plan can be followed in
EARLY = 0.10  # planned progress below which a pace says nothing
_DAYS_A_YEAR = 365.25


def measure(plan: Plan | PlanBook, figures: Figures, statistics: pl.DataFrame | None = None) -> list[Progress]:
    """Measure every target of the plans in force, each day by its own plan; `key` also with the other key sets.

    A target that the plan of a day does not have owes nothing on it: `no_quota`.

    Args:
        plan: its targets are measured in their order, those of another key set as `<id>:<key set>`.
        figures: of every day.
        statistics: one row of each slot of what was reported; none says that nothing was.
    """
    reported = pl.DataFrame(schema=_STATISTIC) if statistics is None else statistics
    book = PlanBook(((figures.first_day, plan),)) if isinstance(plan, Plan) else plan
    spans = book.spans(figures.first_day, figures.last_day)
    kinds = {target.id: target.scopes for _, _, each in spans for target in each.targets}
    parts = [
        ({each.target.id: each for each in _measured(_followed(one, kinds), figures, reported)}, slice(first, end))
        for first, end, one in spans
    ]
    ids = dict.fromkeys(name for found, _ in reversed(parts) for name in found)
    return [stitched([(found.get(name), days) for found, days in parts]) for name in ids]


_STATISTIC = {
    "figure": pl.String, "scope": pl.String, "period": pl.String, "period_end_day": pl.Int64,
    "published_day": pl.Int64, "value": pl.Float64,
}  # fmt: skip


def _followed(plan: Plan, kinds: Mapping[str, tuple[str, ...]]) -> Plan:
    """The plan with each target followed where the newest plan follows it, so that its days fit together."""
    return replace(plan, targets=tuple(replace(target, scopes=kinds[target.id]) for target in plan.targets))


def _measured(plan: Plan, figures: Figures, statistics: pl.DataFrame) -> list[Progress]:
    targets = [each for one in plan.targets for each in _in_key_sets(one, figures)]
    known = {scopes: judged(figures, scopes) for scopes in {target.scopes for target in targets}}
    batches = clustering(figures)
    return on_cores(lambda each: _progress(each, plan, known[each.scopes], statistics, batches), targets)


def _in_key_sets(target: Target, figures: Figures) -> list[Target]:
    others = [name for name in figures.series if name.startswith("key:")] if target.series == "key" else []
    return [target, *(replace(target, id=f"{target.id}:{name.removeprefix('key:')}", series=name) for name in others)]


def _progress(target: Target, plan: Plan, here: Judged, statistics: pl.DataFrame, batches: Ratios) -> Progress:
    days = here.days
    actual = actual_of(target, here, statistics)
    owed = goals(target, plan.quotas, here, actual)
    goal, basis = np.array([each.value for each in owed]), np.array([each.basis for each in owed])
    through = np.where(actual.through < 0, days, actual.through)
    elapsed = planned_progress(target, through, float(actual.baseline[0]))
    began = actual.baseline[:, np.newaxis]
    way = (goal - actual.baseline)[:, np.newaxis]
    planned = began + way * elapsed
    progress = np.where(way > 0, (actual.values - began) / np.where(way > 0, way, 1.0), np.nan)
    pace = np.where(elapsed >= EARLY, ratio(progress, elapsed), np.nan)
    evidence = Evidence(
        target=target, days=days, through=actual.through, actual=actual.values, planned=planned,
        baseline=actual.baseline, goal=goal, basis=basis, pace=pace, units=_units(target, actual, here),
        response=here.values("response_headcount_persons", target.series), clustering=batches,
    )  # fmt: skip
    shape = actual.values.shape
    return Progress(
        target=target, scopes=here.scopes, goals=owed, actual=actual.values, baseline=actual.baseline,
        planned=planned, progress=progress, planned_progress=elapsed, lead=(progress - elapsed) * 100, pace=pace,
        gap=actual.values - planned, required_rate=_required(target, days, actual.values, goal),
        trailing_rate=_trailing_year(days, actual.values), status=statuses(evidence),
        goal=np.broadcast_to(goal[:, np.newaxis], shape), began=np.broadcast_to(began, shape),
        basis=np.broadcast_to(basis[:, np.newaxis], shape),
    )  # fmt: skip


def _required(target: Target, days: Days, actual: Ratios, goal: Ratios) -> Ratios:
    if target.deadline is None:
        return np.full(actual.shape, np.nan)
    years = (to_day(target.deadline) - days) / _DAYS_A_YEAR
    left = np.maximum(goal[:, np.newaxis] - actual, 0.0)
    return np.where(years > 0, left / np.where(years > 0, years, 1.0), np.nan)


def _trailing_year(days: Days, actual: Ratios) -> Ratios:
    column = months_before(days, 12) - days[0]
    before = actual[:, np.maximum(column, 0)]
    return np.where(column >= 0, actual - before, np.nan)


def _units(target: Target, actual: Actual, here: Judged) -> Ratios:
    """How many machines or sites one unit of the target is: of a density, the persons that it is over."""
    if target.kind == "count" or target.measured_by != FIGURE:
        return np.ones_like(actual.values)
    stock = here.values("stock_counted", target.series)
    return np.divide(stock, actual.values, out=np.zeros(stock.shape), where=actual.values > 0)
