from typing import Any

import pytest

from density.reason import reason

STANDING = {"gap": -42.0, "trailing_rate": 18.0, "required_rate": 31.4}
COMPARED = {"persons_then": 1_000, "persons_now": 968, "effect_headcount": 4.26}
FULL = {"factories": 20, "response_headcount_factories": 1.0, "response_robots_factories": 1.0}


def told(standing: Any = STANDING, compared: Any = None, figures: Any = FULL) -> tuple[str, str]:
    name = reason(standing, compared, figures)
    assert name is not None
    return name.zh, name.en


def test_reason_names_installations_headcount_and_who_is_missing() -> None:
    figures = {**FULL, "response_headcount_factories": 0.9, "response_robots_factories": 0.85}
    zh, en = told(compared=COMPARED, figures=figures)
    assert zh == (
        "新增装机比计划少42台，近12个月新增18台，按期完成每年需31台；可比工厂用工人数同比减少3.2%，拉高密度4.3；"
        "20家工厂中2家无有效用工人数、3家从未报送机器人。"
    )
    assert en == (
        "42 fewer new installations than planned, 18 came in the last 12 months and 31 a year are needed; "
        "headcount down 3.2% on a year before, raising density by 4.3; "
        "of 20 factories 2 lack a valid headcount and 3 never reported robots."
    )


def test_reason_leaves_out_a_headcount_that_hardly_moved() -> None:
    assert "用工人数" not in told(compared={**COMPARED, "persons_now": 995})[0]
    assert "用工人数" not in told(compared={**COMPARED, "persons_then": 0})[0]


def test_reason_of_a_headcount_whose_effect_is_not_known_tells_the_headcount_alone() -> None:
    zh, en = told(compared={**COMPARED, "persons_now": 1_100, "effect_headcount": None})
    assert "可比工厂用工人数同比增加10.0%；" in zh
    assert "headcount up 10.0% on a year before;" in en


@pytest.mark.parametrize(
    ("figures", "zh"),
    [
        (FULL, "各厂均已填报"),
        ({**FULL, "response_robots_factories": 0.95}, "20家工厂中1家从未报送机器人"),
        ({**FULL, "response_headcount_factories": 0.5}, "20家工厂中10家无有效用工人数"),
        ({**FULL, "response_headcount_factories": None}, "填报情况不明"),
    ],
)
def test_reason_says_who_has_not_reported(figures: Any, zh: str) -> None:
    assert told(figures=figures)[0].endswith(f"；{zh}。")


def test_reason_ahead_of_plan_says_so() -> None:
    assert told({**STANDING, "gap": 7.0})[0].startswith("新增装机比计划多7台")
    assert told({"gap": -7.0, "trailing_rate": None, "required_rate": None})[0].startswith("新增装机比计划少7台；")


def test_reason_without_a_share_is_none() -> None:
    assert reason({**STANDING, "gap": None}, COMPARED, FULL) is None
