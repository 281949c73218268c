import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from cities import DAY0
from plan_city import figures_of, plan_of, statistic, statistics_of, steps, target

from density.cube import ratio
from density.days import to_date, to_day
from density.plan import Target
from density.progress import EARLY, measure
from density.status import Evidence, statuses

CASES = list(csv.DictReader((Path(__file__).parent / "status.csv").read_text(encoding="utf-8").splitlines()))
YEAR_END = to_day(date(2024, 12, 31)) - DAY0  # 366


def _period(end: int) -> str:
    """A year where one ends on the day, else a month of its own."""
    day = to_date(DAY0 + end)
    return str(day.year) if (day.month, day.day) == (12, 31) else f"{day.year}-{day.month:02}"


def _published(text: str) -> Any:
    rows = []
    for each in text.split():
        when, value = each.split(":")
        day, end = (int(part) for part in when.split("@"))
        rows.append(statistic("some_statistic", _period(end), DAY0 + end, DAY0 + day, float(value)))
    return statistics_of(*rows)


def _target(case: dict[str, str]) -> Target:
    given: dict[str, Any] = {"comparison": case["comparison"]}
    if case["figure"] == "smart_factories":
        given |= {"measured_by": "designations"}
    if case["figure"] in {"statistic", "document"}:
        given |= {"measured_by": case["figure"], "scopes": ("city",), "kind": "ratio"}
        if case["quota"]:
            given |= {"baseline_value": float(case["quota"].partition("=")[2])}
        elif not case["comparison"].startswith("growth"):
            given |= {"baseline_day": None}
    figure = "some_statistic" if case["figure"] == "statistic" else case["figure"]
    return target(figure, float(case["goal"]), deadline=int(case["deadline"]), **given)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_statuses_follow_the_table(case: dict[str, str]) -> None:
    days = int(case["days"])
    one, other = _target(case), case["figure"] in {"statistic", "document"}
    named = {} if other else {case["figure"]: steps(case["actual"], days)}
    figures = figures_of(
        days, persons=float(case["persons"]), response=float(case["response"]), batch=int(case["batch"]), **named
    )
    quotas = None
    if case["quota"] and not other:
        scope, _, value = case["quota"].partition("=")
        quotas = {"T": {scope: float(value)}}
    published = _published(case["actual"]) if case["figure"] == "statistic" else None
    measured = measure(plan_of(one, quotas=quotas), figures, published)[0]
    words = measured.status[measured.scopes.names.index(case["scope"])].tolist()
    turns = [f"{day}:{word}" for day, word in enumerate(words) if day == 0 or words[day - 1] != word]
    assert " ".join(turns) == case["expected"]


@pytest.mark.parametrize("quota", [50, 500, 2_000])
@pytest.mark.parametrize("batch", [1, 20])
def test_statuses_call_few_parks_lagging_that_are_exactly_on_plan(quota: int, batch: int) -> None:
    """At most 5 % of 1,000 parks are ever lagging in four years in which batches come at the planned rate."""
    parks, days = 1_000, 1_461
    draw = np.random.default_rng(20_261_124)
    arrived = draw.poisson(quota / days / batch, (parks, days)) * batch
    arrived[:, 0] = 0
    actual = np.cumsum(arrived, axis=1).astype(np.float64)
    elapsed = np.broadcast_to(np.arange(days) / days, actual.shape)
    ones, plan = np.ones_like(actual), target("gross_new", quota, deadline=days)
    evidence = Evidence(
        target=plan, days=np.arange(DAY0, DAY0 + days), through=np.broadcast_to(0, actual.shape), actual=actual,
        planned=quota * elapsed, baseline=np.zeros(parks), goal=np.full(parks, float(quota)),
        basis=np.full(parks, "assigned"),
        pace=np.where(elapsed >= EARLY, ratio(actual / quota, elapsed), np.nan), units=ones, response=ones,
        clustering=np.full(days, float(batch)),
    )  # fmt: skip
    ever = (statuses(evidence) == "lagging").any(axis=1).mean()
    assert ever <= 0.05


def test_statuses_find_a_park_that_is_slow() -> None:
    """The power of the same test: at half of the planned rate and a quota of 500 nearly every park is found."""
    parks, days, quota = 200, 1_461, 500
    draw = np.random.default_rng(7)
    actual = np.cumsum(draw.poisson(quota / days / 2, (parks, days)), axis=1).astype(np.float64)
    elapsed = np.broadcast_to(np.arange(days) / days, actual.shape)
    ones = np.ones_like(actual)
    evidence = Evidence(
        target=target("gross_new", quota, deadline=days), days=np.arange(DAY0, DAY0 + days),
        through=np.broadcast_to(0, actual.shape), actual=actual, planned=quota * elapsed, baseline=np.zeros(parks),
        goal=np.full(parks, float(quota)), basis=np.full(parks, "assigned"),
        pace=np.where(elapsed >= EARLY, ratio(actual / quota, elapsed), np.nan), units=ones, response=ones,
        clustering=np.ones(days),
    )  # fmt: skip
    assert (statuses(evidence) == "lagging")[:, -1].mean() > 0.95
