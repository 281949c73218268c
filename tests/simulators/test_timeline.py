import json
from collections import Counter
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.bodies import check_designations, check_factories
from ingest.wire.json_v1 import decode
from ingest.wire.receipt import Receipt
from robodensity.seeds import load_reference
from simulators.calendar import BASELINE_END_S, DAY_S, day_start_s
from simulators.message import Message
from simulators.returns import standing
from simulators.run import DEFAULT_SEED
from simulators.timeline import POSTED, Timeline, build_timeline

START_S, END_S = day_start_s(date(2024, 1, 1)), day_start_s(date(2026, 11, 25))
PUBLISHED = ("workforce", "lifecycle", "inventory", "assessment")


@pytest.fixture(scope="module")
def small() -> Timeline:
    return build_timeline(seed=DEFAULT_SEED, scale=0.02)


@pytest.fixture(scope="module")
def whole() -> Timeline:
    return build_timeline(seed=DEFAULT_SEED, scale=1.0)


def _items(messages: list[Message]) -> Counter[str]:
    """Single items without their order and their grouping into messages."""
    found: Counter[str] = Counter()
    for message in messages:
        body = json.loads(message.body)
        listed = next((name for name in ("periods", "events", "robots") if name in body), None)
        items = body.pop(listed) if listed else [body]
        stated = body.get("reported_at", "")
        found.update(f"{message.factory} {message.kind} {stated} {json.dumps(item)}" for item in items)
    return found


@settings(max_examples=15, deadline=None)
@given(split=st.integers(START_S, END_S))
@pytest.mark.parametrize("phase", PUBLISHED)
def test_messages_up_to_a_moment_do_not_depend_on_what_comes_after(small: Timeline, phase: str, split: int) -> None:
    whole = _items(list(small.messages(phase, 0, END_S)))
    parts = _items([*small.messages(phase, 0, split), *small.messages(phase, split, END_S)])
    assert parts == whole


@pytest.mark.parametrize("split", [END_S - 20 * DAY_S, END_S - 5 * DAY_S - 40_000])
def test_messages_of_status_are_the_same_when_they_are_sent_in_two_runs(small: Timeline, split: int) -> None:
    from_s = END_S - 25 * DAY_S
    whole = _items(list(small.messages("status", from_s, END_S)))
    parts = _items([*small.messages("status", from_s, split), *small.messages("status", split, END_S)])
    assert parts == whole
    assert max(whole.values()) == 1


def test_build_timeline_is_deterministic() -> None:
    first, again = (build_timeline(seed=5, scale=0.005) for _ in range(2))
    for phase in (*PUBLISHED, "status"):
        assert [each.body for each in first.messages(phase, 0, END_S)] == [
            each.body for each in again.messages(phase, 0, END_S)
        ]
    for phase in POSTED:
        assert first.posts(phase, -(10**12), END_S) == again.posts(phase, -(10**12), END_S)


@pytest.mark.parametrize("phase", [*PUBLISHED, "status"])
@pytest.mark.parametrize("now_s", [END_S - 12 * 3600, day_start_s(date(2025, 2, 28)) + 3600])
def test_messages_are_taken_by_the_contract_without_refusal(small: Timeline, phase: str, now_s: int) -> None:
    count = 0
    for message in small.messages(phase, 0, now_s):
        factory = f"F{message.factory + 1:05d}"
        decoded = decode(message.kind, message.payload(seq=3, boot="b"), Receipt(factory, now_s * 1_000_000))
        assert decoded.refusals == ()
        assert decoded.items == message.items
        count += message.items
    assert count > 0


def test_posts_are_what_the_api_takes(small: Timeline) -> None:
    reference = load_reference()
    factories = small.posts("registrations", -(10**12), END_S)
    check_factories(list(factories), reference, single=False)
    check_designations(list(small.posts("designations", 0, END_S)), reference, single=False)
    assert len({each["factory"] for each in factories}) == len(small.city)
    assert all("模拟" in each["name"]["zh"] for each in factories)


def test_build_timeline_installs_slightly_behind_the_plan(whole: Timeline) -> None:
    fleet, city = whole.fleet, whole.city
    new = (fleet.from_s >= BASELINE_END_S) & ~fleet.phantom & ~fleet.moved_in & standing(fleet, END_S)
    gone = (fleet.from_s >= BASELINE_END_S) & (fleet.to_s < END_S) & ~fleet.phantom & ~fleet.moved_in
    count = int(new.sum() + gone.sum())
    # The plan's line: 20,000 × 1,059 ÷ 1,461 days.
    assert 0.95 * 20_000 * 1_059 / 1_461 < count < 20_000 * 1_059 / 1_461
    key = city.counting & city.key
    stock = int((standing(fleet, END_S) & key[fleet.factory]).sum())
    persons = city.persons[key].sum() * 0.97  # a slow decline of 1 % a year
    assert 10_000 * stock / persons == pytest.approx(470, rel=0.02)


def test_build_timeline_opens_with_the_city_s_stock(whole: Timeline) -> None:
    stock = np.bincount(whole.fleet.factory[standing(whole.fleet, BASELINE_END_S)], minlength=len(whole.city))
    assert stock.tolist() == whole.city.stock.tolist()


def test_build_timeline_holds_every_kind_of_event(small: Timeline, whole: Timeline) -> None:
    del small
    events = Counter(
        event["event"]
        for message in whole.messages("lifecycle", END_S - 400 * DAY_S, END_S)
        for event in json.loads(message.body)["events"]
    )
    assert set(events) == {"commissioned", "moved_in", "moved_out", "decommissioned", "void"}
    assert all(count > 3 for count in events.values())
    stay = whole.fleet
    moved = np.flatnonzero(stay.moved_in)
    origin = {int(stay.robot[place]): place for place in np.flatnonzero(stay.moves_out)}
    for place in moved.tolist():
        left = origin[int(stay.robot[place])]
        assert stay.make[left] == stay.make[place]
        assert stay.to_s[left] < stay.from_s[place]


def test_messages_count_designations_that_count_as_planned(whole: Timeline) -> None:
    counting = {"示范性", "标杆性", "先进级", "卓越级"}
    for moment, expected in ((BASELINE_END_S, 60), (END_S, 330)):
        held = whole.posts("designations", 0, moment)
        assert len({each["subject"]["factory"] for each in held if each["grade"] in counting}) == expected


def test_expected_is_near_the_truth(small: Timeline) -> None:
    for phase in (*PUBLISHED, "status"):
        count = sum(message.items for message in small.messages(phase, 0, END_S))
        assert small.expected(phase, 0, END_S) == pytest.approx(count, rel=0.35), phase
