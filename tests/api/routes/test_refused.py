from typing import Any

import httpx
import pytest
from api_city import NOON_NS

from store.embedded import EmbeddedStore
from store.schema import REFUSAL, REFUSED


def _row(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "time": NOON_NS + number,
        "writer": "ingest-1",
        "reason": "not_json",
        "factory": f"F{number % 2}",
        "topic": "robodensity/v1/F1/status",
        "detail": f"fault {number}",
        "arrived_us": NOON_NS // 1_000,
        "whole": True,
    }
    return {**row, **changes}


@pytest.fixture
def refused(admin: httpx.Client, store: EmbeddedStore) -> httpx.Client:
    rows = [_row(number) for number in range(7)]
    # Three of one time: two writers, and two reasons of one writer.
    rows += [_row(3, writer="ingest-2", detail="other"), _row(3, reason="too_large", detail="third")]
    store.write(REFUSED, {REFUSAL: REFUSAL.frame(rows)})
    return admin


def test_get_refused_shows_the_newest_first(refused: httpx.Client) -> None:
    answer = refused.get("/v1/refused").json()
    assert [row["detail"] for row in answer["refused"]][:3] == ["fault 6", "fault 5", "fault 4"]
    assert (len(answer["refused"]), answer["next"]) == (9, None)
    assert answer["refused"][0]["arrived"].endswith("+08:00")


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_get_refused_pages_show_each_row_once_also_within_one_time(refused: httpx.Client, limit: int) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        page = refused.get("/v1/refused", params={"limit": limit, **({"cursor": cursor} if cursor else {})}).json()
        assert len(page["refused"]) <= limit
        seen += [row["detail"] for row in page["refused"]]
        if (cursor := page["next"]) is None:
            break
    assert len(seen) == len(set(seen)) == 9


def test_get_refused_by_factory_and_reason(refused: httpx.Client) -> None:
    rows = refused.get("/v1/refused", params={"factory": "F1", "reason": "too_large"}).json()["refused"]
    assert [row["detail"] for row in rows] == ["third"]
    assert refused.get("/v1/refused", params={"factory": "' OR 1=1 --"}).json()["refused"] == []
