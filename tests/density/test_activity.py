import random

import polars as pl
import pytest

from density.activity import FIGURES, Population, activity
from density.marks import Marks
from density.sites import ALWAYS, NEVER, Sites

DAY = 20_000
LONG_BEFORE = DAY - 2_000
History = dict[tuple[str, str], dict[int, bool]]  # by asset number: the days with a status, and whether it executed
Asset = tuple[str, str, str, int, int]

SITES = [("F1", ALWAYS, DAY + 200), ("F1", DAY + 200, NEVER), ("F2", ALWAYS, DAY + 300)]  # F2 closes


def sites(rows: list[tuple[str, int, int]]) -> Sites:
    schema = {"factory": pl.String, "from_day": pl.Int64, "to_day": pl.Int64}
    return Sites(pl.DataFrame(rows, schema=schema, orient="row").with_row_index("site"))


def population(assets: list[Asset], entered: list[tuple[str, str, int]]) -> Population:
    text, number = pl.String, pl.Int64
    named = {"factory": text, "robot": text, "from_day": number}
    return Population(
        pl.DataFrame(assets, schema={"identity": text, **named, "to_day": number}, orient="row"),
        pl.DataFrame(entered, schema=named, orient="row"),
        sites(SITES),
    )


def followed(made: Marks, history: History, last_day: int) -> Marks:
    """The marks as a rollup has them that has run every day."""
    schema = {"factory": pl.String, "robot": pl.String, "executed": pl.Boolean}
    while made.last_day < last_day:
        made.slide()
        today = [(*asset, each[made.last_day]) for asset, each in history.items() if made.last_day in each]
        if today:
            made.take(made.last_day, pl.DataFrame(today, schema=schema, orient="row"))
    return made


def marks(history: History, last_day: int) -> Marks:
    first = min([last_day, *(day for each in history.values() for day in each)])
    return followed(Marks(first - 1), history, last_day)


def count(history: History, who: Population, last_day: int, *, listening_day: int = ALWAYS) -> dict[str, list[int]]:
    """Each figure of the last 30 days, in all sites together."""
    spans = activity(who, marks(history, last_day), listening_day=listening_day)
    days = range(last_day - 29, last_day + 1)
    return {
        name: [
            frame.filter((pl.col("from_day") <= day) & (pl.col("to_day") > day))["amount"].sum() for day in days
        ]
        for name, frame in spans.items()
    }  # fmt: skip


def one(history: dict[int, bool], **changes: int) -> tuple[History, Population]:
    from_day, to_day = changes.get("from_day", LONG_BEFORE), changes.get("to_day", NEVER)
    who = population([("I", "F1", "R1", from_day, to_day)], [("F1", "R1", from_day)])
    return {("F1", "R1"): history}, who


def test_connected_stock_holds_a_robot_for_30_days() -> None:
    # a status on DAY − 10 counts on it and on the 29 days after it, up to DAY + 19
    history, who = one({DAY - 10: False})
    assert count(history, who, DAY)["connected_stock"] == [0] * 19 + [1] * 11
    assert count(history, who, DAY + 29)["connected_stock"] == [1] * 20 + [0] * 10


def test_connected_stock_leaves_out_days_on_which_the_robot_is_not_in_stock() -> None:
    history, who = one({DAY - 29: False}, from_day=DAY - 5, to_day=DAY - 1)
    assert count(history, who, DAY)["connected_stock"] == [0] * 24 + [1] * 4 + [0] * 2


@pytest.mark.parametrize(("days", "operating"), [(4, 0), (5, 1)])
def test_operating_stock_needs_five_days_of_executing(days: int, operating: int) -> None:
    executing = {DAY - 3 * place: True for place in range(days)}
    history, who = one({DAY - 1: False, DAY - 2: False, **executing})
    figures = count(history, who, DAY)
    assert (figures["operating_stock"][-1], figures["connected_stock"][-1]) == (operating, 1)


def test_operating_stock_counts_days_of_the_window_alone() -> None:
    history, who = one(dict.fromkeys([DAY - 30, DAY - 20, DAY - 3, DAY - 2, DAY - 1], True))
    # on DAY − 1 all five lie in the 30 days, on DAY the first does not
    assert count(history, who, DAY)["operating_stock"][-2:] == [1, 0]


def test_undeclared_ends_with_the_first_entering() -> None:
    who = population([], [("F1", "R1", DAY - 2), ("F1", "R1", DAY - 1)])
    assert count({("F1", "R1"): {DAY - 6: False}}, who, DAY)["undeclared"] == [0] * 23 + [1] * 4 + [0] * 3


def test_undeclared_leaves_out_factories_that_are_not_registered() -> None:
    assert sum(count({("F9", "R1"): {DAY: False}}, population([], []), DAY)["undeclared"]) == 0


def test_undeclared_leaves_out_a_robot_that_entered_and_does_not_count() -> None:
    who = population([], [("F1", "R1", LONG_BEFORE)])  # an AGV, or decommissioned
    figures = count({("F1", "R1"): {DAY: True}}, who, DAY)
    assert (figures["undeclared"][-1], figures["connected_stock"][-1]) == (0, 0)


def both(first: dict[int, bool], second: dict[int, bool]) -> tuple[History, Population]:
    assets = [("I1", "F1", "R1", LONG_BEFORE, NEVER), ("I2", "F1", "R2", LONG_BEFORE, NEVER)]
    who = population(assets, [("F1", "R1", LONG_BEFORE), ("F1", "R2", LONG_BEFORE)])
    return {("F1", "R1"): first, ("F1", "R2"): second}, who


def test_unseen_begins_365_days_after_the_last_status() -> None:
    # silent on DAY − 1 for the 365 days DAY − 365 … DAY − 1
    history, who = both({DAY - 366: True}, {DAY - 60: True})
    assert count(history, who, DAY)["unseen"] == [0] * 28 + [1] * 2


