import json
from datetime import date
from typing import Any

import httpx
import pytest
from api_city import NOON_NS

from density.days import to_day
from store.embedded import EmbeddedStore
from store.known import with_flags
from store.schema import FIGURES, RESTATEMENT

RESTATEMENTS = "/v1/restatements"
HOUR_NS = 3_600_000_000_000


def _row(number: int, day: date, **changes: Any) -> dict[str, Any]:
    row = {
        "time": NOON_NS - number * 24 * HOUR_NS, "scope": "city", "kind": "city", "series": "key", "figure": "stock",
        "day": to_day(day), "old": 100.0, "new": 100.0 + number, "why": "report", "writer": "ingest-1",
        "slot": json.dumps({"factory": "F1", "period": "2026-09"}), "stamp": NOON_NS - HOUR_NS,
    }  # fmt: skip
    return {**row, **changes}


@pytest.fixture
def restated(admin: httpx.Client, store: EmbeddedStore) -> httpx.Client:
    rows = [
        _row(1, date(2026, 9, 30)),
        _row(2, date(2026, 8, 31), scope="district:310115", kind="district"),
        _row(3, date(2026, 9, 30), figure="density", old=None, new=1 / 3),
        _row(3, date(2026, 8, 31), series="all"),
        _row(4, date(2026, 7, 31), why="definition", writer=None, slot=None, stamp=None),
    ]
    store.write(FIGURES, {RESTATEMENT: with_flags(RESTATEMENT, RESTATEMENT.frame(rows))})
    return admin


def test_get_restatements_gives_the_newest_first_with_the_report_that_caused_each(restated: httpx.Client) -> None:
    answer = restated.get(RESTATEMENTS).json()
    assert [row["restated"][:10] for row in answer["restatements"]] == [
        "2026-11-23", "2026-11-22", "2026-11-21", "2026-11-21", "2026-11-20",
    ]  # fmt: skip
    first, last = answer["restatements"][0], answer["restatements"][-1]
    assert (first["day"], first["old"], first["new"], first["why"]) == ("2026-09-30", 100.0, 101.0, "report")
    assert first["report"]["slot"] == {"factory": "F1", "period": "2026-09"}
    assert first["report"]["arrived"] == "2026-11-24T11:00:00+08:00"
    assert (last["why"], last["report"], answer["next"]) == ("definition", None, None)


def test_get_restatements_of_what_is_asked_for(restated: httpx.Client) -> None:
    cases: list[tuple[dict[str, str], int]] = [
        ({"scope": "city"}, 4),
        ({"figure": "density"}, 1),
        ({"from": "2026-08-31", "to": "2026-08-31"}, 2),
        ({"from": "2026-09-01"}, 2),
        ({"since": "2026-11-22"}, 2),
        ({"scope": "district:310115", "since": "2026-11-23"}, 0),
    ]
    for given, count in cases:
        assert len(restated.get(RESTATEMENTS, params=given).json()["restatements"]) == count, given
    null = restated.get(RESTATEMENTS, params={"figure": "density"}).json()["restatements"][0]
    assert (null["old"], null["new"]) == (None, 1 / 3)


@pytest.mark.parametrize("more", [{}, {"from": "2026-01-01"}])
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_get_restatements_pages_show_each_row_once(restated: httpx.Client, limit: int, more: dict[str, str]) -> None:
    seen, given = [], {"limit": str(limit), **more}
    while True:
        page = restated.get(RESTATEMENTS, params=given).json()
        seen += [json.dumps(row) for row in page["restatements"]]
        if page["next"] is None:
            break
        given["cursor"] = page["next"]
    assert len(seen) == len(set(seen)) == 5
