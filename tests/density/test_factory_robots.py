from typing import Any

from cities import CASE_DEFINITION, event, reports, review, settlement, stamped

from density.days import to_day
from density.factory_robots import FactoryRobot, factory_robots
from density.identity import Nameplates

DAY = to_day(CASE_DEFINITION.first_day) + 10


def _robots(*events: dict[str, Any], factory: str = "F1", **more: list[dict[str, Any]]) -> dict[str, FactoryRobot]:
    told = reports(stamped(lifecycle=list(events), **more))
    plates = Nameplates(CASE_DEFINITION.manufacturers, told.standing("settlement"))
    named = told.lifecycle.with_columns(identity=plates.identities(told.lifecycle))
    found = factory_robots(told, named, factory, CASE_DEFINITION, day=DAY + 5)
    return {f"{robot.robot} {(robot.identity or '').split(chr(31))[-1]}".strip(): robot for robot in found}


def test_factory_robots_of_two_machines_under_one_number_conflict_within_the_factory() -> None:
    robots = _robots(event("F1", "R", "commissioned", DAY), event("F1", "R", "commissioned", DAY + 2, serial="S"))
    first, second = robots["R r"], robots["R s"]
    assert (first.in_stock, first.until_day, second.in_stock, second.since_day) == (False, DAY + 2, True, DAY + 2)
    assert [each.identity for each in first.conflicts] == [second.identity]
    assert [each.identity for each in second.conflicts] == [first.identity]
    assert {each.factory for robot in robots.values() for each in robot.conflicts} == {"F1"}


def test_factory_robots_a_change_goes_on_with_the_stay() -> None:
    changed = event("F1", "R", "changed", DAY + 2, purpose="training")
    robot = _robots(event("F1", "R", "commissioned", DAY), changed)["R r"]
    assert (robot.since_day, robot.until_day, robot.purpose, robot.in_stock) == (DAY, None, "training", False)


def test_factory_robots_of_a_later_stay_elsewhere_and_a_reported_leaving_are_no_conflict() -> None:
    events = [event("F1", "R", "commissioned", DAY), event("F1", "R", "moved_out", DAY + 1)]
    events.append(event("F2", "Q", "moved_in", DAY + 3, serial="R"))
    here, there = _robots(*events)["R r"], _robots(*events, factory="F2")["Q r"]
    assert (here.until_day, here.conflicts, there.in_stock, there.conflicts) == (DAY + 1, (), True, ())


def test_factory_robots_undated_only_where_they_are_credited() -> None:
    span = {"span_first_day": DAY - 400}
    events = [event("F1", "R", "commissioned", DAY, **span), event("F1", "R", "moved_out", DAY + 1)]
    events.append(event("F2", "Q", "moved_in", DAY + 3, serial="R"))
    assert _robots(*events)["R r"].undated
    assert not _robots(*events, factory="F2")["Q r"].undated


def test_factory_robots_new_by_a_move_until_an_earlier_entry_arrives() -> None:
    moved = event("F1", "R", "moved_in", DAY)
    robot = _robots(moved)["R r"]
    assert (robot.new_since_day, robot.new_by_moved_in) == (DAY, True)
    robot = _robots(event("F1", "R", "commissioned", DAY))["R r"]
    assert (robot.new_since_day, robot.new_by_moved_in) == (DAY, False)
    robot = _robots(moved, event("F2", "Q", "commissioned", DAY - 400, serial="R"))["R r"]
    assert (robot.new_since_day, robot.new_by_moved_in) == (None, False)


def test_factory_robots_suspects_until_it_is_settled() -> None:
    events = [event("F1", "R", "commissioned", DAY), event("F2", "Q", "commissioned", DAY, serial="r", model="X-9")]
    assert len(_robots(*events)["R r"].suspected_duplicates) == 1
    for same in (True, False):
        assert _robots(*events, settlement=[settlement("R", same=same)])["R r"].suspected_duplicates == ()


def test_factory_robots_await_a_review_that_may_say_no() -> None:
    other = event("F1", "R", "commissioned", DAY, category="other")
    assert _robots(other)["R r"].awaiting_review
    for counts in (True, False):
        robot = _robots(other, review=[review("M-20", counts=counts)])["R r"]
        assert (robot.awaiting_review, robot.in_stock) == (False, counts)


def test_factory_robots_of_a_void_event_are_named_and_nowhere() -> None:
    void = event("F1", "R", "void", DAY, voids_event="commissioned")
    robot = _robots(event("F1", "R", "commissioned", DAY), void | {"voids_at_us": void["at_us"]})["R r"]
    assert (robot.in_stock, robot.since_day, robot.installed_pending) == (False, None, False)


def test_factory_robots_of_a_factory_without_events_are_none() -> None:
    assert _robots(event("F1", "R", "commissioned", DAY), factory="F2") == {}
