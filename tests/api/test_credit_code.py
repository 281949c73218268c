import pytest

from api.credit_code import is_credit_code


def test_credit_code_of_the_standard_is_accepted() -> None:
    assert is_credit_code("91350100M000100Y43")  # the example of GB 32100-2015, annex


@pytest.mark.parametrize(
    "text",
    [
        "91350100M000100Y44",  # another check character
        "91350100M000100Y4",  # 17 characters
        "91350100m000100y43",  # small letters
        "9135010OM000100Y43",  # O is not in the alphabet
        "９1350100M000100Y43",  # a wide digit
        "",
    ],
)
def test_credit_code_that_is_wrong_is_refused(text: str) -> None:
    assert not is_credit_code(text)
