"""Unified social credit codes of GB 32100-2015."""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z
LENGTH = 18


def check_character(stem: str) -> str:
    """The last character for the 17 before it: 31 − Σ cᵢ·3ⁱ mod 31, i from 0.

    Raises:
        ValueError: a character is not in the alphabet.
    """
    total = sum(ALPHABET.index(each) * pow(3, place, 31) for place, each in enumerate(stem))
    return ALPHABET[-total % 31]


def is_credit_code(text: str) -> bool:
    """Whether a text is 18 characters of the alphabet with the right check character."""
    if len(text) != LENGTH or not set(text) <= set(ALPHABET):
        return False
    return check_character(text[:-1]) == text[-1]
