import pytest

from api.board import numbers


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (None, "—", "—"),
        (0, "0", "0"),
        (9_999, "9,999", "9,999"),
        (10_000, "1.0万", "10,000"),
        (2_134_567, "213.5万", "2.13 million"),
    ],
)
def test_large_counts_as_they_are_spoken(value: float | None, zh: str, en: str) -> None:
    assert numbers.large(value, "zh") == zh
    assert numbers.large(value, "en") == en


def test_signed_carries_a_true_minus() -> None:
    assert numbers.signed(-3.25) == "−3.2"
    assert numbers.signed_count(1_200) == "+1,200"
    assert (numbers.count(-3), numbers.number(-3.0), numbers.percent(-0.5)) == ("−3", "−3.0", "−50.0%")
    assert numbers.percent(None) == "—"
