from datetime import date
from typing import Any

import httpx
import pytest
from api_city import NOON_NS, TODAY, Writer, factory, figure

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.ledger import LedgerWriter
from store.schema import FACTORY_FIGURE, FIGURES, LIFECYCLE, RESTATEMENT, WORKFORCE, district_database

URL = "/v1/figures/explain"
BASE = date(2026, 10, 31)


def _row(number: int, day: date, stock: int, persons: int, **changes: Any) -> dict[str, Any]:
    row = {"time": start_ns(to_day(day)), "factory": f"F{number:05}", "stock": stock, "persons": persons}
    counted = {"stock_counted": stock, "persons_counted": persons, "headcount_valid": True, "robots_reported": True}
    return row | counted | {"in_all": True, "in_key": True} | changes


def _event(number: int, robot: str, day: date) -> dict[str, Any]:
    plate = {"manufacturer": "FANUC", "model": "M-20", "serial": robot, "category": "articulated"}
    at_us = start_ns(to_day(day)) // 1_000
    span = {"span_first_day": to_day(day), "span_last_day": to_day(day)}
    return {"factory": f"F{number:05}", "robot": robot, "event": "commissioned", "at_us": at_us} | span | plate


def _period(number: int, day: date, persons: int) -> dict[str, Any]:
    period = {"period": f"{day:%Y-%m}", "period_end_day": to_day(day), "period_months": 1}
    return {"factory": f"F{number:05}", "average": persons} | period


# F00001 (no park) 100 -> 130 robots; F00002 (P01) 50 robots, 900 persons -> no headcount from November on.
@pytest.fixture
def city(admin: httpx.Client, write: Writer, store: EmbeddedStore) -> httpx.Client:
    parks = [factory(1), factory(2, park="P01"), factory(3, above_scale=False)]
    assert admin.post("/v1/factories", json=parks).status_code in {200, 201}
    write.figures(
        figure("city", "key", BASE, stock=150, persons=1_900),
        *(figure("city", "key", date(2026, 11, day), stock=150, persons=1_900) for day in range(1, 24)),
        figure("city", "key", TODAY, stock=180, persons=1_000, stock_counted=130, density=1_300.0),
    )
    write.flows({"commissioned": 31, "decommissioned": 1})
    rows = [
        _row(1, BASE, 100, 1_000), _row(1, TODAY, 130, 1_000), _row(2, BASE, 50, 900),
        _row(2, date(2026, 11, 9), 50, 0, headcount_valid=False, persons_counted=0, stock_counted=0),
    ]  # fmt: skip
    told = with_flags(FACTORY_FIGURE, FACTORY_FIGURE.frame(rows))
    store.write(district_database("310115"), {FACTORY_FIGURE: told})
    # A row of a district that F00001 never stood in is not its own.
    stale = FACTORY_FIGURE.frame([_row(1, TODAY, 999, 1)])
    store.write(district_database("310114"), {FACTORY_FIGURE: with_flags(FACTORY_FIGURE, stale)})
    writer = LedgerWriter(store, "ingest-1", lambda: NOON_NS - 10**12)
    events = [_event(1, f"R{robot}", date(2026, 11, 3)) for robot in range(3)]
    events.append(_event(3, "R9", date(2026, 11, 3)))
    headcounts = [_period(1, BASE, 1_000), _period(1, date(2026, 9, 30), 999)]
    writer.write(writer.stamp({LIFECYCLE: LIFECYCLE.frame(events).drop("time", "writer"),
                               WORKFORCE: WORKFORCE.frame(headcounts).drop("time", "writer")}))  # fmt: skip
    write.folded()
    return admin


def test_get_explanation_begins_with_three_sentences_in_both_languages(city: httpx.Client) -> None:
    answer = city.get(URL, params={"figure": "stock"}).json()
    zh, en = answer["sentences"]["zh"], answer["sentences"]["en"]
    assert zh[0].startswith(
        "【模拟数据】截至2026年11月24日，全市（重点产业）保有量为180台，较2026年10月31日的150台增加30台"
    )
    assert "期初150台，加投产31台" in zh[0]
    assert zh[1] == "影响最大的1家工厂：模拟工厂1（增加30台）。"
    assert zh[2].startswith("缺口：2家工厂中，1家工厂没有有效用工人数；")
    assert en[1] == "The factories that moved it most: Simulated factory 1 (up 30 robots)."
    assert (answer["simulated"], answer["compared_with"], answer["beside_factories"]) == (True, "2026-10-31", 0.0)
    assert answer["account"]["closing"] == 180


