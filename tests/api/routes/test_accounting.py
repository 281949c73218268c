from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from api_city import TODAY, Clock, Serve

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import ACCOUNTING, AREA_ACCOUNT, CONTACT, FIGURES, NUMBERING, REPORTS, SILENCE


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


def _numbers(factory: str, kind: str, day: date, **counts: int) -> dict[str, Any]:
    row = {"time": start_ns(to_day(day)), "factory": factory, "kind": kind}
    return {**row, "numbered": 0, "missing": 0, "unnumbered": 0, "repeated": 0, **counts}


def test_get_accounting_days_tell_what_was_sent_where_it_is_numbered(
    accounted: httpx.Client, store: EmbeddedStore
) -> None:
    numbers = [
        _numbers("F1", "status", TODAY, numbered=8, missing=2),
        _numbers("F2", "status", TODAY, numbered=8, missing=2, unnumbered=1),
        _numbers("F2", "lifecycle", TODAY, unnumbered=1, repeated=3),
    ]
    contact = {"time": start_ns(to_day(TODAY)), "factory": "F1", "skew_s": 2.5, "skew_s_known": True}
    store.write(REPORTS, {NUMBERING: NUMBERING.frame(numbers), CONTACT: CONTACT.frame([contact])})
    rows = accounted.get("/v1/accounting/days").json()["days"]
    told = [(row["factory"], row["kind"], row["sent"], row["missing"], row["repeated"], row["skew_s"]) for row in rows]
    assert told == [
        ("F1", "status", 10, 2, 0, 2.5), ("F2", "lifecycle", None, 0, 3, None), ("F2", "status", None, 2, 0, None),
    ]  # fmt: skip
    assert all(row["arrived"] == row["stored"] + row["refused"] for row in rows)


def test_get_accounting_days_are_paged_and_chosen(accounted: httpx.Client) -> None:
    whole = accounted.get("/v1/accounting/days", params={"from": "2024-01-01"}).json()["days"]
    assert len(whole) == 4
    seen, cursor = [], None
    while True:
        asked = {"from": "2024-01-01", "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = accounted.get("/v1/accounting/days", params=asked).json()
        seen += page["days"]
        if (cursor := page["next"]) is None:
            break
    assert seen == whole
    one = accounted.get("/v1/accounting/days", params={"factory": "F2", "kind": "lifecycle"}).json()["days"]
    assert [row["arrived"] for row in one] == [10_000]


def test_get_accounting_silence_by_day(admin: httpx.Client, client: httpx.Client, store: EmbeddedStore) -> None:
    row = {
        "time": start_ns(to_day(TODAY)), "scope": "city", "kind": "city", "series": "total", "silent_factories": 2,
        "heard_factories": 40,
    }  # fmt: skip
    store.write(FIGURES, {SILENCE: SILENCE.frame([row])})
    points = admin.get("/v1/accounting/silence", params={"from": str(TODAY)}).json()["points"]
    assert points == [{"day": str(TODAY), "silent_factories": 2, "heard_factories": 40}]
    assert admin.get("/v1/accounting/silence?scope=park:none").status_code == 404
    assert client.get("/v1/accounting/silence").status_code == 401


def test_get_accounting_of_an_area_by_day(admin: httpx.Client, client: httpx.Client, store: EmbeddedStore) -> None:
    counts = {"arrived": 8, "stored": 5, "refused": 3, "redelivered": 1, "unregistered": 2}
    counts |= {"messages": 4, "numbered": 2, "missing": 6, "unnumbered": 1}
    rows = [
        {"time": start_ns(to_day(TODAY) - back), "scope": scope, "kind": scope.partition(":")[0], **counts}
        for scope in ("city", "district:310115") for back in (0, 1, 5)
    ]  # fmt: skip
    store.write(FIGURES, {AREA_ACCOUNT: AREA_ACCOUNT.frame(rows)})
    asked = {"scope": "district:310115", "from": str(TODAY - timedelta(1)), "limit": 1}
    first = admin.get("/v1/accounting/areas", params=asked).json()
    assert first["points"] == [{"day": str(TODAY - timedelta(1)), **counts}]
    rest = admin.get("/v1/accounting/areas", params={**asked, "cursor": first["next"]}).json()
    assert (rest["points"], rest["next"]) == ([{"day": str(TODAY), **counts}], None)
    assert len(admin.get("/v1/accounting/areas").json()["points"]) == 3
    assert admin.get("/v1/accounting/areas?scope=park:none").status_code == 404
    assert client.get("/v1/accounting/areas").status_code == 401
