from typing import Any

import httpx
import polars as pl
import pytest
from api_city import KEY, TODAY, Serve, Writer, factory, figure

from store.embedded import EmbeddedStore
from store.errors import StoreUnavailable

BEARER = {"Authorization": f"Bearer {KEY}"}
TAGGED = (
    "/v1/figures?scope=city", "/v1/figures/latest", "/v1/targets", "/v1/parks", "/v1/parks/P01", "/v1/statistics",
    "/v1/plans", "/v1/alerts", "/v1/restatements", "/v1/factories", "/v1/sdmx/data", "/v1/sdmx/structure",
)  # fmt: skip


class CountingStore:
    """Counts reads; away when told."""

    def __init__(self, store: EmbeddedStore) -> None:
        self.store, self.reads, self.away = store, [], False

    def read(self, database: str, measurement: Any, **named: Any) -> pl.DataFrame:
        if self.away:
            raise StoreUnavailable("It is switched off.")
        self.reads.append(measurement.name)
        return self.store.read(database, measurement, **named)

    def write(self, *given: Any) -> None:
        self.store.write(*given)


@pytest.fixture
def counting(store: EmbeddedStore, write: Writer) -> CountingStore:
    write.figures(figure("city", "key", TODAY, stock=7))
    write.folded()
    return CountingStore(store)


def _stock(client: httpx.Client) -> int:
    stock: int = client.get("/v1/figures/latest").json()["key"]["stock"]
    return stock


@pytest.mark.parametrize("path", TAGGED)
def test_answer_that_the_reader_has_is_304_without_reading(counting: CountingStore, serve: Serve, path: str) -> None:
    client = serve(store=counting)
    client.headers.update(BEARER)
    first = client.get(path)
    assert first.status_code == 200
    assert first.headers["Vary"] == "Authorization, Cookie"
    counting.reads.clear()
    again = client.get(path, headers={"If-None-Match": f'"other", W/{first.headers["ETag"]}'})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert set(counting.reads) <= {"rollup", "mark"}


def test_tag_moves_with_figures_ledger_and_day(admin: httpx.Client, write: Writer, clock: Any) -> None:
    write.figures(figure("city", "key", TODAY))
    tags = []
    for change in (
        lambda: write.folded(at_us=1),
        lambda: write.folded(at_us=2),
        lambda: admin.post("/v1/factories", json=factory(1)),
        lambda: clock.pass_s(86_400),
    ):
        change()
        tags.append(admin.get("/v1/parks").headers["ETag"])
    assert len(set(tags)) == 4


def test_tag_is_another_for_another_question_and_another_reader(client: httpx.Client, write: Writer) -> None:
    write.folded()
    asked = [("/v1/parks", {}), ("/v1/parks?key_set=plan6", {}), ("/v1/parks/P01", {}), ("/v1/parks", BEARER)]
    assert len({client.get(path, headers=headers).headers["ETag"] for path, headers in asked}) == 4


def test_public_answer_is_read_once_a_version(counting: CountingStore, serve: Serve, write: Writer) -> None:
    client = serve(store=counting)
    first = client.get("/v1/figures/latest")
    counting.reads.clear()
    again = client.get("/v1/figures/latest")
    assert (again.content, again.headers["ETag"]) == (first.content, first.headers["ETag"])
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]
    assert set(counting.reads) <= {"rollup", "mark"}
    known = client.get("/v1/figures/latest", headers={"If-None-Match": first.headers["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    write.figures(figure("city", "key", TODAY, stock=8))
    write.folded(at_us=9)
    assert _stock(client) == 8


def test_answer_to_a_reader_with_a_name_is_never_kept(serve: Serve, write: Writer) -> None:
    write.figures(figure("city", "key", TODAY))
    write.folded()
    client = serve()
    assert "forecast" in client.get("/v1/targets", headers=BEARER).json()["targets"][0]
    assert "forecast" not in client.get("/v1/targets").json()["targets"][0]
    assert client.get("/v1/targets", headers={"Authorization": "Bearer no"}).status_code == 401


def test_kept_answer_is_not_given_while_the_store_is_away(counting: CountingStore, serve: Serve) -> None:
    client = serve(store=counting)
    assert client.get("/v1/figures/latest").status_code == 200
    counting.away = True
    assert client.get("/v1/figures/latest").status_code == 503
    counting.away = False
    assert client.get("/v1/figures/latest").status_code == 200


def test_version_is_asked_for_at_most_once_in_its_time(counting: CountingStore, serve: Serve, write: Writer) -> None:
    client = serve(store=counting, fresh_s=3_600)
    assert _stock(client) == 7
    counting.reads.clear()
    write.figures(figure("city", "key", TODAY, stock=8))
    write.folded(at_us=9)
    assert _stock(client) == 7
    assert counting.reads == []
    client.post("/v1/factories", json=factory(1), headers=BEARER)  # what this process wrote it knows at once
    assert _stock(client) == 8


def test_failure_is_not_kept(client: httpx.Client, write: Writer) -> None:
    assert client.get("/v1/parks/P99").status_code == 404
    assert "ETag" not in client.get("/v1/parks/P99").headers
