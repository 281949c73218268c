import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_city import KEY, TODAY, Clock, Serve, Writer

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import ALERT_NOTE, REPORTS

NAME = "lagging.park:P01.SH-13.2026-03-02"
BEGUN = date(2026, 3, 2)


def _alert(day: date = BEGUN, scope: str = "park:P01", **changes: Any) -> dict[str, Any]:
    row = {
        "time": start_ns(to_day(day)), "rule": "lagging", "scope": scope, "kind": scope.partition(":")[0],
        "target": "SH-13", "state": "standing", "was": "at_risk", "became": "lagging", "since_day": to_day(day),
        "cleared_day": 0, "raised_us": start_ns(to_day(day) + 1) // 1_000, "actual": 20.0, "planned": 44.0,
    }  # fmt: skip
    return row | changes


def test_get_alerts_gives_them_newest_first_with_what_raised_and_cleared_them(
    admin: httpx.Client, write: Writer
) -> None:
    cleared = {"state": "cleared", "cleared_day": to_day(TODAY), "ended_as": "on_track"}
    write.alerts(_alert(), _alert(BEGUN + timedelta(9), "district:310115", **cleared))
    first, second = admin.get("/v1/alerts").json()["alerts"]
    assert (first["id"], first["state"]) == ("lagging.district:310115.SH-13.2026-03-11", "cleared")
    assert (first["cleared"], first["ended_as"]) == ("2026-11-24", "on_track")
    assert second == {
        "id": NAME, "rule": "lagging", "scope": "park:P01", "target": "SH-13", "state": "standing", "was": "at_risk",
        "became": "lagging", "ended_as": None, "since": "2026-03-02", "cleared": None,
        "raised": "2026-03-03T00:00:00+08:00", "actual": 20.0, "planned": 44.0, "acknowledged": None, "muted": None,
        "explanations": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "days"),
    [
        ({"state": "standing"}, [3, 2]),
        ({"rule": "chance_fell"}, [4]),
        ({"scope": "park:P02"}, [3]),
        ({"from": "2026-03-04"}, [4, 3]),
        ({"to": "2026-03-04"}, [3, 2]),
    ],
)
def test_get_alerts_by_state_rule_scope_and_day(
    admin: httpx.Client, write: Writer, asked: dict[str, str], days: list[int]
) -> None:
    fell = {"rule": "chance_fell", "state": "withdrawn"}
    write.alerts(_alert(), _alert(date(2026, 3, 4), "park:P02"), _alert(date(2026, 3, 5), "city", **fell))
    found = admin.get("/v1/alerts", params=asked).json()["alerts"]
    assert [date.fromisoformat(each["since"]).day - 1 for each in found] == [day if day != 2 else 1 for day in days]


def test_get_alerts_pages_through_alerts_of_one_day(admin: httpx.Client, write: Writer) -> None:
    write.alerts(*(_alert(scope=f"park:P{number:02}") for number in range(1, 6)), _alert(BEGUN - timedelta(1)))
    found, cursor = [], None
    while True:
        answer = admin.get("/v1/alerts", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        found += [each["id"] for each in answer["alerts"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert len(found) == len(set(found)) == 6


@pytest.mark.parametrize(
    ("action", "body", "shown"),
    [
        ("ack", {"why": "区里已约谈"}, lambda alert: alert["acknowledged"]),
        ("mute", {"why": "搬迁中", "until": "2026-12-31"}, lambda alert: alert["muted"]),
        ("explain", {"why": "两家工厂推迟投产"}, lambda alert: alert["explanations"][0]),
    ],
)
def test_note_is_a_report_with_who_when_and_why(
    admin: httpx.Client, write: Writer, store: EmbeddedStore, action: str, body: dict[str, str], shown: Any
) -> None:
    write.alerts(_alert())
    stored, again = (admin.post(f"/v1/alerts/{NAME}/{action}", json=body) for _ in range(2))
    assert (stored.status_code, again.status_code) == (201, 200)
    (listed,) = admin.get("/v1/alerts").json()["alerts"]
    note = shown(listed)
    assert listed == stored.json()["alert"] == again.json()["alert"]
    assert (note["who"], note["why"], note["at"][:10]) == ("admin", body["why"], "2026-11-24")
    assert note.get("until") == body.get("until")
    assert store.read(REPORTS, ALERT_NOTE).select("alert", "action", "who", "why").rows() == [
        (NAME, action, "admin", body["why"])
    ]


def test_mute_ends_on_its_day(admin: httpx.Client, write: Writer, clock: Clock) -> None:
    write.alerts(_alert())
    body = {"why": "搬迁中", "until": (TODAY + timedelta(1)).isoformat()}
    assert admin.post(f"/v1/alerts/{NAME}/mute", json=body).json()["alert"]["muted"]
    clock.pass_s(86_400)
    assert admin.get("/v1/alerts").json()["alerts"][0]["muted"] is None
    refused = admin.post(f"/v1/alerts/{NAME}/mute", json=body)
    assert (refused.status_code, refused.json()["error"]["path"]) == (422, "until")


def test_note_on_an_alert_goes_to_the_audit_log(serve: Serve, write: Writer, tmp_path: Path) -> None:
    write.alerts(_alert())
    client = serve(audit_path=tmp_path / "audit.log")
    client.headers["Authorization"] = f"Bearer {KEY}"
    client.post(f"/v1/alerts/{NAME}/ack", json={"why": "区里已约谈"})
    (line,) = (tmp_path / "audit.log").read_text().splitlines()
    entry = json.loads(line)
    assert (entry["who"], entry["what"], entry["outcome"]) == ("admin", [NAME], "1 of 1 stored")


def test_notes_are_seen_by_every_process(serve: Serve, write: Writer, clock: Clock) -> None:
    write.alerts(_alert())
    one, other = serve(writer="api-1"), serve(writer="api-2")
    for client in (one, other):
        client.headers["Authorization"] = f"Bearer {KEY}"
    other.get("/v1/alerts")
    one.post(f"/v1/alerts/{NAME}/explain", json={"why": "一"})
    clock.pass_s(2)
    other.post(f"/v1/alerts/{NAME}/explain", json={"why": "二"})
    clock.pass_s(2)
    for client in (one, other):
        (alert,) = client.get("/v1/alerts").json()["alerts"]
        assert [each["why"] for each in alert["explanations"]] == ["一", "二"]
