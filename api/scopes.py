"""The scopes that figures are kept for, and who may see them."""

import re
from dataclasses import dataclass

from api.errors import ApiError
from api.registry import Registry
from density.register import Reference

SERIES = ("total", "all", "key")

_INDUSTRY = re.compile(r"[0-9]{2,4}")


@dataclass(frozen=True)
class Scope:
    """A scope that exists; `id` is what stands after the colon, empty for the city."""

    name: str
    kind: str
    id: str


def find_scope(name: str, reference: Reference, registry: Registry) -> Scope:
    """The scope of a name such as `city`, `district:310115`, `park:P01`, `industry:36` or `factory:F00042`.

    Raises:
        ApiError: 404 `unknown_scope`.
    """
    kind, colon, key = name.partition(":")
    known = {
        "city": not colon,
        "district": key in reference.districts,
        "park": key in reference.parks,
        "industry": bool(_INDUSTRY.fullmatch(key)) and (key in reference.industries or registry.has_industry(key)),
        "factory": key in registry,
    }
    if not known.get(kind, False):
        sentence = (
            f"There is no scope {name!r}: it is city, district:<adcode>, park:<id>, industry:<2 to 4 digits> "
            "or factory:<id>, each as registered."
        )
        raise ApiError(404, "unknown_scope", sentence, path="scope")
    return Scope(name, kind, key)