def test_unseen_needs_another_robot_that_spoke() -> None:
    history, who = both({DAY - 500: True}, {DAY - 370: True})
    assert count(history, who, DAY)["unseen"][-12:] == [1] * 6 + [0] * 6  # until DAY − 370 + 364


def test_unseen_of_a_robot_that_speaks_again_ends_then_and_stays_before() -> None:
    history, who = both({DAY - 400: True, DAY - 3: True}, {DAY - 20: True})
    # up to DAY − 21 the other was not heard either
    assert count(history, who, DAY)["unseen"] == [0] * 9 + [1] * 17 + [0] * 4


def test_unseen_counts_a_robot_that_was_never_seen_once_it_stands_for_365_days() -> None:
    since = DAY - 366
    who = population([("I1", "F1", "R1", since, DAY - 100), ("I1", "F1", "R1", DAY - 100, NEVER)], [])
    # since + 364 is the 365th day; a change of purpose on DAY − 100 is no break
    assert count({("F1", "R2"): {DAY - 40: True}}, who, DAY)["unseen"] == [0] * 27 + [1] * 3


def test_unseen_leaves_out_another_machine_under_the_asset_number() -> None:
    assets = [("I1", "F1", "R1", LONG_BEFORE, DAY - 100), ("I2", "F1", "R1", DAY - 100, NEVER)]
    assert sum(count({("F1", "R2"): {DAY - 40: True}}, population(assets, []), DAY)["unseen"]) == 0


def test_unseen_is_not_told_before_anybody_has_listened_for_365_days() -> None:
    history, who = both({}, {DAY - 40: True})
    assert count(history, who, DAY, listening_day=DAY - 364)["unseen"][-2:] == [0, 1]


def test_activity_without_marks_or_robots_is_empty() -> None:
    assert all(sum(days) == 0 for days in count({}, population([], []), DAY).values())


def test_activity_of_fewer_days_is_the_end_of_the_same() -> None:
    history, who = one({DAY - 6: True})
    spans = activity(who, marks(history, DAY), listening_day=DAY - 6, days=3)
    assert spans["connected_stock"].select("from_day", "to_day", "amount").rows() == [(DAY - 2, DAY + 1, 1)]


def naive(history: History, who: Population, day: int, listening_day: int) -> dict[tuple[str, int], int]:
    """The figures of one day by site, in plain loops, from figures.md."""
    out: dict[tuple[str, int], int] = {}

    def add(figure: str, factory: str) -> None:
        for site, (name, since, until) in enumerate(SITES):
            if name == factory and since <= day < until:
                out[figure, site] = out.get((figure, site), 0) + 1

    window, year = set(range(day - 29, day + 1)), set(range(day - 364, day + 1))
    stock = [row for row in who.assets.rows() if row[3] <= day < row[4]]
    for identity, factory, robot, *_ in stock:
        days = history.get((factory, robot), {})
        if window & days.keys():
            add("connected_stock", factory)
            if sum(days[each] for each in window & days.keys()) >= 5:
                add("operating_stock", factory)
        stays = [row for row in who.assets.rows() if row[:3] == (identity, factory, robot)]
        stood = all(any(row[3] <= each < row[4] for row in stays) for each in year)
        others = any(year & each.keys() for (name, _), each in history.items() if name == factory)
        if stood and others and not year & days.keys() and day - listening_day + 1 >= 365:
            add("unseen", factory)
    for (factory, robot), days in history.items():
        declared = any(row[:2] == (factory, robot) and row[2] <= day for row in who.entered.rows())
        if window & days.keys() and not declared:
            add("undeclared", factory)
    return out


def random_history(chance: random.Random) -> History:
    """Robots that speak for a while, fall silent, and speak again."""
    history: History = {}
    for asset in [(factory, f"R{place}") for factory in ("F1", "F2") for place in range(6)]:
        day, days = DAY - 100 + chance.choice([0, 30, 300]), {}
        while day < DAY + 640:
            length = chance.choice([1, 3, 20, 90])
            days |= {each: chance.random() < 0.2 for each in range(day, min(day + length, DAY + 640))}
            day += length + chance.choice([1, 29, 30, 34, 64, 70, 365, 400])
        if chance.random() < 0.8:
            history[asset] = days
    return history


def random_population(chance: random.Random) -> Population:
    assets: list[Asset] = []
    for factory in ("F1", "F2"):
        for place in range(7):
            day = DAY - chance.choice([0, 200, 600])
            for _ in range(chance.choice([0, 1, 3])):
                end = chance.choice([NEVER, day + 60, day + 500])
                assets.append((f"{factory}{place}{chance.choice('ab')}", factory, f"R{place}", day, end))
                if end == NEVER:
                    break
                day = end + chance.choice([0, 0, 20])
    return population(assets, [row[1:4] for row in assets if chance.random() < 0.9])


@pytest.mark.parametrize("seed", range(6))
def test_activity_agrees_with_plain_loops_on_random_histories(seed: int) -> None:
    chance = random.Random(seed)
    history, who = random_history(chance), random_population(chance)
    first = min(day for each in history.values() for day in each)
    made = Marks(first - 1)
    for last in (DAY + 29, DAY + 210, DAY + 310, DAY + 480, DAY + 620):
        spans = activity(who, followed(made, history, last), listening_day=first)
        found = {
            (name, site, day): amount
            for name, frame in spans.items()
            for site, begin, end, amount in frame.rows()
            for day in range(begin, end)
        }
        days = range(last - 29, last + 1)
        expected = {(*key, day): each for day in days for key, each in naive(history, who, day, first).items()}
        assert found == expected
    assert set(FIGURES) == set(spans)
