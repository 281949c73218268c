"""Uploads from end to end: a template, filled in, previewed, confirmed, and what the platform holds then."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_city import KEY, factory
from tables import cells, delimited, faults, filled, opened, stored, upload, xlsx

from density.days import to_day
from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable
from store.schema import (
    ACCOUNTING,
    DESIGNATION,
    INVENTORY,
    LIFECYCLE,
    REGISTRATION,
    REPORTS,
    STATISTIC,
    WORKFORCE,
    Measurement,
)

HEADCOUNT = ("工厂编号", "期间", "平均用工人数", "期末用工人数")
EVENT = ("工厂编号", "机器人编号", "事件", "发生时间", "制造商", "型号", "序列号", "类别")


@pytest.fixture
def plant(admin: httpx.Client) -> httpx.Client:
    admin.post("/v1/factories", json=[factory(1), factory(2, district="310114")]).raise_for_status()
    return admin


def _template(client: httpx.Client, kind: str, **asked: str) -> Any:
    answer = client.get(f"/v1/uploads/templates/{kind}.xlsx", params=asked)
    answer.raise_for_status()
    return opened(answer.content)


def _rows(store: EmbeddedStore, kind: Measurement) -> list[dict[str, Any]]:
    return store.read(REPORTS, kind).sort("time").to_dicts()


def test_workforce_from_its_template_is_stored_once(plant: httpx.Client, store: EmbeddedStore) -> None:
    sheet = _template(plant, "workforce")
    assert cells(sheet) == [
        ["工厂编号", "工厂名称", "期间", "平均用工人数", "期末用工人数", "用工口径"],
        ["F00001", "模拟工厂1", "2026-10", None, None, None],
        ["F00002", "模拟工厂2", "2026-10", None, None, None],
    ]
    book = filled(sheet, [("D2", 508), ("E2", "５１２")])
    preview = upload(plant, "workforce", book)
    assert preview.json()["counts"] == {
        "rows": 2, "new": 1, "changed": 0, "unchanged": 0, "faulty": 0, "blank": 1, "errors": 0,
    }  # fmt: skip
    assert _rows(store, WORKFORCE) == []  # a preview stores nothing
    assert stored(plant, preview) == 1
    assert plant.post(preview.json()["confirm"]).json()["stored"] == 1  # repeated
    assert stored(plant, upload(plant, "workforce", book)) == 0  # and uploaded again
    [row] = _rows(store, WORKFORCE)
    told = {name: row[name] for name in ("factory", "period", "average", "end_of_period", "basis", "period_end_day")}
    assert told == {
        "factory": "F00001", "period": "2026-10", "average": 508, "end_of_period": 512, "basis": "site",
        "period_end_day": to_day(date(2026, 10, 31)),
    }  # fmt: skip
    [account] = _rows(store, ACCOUNTING)
    assert {name: account[name] for name in ("factory", "kind", "arrived", "stored", "refused", "messages")} == {
        "factory": "F00001", "kind": "workforce", "arrived": 1, "stored": 1, "refused": 0, "messages": 1,
    }  # fmt: skip
    assert [row[3] for row in cells(_template(plant, "workforce"))] == ["平均用工人数", 508, None]


def test_workforce_that_changes_is_counted_apart_and_added_to_the_account(
    plant: httpx.Client, store: EmbeddedStore
) -> None:
    first = [HEADCOUNT, ("F00001", "2026-09", 500, None), ("F00001", "2026-10", 508, None)]
    assert stored(plant, upload(plant, "workforce", xlsx(first))) == 2
    second = [HEADCOUNT, ("F00001", "2026-09", 500, None), ("F00001", "2026-10", 510, None)]
    preview = upload(plant, "workforce", xlsx(second))
    assert {name: preview.json()["counts"][name] for name in ("new", "changed", "unchanged")} == {
        "new": 0, "changed": 1, "unchanged": 1,
    }  # fmt: skip
    assert stored(plant, preview) == 1
    assert [row["stored"] for row in _rows(store, ACCOUNTING)] == [3]


def test_figures_and_accounts_show_what_was_uploaded(plant: httpx.Client) -> None:
    persons = [HEADCOUNT, ("F00001", "2026-10", 508, None), ("F00002", "2026-10", 492, None)]
    events = [EVENT, ("F00002", "R-1", "投产", "2026-11-03", "FANUC", "M-20iD/25", "E21503127", "关节型")]
    assert stored(plant, upload(plant, "workforce", xlsx(persons))) == 2
    assert stored(plant, upload(plant, "lifecycle", xlsx(events))) == 1
    asked = {"scope": "city", "series": "total", "from": "2026-11-24", "to": "2026-11-24", "as_of": "2026-11-24"}
    [point] = plant.get("/v1/figures", params=asked).json()["points"]
    assert (point["persons"], point["stock"], point["density"]) == (1000, 1, 1 / 492 * 10_000)
    totals = plant.get("/v1/accounting").json()["totals"]
    assert {name: totals[name] for name in ("arrived", "stored", "refused")} == {
        "arrived": 3, "stored": 3, "refused": 0,
    }  # fmt: skip


def test_inventory_from_its_template_is_stored(plant: httpx.Client, store: EmbeddedStore) -> None:
    sheet = _template(plant, "inventory", factory="F00001")
    assert cells(sheet)[1] == ["F00001", "模拟工厂1", "2026-10-31", None, None]
    book = filled(sheet, [("D2", 0), ("E2", "是")])
    assert stored(plant, upload(plant, "inventory", book)) == 1
    [row] = _rows(store, INVENTORY)
    assert (row["as_of_day"], row["stock"], row["complete"]) == (to_day(date(2026, 10, 31)), 0, True)
    again = _template(plant, "inventory", factory="F00001")
    assert upload(plant, "inventory", filled(again, [])).json()["counts"]["unchanged"] == 1


def test_lifecycle_is_stored_and_shown(plant: httpx.Client, store: EmbeddedStore) -> None:
    rows = [
        EVENT,
        ("F00001", "R-1", "投产", "2026年11月3日", "FANUC", "M-20iD/25", "E21503127", "关节型"),
        ("F00001", "R-2", "commissioned", date(2026, 11, 4), "FANUC", "M-20iD/25", "E21503128", "Articulated"),
        ("F00001", "R-1", "退役", "2026-11-20 08:30", None, None, None, None),
    ]
    assert stored(plant, upload(plant, "lifecycle", xlsx(rows))) == 3
    told = [(row["robot"], row["event"], row["at"], row["serial"]) for row in _rows(store, LIFECYCLE)]
    assert told == [
        ("R-1", "commissioned", "2026-11-03", "E21503127"),
        ("R-2", "commissioned", "2026-11-04", "E21503128"),
        ("R-1", "decommissioned", "2026-11-20T08:30:00+08:00", None),
    ]
    shown = plant.get("/v1/factories/F00001/robots").json()["robots"]
    assert {each["robot"]: each["in_stock"] for each in shown} == {"R-1": False, "R-2": True}
    again = _template(plant, "lifecycle")
    assert upload(plant, "lifecycle", filled(again, [])).json()["counts"]["unchanged"] == 3


def test_designations_are_stored_and_come_back_in_their_template(plant: httpx.Client, store: EmbeddedStore) -> None:
    rows = [
        ("认定类型", "认定办法", "等级", "工厂编号", "单位名称", "单位所在区", "起始日期", "凭证"),
        ("智能工厂", "shanghai-2023", "示范性", "F00001", None, None, "2025/1/1", "沪经信〔2025〕1号"),
        ("工赋链主", "shanghai-2023", None, None, "某集团", "浦东新区", 45658, None),
    ]
    assert stored(plant, upload(plant, "designations", xlsx(rows))) == 2
    kept = [(row["kind"], row["subject_factory"], row["subject_district"]) for row in _rows(store, DESIGNATION)]
    assert kept == [("smart_factory", "F00001", None), ("chain_leader", None, "310115")]
    assert {row["from_day"] for row in _rows(store, DESIGNATION)} == {to_day(date(2025, 1, 1))}
    book = filled(_template(plant, "designations", lang="en"), [])
    assert upload(plant, "designations", book).json()["counts"]["unchanged"] == 2


def test_statistics_are_stored_and_come_back_in_their_template(plant: httpx.Client, store: EmbeddedStore) -> None:
    rows = [
        ("指标代号", "范围", "期间", "数值", "单位", "来源", "公布日期"),
        ("frame_persons", "city", 2025, "2,000,000", "人", "上海市统计局（测试）", "2026-02-28"),
    ]
    assert stored(plant, upload(plant, "statistics", xlsx(rows))) == 1
    assert [row["value"] for row in _rows(store, STATISTIC)] == [2_000_000.0]
    book = filled(_template(plant, "statistics"), [])
    assert upload(plant, "statistics", book).json()["counts"]["unchanged"] == 1


def test_factories_are_registered_changed_and_come_back_in_their_template(
    plant: httpx.Client, store: EmbeddedStore
) -> None:
    plant.post("/v1/factories", json=factory(3, edge_nodes=["g/n"], metric_paths={"g/n": {"a": "R1/Status/Operation"}}))
    sheet = _template(plant, "factories")
    assert upload(plant, "factories", filled(sheet, [])).json()["counts"]["unchanged"] == 3
    changes = [("A5", "F00004"), ("B5", "=cmd()"), ("E5", "浦东新区"), ("G5", 3670), ("H5", "是")]
    changes += [("H2", "否"), ("J2", "2026-11-01")]
    book = filled(sheet, changes)
    opened(book)["B5"].data_type = "s"
    assert faults(upload(plant, "factories", book)) == [(5, "工厂名称", "formula")]
    sheet["B5"].data_type = "s"
    preview = upload(plant, "factories", filled(sheet, []))
    assert {name: preview.json()["counts"][name] for name in ("new", "changed", "unchanged")} == {
        "new": 1, "changed": 1, "unchanged": 2,
    }  # fmt: skip
    assert stored(plant, preview) == 2
    assert [row["factory"] for row in _rows(store, REGISTRATION)][-2:] == ["F00001", "F00004"]
    assert plant.get("/v1/factories/F00001").json()["factory"]["above_scale"] is False
    assert plant.get("/v1/factories/F00004").json()["factory"]["name"]["zh"] == "=cmd()"
    listed = plant.get("/v1/uploads/templates/factories.csv").content.decode("utf-8-sig")
    assert "'=cmd()" in listed
    again = upload(plant, "factories", listed.encode(), "名录.csv")
    assert again.json()["counts"] | {"rows": 0} == {
        "rows": 0, "new": 0, "changed": 0, "unchanged": 4, "faulty": 0, "blank": 0, "errors": 0,
    }  # fmt: skip


def test_a_table_with_an_error_is_marked_and_cannot_be_confirmed(plant: httpx.Client, store: EmbeddedStore) -> None:
    rows = [HEADCOUNT, ("F00001", "2026-10", "五百", None), ("F00002", "2026-12", 5, 5), ("F00001", "2026-09", 7, 7)]
    preview = upload(plant, "workforce", xlsx(rows))
    assert faults(preview) == [(2, "平均用工人数", "unreadable"), (3, "期间", "clock_ahead")]
    told = preview.json()["errors"][0]
    assert "「五百」" in told["message_zh"]
    assert "五百" in told["message_en"]
    refused = plant.post(preview.json()["confirm"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "has_errors")
    assert _rows(store, WORKFORCE) == []
    sheet = opened(plant.get(preview.json()["marked"]).content)
    assert cells(sheet) == [list(row) for row in rows]
    marked = {cell.coordinate for row in sheet.iter_rows() for cell in row if cell.comment}
    assert marked == {"C2", "B3"}
    assert "「五百」" in sheet["C2"].comment.text
    assert sheet["C2"].fill.fgColor.rgb == "FFF4B6B0"
    mended = upload(plant, "workforce", filled(sheet, [("C2", 500), ("B3", "2026-10")]))
    unmarked = opened(plant.get(mended.json()["marked"]).content)
    assert [cell for row in unmarked.iter_rows() for cell in row if cell.comment or cell.fill.fill_type] == []
    assert stored(plant, mended) == 3


def test_confirm_that_the_store_does_not_answer_stores_once_when_repeated(
    plant: httpx.Client, store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    preview = upload(plant, "workforce", xlsx([HEADCOUNT, ("F00001", "2026-10", 508, 512)]))
    written = EmbeddedStore.write
    calls = iter(range(9))

    def half(self: EmbeddedStore, database: str, frames: Any) -> None:
        call = next(calls)
        if call == 0:  # the reports land, the answer does not
            written(self, database, frames)
        if call < 2:
            raise StoreUnavailable("cut off.")
        written(self, database, frames)

    monkeypatch.setattr(EmbeddedStore, "write", half)
    answers = [plant.post(preview.json()["confirm"]) for _ in range(3)]
    assert [each.status_code for each in answers] == [503, 503, 200]
    assert len(_rows(store, WORKFORCE)) == 1
    assert [row["stored"] for row in _rows(store, ACCOUNTING)] == [1]


def test_rows_that_are_in_error_only_since_the_preview_are_refused_whole(plant: httpx.Client) -> None:
    rows = [("认定类型", "认定办法", "等级", "工厂编号", "起始日期"), ("智能工厂", "s", "g", "F00001", "2025-01-01")]
    table = [("工厂编号", "工厂名称", "所在区", "行业代码", "规上"), ("F00007", "新厂", "310115", "3670", "是")]
    preview = upload(plant, "factories", xlsx(table))
    plant.post("/v1/factories", json=factory(7)).raise_for_status()
    refused = plant.post(preview.json()["confirm"])
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "has_errors")
    assert stored(plant, upload(plant, "designations", xlsx(rows))) == 1


def test_uploads_are_audited_with_who_which_file_and_how_many_rows(serve: Any, tmp_path: Path) -> None:
    client = serve(audit_path=tmp_path / "audit")
    client.headers["Authorization"] = f"Bearer {KEY}"
    client.post("/v1/factories", json=factory(1)).raise_for_status()
    preview = upload(client, "workforce", xlsx([HEADCOUNT, ("F00001", "2026-10", 508, 512)]), r"C:\厂\十月.xlsx")
    stored(client, preview)
    lines = [json.loads(line) for line in (tmp_path / "audit").read_text().splitlines()]
    sha256 = preview.json()["file"]["sha256"]
    assert [(line["who"], line["what"], line["outcome"]) for line in lines[1:]] == [
        ("admin", ["workforce", f"sha256:{sha256}", "十月.xlsx"], "previewed"),
        ("admin", ["workforce", f"sha256:{sha256}", "十月.xlsx"], "1 of 1 rows stored"),
    ]


def test_templates_are_empty_for_the_public_and_filled_in_with_the_key(
    plant: httpx.Client, client: httpx.Client
) -> None:
    answer = client.get("/v1/uploads/templates/workforce.csv", params={"lang": "en"})
    assert answer.content.decode("utf-8-sig").splitlines() == [
        "Factory id,Factory name,Period,Average headcount,Headcount at the end of the period,Basis"
    ]
    one = plant.get("/v1/uploads/templates/workforce.csv", params={"district": "310114"}).content.decode("utf-8-sig")
    assert one.splitlines()[1:] == ["F00002,模拟工厂2,2026-10,,,"]
    assert upload(client, "workforce", xlsx([HEADCOUNT])).status_code == 401


def test_a_preview_ends_after_its_time_with_a_sentence(plant: httpx.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    preview = upload(plant, "workforce", xlsx([HEADCOUNT, ("F00001", "2026-10", 508, 512)])).json()
    monkeypatch.setattr("api.uploads.previews.Previews._drop_expired", lambda previews: previews._kept.clear())
    for asked in (plant.post(preview["confirm"]), plant.get(preview["marked"])):
        assert (asked.status_code, asked.json()["error"]["code"]) == (404, "unknown_upload")
        assert "30" in asked.json()["error"]["message"]


def test_csv_of_every_encoding_and_separator_says_the_same(plant: httpx.Client) -> None:
    rows = [HEADCOUNT, ("F00001", "2026年10月", "1,508", "１５１２")]
    told = []
    for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16"):
        for separator in ",;\t":
            answer = upload(plant, "workforce", delimited(rows, encoding=encoding, separator=separator), "表.csv")
            assert faults(answer) == []
            assert answer.json()["file"]["encoding"] == encoding
            told.append(answer.json()["counts"])
    assert all(each == told[0] for each in told)


def test_a_factory_uploads_for_itself_alone(plant: httpx.Client, serve: Any, store: EmbeddedStore) -> None:
    asked = {"name": "厂", "role": "factory", "factories": ["F00001"]}
    secret = plant.post("/v1/keys", json=asked).json()["secret"]
    client = serve(writer="api-2")
    client.headers["Authorization"] = f"Bearer {secret}"
    rows = [HEADCOUNT, ("F00001", "2026-10", 508, 512), ("F00002", "2026-10", 1, 1)]
    preview = upload(client, "workforce", xlsx(rows))
    assert faults(preview) == [(3, "工厂编号", "not_yours")]
    assert client.post(preview.json()["confirm"]).status_code == 409
    own = upload(client, "workforce", xlsx(rows[:2]))
    assert stored(client, own) == 1
    assert [row["factory"] for row in _rows(store, WORKFORCE)] == ["F00001"]
    assert cells(_template(client, "workforce"))[1:] == [["F00001", "模拟工厂1", "2026-10", 508, 512, "厂区"]]
    assert upload(client, "designations", xlsx(rows)).status_code == 403
    client.headers["Authorization"] = f"Bearer {KEY}"
    assert client.post(own.json()["confirm"]).status_code == 404  # a preview is its uploader's
