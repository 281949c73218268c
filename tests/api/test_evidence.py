from dataclasses import fields, replace
from datetime import date
from typing import Any

import httpx
import pytest
from api_city import NOON_NS, TODAY, Clock, definition_of, factory, report
from cities import event, period

from api.errors import ApiError
from api.evidence import Evidence
from density.days import start_ns, to_day
from density.register import Reference
from store.embedded import EmbeddedStore
from store.schema import DESIGNATION

FIGURES, LATEST = "/v1/figures", "/v1/figures/latest"
NOW, EARLY = to_day(TODAY), to_day(date(2026, 11, 1))
HEADCOUNT = to_day(date(2026, 9, 30))


def _site(name: str) -> dict[str, Any]:
    row = {"factory": name, "district": "310115", "park": "P01", "industry": "3610", "above_scale": True}
    return {**row, "name_zh": "厂", "edge_nodes": "[]"}


def _noon_ns(day: int) -> int:
    return start_ns(day) + 12 * 3_600_000_000_000


@pytest.fixture
def told(store: EmbeddedStore) -> EmbeddedStore:
    """On 1 November two robots and 400 persons; on 20 November a third robot that had come in October."""
    first, late = to_day(date(2026, 9, 1)), to_day(date(2026, 10, 5))
    robots = [event("F1", name, "commissioned", first) for name in ("R1", "R2")]
    persons = [period("F1", HEADCOUNT, 400)]
    report(store, _noon_ns(EARLY), registration=[_site("F1")], lifecycle=robots, workforce=persons)
    report(store, _noon_ns(EARLY + 19), lifecycle=[event("F1", "R3", "commissioned", late)])
    return store


def _stocks(admin: httpx.Client, **given: str) -> list[tuple[str, int]]:
    span = {"scope": "city", "series": "total", "from": "2026-10-04"}
    return [(point["day"][5:], point["stock"]) for point in admin.get(FIGURES, params=span | given).json()["points"]]


def test_get_figures_as_of_a_day_are_of_the_reports_stamped_up_to_its_end(
    told: EmbeddedStore, admin: httpx.Client
) -> None:
    before, after = (_stocks(admin, as_of=day, to="2026-10-06") for day in ("2026-11-19", "2026-11-20"))
    assert before == [("10-04", 2), ("10-05", 2), ("10-06", 2)]
    assert after == [("10-04", 2), ("10-05", 3), ("10-06", 3)]


def test_get_figures_as_of_a_day_end_on_it(told: EmbeddedStore, admin: httpx.Client) -> None:
    answer = admin.get(FIGURES, params={"scope": "city", "as_of": "2026-11-02", "from": "2026-10-30"}).json()
    assert (answer["as_of"], [point["day"] for point in answer["points"]]) == (
        "2026-11-02", ["2026-10-30", "2026-10-31", "2026-11-01", "2026-11-02"],
    )  # fmt: skip
    assert answer["points"][-1]["density"] == 50.0  # 2 robots ÷ 400 persons × 10,000
    assert answer["points"][-1]["connected_stock"] is None


@pytest.mark.parametrize(
    ("scope", "stock"),
    [("district:310115", 3), ("park:P01", 3), ("industry:3610", 3), ("park:P01/industry:36", 3), ("park:P02", 0),
     ("park:P02/industry:36", 0), ("industry:37", 0), ("factory:F1", 3)],
)  # fmt: skip
def test_get_figures_as_of_a_day_of_every_kind_of_scope(
    told: EmbeddedStore, admin: httpx.Client, scope: str, stock: int
) -> None:
    given = {"scope": scope, "series": "total", "as_of": "2026-11-23", "from": "2026-11-22"}
    points = admin.get(FIGURES, params=given).json()["points"]
    assert [point["stock"] for point in points] == [stock, stock]
    assert points[0]["density"] == (75.0 if stock else None)  # 3 ÷ 400 × 10,000


def test_get_figures_as_of_a_day_tell_the_account_of_each_day(told: EmbeddedStore, admin: httpx.Client) -> None:
    given = {"scope": "city", "series": "total", "as_of": "2026-11-23", "from": "2026-10-04", "to": "2026-10-05"}
    points = admin.get(FIGURES, params=given).json()["points"]
    assert [point["flow"]["commissioned"] for point in points] == [0, 1]


