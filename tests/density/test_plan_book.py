import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from cities import DAY0, FIRST, REFERENCE
from plan_city import figures_of, plan_of, steps, target

from density.plan import Plan
from density.plan_book import PlanBook, plan_book
from density.progress import Progress, measure

NAME = {"zh": "名", "en": "name"}


def document(plan: str, value: float = 100, **changes: Any) -> str:
    row = {
        "id": "SH-01", "name": NAME, "sentence": "s", "measured_by": "figure", "figure": "gross_new", "kind": "count",
        "unit": NAME, "value": value, "baseline_day": "2023-12-31", "deadline": "2027-12-31", "source": "SEED",
    }  # fmt: skip
    return json.dumps({"id": plan, "name": NAME, "source": "SEED", "targets": [row | changes]})


def versions(*rows: tuple[int, str, int]) -> pl.DataFrame:
    """Rows of stamp, document and first day."""
    content = [{"time": time, "plan": "p", "document": text, "from_day": DAY0 + day} for time, text, day in rows]
    return pl.DataFrame(
        content, schema={"time": pl.Int64, "plan": pl.String, "document": pl.String, "from_day": pl.Int64}
    )


def at(measured: Progress, scope: str) -> int:
    return measured.scopes.names.index(scope)


def test_plan_book_judges_a_day_by_the_plan_in_force() -> None:
    book = plan_book(plan_of(target()), versions((2, document("third"), 200), (1, document("second"), 100)), REFERENCE)
    assert [book.on(DAY0 + day).id for day in (-9_999, 0, 99, 100, 199, 200)] == [
        "p", "p", "p", "second", "second", "third",
    ]  # fmt: skip


def test_plan_book_takes_what_was_posted_last_for_one_day() -> None:
    rows = versions((2, document("later"), 100), (1, document("earlier"), 100))
    assert plan_book(plan_of(target()), rows, REFERENCE).on(DAY0 + 100).id == "later"


@pytest.mark.parametrize("text", ["{", document("p", figure="gross"), document("p", colour="red")])
def test_plan_book_names_a_version_that_can_not_be_read_and_passes_over_it(text: str) -> None:
    book = plan_book(plan_of(target()), versions((1, text, 100), (2, document("good"), 200)), REFERENCE)
    assert [plan.id for _, plan in book.entries] == ["p", "good"]
    assert len(book.faults) == 1
    assert "version of the plan p can not be read" in book.faults[0]


def two(first: Plan, second: Plan, *, since: int = 100) -> PlanBook:
    return PlanBook(((DAY0, first), (DAY0 + since, second)))


def test_measure_stitches_the_days_of_two_plans() -> None:
    # 1,000 days: the line of 200 until day 99, that of 400 from day 100 on
    book = two(plan_of(target(value=200)), plan_of(target(value=400)))
    (measured,) = measure(book, figures_of(300, gross_new=steps("0:0 50:30", 300)))
    assert measured.goal[0, [0, 99, 100, 299]].tolist() == [200, 200, 400, 400]
    assert measured.planned[0, [99, 100]] == pytest.approx([19.8, 40])
    assert measured.progress[0, [99, 100]] == pytest.approx([30 / 200, 30 / 400])
    assert measured.goals[0].value == 400


def test_measure_by_a_new_plan_changes_no_day_before_it() -> None:
    figures = figures_of(300, gross_new=steps("0:0 50:30", 300))
    old = measure(plan_of(target(value=200)), figures)[0]
    new = measure(two(plan_of(target(value=200)), plan_of(target(value=400))), figures)[0]
    for name, values in old.columns().items():
        np.testing.assert_array_equal(values[:, :100], new.columns()[name][:, :100], err_msg=name)


def test_measure_assigns_quotas_from_the_day_of_their_plan_on() -> None:
    book = two(plan_of(target()), plan_of(target(), quotas={"T": {"park:P01": 50}}))
    (measured,) = measure(book, figures_of(300, gross_new=0))
    park = at(measured, "park:P01")
    assert measured.basis[park, [99, 100]].tolist() == ["reference", "assigned"]
    assert measured.goal[park, [99, 100]].tolist() == [200, 50]


def test_measure_owes_nothing_on_days_whose_plan_lacks_a_target() -> None:
    book = two(plan_of(target(id="A")), plan_of(target(id="B")))
    measured = {each.target.id: each for each in measure(book, figures_of(300, gross_new=0))}
    assert measured["A"].status[0, [99, 100]].tolist() == ["too_early", "no_quota"]
    assert measured["B"].status[0, [99, 100]].tolist() == ["no_quota", "too_early"]
    assert np.isnan(measured["A"].goal[0, 100:]).all()
    assert measured["A"].goals[0].basis == "none"


def test_measure_follows_a_target_where_the_newest_plan_follows_it() -> None:
    book = two(plan_of(replace(target(), scopes=("city",))), plan_of(replace(target(), scopes=("city", "park"))))
    (measured,) = measure(book, figures_of(300, gross_new=0))
    assert measured.scopes.names == ("city", "park:P01", "park:P02")


def test_measure_begins_with_the_plan_of_the_first_day() -> None:
    book = PlanBook(((-(10**6), plan_of(target(value=1))), (DAY0 - 5, plan_of(target(value=2)))))
    (measured,) = measure(book, figures_of(10, gross_new=0))
    assert set(measured.goal[0]) == {2}


def test_measure_judges_a_target_of_key_industries_by_every_key_set() -> None:
    figures = figures_of(10, density_12m=450)
    assert [each.target.id for each in measure(plan_of(target("density_12m", 500)), figures)] == ["T", "T:other"]


def test_measure_stores_every_column_in_the_shape_of_scopes_and_days() -> None:
    (measured,) = measure(plan_of(target()), figures_of(10, gross_new=0))
    columns = measured.columns()
    assert {values.shape for values in columns.values()} == {(4, 10)}
    assert set(columns) == {
        "actual", "baseline", "goal", "planned", "progress", "planned_progress", "lead", "pace", "gap",
        "required_rate", "trailing_rate", "status", "basis",
    }  # fmt: skip
    assert FIRST + timedelta(days=1_000) == measured.target.deadline
