from datetime import timedelta

import numpy as np
import pytest
from cities import DAY0, FIRST
from plan_city import figures_of, plan_of, steps, target

from density.milestones import planned_progress
from density.plan import Milestone
from density.progress import measure


def milestone(day: int, value: float) -> Milestone:
    return Milestone(FIRST + timedelta(days=day), value)


def test_planned_progress_without_milestones_is_a_line() -> None:
    days = DAY0 + np.array([-5, 0, 100, 500, 1_000, 1_200])
    assert planned_progress(target(), days, 0.0).tolist() == [0, 0, 0.1, 0.5, 1, 1]


def test_planned_progress_goes_through_the_milestones() -> None:
    # 50 of 200 by day 400, 150 by day 600: a quarter, then half of the way in 200 days, then a quarter in 400
    one = target(milestones=(milestone(400, 50), milestone(600, 150)))
    days = DAY0 + np.array([200, 400, 500, 600, 800, 1_000])
    assert planned_progress(one, days, 0.0) == pytest.approx([0.125, 0.25, 0.5, 0.75, 0.875, 1.0])


def test_planned_progress_counts_a_level_from_its_baseline() -> None:
    # 420 lies a fifth of the way from 400 to 500
    one = target("density_12m", 500, milestones=(milestone(500, 420),))
    assert planned_progress(one, DAY0 + np.array([250, 500, 750]), 400.0) == pytest.approx([0.1, 0.2, 0.6])


def test_planned_progress_asks_nothing_for_a_milestone_that_was_passed_before() -> None:
    one = target("density_12m", 500, milestones=(milestone(500, 390),))
    assert planned_progress(one, DAY0 + np.array([250, 500, 750]), 400.0) == pytest.approx([0.0, 0.0, 0.5])


def test_planned_progress_is_unknown_without_a_baseline_day() -> None:
    assert np.isnan(planned_progress(target(baseline_day=None), DAY0 + np.arange(3), 0.0)).all()


def test_measure_gives_every_scope_the_same_part_of_its_own_way() -> None:
    one = target(milestones=(milestone(400, 50),))
    measured = measure(
        plan_of(one, quotas={"T": {"park:P01": 40}}), figures_of(500, gross_new=steps("0:0 90:10", 500))
    )[0]
    city, park = measured.scopes.names.index("city"), measured.scopes.names.index("park:P01")
    assert measured.planned[[city, park], 400] == pytest.approx([50, 10])
    assert measured.gap[[city, park], 400] == pytest.approx([-40, 0])


def test_measure_tells_the_rate_that_is_required_beside_the_one_of_the_last_year() -> None:
    # day 400: 60 came, 40 of them after day 34, which is 12 months before (2025-02-03 and 2024-02-03)
    figures = figures_of(1_100, gross_new=steps("0:0 20:20 300:60 1050:200", 1_100))
    measured = measure(plan_of(target()), figures)[0]
    assert measured.required_rate[0, 400] == pytest.approx((200 - 60) / (600 / 365.25))
    assert measured.trailing_rate[0, 400] == 40
    assert np.isnan(measured.trailing_rate[0, 365])  # 2024-12-30: a year before it nothing was counted
    assert measured.trailing_rate[0, 366] == 60
    assert np.isnan(measured.required_rate[0, 1_000])  # the deadline


def test_measure_requires_nothing_more_of_a_target_that_is_met() -> None:
    assert measure(plan_of(target()), figures_of(300, gross_new=250))[0].required_rate[0, 10] == 0
