"""Refused rows for people: payloads decoded as far as they are text."""

import base64
import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from api.answer import shanghai_time

COLUMNS = (
    "arrived", "settled", "factory", "kind", "reason", "detail", "path", "topic", "items", "restored", "whole",
    "length", "sha256", "cut", "payload",
)  # fmt: skip

_BOM = "\ufeff"
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # what a spreadsheet takes for one


def told(row: Mapping[str, Any]) -> dict[str, object]:
    """A row with its payload as text where it is UTF-8, else as `base64:…`, and whether it is cut."""
    payload = base64.b64decode(row["payload"] or "")
    cut = len(payload) != (row["length"] or 0)
    times = {"arrived": shanghai_time(row["arrived_us"]), "settled": shanghai_time(row["settled_us"])}
    same = {name: row[name] for name in COLUMNS if name in row and name != "payload"}
    return {name: {**same, **times, "cut": cut, "payload": _text(payload, cut=cut)}.get(name) for name in COLUMNS}


def _text(payload: bytes, *, cut: bool) -> str:
    try:
        # The end of a payload that is cut may be half a character.
        return payload.decode("utf-8", "ignore" if cut and _is_text(payload) else "strict")
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(payload).decode()


def _is_text(payload: bytes) -> bool:
    try:
        payload.decode()
    except UnicodeDecodeError as error:
        return error.start >= len(payload) - 3
    return True


def json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One JSON object a line; a payload that is whole and JSON stands in it as JSON."""
    for row in rows:
        shown = told(row)
        shown |= {name: str(shown[name]) for name in ("arrived", "settled") if shown[name] is not None}
        yield json.dumps(shown | {"payload": _parsed(shown)}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _parsed(shown: Mapping[str, object]) -> object:
    try:
        return shown["payload"] if shown["cut"] else json.loads(str(shown["payload"]), parse_constant=_not_json)
    except (ValueError, RecursionError):
        return shown["payload"]


def _not_json(name: str) -> object:
    raise ValueError(f"{name} is no JSON.")


def csv_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """CSV that a spreadsheet opens and computes nothing of."""
    yield (_BOM + ",".join(COLUMNS) + "\r\n").encode()
    for row in rows:
        out = io.StringIO()
        csv.writer(out).writerow([_harmless(value) for value in told(row).values()])
        yield out.getvalue().encode("utf-8", "replace")


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
