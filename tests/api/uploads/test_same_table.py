"""Any table of valid rows says the same, however it is written."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tables import delimited

from api.uploads.columns import KINDS, UploadKind, columns_of
from api.uploads.delimited import as_meant, harmless
from api.uploads.entries import read_entries
from api.uploads.headings import place_columns
from api.uploads.limits import Limits
from api.uploads.reading import read_sheet
from api.uploads.template import template
from density.register import Reference

MANY = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
# Everything that GB18030 and XML both carry; blanks at the ends are trimmed on reading.
TEXTS = st.text(st.characters(codec="gb18030", exclude_categories=("C", "Z")), min_size=1, max_size=20)
ZERO = datetime.fromisoformat("1980-01-01T00:00:00+08:00")
CODES = st.from_regex(r"[A-Za-z][A-Za-z0-9_-]{0,20}", fullmatch=True)
DAYS = st.dates(date(1960, 1, 1), date(2099, 12, 31)).map(date.isoformat)
MONTHS = st.dates(date(1960, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day:%Y-%m}")
TIMES = st.integers(3_652, 40_000_000).map(lambda minutes: (ZERO + timedelta(minutes=minutes)).isoformat())
VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": TEXTS,
    "code": CODES,
    "codes": CODES,
    "whole": st.integers(0, 10**9),
    "number": st.integers(0, 10**9) | st.floats(0, 1e6, allow_subnormal=False).map(lambda value: round(value, 3)),
    "yes": st.booleans(),
    "day": DAYS,
    "period": MONTHS | st.integers(1960, 2099).map(str) | st.just("2026-Q3"),
    "made": MONTHS,
    "moment": DAYS | MONTHS | st.just("before:2020-01-01") | TIMES,
}  # fmt: skip


def _value(column: Any) -> st.SearchStrategy[Any]:
    words = st.sampled_from(sorted(column.choices)) if column.choices else VALUES[column.read.__name__]
    return words if column.required else st.none() | words


def _rows(columns: Any) -> st.SearchStrategy[Any]:
    row = st.fixed_dictionaries({each.field: _value(each) for each in columns})
    return st.lists(row, min_size=1, max_size=8)


def _read(content: bytes, columns: Any) -> list[dict[str, Any]]:
    sheet = read_sheet(content, Limits())
    placed, faults = place_columns(sheet, columns)
    entries = read_entries(sheet, placed, columns)
    assert [*faults, *entries.faults] == []
    assert entries.blank + len(entries.good) == len(sheet.rows)
    return [dict(entry.values) for entry in entries.good]


def _said(rows: list[dict[str, Any]], columns: Any) -> list[dict[str, Any]]:
    """What is read of rows: without empty cells, and without rows of a template that nobody filled in."""
    naming = {each.field for each in columns if each.identifies}
    said = [{name: value for name, value in row.items() if value is not None} for row in rows]
    return [row for row in said if not naming or set(row) - naming]


@pytest.mark.parametrize("kind", KINDS)
def test_table_of_a_template_says_the_same_in_every_form_and_encoding(kind: UploadKind, reference: Reference) -> None:
    columns = columns_of(kind, reference)

    @MANY
    @given(rows=_rows(columns), language=st.sampled_from(["zh", "en"]))
    def hold(rows: list[dict[str, Any]], language: Any) -> None:
        book = template(kind, "xlsx", columns, rows, language)
        text = template(kind, "csv", columns, rows, language)
        plain = text.decode("utf-8-sig")
        said = _said(rows, columns)
        for content in (book, text, plain.encode(), plain.encode("gb18030"), plain.encode("utf-16")):
            assert _read(content, columns) == said

    hold()


@MANY
@given(cells=st.lists(TEXTS, min_size=2, max_size=6))
def test_plain_csv_says_the_same_with_every_separator(cells: list[str]) -> None:
    rows = [[f"c{place}" for place in range(len(cells))], [harmless(each) for each in cells]]
    for separator in ",;\t":
        sheet = read_sheet(delimited(rows, separator=separator), Limits())
        assert list(sheet.rows[0].cells.values()) == cells


@given(text=st.text())
def test_harmless_text_is_read_as_it_was_and_never_computed(text: str) -> None:
    written = harmless(text)
    assert as_meant(written) == text
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
