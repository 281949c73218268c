"""What the public is told of a city whose cells are partly closed; what a key opens is told whole."""

from datetime import date
from typing import Any

import httpx
import polars as pl
import pytest
from api_city import KEY, NOON_NS, TODAY, Clock, Serve, Writer, figure, standing

from api.figures import Shelf
from density.days import to_day
from store.embedded import EmbeddedStore
from store.schema import PUBLICATION, STATE

BEARER = {"Authorization": f"Bearer {KEY}"}
DISTRICT, PARK = "district:310115", "park:P01"
PUBLISHED = date(2026, 10, 31)


@pytest.fixture
def city(store: EmbeddedStore, write: Writer) -> Writer:
    for day, stock in ((TODAY, 130), (PUBLISHED, 120)):
        for scope in ("city", DISTRICT, PARK):
            rows = [figure(scope, series, day, stock=stock, persons=4_003) for series in ("total", "all", "key")]
            write.figures(*rows)
            write.standings(standing(scope, "SH-13", day, actual=float(stock)))
    row = {"time": 0, "through_day": to_day(PUBLISHED), "published_us": NOON_NS // 1_000}
    store.write(STATE, {PUBLICATION: PUBLICATION.frame([row])})
    write.folded()
    return write


def _latest(client: httpx.Client, scope: str, **headers: str) -> dict[str, Any]:
    told: dict[str, Any] = client.get("/v1/figures/latest", params={"scope": scope}, headers=headers).json()
    return told


def test_public_is_told_persons_in_tens_and_density_no_finer(client: httpx.Client, city: Writer) -> None:
    told, whole = (_latest(client, DISTRICT, **headers)["key"] for headers in ({}, BEARER))
    assert (told["stock"], told["persons"], told["density"]) == (130, 4_000, 325.0)
    assert (whole["persons"], whole["density"]) == (4_003, pytest.approx(324.756, abs=0.001))
    assert "suppressed" not in told


def test_closed_cell_is_null_with_its_reason_and_never_zero(client: httpx.Client, city: Writer) -> None:
    city.open((DISTRICT, "key", to_day(TODAY)), why="few")
    told = _latest(client, DISTRICT)
    assert told["key"]["suppressed"] == "few"
    figures = {name: value for name, value in told["key"].items() if name not in {"suppressed", "comparison"}}
    flat = [*figures.pop("response").values(), *figures.values()]
    assert all(each in (None, {"factories": None, "persons": None}) for each in flat)
    assert told["total"]["stock"] == 130
    assert _latest(client, DISTRICT, **BEARER)["key"]["stock"] == 130


def test_cell_that_nobody_decided_is_closed(client: httpx.Client, city: Writer, write: Writer) -> None:
    write.figures(figure("district:310104", "key", TODAY))
    city.open(("district:310104", "key", to_day(TODAY)), why="unheard of")
    assert _latest(client, "district:310104")["key"]["suppressed"] == "unheard of"


def test_day_is_closed_where_either_end_of_its_month_is(client: httpx.Client, city: Writer) -> None:
    city.open(
        (DISTRICT, "key", to_day(date(2026, 9, 30)) + 1), why="beside"
    )  # closes the ends of September and October
    points = client.get(f"/v1/figures?scope={DISTRICT}&from=2026-10-31&to=2026-11-24").json()["points"]
    assert points[0]["suppressed"] == "beside"
    assert points[-1]["suppressed"] == "beside"
    assert points[-1]["stock"] is None


def test_park_is_told_by_the_published_month(client: httpx.Client, city: Writer) -> None:
    told = _latest(client, PARK)
    assert (told["day"], told["total"]["stock"]) == ("2026-10-31", 120)
    (line,) = [each for each in client.get("/v1/parks").json()["parks"] if each["park"] == "P01"]
    assert (line["day"], line["total"]["stock"], line["actual"]) == ("2026-10-31", 120, 120.0)
    points = client.get(f"/v1/figures?scope={PARK}&series=total&from=2026-10-31&to=2026-11-24").json()["points"]
    assert points[0]["stock"] == 120
    assert points[-1]["suppressed"] == "monthly"
    (own,) = [each for each in client.get("/v1/parks", headers=BEARER).json()["parks"] if each["park"] == "P01"]
    assert (own["day"], own["total"]["stock"]) == (TODAY.isoformat(), 130)


@pytest.mark.parametrize("scope", ["industry:3670", f"{DISTRICT}/industry:36"])
def test_small_scope_needs_a_key(client: httpx.Client, city: Writer, write: Writer, scope: str) -> None:
    write.figures(figure("industry:3670", "total", TODAY))
    write.crossings({**figure(f"{DISTRICT}/industry:36", "total", TODAY), "kind": "district"})
    assert _latest(client, scope)["total"].get("suppressed", "role") == "role"
    assert _latest(client, scope)["total"]["stock"] in {0, None}


def test_state_of_an_earlier_day_needs_a_key(client: httpx.Client, city: Writer) -> None:
    for path in ("/v1/figures?scope=city&as_of=2026-11-20", "/v1/figures/latest?as_of=2026-11-20"):
        assert client.get(path).json()["error"]["code"] == "key_missing"
        assert client.get(path, headers=BEARER).status_code not in {401, 403}


def test_area_sees_its_own_whole_and_the_rest_as_the_public(serve: Serve, city: Writer) -> None:
    client = serve()
    body = {"name": "Pudong", "role": "area", "areas": [DISTRICT]}
    secret = client.post("/v1/keys", json=body, headers=BEARER).json()["secret"]
    own = {"Authorization": f"Bearer {secret}"}
    assert _latest(client, DISTRICT, **own)["key"]["persons"] == 4_003
    assert _latest(client, PARK, **own)["key"]["stock"] == 130  # of today: the park is the district's
    assert _latest(client, "city", **own)["key"]["persons"] == 4_000


def test_figures_file_tells_a_key_its_own_whole_and_the_rest_as_the_public(serve: Serve, city: Writer) -> None:
    client = serve()
    city.open((DISTRICT, "all", to_day(TODAY)), why="few")
    body = {"name": "Xuhui", "role": "area", "areas": ["district:310104"]}
    secret = client.post("/v1/keys", json=body, headers=BEARER).json()["secret"]
    asked = {"from": TODAY.isoformat(), "series": ["total", "all"]}
    frames = {
        key: pl.read_parquet(
            client.get("/v1/export/figures.parquet", params=asked, headers={"Authorization": f"Bearer {key}"}).content
        )
        for key in (secret, KEY)
    }
    told, whole = ({(row["scope"], row["series"]): row for row in frame.to_dicts()} for frame in frames.values())
    assert told.keys() == whole.keys()
    assert {cell: row["suppressed"] for cell, row in told.items()} == {
        ("city", "total"): None, ("city", "all"): None, (DISTRICT, "total"): None, (DISTRICT, "all"): "few",
        (PARK, "total"): "monthly", (PARK, "all"): "monthly",
    }  # fmt: skip
    assert [(told[cell]["stock"], told[cell]["persons"]) for cell in ((DISTRICT, "total"), (DISTRICT, "all"))] == [
        (130, 4_000), (None, None),
    ]  # fmt: skip
    assert {(row["persons"], row["suppressed"]) for row in whole.values()} == {(4_003, None)}
    assert client.get("/v1/export/figures.csv").status_code == 401


def test_answer_of_many_days_looks_a_few_times_whether_figures_moved(
    client: httpx.Client, city: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    city.figures(*(figure(DISTRICT, "total", date(2026, 9, day)) for day in range(1, 31)))
    looks: list[int] = []
    folded = Shelf.folded
    monkeypatch.setattr(Shelf, "folded", lambda shelf: looks.append(1) or folded(shelf))
    told = client.get(f"/v1/figures?scope={DISTRICT}&from=2026-01-01&to=2026-11-24").json()["points"]
    assert len(told) == 328
    assert len(looks) < 5  # each reads the store


def test_kept_answers_of_one_reader_are_no_other_s(serve: Serve, city: Writer, clock: Clock) -> None:
    client = serve(fresh_s=60)
    path = f"/v1/figures/latest?scope={DISTRICT}"
    first = [client.get(path, headers=headers).json()["key"]["persons"] for headers in (BEARER, {}, BEARER, {})]
    assert first == [4_003, 4_000, 4_003, 4_000]
    tags = [client.get(path, headers=headers).headers["ETag"] for headers in (BEARER, {})]
    assert tags[0] != tags[1]
    crossed = client.get(path, headers={"If-None-Match": tags[0]})
    assert crossed.status_code == 200


def test_parks_file_says_of_which_day_a_park_is_told_and_why_not(serve: Serve, city: Writer) -> None:
    client = serve()
    secret = client.post("/v1/keys", json={"name": "v", "role": "viewer"}, headers=BEARER).json()["secret"]
    rows = {}
    for why in ("open", "few"):
        city.open((PARK, "total", to_day(date(2026, 10, 31))), why=why)
        city.folded(at_us=NOON_NS // 1_000 + len(rows) + 1)
        parks = client.get("/v1/export/parks.parquet", headers={"Authorization": f"Bearer {secret}"})
        (rows[why],) = pl.read_parquet(parks.content).filter(park="P01").to_dicts()
    assert {row["day"] for row in rows.values()} == {date(2026, 10, 31)}
    told = [(row["total_stock"], row["total_suppressed"]) for row in rows.values()]
    assert told == [(120, None), (None, "few")]
