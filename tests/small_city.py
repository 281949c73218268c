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
from store.known import with_flags
from store.schema import (
    ACCOUNTING,
    AREA_ACCOUNT,
    CONTACT,
    FIGURES,
    NUMBERING,
    REFUSAL,
    REFUSED,
    REPORTS,
    RESTATEMENT,
    SILENCE,
)

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
    plate = {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"}
    event = {"factory": "F00001", "robot": "R-0001", "event": "commissioned", "category": "articulated", **plate}
    day = {"precision": "day", "at_us": start_ns(to_day(TODAY) - 90) // 1_000}
    report(store, NOON_NS, writer="ingest-2", lifecycle=[{**event, **day, "purpose": "production", "axes": 6}])
    _tell(store, write)
    write.folded()


def _tell(store: EmbeddedStore, write: Writer) -> None:
    """What there is beside figures: of comparisons, restatements, deliveries and refusals one each."""
    today = {"time": start_ns(to_day(TODAY))}
    counted = {"matched": 12, "joined": 1, "stock_then": 98, "stock_now": 100, "persons_then": 4_010}
    write.comparisons({"base": "mom", **counted, "left": 0, "persons_now": 4_000, "change": 5.6})
    write.grades({**today, "scope": "city", "kind": "city", "scheme": "shanghai-2023", "grade": "示范性", "count": 2})
    restated = {"scope": "park:P01", "kind": "park", "series": "key", "figure": "stock", "day": to_day(TODAY) - 24}
    cause = {"why": "report", "writer": "ingest-1", "slot": '{"factory":"F00001","period":"2026-09"}', "stamp": NOON_NS}
    restated_rows = RESTATEMENT.frame([{"time": NOON_NS, **restated, "old": 98.0, "new": 100.0, **cause}])
    silence = {**today, "scope": "city", "kind": "city", "series": "total"}
    quiet = SILENCE.frame([{**silence, "silent_factories": 1, "heard_factories": 12}])
    came = {"arrived": 30, "stored": 29, "refused": 1, "redelivered": 0, "unregistered": 0}
    counted = {"messages": 3, "numbered": 3, "missing": 0, "unnumbered": 0}
    accounts = AREA_ACCOUNT.frame([{**today, "scope": "city", "kind": "city", **came, **counted}])
    told = {RESTATEMENT: with_flags(RESTATEMENT, restated_rows), SILENCE: quiet, AREA_ACCOUNT: accounts}
    store.write(FIGURES, told)
    sent = {**today, "factory": "F00001", "kind": "status"}
    items = {"messages": 3, "arrived": 30, "stored": 29, "refused": 1, "redelivered": 0}
    numbers = {"numbered": 3, "missing": 0, "unnumbered": 0, "repeated": 0}
    heard = {"last_us": NOON_NS // 1_000, "silent_after_s": 3_600, "silent": False, "live": 3, "late": 0, "skew_s": 0.4}
    contact = CONTACT.frame([{**today, "factory": "F00001", **heard}])
    deliveries = {
        ACCOUNTING: ACCOUNTING.frame([{**sent, "writer": "ingest-1", **items}]),
        NUMBERING: NUMBERING.frame([{**sent, **numbers}]),
        CONTACT: with_flags(CONTACT, contact),
    }
    store.write(REPORTS, deliveries)
    fault = {"reason": "not_json", "topic": "robodensity/v1/F00001/status", "detail": "The payload is no JSON."}
    kept = {"payload": "eyJyb2JvdHMi", "sha256": "b" * 64, "length": 9, "whole": True, "items": 1, "path": ""}
    arrived = {"time": NOON_NS, "writer": "ingest-1", "arrived_us": NOON_NS // 1_000, "factory": "F00001"}
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([{**arrived, **fault, **kept, "kind": "status"}])})


def small_app(store: EmbeddedStore, reference: Reference, plan: Plan, **given: Any) -> FastAPI:
    """The API over it, on TODAY."""
    options = ApiOptions(KEY, simulated=True, fresh_s=given.pop("fresh_s", 0), wrong_keys_a_minute=100_000)
    law: dict[str, Any] = {"reference": reference, "plan": plan, "definition": definition_of(reference)}
    return create_app(store, **law, options=options, clock_ns=Clock())
