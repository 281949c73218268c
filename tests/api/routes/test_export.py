import io
from datetime import date, timedelta
from typing import Any

import httpx
import openpyxl
import polars as pl
import pyarrow.parquet as pq
import pytest
from api_city import NOON_NS, TODAY, Writer, factory, figure, report

from api.export import workbook
from api.export.figures import SCHEMA
from density.days import start_ns, to_day
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable

EXPORT = "/v1/export"
MARKS = {
    "definition": "1 bureau6",
    "source": "factories' reports, computed by robodensity",
    "notice": "模拟数据 · 监测测算，非官方统计",
    "simulated": True,
}


def _csv(answer: httpx.Response) -> pl.DataFrame:
    assert answer.status_code == 200, answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    return pl.read_csv(answer.content, infer_schema_length=None, schema_overrides={"day": pl.Date})


def _three_days(write: Writer) -> None:
    for back in range(3):
        day = TODAY - timedelta(back)
        write.figures(
            *(figure(scope, "key", day, stock=100 + back) for scope in ("city", "district:310115", "park:P01")),
            figure("city", "total", day, stock=900, density=None),
        )
    write.flows({"commissioned": 4})
    write.activity({"connected_stock": 55})
    write.folded()


def test_figures_file_has_a_row_for_each_day_scope_and_series(admin: httpx.Client, write: Writer) -> None:
    _three_days(write)
    answer = admin.get(f"{EXPORT}/figures.csv", params={"series": ["key", "total"]})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="figures.csv"'
    rows = _csv(answer)
    assert rows.height == 12
    assert all(of_scope["day"].is_sorted() for _, of_scope in rows.group_by("scope", maintain_order=True))
    (city,) = rows.filter(day=TODAY, scope="city", series="key").to_dicts()
    assert (city["stock"], city["density"], city["flow_commissioned"], city["flow_moved_in"]) == (100, 250.0, 4, 0)
    assert city["connected_stock"] == 55
    assert {name: city[name] for name in MARKS} == MARKS
    (total,) = rows.filter(day=TODAY, scope="city", series="total").to_dicts()
    assert (total["stock"], total["density"], total["connected_stock"]) == (900, None, None)


def test_figures_file_of_chosen_kinds_days_and_scope(admin: httpx.Client, write: Writer) -> None:
    _three_days(write)
    yesterday = (TODAY - timedelta(1)).isoformat()
    asked: list[tuple[dict[str, Any], list[str]]] = [
        ({"kind": "district"}, ["district:310115"]),
        ({"scope": "park:P01"}, ["park:P01"]),
        ({}, ["city", "district:310115", "park:P01"]),
    ]
    for params, scopes in asked:
        rows = _csv(admin.get(f"{EXPORT}/figures.csv", params={"from": yesterday, "to": yesterday, **params}))
        assert (rows["scope"].to_list(), rows["stock"].unique().to_list()) == (scopes, [101])


def test_figures_file_carries_crossings_forward_over_blocks_and_from_before(admin: httpx.Client, write: Writer) -> None:
    first = date(2024, 1, 10)
    named = {"kind": "district", "series": "key", "persons": 10, "persons_counted": 10, "definition_version": 1}
    scopes = {"district:310115/industry:36": 0, "district:310115/industry:39": 40}
    for scope, after in scopes.items():
        for stock, more in ((5, 0), (7, 90)):
            time = start_ns(to_day(first) + after + more)
            write.crossings({**named, "scope": scope, "time": time, "stock": stock})
    write.folded(first + timedelta(149))
    whole = _csv(admin.get(f"{EXPORT}/figures.csv", params={"kind": "crossing"}))
    assert whole.group_by("scope").len().sort("scope")["len"].to_list() == [150, 110]
    assert set(whole["kind"]) == {"crossing"}
    assert whole.filter(scope="district:310115/industry:36")["stock"].to_list() == [5] * 90 + [7] * 60
    since = first + timedelta(100)
    late = _csv(admin.get(f"{EXPORT}/figures.csv", params={"kind": "crossing", "from": since.isoformat()}))
    assert late.equals(whole.filter(pl.col("day") >= since))


def test_figures_file_before_the_first_fold_is_a_header(admin: httpx.Client) -> None:
    for format_ in ("csv", "xlsx", "parquet"):
        answer = admin.get(f"{EXPORT}/figures.{format_}")
        assert answer.status_code == 200
    assert pl.read_parquet(answer.content).height == 0
    assert "stock" in pl.read_parquet(answer.content).columns


def test_parquet_file_has_the_same_rows_and_says_where_it_is_from(admin: httpx.Client, write: Writer) -> None:
    _three_days(write)
    csv, parquet = (admin.get(f"{EXPORT}/figures.{format_}") for format_ in ("csv", "parquet"))
    told = pl.read_parquet(parquet.content)
    assert told.schema["stock"] == pl.Int64()
    assert told.to_dicts() == _csv(csv).cast(dict(told.schema)).to_dicts()
    metadata = pq.read_schema(io.BytesIO(parquet.content)).metadata
    assert metadata[b"robodensity.notice"].decode() == MARKS["notice"]


