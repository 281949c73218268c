"""Tables as people send them: XLSX and CSV of plain rows, and uploads of them."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import httpx
import openpyxl

Rows = Sequence[Sequence[Any]]


def xlsx(rows: Rows, *, title: str = "表") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def opened(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]


def delimited(rows: Rows, *, encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(["" if each is None else each for each in row] for row in rows)
    return out.getvalue().encode(encoding)


def upload(client: httpx.Client, kind: str, content: bytes, name: str = "表.xlsx") -> httpx.Response:
    return client.post(f"/v1/uploads/{kind}", files={"file": (name, content)})


def faults(answer: httpx.Response) -> list[tuple[int, str | None, str]]:
    assert answer.status_code == 200, answer.text
    return [(each["row"], each["column"], each["code"]) for each in answer.json()["errors"]]


def stored(client: httpx.Client, answer: httpx.Response) -> int:
    assert answer.json()["ok"], answer.json()["errors"]
    confirmed = client.post(answer.json()["confirm"])
    assert confirmed.status_code == 200, confirmed.text
    return int(confirmed.json()["stored"])


def cells(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def filled(sheet: Any, changes: Iterable[tuple[str, Any]]) -> bytes:
    for address, value in changes:
        sheet[address] = value
    return saved(sheet.parent)
