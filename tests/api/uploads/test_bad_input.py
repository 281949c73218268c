"""Files that people send by mistake or on purpose: each is refused whole with a sentence, or marked by cell."""

import io
import zipfile
from typing import Any

import httpx
import openpyxl
import pytest
from api_city import factory
from tables import delimited, faults, opened, saved, upload, xlsx

from api.uploads.limits import Limits
from api.uploads.package import check_package

HEADCOUNT = ("工厂编号", "期间", "平均用工人数", "期末用工人数")
GOOD = ("F00001", "2026-10", 508, 512)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@pytest.fixture(scope="module")
def plant(quiet_admin: httpx.Client) -> httpx.Client:
    quiet_admin.post("/v1/factories", json=[factory(1), factory(2)]).raise_for_status()
    return quiet_admin


def _book(*rows: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx([HEADCOUNT, *rows])))


def _repacked(content: bytes, part: str, change: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            after.writestr(name, change(before.read(name)) if name == part else before.read(name))
    return out.getvalue()


def _bomb() -> bytes:
    sheet = "xl/worksheets/sheet1.xml"
    return _repacked(xlsx([HEADCOUNT, GOOD]), sheet, lambda told: told + b" " * 64 * 1024**2)


def _entities() -> bytes:
    lol = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
    return _repacked(xlsx([HEADCOUNT, GOOD]), "xl/workbook.xml", lambda told: lol + told)


def _wide() -> bytes:
    return _repacked(
        xlsx([HEADCOUNT, GOOD]),
        "xl/worksheets/sheet1.xml",
        lambda told: told.replace(b"<row", b"<x/>" * 2_000_000 + b"<row", 1),
    )


def _sized_wrongly() -> bytes:
    """A package whose directory says that a part is smaller than it is."""
    content = bytearray(_bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as package:
        size = package.getinfo("xl/worksheets/sheet1.xml").file_size
    return bytes(content).replace(size.to_bytes(4, "little"), (4_000).to_bytes(4, "little"))


def _zip(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


WHOLE = {
    "empty": (b"", "empty_file"),
    "blank": (b" \r\n\t\r\n", "empty_file"),
    "no cells": (xlsx([]), "empty_file"),
    "zip bomb": (_bomb(), "unpacks_too_large"),
    "zip bomb that lies": (_sized_wrongly(), "not_a_workbook"),
    "entities": (_entities(), "unsafe_xml"),
    "millions of elements": (_wide(), "unpacks_too_large"),
    "another zip": (_zip(a=b"1"), "not_a_workbook"),
    "cut off": (xlsx([HEADCOUNT, GOOD])[:-200], "not_a_workbook"),
    "no XML": (_repacked(xlsx([HEADCOUNT]), "xl/workbook.xml", lambda _: b"<a"), "not_a_workbook"),
    "old xls": (OLE + b"\0" * 600, "old_xls"),
    "password": (OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "password_protected"),
    "picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff\xfe", "encoding_unknown"),
    "quotes": ('工厂编号,期间\n"F00001"x,2\n'.encode(), "not_csv"),
    "rows": (delimited([HEADCOUNT] * 10_002), "too_many_rows"),
    "columns": (delimited([["a"] * 65]), "too_many_columns"),
}  # fmt: skip


@pytest.mark.parametrize("name", WHOLE)
def test_file_that_cannot_be_read_is_refused_with_a_sentence_in_both_languages(plant: httpx.Client, name: str) -> None:
    content, code = WHOLE[name]
    answer = upload(plant, "workforce", content)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    message = answer.json()["error"]["message"]
    assert any("\u4e00" <= each <= "\u9fff" for each in message)
    assert any(each.isascii() and each.isalpha() for each in message)


def test_headings_alone_are_told(plant: httpx.Client) -> None:
    assert faults(upload(plant, "workforce", xlsx([HEADCOUNT]))) == [(2, None, "no_rows")]


def test_far_cell_is_no_reason_to_read_a_million_rows(plant: httpx.Client) -> None:
    book = _book(GOOD)
    book.active["A1000000"] = "F00001"
    assert upload(plant, "workforce", saved(book)).json()["error"]["code"] == "too_many_rows"


def test_file_beyond_the_bound_is_cut_off(plant: httpx.Client) -> None:
    answer = upload(plant, "workforce", b"a" * 9 * 1024**2)
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")


def test_body_that_is_no_form_or_holds_no_file_is_refused(plant: httpx.Client) -> None:
    told = plant.post("/v1/uploads/workforce", json={})
    assert (told.status_code, told.json()["error"]["code"]) == (415, "not_a_form")
    odd = plant.post("/v1/uploads/workforce", content=b"x", headers={"Content-Type": "multipart/form-data"})
    assert (odd.status_code, odd.json()["error"]["code"]) == (422, "malformed_form")
    none = plant.post("/v1/uploads/workforce", files={"other": ("a.csv", b"1")})
    assert (none.status_code, none.json()["error"]["code"]) == (422, "empty_file")


def test_workbook_within_the_bounds_passes(plant: httpx.Client) -> None:
    rows = [("F00001", f"{1990 + at // 12}-{at % 12 + 1:02}", at, at) for at in range(400)]
    check_package(xlsx([HEADCOUNT, *rows]), Limits())
    assert upload(plant, "workforce", xlsx([HEADCOUNT, *rows])).json()["counts"]["new"] == 400


HEADINGS = {
    "missing": (("工厂编号", "平均用工人数"), [(1, "期间", "missing_heading")]),
    "doubled": ((*HEADCOUNT, "平均 用工人数*"), [(1, "平均 用工人数*", "doubled_heading")]),
    "unknown": ((*HEADCOUNT, "身份证号"), [(1, "身份证号", "unknown_heading")]),
    "empty": ((*HEADCOUNT, None), [(1, "E", "heading_missing")]),
    "a title above": (("某厂用工报表",), [(1, "工厂编号", "missing_heading"), (1, "期间", "missing_heading"),
                                   (1, "某厂用工报表", "unknown_heading")]),
}  # fmt: skip


@pytest.mark.parametrize("name", HEADINGS)
def test_headings_that_are_wrong_are_marked(plant: httpx.Client, name: str) -> None:
    headings, expected = HEADINGS[name]
    preview = upload(plant, "workforce", xlsx([headings, (*GOOD[: len(headings)], "x")]))
    assert set(expected) <= set(faults(preview))
    assert plant.post(preview.json()["confirm"]).status_code == 409
    assert opened(plant.get(preview.json()["marked"]).content)["A1"].value == headings[0]


def test_merged_cells_are_an_error_where_they_stand(plant: httpx.Client) -> None:
    book = _book(GOOD, ("F00002", None, 1, 1))
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("C1:D1")
    preview = upload(plant, "workforce", saved(book))
    assert faults(preview) == [
        (1, "平均用工人数", "merged_headings"), (1, "D", "heading_missing"), (2, "期间", "merged_cells"),
        (3, "期间", "missing"),
    ]  # fmt: skip
    marked = opened(plant.get(preview.json()["marked"]).content)
    assert [cell for cell in ("B2", "B3", "C1", "D1") if marked[cell].comment is None] == []


def test_formula_is_an_error_and_comes_back_as_its_text(plant: httpx.Client) -> None:
    book = _book(GOOD)
    book.active["C2"] = "=SUM(D2:D9)"
    book.active["D2"] = "#REF!"
    book.create_sheet("其他")["A1"] = '=HYPERLINK("http://x.example")'
    preview = upload(plant, "workforce", saved(book))
    assert faults(preview) == [(2, "平均用工人数", "formula"), (2, "期末用工人数", "formula")]
    content = plant.get(preview.json()["marked"]).content
    sheets = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    assert [(sheets[0]["C2"].value, sheets[0]["C2"].data_type), sheets[1]["A1"].data_type] == [
        ("=SUM(D2:D9)", "s"),
        "s",
    ]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist())


def test_cells_that_a_spreadsheet_would_compute_come_back_as_text(plant: httpx.Client) -> None:
    rows = [HEADCOUNT, ("=1+1", "+1", "-1", "@SUM(1)")]
    preview = upload(plant, "workforce", delimited(rows), "表.csv")
    assert preview.json()["counts"]["faulty"] == 1
    marked = opened(plant.get(preview.json()["marked"]).content)
    assert [(cell.value, cell.data_type) for cell in marked[2]] == [(text, "s") for text in rows[1]]


def test_rows_that_say_different_things_of_one_period_are_an_error(plant: httpx.Client) -> None:
    rows = [HEADCOUNT, ("F00002", "2026-01", 5, 5), ("F00002", "2026年1月", 5, 5), ("F00002", 202601, 6, 6)]
    preview = upload(plant, "workforce", xlsx(rows))
    assert faults(preview) == [(4, None, "doubled_row")]
    assert preview.json()["counts"] | {"errors": 0, "blank": 0} == {
        "rows": 3, "new": 1, "changed": 0, "unchanged": 1, "faulty": 1, "blank": 0, "errors": 0,
    }  # fmt: skip


def test_row_that_names_another_factory_is_an_error(plant: httpx.Client) -> None:
    rows = [("工厂编号", "工厂名称", "期间", "平均用工人数"), ("F00002", "模拟工厂1", "2026-02", 5)]
    preview = upload(plant, "workforce", xlsx(rows))
    assert faults(preview) == [(2, "工厂名称", "other_name")]
    assert "「模拟工厂2」" in preview.json()["errors"][0]["message_zh"]


def test_what_the_contract_refuses_stands_at_its_cell(plant: httpx.Client) -> None:
    headings = ("工厂编号", "机器人编号", "事件", "发生时间", "制造商", "型号", "序列号", "类别", "轴数", "出厂年月")
    good = ("F00001", "R1", "投产", "2025-01-31", "FANUC", "M-20", "E2150", "关节型", 6, "2024-06")
    wrong = {
        "工厂编号": ("F00009", "unknown_factory"),
        "机器人编号": ("R/1", "invalid_field"),
        "事件": ("爆炸", "unreadable"),
        "发生时间": ("2031-01-01", "clock_ahead"),
        "制造商": (None, "invalid_field"),
        "序列号": ("n/a", "placeholder_serial"),
        "类别": (None, "invalid_field"),
        "轴数": (-1, "invalid_field"),
        "出厂年月": ("2030-01", "clock_ahead"),
    }
    for heading, (value, code) in wrong.items():
        row = tuple(value if each == heading else given for each, given in zip(headings, good, strict=True))
        preview = upload(plant, "lifecycle", xlsx([headings, row]))
        assert faults(preview) == [(2, heading, code)]
        assert heading in preview.json()["errors"][0]["message_zh"] or code == "unknown_factory"
    preview = upload(plant, "lifecycle", xlsx([headings[:4], good[:4]]))
    assert faults(preview) == [(2, "制造商", "invalid_field")]


def test_long_digits_that_a_spreadsheet_rounds_are_an_error(plant: httpx.Client) -> None:
    headings = ("工厂编号", "机器人编号", "事件", "发生时间", "制造商", "型号", "序列号", "类别")
    row = ("F00001", "R1", "投产", "2025-01-31", "FANUC", "M-20", 1234567890123456, "关节型")
    assert faults(upload(plant, "lifecycle", xlsx([headings, row]))) == [(2, "序列号", "digits_lost")]


def test_designation_that_cannot_be_is_marked_at_its_cell(plant: httpx.Client) -> None:
    rows = [
        ("认定类型", "认定办法", "等级", "工厂编号", "起始日期", "失效日期"),
        ("智能工厂", "s", None, "F00001", "2025-01-01", None),
        ("智能工厂", "s", "g", "F00009", "2025-01-01", None),
        ("智能工厂", "s", "g", "F00001", "2025-01-01", "2024-01-01"),
    ]
    preview = upload(plant, "designations", xlsx(rows))
    wanted = [(2, None, "invalid_field"), (3, "工厂编号", "unknown_factory"), (4, None, "invalid_field")]
    assert faults(preview) == wanted
    assert [each["message_zh"][:4] for each in preview.json()["errors"]] == ["智能工厂", "工厂 「", "失效日期"]


def test_statistic_that_cannot_be_is_marked_at_its_cell(plant: httpx.Client) -> None:
    rows = [
        ("指标代号", "范围", "期间", "数值", "单位", "来源", "公布日期"),
        ("frame_persons", "mars", 2025, 1, "人", "x", "2026-02-28"),
        ("frame_persons", "city", 2025, 1, "朵", "x", "2026-02-28"),
        ("frame_persons", "city", 2025, 1, "人", "x", "2027-02-28"),
    ]
    wanted = [(2, "范围", "unknown_scope"), (3, "单位", "invalid_field"), (4, "公布日期", "invalid_field")]
    assert faults(upload(plant, "statistics", xlsx(rows))) == wanted


def test_factory_that_cannot_be_is_marked_at_its_cells(plant: httpx.Client) -> None:
    rows = [
        ("工厂编号", "工厂名称", "所在区", "所在园区", "行业代码", "规上", "统一社会信用代码"),
        ("F00001", "别的名字", "浦东新区", None, 3670, "是", None),
        ("F00005", "新", "火星", "P99", 9999, "也许", "1"),
        ("F00006", "新", "浦东新区", None, 9999, "是", "1"),
    ]
    assert faults(upload(plant, "factories", xlsx(rows))) == [
        (2, "生效日期", "contradicts"), (3, "所在区", "unreadable"), (3, "所在园区", "unreadable"),
        (3, "规上", "unreadable"), (4, "行业代码", "invalid_field"), (4, "统一社会信用代码", "invalid_field"),
    ]  # fmt: skip


def test_hidden_first_sheet_and_later_sheets_are_not_read(plant: httpx.Client) -> None:
    book = _book(GOOD)
    notes = book.create_sheet("目录", 0)
    notes["A1"] = "x"
    notes.sheet_state = "hidden"
    told = upload(plant, "workforce", saved(book)).json()
    assert (told["file"]["sheet"], told["errors"]) == ("表", [])


def test_gb18030_bytes_that_are_valid_utf8_are_read_as_utf8(plant: httpx.Client) -> None:
    told = upload(plant, "workforce", delimited([HEADCOUNT, GOOD]), "表.csv").json()
    assert (told["file"]["encoding"], told["errors"]) == ("utf-8", [])
    both = "工厂编号,联通\n".encode("gb18030")  # of the famous two characters alone: valid UTF-8 of nonsense
    told = upload(plant, "workforce", both + b"F1,1\n", "表.csv").json()
    assert told["file"]["encoding"] == "gb18030"