def test_get_explanation_of_a_density_splits_its_change(city: httpx.Client) -> None:
    answer = city.get(URL, params={"figure": "density"}).json()
    effects = answer["effects"]
    # Matched is F00001 alone: 100 -> 130 robots of 1,000 persons, 300 by stock; all: 1,300 − 150/1,900·10⁴.
    assert effects["effect_stock"] == pytest.approx(300.0)
    assert effects["change"] == pytest.approx(1_300 - 150 / 1_900 * 1e4)
    assert sum(effects[part] for part in ("effect_stock", "effect_headcount", "effect_composition")) == pytest.approx(
        effects["change"]
    )
    assert answer["numerator"] == {"name": "stock_counted", "value": 130}
    assert answer["denominator"] == {"name": "persons_counted", "value": 1_000}
    # Of all: 150/1,900 -> 130/1,000. Outside parks +30 robots: 30·½(1/1900+1/1000)·10⁴ = 228.9. P01 −50 robots and
    # −900 persons: −50·½(1/1900+1/1000)·10⁴ + ½(150+130)·900/(1,900·1,000)·10⁴ = −381.6 + 663.2 = 281.6.
    moved = [(each["park"], round(each["moved"], 1)) for each in answer["movers"]["parks"]]
    assert moved == [("P01", 281.6), (None, 228.9)]
    assert answer["definition"]["definition"]["zh"].startswith("计入密度的保有量除以")
    left_out = answer["left_out"]
    assert left_out["reasons"] == {"below_scale": 1, "no_headcount": 1}
    assert left_out["factories"] == [
        {"factory": "F00002", "reasons": ["no_headcount"]},
        {"factory": "F00003", "reasons": ["below_scale"]},
    ]


def test_get_explanation_pages_the_reports_that_it_stands_on(city: httpx.Client) -> None:
    seen: list[tuple[str, str]] = []
    params: dict[str, Any] = {"figure": "density", "limit": 2}
    while True:
        page = city.get(URL, params=params).json()
        assert len(page["reports"]) <= 2
        seen += [(each["kind"], each["factory"]) for each in page["reports"]]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    # F00001: three events, the headcount in force and its registration; F00002: its registration.
    assert sorted(seen) == [
        *[("lifecycle", "F00001")] * 3, ("registration", "F00001"), ("registration", "F00002"),
        ("workforce", "F00001"),
    ]  # fmt: skip
    assert page["reports_count"] == 6
    slots = [each["slot"] for each in city.get(URL, params={"figure": "stock"}).json()["reports"]]
    event = next(each for each in slots if each.get("event"))
    assert (event["at"], event["event"]) == ("2026-11-03T00:00:00+08:00", "commissioned")


def test_get_explanation_pages_the_factories_left_out(city: httpx.Client) -> None:
    first = city.get(URL, params={"figure": "density", "limit": 1}).json()["left_out"]
    assert ([each["factory"] for each in first["factories"]], first["next"], first["count"]) == (
        ["F00002"],
        "F00002",
        2,
    )
    rest = city.get(URL, params={"figure": "density", "left_out_cursor": first["next"]}).json()["left_out"]
    assert ([each["factory"] for each in rest["factories"]], rest["next"]) == (["F00003"], None)


def test_get_explanation_tells_the_restatements_of_both_days(city: httpx.Client, store: EmbeddedStore) -> None:
    row = {
        "time": NOON_NS, "scope": "city", "kind": "city", "series": "key", "figure": "stock", "day": to_day(BASE),
        "old": 149.0, "new": 150.0, "why": "report", "writer": "ingest-1", "slot": '{"factory":"F00001"}', "stamp": 7,
    }  # fmt: skip
    other = row | {"time": NOON_NS - 1, "day": to_day(date(2026, 9, 30))}
    store.write(FIGURES, {RESTATEMENT: with_flags(RESTATEMENT, RESTATEMENT.frame([row, other]))})
    told = city.get(URL, params={"figure": "stock"}).json()["restatements"]
    assert [(each["day"], each["old"], each["new"]) for each in told] == [("2026-10-31", 149.0, 150.0)]


def test_get_explanation_of_a_factory(city: httpx.Client) -> None:
    answer = city.get(URL, params={"figure": "stock", "scope": "factory:F00001"}).json()
    assert (answer["value"], answer["value_then"], answer["account"]) == (130, 100, None)
    assert "模拟工厂1（重点产业）保有量为130台，较2026年10月31日的100台增加30台" in answer["sentences"]["zh"][0]


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        ({"figure": "densty"}, 404, "unknown_figure"),
        ({"figure": "stock", "scope": "district:999999"}, 404, "unknown_scope"),
        ({"figure": "stock", "day": "2023-12-30"}, 422, "day_without_figures"),
        ({"figure": "stock", "day": "2026-11-25"}, 422, "day_without_figures"),
        ({"figure": "stock", "cursor": "x"}, 422, "bad_cursor"),
        ({"figure": "stock", "key_set": "none"}, 422, "unknown_key_set"),
        ({"figure": "stock", "colour": "red"}, 422, "unknown_parameter"),
        ({}, 422, "invalid_field"),
    ],
)
def test_get_explanation_refuses(city: httpx.Client, params: dict[str, str], status: int, code: str) -> None:
    answer = city.get(URL, params=params)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


def test_get_explanation_suggests_the_nearest_figure(city: httpx.Client) -> None:
    assert "did you mean density?" in city.get(URL, params={"figure": "densty"}).json()["error"]["message"]


def test_get_explanation_before_the_first_fold(admin: httpx.Client) -> None:
    assert admin.get(URL, params={"figure": "stock"}).json()["error"]["code"] == "no_figures"


def test_get_explanation_needs_a_role(client: httpx.Client) -> None:
    assert client.get(URL, params={"figure": "stock"}).status_code == 401
