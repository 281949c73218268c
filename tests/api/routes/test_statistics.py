from datetime import date
from typing import Any

import httpx
from api_city import TODAY

from density.days import to_day
from store.embedded import EmbeddedStore
from store.schema import REPORTS, STATISTIC

STATISTICS = "/v1/statistics"


def _frame(**changes: Any) -> dict[str, Any]:
    item = {
        "figure": "frame_persons", "scope": "city", "period": "2025", "value": 2_000_000.0, "unit": "人",
        "source": "上海市统计局（测试）", "published": "2026-02-28",
    }  # fmt: skip
    return {**item, **changes}


def test_post_statistic_stores_it_once(admin: httpx.Client, store: EmbeddedStore) -> None:
    answers = [admin.post(STATISTICS, json=_frame()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json() == {"statistic": _frame()}
    row = store.read(REPORTS, STATISTIC).row(0, named=True)
    assert (row["period_end_day"], row["published_day"]) == (to_day(date(2025, 12, 31)), to_day(date(2026, 2, 28)))
    assert (row["value"], row["unit"], row["writer"]) == (2_000_000.0, "人", "api-1")
    assert store.read(REPORTS, STATISTIC).height == 1


def test_post_statistic_of_the_same_day_of_publishing_replaces_it(admin: httpx.Client) -> None:
    items = [_frame(), _frame(value=2_100_000.0), _frame(value=2_100_000.0), _frame(period="2025-Q4")]
    answer = admin.post(STATISTICS, json=items)
    assert [result["status"] for result in answer.json()] == [201, 201, 200, 201]
    shown = admin.get(STATISTICS, params={"figure": "frame_persons"}).json()["statistics"]
    assert [(row["period"], row["value"]) for row in shown] == [("2025", 2_100_000.0), ("2025-Q4", 2_000_000.0)]


def test_post_statistic_that_a_target_of_the_plan_is_measured_by(admin: httpx.Client) -> None:
    targets = admin.get("/v1/targets").json()["targets"]
    target = next(each for each in targets if each["measured_by"] == "statistic" and each["less"] is None)
    wrong = admin.post(STATISTICS, json=_frame(figure=target["figure"], unit="朵"))
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "unit")
    unit = wrong.json()["error"]["message"].split(" reported in ")[1].split(" or ")[0].split(",")[0]
    assert admin.post(STATISTICS, json=_frame(figure=target["figure"], unit=unit)).status_code == 201


def test_post_statistic_of_a_published_density(admin: httpx.Client) -> None:
    published = _frame(figure="density_annual", value=452.0, unit="台/万人")
    assert admin.post(STATISTICS, json=published).status_code == 201
    wrong = admin.post(STATISTICS, json=published | {"unit": "人"})
    assert (wrong.status_code, wrong.json()["error"]["path"]) == (422, "unit")


def test_post_statistic_with_a_fault_is_422_with_its_path(quiet_admin: httpx.Client) -> None:
    tomorrow = date.fromordinal(TODAY.toordinal() + 1).isoformat()
    faults = [
        ({"figure": "frame_person"}, "figure"),
        ({"figure": "Frame"}, "figure"),
        ({"scope": "mars"}, "scope"),
        ({"scope": "district:310115/industry:36"}, "scope"),
        ({"unit": "万人"}, "unit"),
        ({"value": 0.0}, "value"),
        ({"value": "1"}, "value"),
        ({"source": None}, "source"),
        ({"source": " "}, "source"),
        ({"published": None}, "published"),
        ({"published": tomorrow}, "published"),
        ({"period": "2025-13"}, "period"),
        ({"period": "2025-Q5"}, "period"),
        ({"period": "0000"}, "period"),
        ({"period": "2027"}, "period"),
        ({"period": "2026", "published": "2025-12-31"}, "period"),
    ]
    for change, path in faults:
        answer = quiet_admin.post(STATISTICS, json=_frame(**change))
        assert (answer.status_code, answer.json()["error"]["path"]) == (422, path), change
    near = quiet_admin.post(STATISTICS, json=_frame(figure="frame_person")).json()["error"]
    assert (near["code"], "frame_persons" in near["message"]) == ("unknown_figure", True)
    listed = quiet_admin.post(STATISTICS, json=[_frame(), _frame(scope="mars")]).json()["error"]
    assert (listed["code"], listed["path"]) == ("unknown_scope", "1.scope")
    assert quiet_admin.get(STATISTICS).json()["statistics"] == []  # the list stored nothing


def test_get_statistics_says_what_is_superseded_and_pages(admin: httpx.Client, client: httpx.Client) -> None:
    later = _frame(published="2026-08-01", value=2_050_000.0)
    admin.post(STATISTICS, json=[_frame(), later, _frame(scope="district:310115", value=500_000.0)])
    first = client.get(STATISTICS, params={"limit": 2}).json()
    second = client.get(STATISTICS, params={"limit": 2, "cursor": first["next"]}).json()
    rows = first["statistics"] + second["statistics"]
    assert [(row["scope"], row["published"], row["superseded"]) for row in rows] == [
        ("city", "2026-08-01", False),
        ("city", "2026-02-28", True),
        ("district:310115", "2026-02-28", False),
    ]
    assert second["next"] is None
    assert len(client.get(STATISTICS, params={"scope": "city"}).json()["statistics"]) == 2
    assert client.post(STATISTICS, json=_frame()).status_code == 401
