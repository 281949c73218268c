from datetime import date

import httpx
from api_city import TODAY, Writer, factory, figure

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import FACTORY_FIGURE, district_database

FIRST = date(2023, 12, 31)
FIGURES = "/v1/figures"


def test_get_figures_gives_exactly_one_point_a_day_from_the_first_to_today(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", date(2024, 2, 29)))
    write.folded()
    answer = client.get(FIGURES, params={"scope": "city"}).json()
    days = [point["day"] for point in answer["points"]]
    assert (answer["scope"], answer["series"], answer["next"]) == ("city", "key", None)
    assert days == [date.fromordinal(day).isoformat() for day in range(FIRST.toordinal(), TODAY.toordinal() + 1)]


def test_get_figures_gives_numbers_unrounded_under_their_own_names(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY, stock=1, persons=30_000, density=1 / 3, density_12m=0.1 + 0.2))
    write.folded()
    point = client.get(FIGURES, params={"scope": "city", "from": "2026-11-24"}).json()["points"][0]
    assert point == {
        "day": "2026-11-24",
        "stock": 1,
        "gross_new": 10,
        "persons": 30_000,
        "stock_counted": 1,
        "persons_counted": 30_000,
        "density": 1 / 3,  # 1 ÷ 30,000 × 10,000
        "density_12m": 0.1 + 0.2,  # every digit of the float
        "response": {"headcount": {"factories": 0.9, "persons": 0.96}, "robots": {"factories": 0.8, "persons": 0.92}},
        "factories": 12,
        "smart_factories": 2,
    }


def test_get_figures_of_a_known_scope_with_nothing_gives_zeros_and_nulls(client: httpx.Client, write: Writer) -> None:
    write.folded()
    for scope in ("district:310115", "park:P01", "industry:36"):
        point = client.get(FIGURES, params={"scope": scope, "from": "2026-11-24"}).json()["points"][0]
        assert (point["stock"], point["persons"], point["density"]) == (0, 0, None)
        assert point["response"]["headcount"] == {"factories": None, "persons": None}


def test_get_figures_beyond_the_last_fold_is_unknown_not_zero(client: httpx.Client, write: Writer) -> None:
    write.folded(date(2026, 11, 23))
    points = client.get(FIGURES, params={"scope": "city", "from": "2026-11-23"}).json()["points"]
    assert [point["stock"] for point in points] == [0, None]


def test_get_figures_null_that_was_stored_stays_null(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY, density=None))
    write.folded()
    point = client.get(FIGURES, params={"scope": "city", "from": "2026-11-24"}).json()["points"][0]
    assert (point["density"], point["density_12m"]) == (None, 250.0)  # 100 ÷ 4,000 × 10,000


def test_get_figures_pages_meet_without_gap_or_overlap(client: httpx.Client, write: Writer) -> None:
    write.folded()
    given = {"scope": "city", "from": "2026-01-30", "to": "2026-02-05", "limit": "3"}
    pages, cursor = [], None
    while True:
        page = client.get(FIGURES, params={**given, **({"cursor": cursor} if cursor else {})}).json()
        pages.append([point["day"] for point in page["points"]])
        if (cursor := page["next"]) is None:
            break
    assert pages == [
        ["2026-01-30", "2026-01-31", "2026-02-01"],
        ["2026-02-02", "2026-02-03", "2026-02-04"],
        ["2026-02-05"],
    ]


def test_get_figures_outside_the_days_that_exist_is_cut_or_empty(client: httpx.Client, write: Writer) -> None:
    write.folded()
    early = client.get(FIGURES, params={"scope": "city", "from": "1990-01-01", "to": "2024-01-01"}).json()
    assert [point["day"] for point in early["points"]] == ["2023-12-31", "2024-01-01"]
    late = client.get(FIGURES, params={"scope": "city", "from": "2026-11-24", "to": "9999-12-31"}).json()
    assert [point["day"] for point in late["points"]] == ["2026-11-24"]
    for span in ({"from": "2027-01-01"}, {"to": "2000-01-01"}, {"cursor": "9999-12-31"}):
        answer = client.get(FIGURES, params={"scope": "city", **span}).json()
        assert (answer["points"], answer["next"]) == ([], None)


def test_get_figures_of_a_factory_are_carried_forward_and_follow_its_district(
    admin: httpx.Client, store: EmbeddedStore, write: Writer
) -> None:
    admin.post("/v1/factories", json=[factory(1), factory(1, **{"from": "2026-11-23", "district": "310112"})])
    row = {"factory": "F00001", "in_all": True, "in_key": False, "headcount_valid": True, "robots_reported": False}
    for district, day, stock in (("310115", date(2026, 11, 21), 5), ("310112", date(2026, 11, 23), 7)):
        rows = [{**row, "time": start_ns(to_day(day)), "stock": stock, "persons": 90}]
        store.write(district_database(district), {FACTORY_FIGURE: FACTORY_FIGURE.frame(rows)})
    write.folded()
    given = {"scope": "factory:F00001", "from": "2026-11-20"}
    total = admin.get(FIGURES, params={**given, "series": "total"}).json()["points"]
    assert [point["stock"] for point in total] == [0, 5, 5, 7, 7]
    assert total[-1]["response"]["headcount"] == {"factories": 1.0, "persons": None}
    assert total[-1]["response"]["robots"]["factories"] == 0.0
    key = admin.get(FIGURES, params={**given, "series": "key"}).json()["points"]
    assert [point["stock"] for point in key] == [0, 0, 0, 0, 0]  # above scale, not in a key industry


def test_get_latest_before_the_first_fold_is_null(client: httpx.Client) -> None:
    answer = client.get("/v1/figures/latest").json()
    assert (answer["scope"], answer["simulated"], answer["data_until"], answer["day"]) == ("city", True, None, None)
    assert answer["key"]["stock"] is None
    assert answer["smart_factories"] == {"counted": None, "by": []}


def test_get_latest_gives_every_series_and_grades_carried_forward(client: httpx.Client, write: Writer) -> None:
    write.figures(*(figure("city", series, TODAY, stock=stock) for series, stock in _STOCKS.items()))
    grade = {"scope": "city", "kind": "city", "scheme": "shanghai-2023"}
    write.grades(
        {**grade, "grade": "示范性", "time": start_ns(to_day(date(2024, 1, 1))), "count": 3},
        {**grade, "grade": "示范性", "time": start_ns(to_day(date(2026, 1, 1))), "count": 5},
        {**grade, "grade": "标杆性", "time": start_ns(to_day(date(2024, 1, 1))), "count": 1},
        {**grade, "grade": "标杆性", "time": start_ns(to_day(date(2025, 1, 1))), "count": 0},
    )
    write.folded()
    answer = client.get("/v1/figures/latest", params={"scope": "city"}).json()
    assert {series: answer[series]["stock"] for series in _STOCKS} == _STOCKS
    assert answer["smart_factories"] == {
        "counted": 2,
        "by": [{"scheme": "shanghai-2023", "grade": "示范性", "count": 5}],
    }
    assert answer["data_until"].startswith("2026-11-24T12:00:00")
    assert answer["data_until"].endswith("+08:00")
    assert answer["definition_version"] == 1


_STOCKS = {"total": 300, "all": 200, "key": 100}
