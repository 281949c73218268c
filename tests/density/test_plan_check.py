from datetime import date
from typing import Any

import pytest
from cities import REFERENCE

from density.plan_check import PlanFaultError, checked_plan
from density.plan_form import PlanForm

NAME = {"zh": "名", "en": "name"}
COUNT = {
    "id": "SH-01", "name": NAME, "sentence": "新增2万台", "measured_by": "figure", "figure": "gross_new",
    "kind": "count", "unit": NAME, "value": 100, "baseline_day": date(2023, 12, 31), "deadline": date(2027, 12, 31),
    "source": "SEED", "scopes": ("city", "district", "park"),
}  # fmt: skip
GROWTH = COUNT | {
    "measured_by": "statistic", "figure": "output", "kind": "ratio", "comparison": "growth_per_year",
    "unit": {"zh": "%/年", "en": "% a year"}, "statistic_unit": NAME,
}  # fmt: skip
PAPER = {
    "id": "SH-02", "name": NAME, "sentence": "五大行动", "measured_by": "document", "kind": "count", "unit": NAME,
    "source": "SEED",
}  # fmt: skip


def form(*targets: dict[str, Any], **changes: Any) -> PlanForm:
    plan = {"id": "p", "name": NAME, "source": "SEED", "targets": targets}
    return PlanForm.model_validate(plan | changes)


def quotas(**values: Any) -> dict[str, Any]:
    named = dict.fromkeys(("body", "document", "number", "source"), "x")
    return {**named, "day": date(2024, 1, 1), "simulated": True, "quotas": values}


def milestones(*values: tuple[date, float]) -> tuple[dict[str, Any], ...]:
    return tuple({"day": day, "value": value} for day, value in values)


def test_checked_plan_keeps_order_and_defaults() -> None:
    plan = checked_plan(form(PAPER, COUNT), REFERENCE)
    assert [target.id for target in plan.targets] == ["SH-02", "SH-01"]
    assert (plan.targets[0].figure, plan.targets[0].value, plan.targets[1].series) == ("", None, "total")
    assert plan.headlines == plan.targets


def test_plan_headlines_are_those_that_are_marked() -> None:
    plan = checked_plan(form(PAPER, COUNT | {"headline": True}), REFERENCE)
    assert [target.id for target in plan.headlines] == ["SH-01"]


@pytest.mark.parametrize(
    ("row", "at", "said"),
    [
        (COUNT | {"figure": "gross"}, "figure", "measures SH-01 by gross"),
        (COUNT | {"figure": "chain_leaders"}, "figure", "choose one of"),
        (COUNT | {"kind": "ratio"}, "kind", "gross_new is a count"),
        (COUNT | {"figure": "density_12m"}, "kind", "density_12m is a ratio"),
        (COUNT | {"baseline_day": None}, "id", "no baseline_day"),
        (COUNT | {"comparison": "at_most"}, "comparison", "other than at_least"),
        (COUNT | {"value": 0}, "comparison", "a value above 0"),
        (COUNT | {"value": None}, "id", "no value or no deadline"),
        (COUNT | {"deadline": None}, "id", "no value or no deadline"),
        (COUNT | {"deadline": date(2023, 12, 31)}, "deadline", "not after its baseline"),
        (COUNT | {"scopes": ("district",)}, "scopes", "name city"),
        (COUNT | {"scopes": ("city", "park", "park")}, "scopes", "each kind once"),
        (GROWTH | {"headline": True}, "headline", "no figure of ours"),
        (GROWTH | {"unit": NAME}, "unit", "it is in %"),
        (GROWTH | {"statistic_unit": None}, "unit", "statistic_unit says of what"),
        (GROWTH | {"baseline_day": None}, "comparison", "grow from no day"),
        (GROWTH | {"comparison": "faster_than"}, "comparison", "give faster_than with less"),
        (GROWTH | {"less": "other"}, "comparison", "give faster_than with less"),
        (GROWTH | {"milestones": milestones((date(2025, 1, 1), 5))}, "milestones", "its plan is no line"),
        (PAPER | {"baseline_day": date(2024, 1, 1), "deadline": date(2023, 1, 1)}, "deadline", "ends SH-02"),
    ],
)  # fmt: skip
def test_checked_plan_refuses_a_target_with_its_place(row: dict[str, Any], at: str, said: str) -> None:
    with pytest.raises(PlanFaultError, match=said) as caught:
        checked_plan(form(PAPER | {"id": "SH-09"}, row), REFERENCE)
    assert caught.value.path == ("targets", 1, at)


@pytest.mark.parametrize(
    ("values", "place"),
    [
        (((date(2023, 12, 31), 10),), 0),  # on the baseline day
        (((date(2027, 12, 31), 10),), 0),  # on the deadline
        (((date(2025, 12, 31), 101),), 0),  # beyond the target
        (((date(2025, 12, 31), 50), (date(2026, 12, 31), 40)), 1),  # back
        (((date(2026, 12, 31), 40), (date(2025, 12, 31), 50)), 1),  # earlier
    ],
)
def test_checked_plan_refuses_milestones_out_of_order(values: tuple[tuple[date, float], ...], place: int) -> None:
    with pytest.raises(PlanFaultError, match="out of order") as caught:
        checked_plan(form(COUNT | {"milestones": milestones(*values)}), REFERENCE)
    assert caught.value.path == ("targets", 0, "milestones", place)


def test_checked_plan_takes_milestones_in_order() -> None:
    rising = milestones((date(2024, 12, 31), 10), (date(2025, 12, 31), 10), (date(2026, 12, 31), 100))
    (target,) = checked_plan(form(COUNT | {"milestones": rising}), REFERENCE).targets
    assert [each.value for each in target.milestones] == [10, 10, 100]


@pytest.mark.parametrize(
    ("values", "at", "said"),
    [
        ({"SH-09": {"park:P01": 100}}, ("SH-09",), "no count of the plan p"),
        ({"SH-01": {"park:P09": 100}}, ("SH-01", "park:P09"), "an unknown scope"),
        ({"SH-02": {"park:P01": 100}}, ("SH-02",), "no count of the plan p"),
        ({"SH-03": {"park:P01": 100}}, ("SH-03", "park:P01"), "add park to the target's scopes"),
        ({"SH-01": {"park:P01": 60, "outside-parks": 39}}, ("SH-01",), "gives the parks 99 of SH-01, not 100"),
        ({"SH-01": {"park:P01": 100, "district:310115": 99}}, ("SH-01",), "the districts 99 of SH-01"),
    ],
)
def test_checked_plan_refuses_quotas_that_do_not_fit(values: Any, at: tuple[str, ...], said: str) -> None:
    with pytest.raises(PlanFaultError, match=said) as caught:
        checked_plan(
            form(COUNT, PAPER, COUNT | {"id": "SH-03", "scopes": ("city",)}, quotas=quotas(**values)), REFERENCE
        )
    assert caught.value.path == ("quotas", "quotas", *at)


def test_checked_plan_takes_two_allocations_of_one_target() -> None:
    values = {"park:P01": 60, "outside-parks": 40, "district:310114": 30, "district:310115": 70}
    plan = checked_plan(form(COUNT, quotas=quotas(**{"SH-01": values})), REFERENCE)
    assert plan.quotas is not None
    assert (plan.quotas.values["SH-01"], plan.quotas.day) == (values, date(2024, 1, 1))
