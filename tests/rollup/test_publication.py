from datetime import date

import pytest
from cities import DAY0, event, period, site
from rolling import OTHERS, Clock, Ledger, restated, rollup

from density.days import to_date, to_day
from rollup.publication import Publication
from store.embedded import EmbeddedStore
from store.schema import FIGURES, PUBLICATION, RESTATEMENT, STATE

NEVER = to_day(date.min)
JANUARY_9, JANUARY_10, FEBRUARY_9, FEBRUARY_10 = DAY0 + 9, DAY0 + 10, DAY0 + 40, DAY0 + 41


@pytest.mark.parametrize(
    ("born", "day", "through"),
    [
        (JANUARY_9, JANUARY_9, NEVER),
        (JANUARY_9, JANUARY_10, DAY0),  # 31 December
        (JANUARY_10, JANUARY_10, NEVER),  # the first 10th after the first report is 10 February
        (JANUARY_10, FEBRUARY_9, NEVER),
        (JANUARY_10, FEBRUARY_10, DAY0 + 31),
        (JANUARY_9, FEBRUARY_9, DAY0),
        (JANUARY_9 - 4_000, FEBRUARY_10, DAY0 + 31),
        (DAY0 + 70, DAY0 + 101, DAY0 + 91),  # 10 March, 10 April
        (DAY0 + 340, DAY0 + 376, DAY0 + 366),  # 10 January 2025: December
    ],
)
def test_follow_publishes_on_the_10th_of_the_next_month(
    store: EmbeddedStore, born: int, day: int, through: int
) -> None:
    publication = Publication(store, 10)
    publication.follow(day, born, 7)
    assert publication.through == through
    assert Publication(store, 10).through == through  # the next process knows


def test_follow_takes_nothing_back(store: EmbeddedStore) -> None:
    publication = Publication(store, 10)
    publication.follow(FEBRUARY_10, JANUARY_9, 7)
    publication.follow(JANUARY_10, JANUARY_9, 8)
    publication.publish(JANUARY_10, 9)
    assert publication.through == DAY0 + 31


def test_follow_writes_a_month_once(store: EmbeddedStore) -> None:
    publication = Publication(store, 10)
    for now_us in (7, 8):
        publication.follow(FEBRUARY_10, JANUARY_9, now_us)
    row = store.read(STATE, PUBLICATION).row(0, named=True)
    assert (row["through_day"], row["published_us"]) == (DAY0 + 31, 7)


def test_follow_by_another_day_of_the_month(store: EmbeddedStore) -> None:
    publication = Publication(store, 1)
    publication.follow(to_day(date(2024, 3, 1)), JANUARY_9, 7)
    assert to_date(publication.through) == date(2024, 2, 29)


def test_publish_does_not_wait_for_the_first_10th(store: EmbeddedStore) -> None:
    publication = Publication(store, 10)
    publication.follow(JANUARY_9 + 8, JANUARY_9 + 6, 7)
    assert publication.through == NEVER
    publication.publish(JANUARY_9 + 8, 8)
    assert publication.through == DAY0


HISTORY = {
    "registration": [site("F1"), *OTHERS],
    "lifecycle": [event("F1", "R1", "commissioned", DAY0 - 9)],
    "workforce": [period("F1", DAY0 - 20, 100)],
}
LATE = {"lifecycle": [event("F1", "R2", "commissioned", DAY0 - 5)]}


def test_step_before_the_first_10th_after_the_first_report_restates_nothing(
    store: EmbeddedStore, clock: Clock, ledger: Ledger
) -> None:
    clock.set(FEBRUARY_10)
    ledger.report(**HISTORY)
    job = rollup(store, clock)
    job.step()
    ledger.report(**LATE)
    job.step()
    assert store.read(FIGURES, RESTATEMENT).is_empty()
    clock.set(to_day(date(2024, 3, 10)))
    job.step()
    assert store.read(FIGURES, RESTATEMENT).is_empty()
    ledger.report(lifecycle=[event("F1", "R3", "commissioned", DAY0 + 30)])
    job.step()
    rows = restated(store, scope="city", series="total", figure="stock")
    assert [row[:3] for row in rows] == [(31, 2, 3), (60, 2, 3)]


def test_publish_history_restates_from_the_next_step_on(store: EmbeddedStore, clock: Clock, ledger: Ledger) -> None:
    clock.set(FEBRUARY_10)
    ledger.report(**HISTORY)
    job = rollup(store, clock)
    job.step()
    job.publish_history()
    ledger.report(**LATE)
    job.step()
    rows = restated(store, scope="city", series="total", figure="stock")
    assert [row[:3] for row in rows] == [(0, 1, 2), (31, 1, 2)]
