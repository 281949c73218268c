"""Codes of the store stand on Chinese pages by their names."""

import json
from datetime import date

import httpx
from api_city import NOON_NS, TODAY, Writer, factory, report
from board_city import drawn, fill, settled
from cities import event

from density.days import to_day
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.schema import FIGURES, REFUSAL, REFUSED, RESTATEMENT


def test_quality_names_scopes_and_reasons(admin: httpx.Client, store: EmbeddedStore, write: Writer) -> None:
    fill(write)
    cause = {"why": "report", "writer": "ingest-1", "slot": json.dumps({"factory": "F1"}), "stamp": NOON_NS}
    scope = {"scope": "district:310115", "kind": "district", "series": "key", "figure": "stock"}
    row = {"time": NOON_NS, **scope, "day": to_day(date(2026, 9, 30)), "old": 98.0, "new": 100.0, **cause}
    rows = RESTATEMENT.frame([row, {**row, "series": "key:plan6"}])
    store.write(FIGURES, {RESTATEMENT: with_flags(RESTATEMENT, rows)})
    fault = {"writer": "ingest-1", "reason": "clock_ahead", "kind": "workforce", "factory": "F1", "detail": "Late."}
    refused = {"time": NOON_NS, **fault, "arrived_us": NOON_NS // 1_000, "items": 1}
    store.write(REFUSED, {REFUSAL: REFUSAL.frame([refused])})
    page = settled(admin, "/quality", drawn)
    assert '<td class="text">浦东新区</td>' in page
    assert "district:310115" not in page
    assert '<td class="text">重点产业：实施方案六大重点产业</td>' in page
    assert "key:plan6" not in page.partition("h-restatements")[2]
    assert "时间晚于当前" in page
    assert "clock_ahead" not in page


def test_factory_names_categories_of_robots(admin: httpx.Client, store: EmbeddedStore, write: Writer) -> None:
    fill(write)
    admin.post("/v1/factories", json=factory(1)).raise_for_status()
    report(store, NOON_NS, lifecycle=[event("F00001", "R1", "commissioned", to_day(TODAY) - 3)])
    page = settled(admin, "/factory/F00001", drawn)
    assert '<td class="text">关节型</td>' in page
    assert "articulated" not in page
