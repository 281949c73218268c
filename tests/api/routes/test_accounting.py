from datetime import date
from typing import Any

import httpx
import pytest
from api_city import TODAY, Clock, Serve

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import ACCOUNTING, REPORTS


def _row(factory: str, kind: str, day: date, arrived: int, **changes: Any) -> dict[str, Any]:
    row = {"time": start_ns(to_day(day)), "writer": "ingest-1", "factory": factory, "kind": kind}
    return {**row, "messages": 1, "arrived": arrived, "stored": arrived - 1, "refused": 1, "redelivered": 2, **changes}


def _write(store: EmbeddedStore, *rows: dict[str, Any]) -> None:
    store.write(REPORTS, {ACCOUNTING: ACCOUNTING.frame(rows)})


@pytest.fixture
def accounted(store: EmbeddedStore, admin: httpx.Client) -> httpx.Client:
    _write(
        store,
        _row("F1", "status", date(2024, 1, 1), 10),
        _row("F1", "status", TODAY, 100),
        _row("F2", "status", TODAY, 1_000),
        _row("F2", "lifecycle", TODAY, 10_000, writer="ingest-2"),
    )
    return admin


def test_get_accounting_without_anything_is_all_zero(client: httpx.Client) -> None:
    totals = client.get("/v1/accounting").json()["totals"]
    assert totals == {"messages": 0, "arrived": 0, "stored": 0, "refused": 0, "redelivered": 0}


def test_get_accounting_sums_all_days_factories_and_writers(accounted: httpx.Client) -> None:
    answer = accounted.get("/v1/accounting").json()
    assert answer == {"totals": {"messages": 4, "arrived": 11_110, "stored": 11_106, "refused": 4, "redelivered": 8}}


def test_get_accounting_sums_what_is_asked_for(accounted: httpx.Client) -> None:
    cases: list[tuple[dict[str, str], int]] = [
        ({"factory": "F1"}, 110),
        ({"factory": "F9"}, 0),
        ({"kind": "status"}, 1_110),
        ({"from": "2026-11-24"}, 11_100),
        ({"to": "2026-11-23"}, 10),
        ({"factory": "F2", "kind": "lifecycle", "from": "2026-11-24", "to": "2026-11-24"}, 10_000),
    ]
    for given, arrived in cases:
        answer = accounted.get("/v1/accounting", params=given).json()
        assert answer["totals"]["arrived"] == arrived
        assert sum(day["arrived"] for day in answer["days"]) == arrived


def test_get_accounting_follows_today_and_the_turn_of_the_day(store: EmbeddedStore, serve: Serve, clock: Clock) -> None:
    client = serve()
    for arrived in (10, 25):  # a running total that grows
        _write(store, _row("F1", "status", TODAY, arrived))
        assert client.get("/v1/accounting").json()["totals"]["arrived"] == arrived
    clock.pass_s(86_400)
    _write(store, _row("F1", "status", TODAY, 30), _row("F1", "status", date(2026, 11, 25), 5))
    assert client.get("/v1/accounting").json()["totals"]["arrived"] == 35
    clock.pass_s(3 * 86_400)
    assert client.get("/v1/accounting").json()["totals"]["arrived"] == 35


def test_get_accounting_takes_what_a_replay_moves_on_a_day_long_past(
    accounted: httpx.Client, store: EmbeddedStore
) -> None:
    accounted.get("/v1/accounting")
    moved = {"writer": "replay", "messages": 0, "stored": 1, "refused": -1, "redelivered": 0}
    _write(store, _row("F1", "status", date(2024, 1, 1), 0, **moved))
    totals = accounted.get("/v1/accounting").json()["totals"]
    assert (totals["arrived"], totals["stored"], totals["refused"]) == (11_110, 11_107, 3)
