import numpy as np
import pytest
from cities import DAY0
from plan_city import figures_of, plan_of, statistic, statistics_of, target

from density.progress import measure
from density.statistics import difference, growth, in_force

DAYS = DAY0 + np.arange(1_200)
Y2023, Y2024, Y2025 = 0, 366, 731  # the last days of these years, counted from the first day 2023-12-31


def row(period: str, end: int, published: int, value: float, **other: str) -> dict[str, object]:
    return statistic(other.get("figure", "f"), period, DAY0 + end, DAY0 + published, value, other.get("scope", "city"))


def test_in_force_is_the_newest_period_that_ended_and_was_published() -> None:
    found = in_force(statistics_of(row("2023", Y2023, 40, 5), row("2024", Y2024, 400, 6)), "f", "city", DAYS)
    assert np.isnan(found.values[39])
    assert found.values[[40, 399, 400]].tolist() == [5, 5, 6]
    assert found.through[[39, 40, 400]].tolist() == [-1, DAY0, DAY0 + 366]


def test_in_force_takes_what_was_published_last_of_one_period() -> None:
    rows = (row("2024", Y2024, 500, 6.5), row("2024", Y2024, 400, 6))
    assert in_force(statistics_of(*rows), "f", "city", DAYS).values[[450, 500]].tolist() == [6, 6.5]


def test_in_force_keeps_the_newer_period_when_an_older_one_is_corrected() -> None:
    rows = (row("2023", Y2023, 40, 5), row("2024", Y2024, 400, 6), row("2023", Y2023, 450, 5.5))
    assert in_force(statistics_of(*rows), "f", "city", DAYS).values[460] == 6


def test_in_force_waits_for_the_end_of_a_period_that_was_published_before() -> None:
    found = in_force(statistics_of(row("2024", Y2024, 300, 6)), "f", "city", DAYS)
    assert np.isnan(found.values[365])
    assert found.values[366] == 6


def test_in_force_lets_the_shorter_of_two_periods_win_that_end_together() -> None:
    rows = (row("2024", Y2024, 400, 6), row("2024-Q4", Y2024, 400, 2), row("2024-12", Y2024, 400, 1))
    assert in_force(statistics_of(*rows), "f", "city", DAYS).values[400] == 1


def test_in_force_is_of_its_own_figure_and_scope() -> None:
    rows = (row("2023", Y2023, 40, 5, figure="g"), row("2023", Y2023, 40, 7, scope="district:310115"))
    assert np.isnan(in_force(statistics_of(*rows), "f", "city", DAYS).values).all()


def test_growth_a_year_is_compound() -> None:
    # 100 → 121 in two years is 10 % a year and 21 % in all
    rows = statistics_of(row("2023", Y2023, 40, 100), row("2025", Y2025, 800, 121))
    assert growth(rows, "f", "city", DAYS, since=DAY0, per_year=True).values[800] == pytest.approx(10)
    assert growth(rows, "f", "city", DAYS, since=DAY0, per_year=False).values[800] == pytest.approx(21)


def test_growth_follows_a_correction_of_its_first_year() -> None:
    rows = statistics_of(row("2023", Y2023, 40, 100), row("2024", Y2024, 400, 110), row("2023", Y2023, 500, 88))
    values = growth(rows, "f", "city", DAYS, since=DAY0, per_year=False).values
    assert values[[400, 500]] == pytest.approx([10, 25])


def test_growth_compares_periods_of_one_length() -> None:
    rows = statistics_of(row("2023", Y2023, 40, 100), row("2024", Y2024, 400, 110), row("2025-01", 397, 420, 9))
    assert growth(rows, "f", "city", DAYS, since=DAY0, per_year=False).values[430] == pytest.approx(10)


def test_difference_is_of_one_period_alone() -> None:
    rows = statistics_of(row("2024", Y2024, 400, 6), row("2024", Y2024, 420, 4, figure="g"), row("2025", Y2025, 800, 5))
    one, other = (in_force(rows, name, "city", DAYS) for name in "fg")
    values = difference(one, other).values
    assert np.isnan(values[[410, 800]]).all()
    assert values[420] == 2


def test_measure_of_a_rate_that_is_to_be_faster_than_another() -> None:
    one = target("f", 0, deadline=1_461, measured_by="statistic", less="g", comparison="faster_than", scopes=("city",))
    rows = statistics_of(
        row("2024", Y2024, 400, 6), row("2024", Y2024, 400, 4, figure="g"),
        row("2025", Y2025, 800, 5), row("2025", Y2025, 800, 5, figure="g"),
    )  # fmt: skip
    measured = measure(plan_of(one), figures_of(1_000), rows)[0]
    assert measured.actual[0, [400, 800]].tolist() == [2, 0]
    assert measured.status[0, [399, 400, 800]].tolist() == ["no_data", "on_track", "at_risk"]


def test_measure_takes_the_baseline_of_a_statistic_from_the_period_that_ended_then() -> None:
    # 4 in 2023 and 4.5 in 2025, which is half of the way to 5 where half of it was due
    one = target("f", 5, deadline=1_461, measured_by="statistic", kind="ratio", scopes=("city",))
    rows = statistics_of(row("2023", Y2023, 40, 4), row("2025", Y2025, 800, 4.5))
    measured = measure(plan_of(one), figures_of(1_000), rows)[0]
    assert measured.baseline[0] == 4
    assert measured.progress[0, 800] == pytest.approx(0.5)
    assert measured.planned_progress[0, 800] == pytest.approx(731 / 1_461)
    assert measured.status[0, 900] == "on_track"
