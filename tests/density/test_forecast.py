from datetime import date

import numpy as np
import pytest
from cities import DAY0
from plan_city import figures_of, plan_of, target

from density.days import start_ns, to_day
from density.forecast import chance, forecasts
from density.progress import measure

DAYS = to_day(date(2026, 6, 30)) - DAY0 + 1  # 30 months of history
DEADLINE = to_day(date(2027, 12, 31)) - DAY0  # 18 months ahead


def monthly(amounts: list[float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """A level that rises by an amount on the last day of each month."""
    values = np.zeros(DAYS)
    for month, amount in enumerate(amounts):
        end = to_day(date(2024 + (month + 1) // 12, (month + 1) % 12 + 1, 1)) - 1 - DAY0
        values[end:] += amount
    return values


def forecast(amounts: list[float], goal: float, *, days: int = DAYS) -> dict[str, object]:
    figures = figures_of(days, gross_new=monthly(amounts)[:days])
    frame = forecasts(measure(plan_of(target(value=goal, deadline=DEADLINE)), figures), figures)
    assert frame.select("scope", "kind").rows() == [("city", "city"), ("district:310115", "district")]
    return frame.row(0, named=True)


def test_forecasts_of_an_even_pace_are_certain() -> None:
    # 10 a month: 300 in 30 months, 18 months to go: 480, whatever is drawn
    row = forecast([10] * 30, 480)
    assert (row["low"], row["middle"], row["high"]) == pytest.approx((480, 480, 480), abs=1)
    assert row["time"] == start_ns(DAY0 + DAYS - 1)
    assert forecast([10] * 30, 470)["chance"] == "very_likely"
    assert forecast([10] * 30, 490)["chance"] == "very_unlikely"


def test_forecasts_stand_on_the_last_24_months_alone() -> None:
    # 1,000 a month until June 2024, then 10: only the ten count
    row = forecast([1_000] * 6 + [10] * 24, 6_500)
    assert row["middle"] == pytest.approx(6_000 + 240 + 180, abs=1)
    assert row["probability"] == 0


def test_forecasts_draw_blocks_of_three_months_whole() -> None:
    # seven quiet quarters and one of 80: the sum of six quarters is 80 times the number of draws that hit it
    row = forecast([0] * 6 + [0, 0, 0] * 3 + [10, 30, 40] + [0, 0, 0] * 4, 150)
    assert row["low"] == 80  # six quarters without it have a chance of (7/8)^6 = 45 %
    assert row["high"] == 80 + 2 * 80
    assert row["probability"] == pytest.approx(1 - (7 / 8) ** 6, abs=0.03)
    assert row["chance"] == "uncertain"


def test_forecasts_are_the_same_again_and_differ_by_scope_and_day() -> None:
    amounts = [float(each) for each in np.random.default_rng(1).integers(0, 40, 30)]
    first, again = forecast(amounts, 900), forecast(amounts, 900)
    assert first == again
    figures = figures_of(DAYS, gross_new=monthly(amounts))
    frame = forecasts(measure(plan_of(target(value=900, deadline=DEADLINE)), figures), figures)
    one, other = frame.select("low", "middle", "high", "probability").rows()
    assert one != other  # the district has the same history and goal, and draws for itself


def test_forecasts_need_24_months_of_history() -> None:
    short = to_day(date(2025, 12, 30)) - DAY0 + 1
    row = forecast([10] * 30, 480, days=short)
    assert (row["low"], row["probability"], row["chance"]) == (None, None, "none")
    assert forecast([10] * 30, 480, days=short + 1)["low"] is not None


def test_forecasts_end_with_the_deadline() -> None:
    figures = figures_of(DAYS, gross_new=monthly([10] * 30))
    frame = forecasts(measure(plan_of(target(value=900, deadline=DAYS - 1)), figures), figures)
    assert frame["low"].to_list() == [None, None]


def test_forecasts_of_a_density_that_was_null_are_null() -> None:
    level = np.full(DAYS, 400.0)
    level[: DAYS - 200] = np.nan
    figures = figures_of(DAYS, density_12m=level)
    frame = forecasts(measure(plan_of(target("density_12m", 500, deadline=DEADLINE)), figures), figures)
    assert frame["target"].to_list() == ["T", "T", "T:other", "T:other"]
    assert frame["middle"].null_count() == 4


def test_forecasts_without_a_goal_tell_the_level_alone() -> None:
    figures = figures_of(DAYS, persons=0, gross_new=monthly([10] * 30))
    row = forecasts(measure(plan_of(target(value=480, deadline=DEADLINE)), figures), figures).row(1, named=True)
    assert row["middle"] == pytest.approx(480, abs=1)
    assert (row["probability"], row["chance"]) == (None, "none")


@pytest.mark.parametrize(
    ("probability", "word"),
    [(1.0, "very_likely"), (0.90, "very_likely"), (0.89, "likely"), (0.66, "likely"), (0.65, "uncertain"),
     (0.33, "uncertain"), (0.32, "unlikely"), (0.10, "unlikely"), (0.09, "very_unlikely"), (0.0, "very_unlikely"),
     (float("nan"), "none")],
)  # fmt: skip
def test_chance_is_a_word(probability: float, word: str) -> None:
    assert chance(probability) == word


def test_forecasts_of_every_district_and_target_are_made_at_once() -> None:
    level = monthly([10.0] * 30)
    figures = figures_of(DAYS, gross_new=level, smart_factories=level, density_12m=400 + level)
    plan = plan_of(target(id="A"), target("smart_factories", id="B"), target("density_12m", 500, id="C"))
    frame = forecasts(measure(plan, figures), figures)
    assert frame["target"].to_list() == [name for name in ("A", "B", "C", "C:other") for _ in range(2)]
