from typing import Any

import numpy as np
import polars as pl
from cities import DAY0
from plan_city import figures_of, plan_of, target

from density.days import start_ns
from density.progress import measure
from density.standing import Progress
from rollup.alerts import Alerts
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.schema import ALERT, FIGURES, FORECAST

DAYS = 1_000
NO_FORECAST = FORECAST.frame()


def _standing(wakes: int, *, days: int = DAYS) -> list[Progress]:
    """Nothing until a day, then more than the quota of 200 owes: lagging from day 180 on, when it is early no more."""
    figures = figures_of(days, gross_new=np.where(np.arange(days) < wakes, 0.0, 190.0))
    return measure(plan_of(target(value=200), quotas={"T": {"park:P01": 200.0}}), figures)


def _tell(store: EmbeddedStore, alerts: Alerts, standing: list[Progress], forecast: pl.DataFrame = NO_FORECAST) -> int:
    points = alerts.points(standing, forecast, DAY0)
    store.write(FIGURES, {ALERT: points})
    return points.height


def _stored(store: EmbeddedStore) -> list[tuple[Any, ...]]:
    rows = store.read(FIGURES, ALERT).iter_rows(named=True)
    return [
        ((row["time"] - start_ns(DAY0)) // 86_400_000_000_000, row["state"], row["since_day"] - DAY0,
         row["cleared_day"] and row["cleared_day"] - DAY0, row["raised_us"])
        for row in rows
    ]  # fmt: skip


def test_alert_is_raised_once_and_cleared_under_the_same_name(store: EmbeddedStore) -> None:
    alerts = Alerts(store, lambda: 7_000)
    assert _tell(store, alerts, _standing(DAYS, days=400)) == 1
    assert _stored(store) == [(180, "standing", 180, 0, 7)]
    assert _tell(store, alerts, _standing(DAYS, days=401)) == 0
    assert _tell(store, Alerts(store, lambda: 9_000), _standing(401, days=500)) == 1  # after a restart
    assert _stored(store) == [(180, "cleared", 180, 414, 7)]
    assert _tell(store, Alerts(store, lambda: 9_000), _standing(401, days=500)) == 0


def test_alert_keeps_its_name_when_a_late_report_moves_its_beginning(store: EmbeddedStore) -> None:
    _tell(store, Alerts(store, lambda: 7_000), _standing(DAYS, days=400))
    figures = figures_of(400, gross_new=np.where(np.arange(400) < 150, 0.0, 40.0))
    later = measure(plan_of(target(value=200), quotas={"T": {"park:P01": 200.0}}), figures)
    assert _tell(store, Alerts(store, lambda: 9_000), later) == 1
    ((day, state, since, cleared, raised),) = _stored(store)
    assert (day, state, cleared, raised) == (180, "standing", 0, 7)
    assert since > 180


def test_alert_that_the_reports_tell_no_more_is_withdrawn_and_may_come_back(store: EmbeddedStore) -> None:
    slow, fast = _standing(DAYS, days=400), _standing(10, days=400)
    for standing, state in ((slow, "standing"), (fast, "withdrawn"), (slow, "standing")):
        assert _tell(store, Alerts(store, lambda: 7_000), standing) == 1
        assert [row[:2] for row in _stored(store)] == [(180, state)]
        assert _tell(store, Alerts(store, lambda: 9_000), standing) == 0


def _foreseen(day: int, chance: str, name: str = "T") -> pl.DataFrame:
    row = {"time": start_ns(DAY0 + day), "scope": "city", "kind": "city", "target": name, "chance": chance}
    return with_flags(FORECAST, FORECAST.frame([row]))


def test_alert_of_a_forecast_stands_on_what_earlier_days_foresaw(store: EmbeddedStore) -> None:
    standing = _standing(10, days=400)
    for day in range(31):
        store.write(FIGURES, {FORECAST: _foreseen(day, "unlikely" if day else "likely")})
    alerts = Alerts(store, lambda: 7_000)
    today = _foreseen(30, "unlikely").select("time", "scope", "kind", "target", "chance")
    assert _tell(store, alerts, standing, today) == 1
    assert [row[:4] for row in _stored(store)] == [(30, "standing", 30, 0)]
    assert store.read(FIGURES, ALERT)["became"].to_list() == ["unlikely"]
    assert _tell(store, alerts, standing, _foreseen(31, "likely").select(today.columns)) == 1
    assert [row[:4] for row in _stored(store)] == [(30, "cleared", 30, 31)]
