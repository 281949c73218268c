"""Unified social credit codes that are valid and clearly made up (GB 32100-2015)."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def made_up_code(district: str, number: int) -> str:
    """The code of a made-up enterprise: 91, the district, XX and a number, both check characters right."""
    body = f"XX{number:06d}"
    stem = f"91{district}{body}{_organisation_check(body)}"
    return stem + _check(stem)


def _organisation_check(body: str) -> str:
    """The ninth character of an organisation code (GB 11714)."""
    total = sum(_ORGANISATION.index(each) * weight for each, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def _check(stem: str) -> str:
    total = sum(_ALPHABET.index(each) * pow(3, place, 31) for place, each in enumerate(stem))
    return _ALPHABET[-total % 31]
