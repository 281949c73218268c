"""The scopes that figures are kept for, and who may see them."""

import re
from dataclasses import dataclass

from api.errors import ApiError
from api.registry import Registry
from density.register import Reference

_INDUSTRY = re.compile(r"[0-9]{2,4}")


_DIVISION = re.compile(r"industry:[0-9]{2}")

CROSSING = "crossing"


@dataclass(frozen=True)
class Scope:
    """A scope that exists; `id` is what stands after the colon, empty for the city.

    A division within a district or park, `district:310115/industry:36`, is of the kind `crossing`.
    """

    name: str
    kind: str
    id: str


def find_scope(name: str, reference: Reference, registry: Registry, *, path: str = "scope") -> Scope:
    """The scope of a name such as `city`, `district:310115`, `park:P01`, `zone:lingang` or `industry:36`.

    Raises:
        ApiError: 404 `unknown_scope`.
    """
    area, slash, division = name.partition("/")
    if slash and _is_crossing(area, division, reference):
        return Scope(name, CROSSING, name.partition(":")[2])
    kind, colon, key = name.partition(":")
    known = {
        "city": not colon,
        "district": key in reference.districts,
        "park": key in reference.parks,
        "zone": key in reference.zones,
        "industry": bool(_INDUSTRY.fullmatch(key)) and (key in reference.industries or registry.has_industry(key)),
        "factory": key in registry,
    }
    if not known.get(kind, False):
        sentence = (
            f"There is no scope {name!r}: it is city, district:<adcode>, park:<id>, zone:<id>, "
            "industry:<2 to 4 digits> or factory:<id>, each as registered, or a division in a district or park, "
            "such as district:310115/industry:36."
        )
        raise ApiError(404, "unknown_scope", sentence, path=path)
    return Scope(name, kind, key)


def _is_crossing(area: str, division: str, reference: Reference) -> bool:
    kind, _, key = area.partition(":")
    areas = {"district": reference.districts, "park": reference.parks}.get(kind, {})
    code = division.removeprefix("industry:")
    return key in areas and bool(_DIVISION.fullmatch(division)) and code in reference.industries
