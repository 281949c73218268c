from typing import Any

import httpx
import pytest
from api_city import NOON_NS, TODAY, factory, report
from cities import event

from density.days import to_day
from store.embedded import EmbeddedStore
from store.schema import REPORTS, REVIEW, SETTLEMENT

DAY = to_day(TODAY) - 100
PLATES: dict[str, Any] = {
    "manufacturer": "发那科", "serial": "E-1", "model": "M-20iD/25", "other_model": "M 20", "record": "核查〔2026〕1号",
}  # fmt: skip


def _settled(store: EmbeddedStore) -> list[tuple[Any, ...]]:
    rows = store.read(REPORTS, SETTLEMENT).select("manufacturer", "serial", "model", "other_model", "same")
    return rows.rows()


def test_post_same_is_stored_once_however_the_plates_are_typed(admin: httpx.Client, store: EmbeddedStore) -> None:
    typed = {**PLATES, "manufacturer": "FANUC", "serial": "e 1", "model": "m20id25"}
    answers = [admin.post("/v1/robots/same", json=each) for each in (PLATES, PLATES, typed)]
    assert [answer.status_code for answer in answers] == [201, 200, 200]
    assert answers[0].json() == {"settlement": {**PLATES, "same": True}}
    assert _settled(store) == [(store.read(REPORTS, SETTLEMENT)["manufacturer"][0], "e1", "m20id25", "m20", True)]


def test_post_distinct_takes_back_same_in_either_order(admin: httpx.Client, store: EmbeddedStore) -> None:
    turned = {**PLATES, "model": PLATES["other_model"], "other_model": PLATES["model"]}
    posts = [("same", PLATES), ("distinct", turned), ("distinct", turned), ("same", PLATES), ("same", turned)]
    statuses = [admin.post(f"/v1/robots/{route}", json=body).status_code for route, body in posts]
    assert statuses == [201, 201, 200, 201, 201]
    newest = {row[2:4]: row[4] for row in _settled(store)}  # by model and other_model, the later stamp last
    assert newest == {("m20id25", "m20"): False, ("m20", "m20id25"): True}


def test_post_review_is_stored_once_and_may_be_changed(admin: httpx.Client, store: EmbeddedStore) -> None:
    body = {"manufacturer": "某厂", "model": "X-1", "counts": True, "record": "会议纪要"}
    bodies = [body, body, {**body, "model": "x 1", "counts": False}]
    answers = [admin.post("/v1/robots/review", json=each) for each in bodies]
    assert [answer.status_code for answer in answers] == [201, 200, 201]
    assert answers[0].json() == {"review": body}
    assert store.read(REPORTS, REVIEW).select("model", "counts").rows() == [("x1", True), ("x1", False)]


@pytest.mark.parametrize(
    ("route", "change", "path"),
    [
        ("same", {"other_model": "m-20id/25"}, None),
        ("distinct", {"serial": "-/"}, "serial"),
        ("same", {"record": None}, "record"),
        ("same", {"same": True}, "same"),
        ("review", {}, "counts"),
    ],
)
def test_post_robots_with_a_fault_is_422(
    quiet_admin: httpx.Client, route: str, change: dict[str, Any], path: str | None
) -> None:
    answer = quiet_admin.post(f"/v1/robots/{route}", json={**PLATES, **change})
    errors = answer.json()["error"]
    assert answer.status_code == 422
    assert path in {errors["path"], *(each["path"] for each in errors.get("details", []))}


def _robots(admin: httpx.Client, number: int = 1, **given: Any) -> dict[str, dict[str, Any]]:
    answer = admin.get(f"/v1/factories/F0000{number}/robots", params=given).json()
    return {row["robot"]: row for row in answer["robots"]}


@pytest.fixture
def floor(admin: httpx.Client, store: EmbeddedStore) -> httpx.Client:
    admin.post("/v1/factories", json=[factory(1), factory(2)])
    one, two = "F00001", "F00002"
    events = [
        event(one, "R1", "commissioned", DAY),
        event(one, "R1", "decommissioned", DAY + 9),
        event(one, "R2", "commissioned", DAY, serial="S-2"),
        event(two, "Q2", "commissioned", DAY + 20, serial="s2"),  # the same arm, and no leaving was reported
        event(one, "R3", "installed", DAY, serial="S-3"),
        event(one, "R4", "commissioned", DAY, serial="S-4", category="other"),
        event(one, "R5", "commissioned", DAY, serial="S-5", span_first_day=None),
        event(one, "R6", "commissioned", DAY, serial="S-6"),
        event(two, "Q6", "commissioned", DAY, serial="S-6", model="X-9"),
        event(one, "R7", "decommissioned", DAY),
    ]
    report(store, NOON_NS - 10**15, lifecycle=events)
    return admin