def test_workbook_has_the_figures_and_what_they_mean(admin: httpx.Client, write: Writer) -> None:
    _three_days(write)
    book = openpyxl.load_workbook(io.BytesIO(admin.get(f"{EXPORT}/figures.xlsx").content))
    data, about = (list(book[name].values) for name in ("数据 data", "说明 about"))
    assert len(data) == 1 + 9
    city = dict(zip(data[0], data[3], strict=True))
    assert (city["范围 scope"], city["保有量 stock"], city["日期 day"].date()) == ("city", 100, TODAY)
    assert ("notice", MARKS["notice"]) in [row[:2] for row in about]
    assert any(row[0] == "density" and row[1] == "机器人密度（监测口径）" for row in about)


def test_workbook_that_is_too_large_is_refused(
    admin: httpx.Client, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _three_days(write)
    monkeypatch.setattr(workbook, "MAX_CELLS", 300)
    answer = admin.get(f"{EXPORT}/figures.xlsx")
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "too_many_cells")


@pytest.mark.parametrize("name", ["=cmd()", "+1", "-1", "@x", "＝1+1", "<script>alert(1)</script>"])
def test_name_that_a_spreadsheet_would_compute_is_text(admin: httpx.Client, name: str) -> None:
    assert admin.post("/v1/factories", json=factory(1, name={"zh": name})).status_code == 201
    params = {"kind": "registration"}
    (row,) = _csv(admin.get(f"{EXPORT}/reports.csv", params=params)).to_dicts()
    assert row["name_zh"] == (name if name.startswith("<") else f"'{name}")
    book = openpyxl.load_workbook(io.BytesIO(admin.get(f"{EXPORT}/reports.xlsx", params=params).content))
    headings, _ = book["数据 data"].values
    cell = book["数据 data"].cell(2, headings.index("中文名称 name_zh") + 1)
    assert (cell.value, cell.data_type) == (name, "s")
    assert pl.read_parquet(admin.get(f"{EXPORT}/reports.parquet", params=params).content)["name_zh"].to_list() == [name]


def test_reports_file_is_whole_whatever_the_size_of_its_pieces(
    admin: httpx.Client, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.export.reports.PIECE_ROWS", 3)
    for writer in ("w1", "w2", "w3", "w4", "w5"):  # five reports of each instant
        rows = [{"factory": f"F{n}", "as_of_day": to_day(TODAY), "stock": n} for n in range(4)]
        report(store, NOON_NS, writer=writer, inventory=rows)
    rows = _csv(admin.get(f"{EXPORT}/reports.csv", params={"kind": "inventory"}))
    assert rows.height == 20
    assert rows.select("stamp", "writer").n_unique() == 20
    assert rows["stamp"].is_sorted(descending=True)
    assert rows["as_of_day"].unique().to_list() == [TODAY.isoformat()]
    days = {"from": TODAY.isoformat(), "to": TODAY.isoformat()}
    assert _csv(admin.get(f"{EXPORT}/reports.csv", params={"kind": "inventory", **days})).height == 20
    later = {"from": (TODAY + timedelta(1)).isoformat()}
    assert _csv(admin.get(f"{EXPORT}/reports.csv", params={"kind": "inventory", **later})).height == 0


def test_parks_file_has_every_park(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("park:P01", "total", TODAY, stock=31))
    write.folded()
    rows = _csv(admin.get(f"{EXPORT}/parks.csv"))
    assert rows.height == 57
    (park,) = rows.filter(park="P01").to_dicts()
    assert (park["total_stock"], park["total_response_headcount_persons"]) == (31, 0.96)
    assert park["name_zh"]


def test_file_that_breaks_off_does_not_look_finished(
    admin: httpx.Client, write: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    _three_days(write)

    def broken(*_: object) -> Any:
        yield pl.DataFrame(schema=dict(SCHEMA))
        raise StoreUnavailable("It is switched off.")

    monkeypatch.setattr("api.routes.export.figure_pieces", broken)
    with pytest.raises(httpx.RemoteProtocolError):
        admin.get(f"{EXPORT}/figures.csv")


def test_head_of_a_file_reads_nothing(admin: httpx.Client, write: Writer) -> None:
    write.folded()
    answer = admin.head(f"{EXPORT}/figures.csv")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_workbook_of_parks_says_what_the_figures_of_each_series_mean(admin: httpx.Client, write: Writer) -> None:
    write.figures(figure("park:P01", "total", TODAY, stock=31))
    write.folded()
    book = openpyxl.load_workbook(io.BytesIO(admin.get(f"{EXPORT}/parks.xlsx").content))
    headings, *rows = book["数据 data"].values
    (park,) = [line for line in (dict(zip(headings, row, strict=True)) for row in rows) if "P01" in line.values()]
    assert park["全部登记工厂·保有量 total_stock"] == 31
    assert {"stock", "total"} <= {row[0] for row in book["说明 about"].values}


def test_figures_file_tells_no_viewer_which_factories_are_registered(admin: httpx.Client) -> None:
    admin.post("/v1/factories", json=factory(1)).raise_for_status()
    secret = admin.post("/v1/keys", json={"name": "v", "role": "viewer"}).json()["secret"]
    answers = [
        admin.get(
            f"{EXPORT}/figures.csv",
            params={"scope": f"factory:{each}"},
            headers={"Authorization": f"Bearer {secret}"},
        ).json()["error"]
        for each in ("F00001", "F99999")
    ]
    assert [answer["code"] for answer in answers] == ["not_exported"] * 2
