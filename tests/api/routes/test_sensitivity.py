from datetime import date
from typing import Any

import httpx
import pytest
from api_city import NOON_NS, Clock, Serve, Writer, factory

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.ledger import LedgerWriter
from store.schema import LIFECYCLE, WORKFORCE

URL = "/v1/sensitivity"


def _event(robot: str, name: str, day: date, category: str = "articulated") -> dict[str, Any]:
    plate = {"manufacturer": "FANUC", "model": "M-20", "serial": robot, "category": category}
    span = {"span_first_day": to_day(day), "span_last_day": to_day(day)}
    at_us = start_ns(to_day(day)) // 1_000
    return {"factory": "F00001", "robot": robot, "event": name, "at_us": at_us} | span | plate


@pytest.fixture
def city(admin: httpx.Client, write: Writer, store: EmbeddedStore) -> httpx.Client:
    # A paper mill in the plan's key set alone: robots A, W (wafer handler), O since 2011, P installed.
    admin.post("/v1/factories", json=factory(1, industry="1411"))
    writer = LedgerWriter(store, "ingest-1", lambda: NOON_NS - 10**12)
    events = [
        _event("A", "commissioned", date(2025, 3, 1)), _event("W", "commissioned", date(2025, 3, 1), "wafer_handler"),
        _event("O", "commissioned", date(2011, 1, 1)), _event("P", "installed", date(2025, 3, 1)),
    ]  # fmt: skip
    day = to_day(date(2025, 10, 31))
    period = {"period": "2025-10", "period_end_day": day, "period_months": 1, "average": 100, "end_of_period": 200}
    frames = {LIFECYCLE: LIFECYCLE.frame(events), WORKFORCE: WORKFORCE.frame([{"factory": "F00001"} | period])}
    writer.write(writer.stamp({kind: frame.drop("time", "writer") for kind, frame in frames.items()}))
    write.folded()
    return admin


def _headlines(answer: httpx.Response) -> dict[tuple[str, str], dict[str, Any]]:
    assert answer.is_success, answer.text
    return {(each["figure"], each["series"]): each for each in answer.json()["headlines"]}


def test_get_sensitivity_gives_a_range_and_the_choice_that_matters_most(city: httpx.Client) -> None:
    answer = httpx.get(city.base_url.join(URL), timeout=30)
    found = _headlines(answer)
    assert list(found) == [("gross_new", "total"), ("density_12m", "key"), ("density_12m", "all"), ("stock", "total")]
    density = found["density_12m", "all"]
    assert (density["default"], density["lowest"], density["highest"]) == pytest.approx((300.0, 50.0, 400.0))
    assert density["matters_most"] == "headcount"
    assert density["sentence"]["zh"] == (
        "机器人密度（12个月平均用工）（规模以上）为300.0台/万人，各种合理口径下在50.0至400.0之间，"
        "影响最大的是用工人数（平均125.0台/万人）。"
    )
    assert len(density["combinations"]) == 32
    assert answer.json()["simulated"] is True
    assert [each["default"] for each in answer.json()["choices"]] == [
        "bureau6", "in", "average", "none", "commissioned",
    ]  # fmt: skip


def test_get_sensitivity_of_a_class_that_is_key_in_one_set_alone(city: httpx.Client) -> None:
    found = _headlines(city.get(URL))["density_12m", "key"]
    assert found["default"] is None
    by_set = {(each["key_set"], each["value"] is None) for each in found["combinations"]}
    assert by_set == {("bureau6", True), ("plan6", False)}
    assert "没有数值" in found["sentence"]["zh"]


def test_get_sensitivity_is_told_anew_after_a_minute(
    city: httpx.Client, write: Writer, store: EmbeddedStore, clock: Clock
) -> None:
    assert _headlines(city.get(URL))["stock", "total"]["default"] == 3.0  # A, W, O
    writer = LedgerWriter(store, "ingest-2", clock)
    event = LIFECYCLE.frame([_event("B", "commissioned", date(2025, 4, 1))]).drop("time", "writer")
    writer.write(writer.stamp({LIFECYCLE: event}))
    write.folded(at_us=NOON_NS // 1_000 + 1)
    clock.pass_s(50)
    assert _headlines(city.get(URL))["stock", "total"]["default"] == 3.0
    clock.pass_s(11)
    assert _headlines(city.get(URL))["stock", "total"]["default"] == 4.0


def test_get_sensitivity_before_the_first_fold(serve: Serve) -> None:
    assert serve().get(URL).json() == {
        "scope": "city", "simulated": True, "day": None, "data_until": None, "choices": [], "headlines": [],
    }  # fmt: skip
