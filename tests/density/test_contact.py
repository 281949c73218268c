import json

import pytest

from density.contact import FLOOR_S, MONTHLY_S, STATUS_S, Contact

DAY_S = 86_400
US = 10**6


def heard(*arrivals_s: float, kind: str = "status") -> Contact:
    contact = Contact()
    for arrival_s in arrivals_s:
        at_us = int(arrival_s * US)
        contact.hear(kind, at_us, at_us, int(arrival_s // DAY_S))
    return contact


def every(period_s: float, days: int) -> list[float]:
    return [DAY_S + each * period_s for each in range(int(days * DAY_S / period_s))]


def test_silent_after_is_a_day_or_a_month_before_a_rhythm_is_known() -> None:
    assert heard(DAY_S).silent_after_s == STATUS_S
    assert heard(DAY_S, kind="workforce").silent_after_s == MONTHLY_S


@pytest.mark.parametrize(("period_s", "after_s"), [(300, FLOOR_S), (900, FLOOR_S), (3_600, 5_400)])
def test_silent_after_follows_the_rhythm_and_never_falls_below_half_an_hour(period_s: float, after_s: int) -> None:
    assert heard(*every(period_s, 10)).silent_after_s == after_s


def test_silent_after_takes_a_rest_at_weekends_for_ordinary() -> None:
    working = [day * DAY_S + hour * 3_600 for day in range(1, 29) if day % 7 not in {5, 6} for hour in range(24)]
    contact = heard(*working)
    friday = max(at for at in working if (at // DAY_S) % 7 == 4)
    contact.last_us = int(friday * US)
    assert not contact.is_silent(int((friday + 49 * 3_600) * US))
    assert contact.is_silent(int((friday + 5 * DAY_S) * US))


def test_silent_after_is_not_stretched_by_one_outage() -> None:
    arrivals = every(900, 12)
    contact = heard(*(at for at in arrivals if not 5 * DAY_S < at < 7 * DAY_S))
    assert contact.silent_after_s == FLOOR_S


def test_is_silent_begins_after_the_threshold_and_ends_with_an_arrival() -> None:
    contact = heard(*every(300, 5))
    last_us = contact.last_us
    assert not contact.is_silent(last_us + FLOOR_S * US)
    assert contact.is_silent(last_us + FLOOR_S * US + 1)
    contact.hear("status", last_us + 7_200 * US, last_us + 7_200 * US, 6)
    assert not contact.is_silent(last_us + 7_201 * US)


def test_hear_out_of_order_makes_no_gap() -> None:
    contact = heard(DAY_S, DAY_S + 600, DAY_S + 300)
    assert (contact.gaps_s, contact.last_us) == ({1: 600}, (DAY_S + 600) * US)


def test_skew_is_the_median_of_live_messages() -> None:
    contact = Contact()
    for skew_s, live in ((2.04, 3), (-120.4, 1), (900.0, 1)):
        contact.time(20_000, live=live, late=0, skew_s=skew_s)
    contact.time(20_000, live=0, late=50, skew_s=None)
    of_day = contact.days[20_000]
    assert (of_day.skew_s, of_day.live, of_day.late) == (2.0, 5, 50)
    assert Contact().days == {}


def test_contact_goes_on_from_its_json_and_forgets_old_days() -> None:
    contact = heard(*every(900, 40))
    contact.time(40, live=2, late=1, skew_s=1.5)
    again = Contact.from_json(json.loads(json.dumps(contact.to_json())))
    assert again == contact
    again.forget(40)
    assert len(again.gaps_s) == 28
    assert set(again.days) == {40}
    again.forget(42)
    assert again.days == {}
