from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from cities import DAY0
from plan_city import figures_of, plan_of, target

from density.alerts import FALL_DAYS, fallen_chances, lagging_episodes
from density.progress import measure
from density.standing import Progress

DAYS = 1_000
QUOTAS = {"T": {"park:P01": 200.0}}


def _standing(gross_new: np.ndarray, quotas: dict[str, dict[str, float]] | None = QUOTAS) -> list[Progress]:
    figures = figures_of(DAYS, gross_new=gross_new)
    return measure(plan_of(target(value=200), quotas=quotas), figures)


def _slow_then_fast() -> np.ndarray:
    """Nothing for 600 days, then all at once."""
    return np.where(np.arange(DAYS) < 600, 0.0, 190.0)


def test_lagging_episode_begins_and_ends_with_the_status() -> None:
    standing = _standing(_slow_then_fast())
    (park,) = [place for place, name in enumerate(standing[0].scopes.names) if name == "park:P01"]
    lagging = np.flatnonzero(standing[0].status[park] == "lagging")
    (episode,) = lagging_episodes(standing, DAY0)
    assert (episode.rule, episode.scope, episode.kind, episode.target) == ("lagging", "park:P01", "park", "T")
    assert (episode.since_day, episode.cleared_day) == (DAY0 + lagging[0], DAY0 + lagging[-1] + 1)
    assert (episode.was, episode.became, episode.ended_as) == ("too_early", "lagging", "on_track")
    assert (episode.actual, episode.planned) == (0.0, pytest.approx(lagging[0] / 5))


def test_lagging_episode_stands_while_nothing_changes() -> None:
    (episode,) = lagging_episodes(_standing(np.zeros(DAYS)), DAY0)
    assert (episode.cleared_day, episode.ended_as) == (None, None)


def test_lagging_episode_needs_an_assigned_quota() -> None:
    assert lagging_episodes(_standing(np.zeros(DAYS), None), DAY0) == []


def _foreseen(*words: str, days: Sequence[int] | None = None) -> pl.DataFrame:
    days = days or range(DAY0, DAY0 + len(words))
    row = {"scope": "city", "kind": "city", "target": "SH-01"}
    return pl.DataFrame([{**row, "day": day, "chance": word} for day, word in zip(days, words, strict=True)])


def _told(*words: str, days: Sequence[int] | None = None) -> list[tuple[object, ...]]:
    return [
        (each.since_day - DAY0, each.cleared_day and each.cleared_day - DAY0, each.was, each.became, each.ended_as)
        for each in fallen_chances(_foreseen(*words, days=days))
    ]


LOW = ["uncertain"] * FALL_DAYS


def test_chance_that_fell_for_thirty_days_is_told_on_the_thirtieth() -> None:
    assert _told("likely", *LOW[1:]) == []
    assert _told("likely", *LOW) == [(30, None, "likely", "uncertain", None)]
    assert _told("likely", *LOW[:15], "likely", *LOW[15:]) == []


def test_chance_that_fell_is_cleared_when_it_is_what_it_was_or_nothing_is_foreseen() -> None:
    assert _told("likely", *LOW, "uncertain", "likely") == [(30, 32, "likely", "uncertain", "likely")]
    assert _told("likely", *LOW, "none") == [(30, 31, "likely", "uncertain", "none")]


def test_chance_that_falls_further_is_told_again() -> None:
    assert _told("likely", *LOW, *["unlikely"] * FALL_DAYS) == [
        (30, None, "likely", "uncertain", None),
        (60, None, "uncertain", "unlikely", None),
    ]


def test_chance_of_a_day_without_forecast_is_that_of_the_day_before() -> None:
    # likely until the day before the platform was on again
    days = [DAY0, *range(DAY0 + 20, DAY0 + 50)]
    assert _told("likely", *LOW, days=days) == [(49, None, "likely", "uncertain", None)]


def test_chance_after_days_without_forecast_is_no_fall() -> None:
    assert _told("none", *LOW) == []
