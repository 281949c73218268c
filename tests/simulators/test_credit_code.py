import pytest

from api.credit_code import is_credit_code
from simulators.credit_code import made_up_code


@pytest.mark.parametrize("number", [0, 1, 42, 999_999])
def test_made_up_code_passes_the_check_of_the_api(number: int) -> None:
    code = made_up_code("310115", number)
    assert is_credit_code(code)
    assert code.startswith("91310115XX")


def test_made_up_code_has_the_check_characters_of_the_standards() -> None:
    # GB 11714, XX000042: X is 33, so 33·3 + 33·7 + 4·4 + 2·2 = 350; 350 mod 11 = 9; 11 − 9 = 2.
    assert made_up_code("310115", 42)[8:17] == "XX0000422"
    # GB 32100-2015 by its own sum over the first 17 characters.
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    code = made_up_code("310115", 42)
    total = sum(alphabet.index(each) * weight for each, weight in zip(code, weights, strict=False))
    assert code[-1] == alphabet[(31 - total % 31) % 31]


def test_made_up_code_differs_for_each_factory() -> None:
    assert len({made_up_code("310115", number) for number in range(2_000)}) == 2_000
