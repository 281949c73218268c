from datetime import date

import httpx
from api_city import TODAY, Writer, factory, figure

from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.schema import FACTORY_FIGURE, FIGURE, district_database

FIRST = date(2023, 12, 31)
FIGURES = "/v1/figures"


def test_get_figures_gives_exactly_one_point_a_day_from_the_first_to_today(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", date(2024, 2, 29)))
    write.folded()
    answer = client.get(FIGURES, params={"scope": "city"}).json()
    days = [point["day"] for point in answer["points"]]
    assert (answer["scope"], answer["series"], answer["next"]) == ("city", "key", None)
    assert days == [date.fromordinal(day).isoformat() for day in range(FIRST.toordinal(), TODAY.toordinal() + 1)]


def test_get_figures_gives_numbers_unrounded_under_their_own_names(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY, stock=1, persons=30_000, density=1 / 3, density_12m=0.1 + 0.2))
    write.folded()
    point = admin.get(FIGURES, params={"scope": "city", "from": "2026-11-24"}).json()["points"][0]
    expected = {
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
    assert {name: point[name] for name in expected} == expected


def test_get_figures_shows_every_figure_of_the_schema_under_its_own_name(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY, in_transit=4, density_ifr=None, mix_index=101.5))
    write.flows({"commissioned": 3, "moved_out": 1})
    write.activity({"connected_stock": 90, "operating_stock": 80, "undeclared": 2, "unseen": 1})
    write.folded()
    point = admin.get(FIGURES, params={"scope": "city", "from": "2026-11-24"}).json()["points"][0]
    fields = {field.name for field in FIGURE.fields}
    own = {name for name in fields if not name.endswith("_known") and not name.startswith("response_")}
    assert own - {"definition_version"} <= set(point)
    assert (point["in_transit"], point["density_ifr"], point["mix_index"]) == (4, None, 101.5)
    assert point["flow"] == {
        "commissioned": 3, "moved_in": 0, "reinstated": 0, "reclassified_in": 0,
        "decommissioned": 0, "moved_out": 1, "reclassified_out": 0,
    }  # fmt: skip
    assert [point[name] for name in ("connected_stock", "operating_stock", "undeclared", "unseen")] == [90, 80, 2, 1]


def test_get_figures_flow_of_a_quiet_day_is_zero_and_activity_unknown(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("zone:lingang", "key", TODAY))
    write.folded(TODAY)
    point = admin.get(FIGURES, params={"scope": "zone:lingang", "from": "2026-11-24"}).json()["points"][0]
    assert set(point["flow"].values()) == {0}
    assert (point["stock"], point["connected_stock"], point["unseen"]) == (100, None, None)


def test_get_figures_of_a_crossing_are_carried_forward(admin: httpx.Client, write: Writer) -> None:
    scope = "district:310115/industry:36"
    row = figure(scope, "key", date(2026, 11, 22), stock=8, persons=400)
    write.crossings({**row, "kind": "district"})
    write.folded()
    points = admin.get(FIGURES, params={"scope": scope, "from": "2026-11-21"}).json()["points"]
    assert [point["stock"] for point in points] == [0, 8, 8, 8]
    assert (points[-1]["density"], points[-1]["flow"]) == (200.0, None)  # 8 ÷ 400 × 10,000; no account is kept
    assert admin.get("/v1/figures/latest", params={"scope": scope}).json()["key"]["stock"] == 8
    empty = admin.get(FIGURES, params={"scope": "park:P01/industry:36", "from": "2026-11-24"}).json()["points"][0]
    assert (empty["stock"], empty["density"]) == (0, None)
    for unknown in (
        "district:310115/industry:367",
        "district:1/industry:36",
        "city/industry:36",
        "park:P01/industry:99",
    ):
        assert admin.get(FIGURES, params={"scope": unknown}).status_code == 404


def test_get_figures_in_another_key_set_are_those_of_its_series(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY, stock=5), figure("city", "key:plan6", TODAY, stock=9))
    write.figures(figure("city", "all", TODAY, stock=20))
    write.folded()
    given = {"scope": "city", "from": "2026-11-24"}
    stocks = [
        client.get(FIGURES, params={**given, **more}).json()["points"][0]["stock"]
        for more in ({}, {"key_set": "bureau6"}, {"key_set": "plan6"}, {"key_set": "plan6", "series": "all"})
    ]
    assert stocks == [5, 5, 9, 20]
    latest = client.get("/v1/figures/latest", params={"key_set": "plan6"}).json()
    assert (latest["key_set"], latest["key"]["stock"], latest["all"]["stock"]) == ("plan6", 9, 20)
    unknown = client.get(FIGURES, params={"scope": "city", "key_set": "plan7"})
    assert (unknown.status_code, unknown.json()["error"]["path"]) == (422, "key_set")
    assert "bureau6, plan6" in unknown.json()["error"]["message"]


def test_get_latest_compares_with_a_month_and_a_year_before(client: httpx.Client, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY))
    write.comparisons({"base": "yoy", "matched": 9, "change": 12.5, "effect_stock": 20.0})
    write.folded()
    latest = client.get("/v1/figures/latest").json()
    yoy = latest["key"]["comparison"]["yoy"]
    assert (yoy["matched"], yoy["change"], yoy["effect_stock"], yoy["density_then"]) == (9, 12.5, 20.0, None)
    assert latest["key"]["comparison"]["mom"] is None
    assert latest["all"]["comparison"] == {"mom": None, "yoy": None}


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
    plan6 = admin.get(FIGURES, params={**given, "key_set": "plan6"}).json()["points"]
    assert [point["stock"] for point in plan6] == [0, 5, 5, 7, 7]  # 3670 is key in the plan's set


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