def test_get_factory_robots_tells_where_each_stands(floor: httpx.Client) -> None:
    robots = _robots(floor)
    assert list(robots) == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    # 100 days before 2026-11-24 is 2026-08-16
    assert [robots["R1"][name] for name in ("in_stock", "since", "until")] == [False, "2026-08-16", "2026-08-25"]
    assert [robots["R5"][name] for name in ("in_stock", "since", "until")] == [True, "2026-08-16", None]
    assert robots["R1"]["new"] == {"since": "2026-08-16", "by_moved_in": False}
    assert robots["R5"]["new"] is None  # undated
    assert robots["R1"]["identity"]["serial"] == "r1"
    assert robots["R1"]["nameplate"] == {"manufacturer": "FANUC", "model": "M-20", "serial": "R1"}
    assert (robots["R6"]["category"], robots["R6"]["purpose"]) == ("articulated", "production")


def test_get_factory_robots_flags_what_is_doubtful(floor: httpx.Client) -> None:
    robots = _robots(floor)
    flagged = {flag: [name for name, row in robots.items() if row["flags"][flag]] for flag in robots["R1"]["flags"]}
    assert flagged == {
        "conflict": ["R2"],
        "suspected_duplicate": ["R6"],
        "awaiting_review": ["R4"],
        "installed_pending": ["R3"],
        "undated": ["R5"],  # `before:` a day has no first day
        "awaiting_nameplate": ["R7"],
    }
    assert (robots["R2"]["in_stock"], robots["R2"]["until"]) == (False, "2026-09-05")
    conflict, seen_there = robots["R2"]["flags"]["conflict"], _robots(floor, 2)["Q2"]["flags"]["conflict"]
    assert [(each["factory"], each["at"][:10]) for each in conflict] == [("F00002", "2026-09-05")]
    assert [each["factory"] for each in seen_there] == ["F00001"]
    assert robots["R4"]["in_stock"] is False
    assert robots["R6"]["flags"]["suspected_duplicate"][0]["model"] == "x9"


@pytest.mark.parametrize("route", ["same", "distinct"])
def test_get_factory_robots_after_a_settlement_suspects_nothing(
    floor: httpx.Client, store: EmbeddedStore, clock: Any, route: str
) -> None:
    assert _robots(floor)["R6"]["flags"]["suspected_duplicate"]
    body = {"manufacturer": "FANUC", "serial": "S-6", "model": "M-20", "other_model": "X-9", "record": "x"}
    assert floor.post(f"/v1/robots/{route}", json=body).status_code == 201
    clock.pass_s(2)
    robots = _robots(floor)
    assert robots["R6"]["flags"]["suspected_duplicate"] == []
    # One machine at two factories at one instant is a conflict; two machines are not.
    assert bool(robots["R6"]["flags"]["conflict"]) is (route == "same")


def test_get_factory_robots_after_a_review_counts_or_not(floor: httpx.Client, clock: Any) -> None:
    body = {"manufacturer": "FANUC", "model": "M-20", "counts": True, "record": "x"}
    floor.post("/v1/robots/review", json=body)
    clock.pass_s(2)
    robot = _robots(floor)["R4"]
    assert (robot["in_stock"], robot["flags"]["awaiting_review"]) == (True, False)


def test_get_factory_robots_pages_and_needs_a_factory(floor: httpx.Client) -> None:
    given, seen = {"limit": "3"}, []
    while True:
        page = floor.get("/v1/factories/F00001/robots", params=given).json()
        seen += [row["robot"] for row in page["robots"]]
        if page["next"] is None:
            break
        given["cursor"] = page["next"]
    assert seen == ["R1", "R2", "R3", "R4", "R5", "R6", "R7"]
    assert floor.get("/v1/factories/F9/robots").status_code == 404
    floor.post("/v1/factories", json=factory(3))
    assert floor.get("/v1/factories/F00003/robots").json() == {"robots": [], "next": None}