def test_get_latest_as_of_a_day(told: EmbeddedStore, admin: httpx.Client) -> None:
    smart = {"kind": "smart_factory", "scheme": "shanghai-2023", "grade": "示范性", "subject_factory": "F1"}
    row = {**smart, "from_day": to_day(date(2026, 1, 1))}
    report(told, NOON_NS - 10**15, writer="api-9", designation=[{name: row.get(name) for name in DESIGNATION.columns}])
    answer = admin.get(LATEST, params={"as_of": "2026-11-19", "key_set": "plan6"}).json()
    assert (answer["as_of"], answer["day"], answer["key_set"]) == ("2026-11-19", "2026-11-19", "plan6")
    assert answer["data_until"].startswith("2026-11-12T22:13:20")  # 10^15 ns before noon of 24 November
    assert answer["total"]["stock"] == 2
    assert answer["smart_factories"]["by"] == [{"scheme": "shanghai-2023", "grade": "示范性", "count": 1}]
    assert answer["total"]["comparison"]["mom"]["stock_now"] == 2
    assert answer["total"]["comparison"]["yoy"]["matched"] == 0


def test_get_figures_as_of_the_future_or_before_the_first_report_is_422(
    told: EmbeddedStore, admin: httpx.Client
) -> None:
    for day, code in (("2026-11-25", "bad_as_of"), ("2026-10-31", "before_first_report"), ("2020-01-01", None)):
        for path in (FIGURES, LATEST):
            answer = admin.get(path, params={"scope": "city", "as_of": day})
            assert (answer.status_code, answer.json()["error"]["path"]) == (422, "as_of")
            assert code in {None, answer.json()["error"]["code"]}


def test_get_figures_as_of_today_follow_what_arrives(told: EmbeddedStore, admin: httpx.Client, clock: Clock) -> None:
    given = {"as_of": TODAY.isoformat(), "from": TODAY.isoformat()}
    assert _stocks(admin, **given) == [("11-24", 3)]
    report(told, clock(), lifecycle=[event("F1", "R1", "decommissioned", NOW - 1)])
    clock.pass_s(2)
    assert _stocks(admin, **given) == [("11-24", 2)]


def _reader(store: EmbeddedStore, reference: Reference, clock: Clock) -> Evidence:
    return Evidence(store, reference, clock_ns=clock)


def test_evidence_reads_each_report_once_and_at_most_once_a_second(
    told: EmbeddedStore, reference: Reference, clock: Clock
) -> None:
    evidence = _reader(told, reference, clock)
    assert evidence.reports().lifecycle.height == 3
    report(told, clock(), lifecycle=[event("F1", "R4", "commissioned", NOW - 1)])
    assert evidence.reports().lifecycle.height == 3
    clock.pass_s(1)
    assert sorted(evidence.reports().lifecycle["robot"]) == ["R1", "R2", "R3", "R4"]
    early = evidence.reports(start_ns(EARLY + 1) - 1)
    heights = {each.name: getattr(early, each.name).height for each in fields(early)}
    assert {name: height for name, height in heights.items() if height} == {
        "lifecycle": 2, "workforce": 1, "registration": 1,
    }  # fmt: skip


def test_evidence_keeps_one_city(told: EmbeddedStore, reference: Reference, clock: Clock) -> None:
    evidence, definition = _reader(told, reference, clock), definition_of(reference)
    first, again = (evidence.figures(NOW - 1, definition) for _ in range(2))
    assert first is again
    evidence.figures(NOW - 1, replace(definition, installed_counts=True))
    assert evidence.figures(NOW - 1, definition) is not first


def test_evidence_before_the_first_day_of_the_figures_has_none(
    told: EmbeddedStore, reference: Reference, clock: Clock
) -> None:
    late = replace(definition_of(reference), first_day=TODAY)
    with pytest.raises(ApiError, match="2026-11-23"):
        _reader(told, reference, clock).figures(NOW - 1, late)


def test_register_after_the_reports_is_read_too(admin: httpx.Client, clock: Clock) -> None:
    admin.post("/v1/factories", json=factory(1))
    answer = admin.get(FIGURES, params={"scope": "city", "as_of": TODAY.isoformat(), "from": TODAY.isoformat()})
    assert answer.json()["points"][0]["stock"] == 0
