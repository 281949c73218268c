"""Numbers as an official reads them; what is unknown is a dash, never a zero."""

DASH = "—"


def count(value: float | None) -> str:
    """A whole number with thousands separators."""
    return DASH if value is None else _minus(f"{value:,.0f}")


def number(value: float | None) -> str:
    """One decimal with thousands separators."""
    return DASH if value is None else _minus(f"{value:,.1f}")


def percent(share: float | None) -> str:
    """A share of 1 as per cent with one decimal."""
    return DASH if share is None else _minus(f"{share * 100:.1f}%")


def signed(value: float | None) -> str:
    """One decimal with its sign."""
    return DASH if value is None else _minus(f"{value:+.1f}")


def signed_count(value: float | None) -> str:
    """A whole number with its sign."""
    return DASH if value is None else _minus(f"{value:+,.0f}")


def large(value: float | None, language: str) -> str:
    """A large count as it is spoken: 123.4万, 1.23 million; below ten thousand, or a million, with separators."""
    if value is None:
        return DASH
    if language == "zh":
        return count(value) if abs(value) < 1e4 else _minus(f"{value / 1e4:,.1f}万")
    return count(value) if abs(value) < 1e6 else _minus(f"{value / 1e6:,.2f} million")


def _minus(text: str) -> str:
    """A number with the sign of a subtraction, as wide as a plus."""
    return text.replace("-", "−")
