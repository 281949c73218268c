import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_city import KEY, TODAY, Clock, Serve, Writer, definition_of, figure, running

from api.app import create_app
from api.feed import Feed
from api.options import ApiOptions
from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

EVENTS = "/v1/events"


def _events(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    """Each event with its id; comments and the retry line are passed over."""
    told: dict[str, Any] = {}
    for line in lines:
        name, _, value = line.partition(": ")
        if line == "" and "data" in told:
            yield {**told, "data": json.loads(told["data"])}
        told = {} if line == "" else {**told, name: value}


def test_get_events_tells_the_present_version_at_once(client: httpx.Client, write: Writer) -> None:
    write.folded()
    answer = client.get(EVENTS, params={"limit": 1, "scope": "district:310115"})
    assert answer.headers["Content-Type"].startswith("text/event-stream")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text.startswith("retry: 3000\n\n")
    (event,) = _events(iter(answer.text.split("\n")))
    assert event["event"] == "figures"
    assert event["data"] == {
        "scope": "district:310115",
        "version": event["id"],
        "day": "2026-11-24",
        "data_until": "2026-11-24T12:00:00+08:00",
        "simulated": True,
        "latest": "/v1/figures/latest?scope=district:310115",
    }
    assert client.get(event["data"]["latest"]).status_code == 200


def test_get_events_tells_newer_figures_to_everyone_who_listens(client: httpx.Client, write: Writer) -> None:
    write.folded()
    with client.stream("GET", EVENTS) as one, client.stream("GET", EVENTS) as other:
        streams = [_events(each.iter_lines()) for each in (one, other)]
        first = [next(each)["id"] for each in streams]
        write.figures(figure("city", "key", TODAY, stock=8))
        write.folded(at_us=9)
        second = [next(each)["id"] for each in streams]
    assert len(set(first)) == len(set(second)) == 1
    assert first != second


def test_get_events_with_last_event_id_tells_only_what_is_new(client: httpx.Client, write: Writer) -> None:
    write.folded()
    (known,) = _events(iter(client.get(EVENTS, params={"limit": 1}).text.split("\n")))
    with client.stream("GET", EVENTS, headers={"Last-Event-ID": known["id"]}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 3000"
        write.folded(at_us=9)
        assert next(_events(lines))["id"] != known["id"]


def test_get_events_of_a_factory_needs_the_key(client: httpx.Client) -> None:
    assert client.get(EVENTS, params={"scope": "factory:F1"}).status_code == 401
    assert client.get(EVENTS, params={"scope": "mars"}).json()["error"]["code"] == "unknown_scope"


def test_head_of_events_ends(client: httpx.Client) -> None:
    answer = client.head(EVENTS)
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture
def quick(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> httpx.Client:
    """A feed with short times and room for two."""
    monkeypatch.setattr(Feed.__init__, "__kwdefaults__", {"period_s": 0.05, "heartbeat_s": 0.1, "most": 2})
    return serve()


def test_listener_hears_a_heartbeat_while_nothing_happens(quick: httpx.Client) -> None:
    with quick.stream("GET", EVENTS) as stream:
        assert ": alive" in stream.iter_lines()


def test_one_listener_too_many_is_told_to_come_back(quick: httpx.Client, write: Writer) -> None:
    write.folded()
    with quick.stream("GET", EVENTS) as one, quick.stream("GET", EVENTS) as other:
        heard = [_events(each.iter_lines()) for each in (one, other)]  # a stream ends with its iterator
        assert len({next(each)["id"] for each in heard}) == 1
        refused = quick.get(EVENTS)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "too_many_listeners")
    assert refused.headers["Retry-After"] == "60"


def test_listeners_cost_the_store_one_follower(serve: Serve, store: Any, write: Writer) -> None:
    write.folded()
    reads: list[str] = []

    class Counting:
        write = store.write

        def read(self, database: str, measurement: Any, **named: Any) -> Any:
            reads.append(measurement.name)
            return store.read(database, measurement, **named)

    client = serve(store=Counting())
    limits = httpx.Limits(max_connections=None)
    with httpx.Client(base_url=client.base_url, limits=limits, timeout=30) as many:
        streams = [many.stream("GET", EVENTS) for _ in range(20)]
        heard = [_events(each.__enter__().iter_lines()) for each in streams]
        for each in heard:
            next(each)
        reads.clear()
        write.folded(at_us=9)
        for each in heard:
            next(each)
        assert reads.count("rollup") < 20
        for each in streams:
            each.__exit__(None, None, None)


def test_close_ends_every_stream(store: EmbeddedStore, write: Writer, reference: Reference, plan: Plan) -> None:
    write.folded()
    options = ApiOptions(admin_key=KEY, simulated=True)
    law = {"reference": reference, "plan": plan, "definition": definition_of(reference)}
    app = create_app(store, **law, options=options, clock_ns=Clock())
    with running(app) as url, httpx.stream("GET", f"{url}{EVENTS}") as stream:
        lines = stream.iter_lines()
        next(_events(lines))
        app.state.service.feed.close()
        assert list(lines) == []
    app.state.service.board.close()
