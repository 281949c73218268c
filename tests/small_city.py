"""A city with a little of everything that the API tells, for tests of all of its routes."""

from typing import Any

from api_city import KEY, NOON_NS, TODAY, Clock, Writer, definition_of, factory, figure, report, standing
from fastapi import FastAPI

from api.app import create_app
from api.options import ApiOptions
from density.days import start_ns, to_day
from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

ALERT = "lagging.park:P01.SH-13.2026-03-02"
_BEGUN = to_day(TODAY) - 267


def fill(store: EmbeddedStore) -> None:
    """Write figures, standings, an alert and reports of today."""
    write = Writer(store)
    for scope in ("city", "district:310115", "park:P01"):
        write.figures(*(figure(scope, series, TODAY) for series in ("total", "all", "key")))
        write.standings(standing(scope, "SH-13", TODAY))
    write.flows({"commissioned": 4})
    write.forecasts({"low": 90.0, "middle": 100.0, "high": 120.0, "probability": 0.5, "chance": "uncertain"})
    begun = {"time": start_ns(_BEGUN), "since_day": _BEGUN, "cleared_day": 0, "raised_us": NOON_NS // 1_000}
    told = {"state": "standing", "was": "at_risk", "became": "lagging", "actual": 20.0, "planned": 44.0}
    write.alerts({"rule": "lagging", "scope": "park:P01", "kind": "park", "target": "SH-13", **begun, **told})
    item = factory(1, park="P01")
    row = {name: item[name] for name in ("factory", "district", "park", "industry", "above_scale")}
    report(store, NOON_NS, writer="api-0", registration=[{**row, "name_zh": "模拟工厂1", "edge_nodes": "[]"}])
    headcount = {"factory": "F00001", "period": "2026-10", "period_end_day": to_day(TODAY) - 24, "period_months": 1}
    report(store, NOON_NS, workforce=[{**headcount, "average": 400}])
    write.folded()


def small_app(store: EmbeddedStore, reference: Reference, plan: Plan, **given: Any) -> FastAPI:
    """The API over it, on TODAY."""
    options = ApiOptions(KEY, simulated=True, fresh_s=given.pop("fresh_s", 0), wrong_keys_a_minute=100_000)
    law: dict[str, Any] = {"reference": reference, "plan": plan, "definition": definition_of(reference)}
    return create_app(store, **law, options=options, clock_ns=Clock())
