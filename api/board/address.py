"""The pages of the board: / · /district/310115 · /zone/lingang · /park/P01 · /factory/F00042 · /quality · /about."""

from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["city", "district", "zone", "park", "factory", "quality", "about", "sign-in", "upload", "failure"]
AREAS = ("city", "district", "zone", "park")
FORMS: tuple[Kind, ...] = ("sign-in", "upload", "failure")  # they show no figures


@dataclass(frozen=True)
class Address:
    """A page; `id` names the area or factory of it and is empty for the others."""

    kind: Kind
    id: str = ""

    @property
    def name(self) -> str:
        """In a query, and as the scope of an area: city, district:310115, quality."""
        return f"{self.kind}:{self.id}" if self.id else self.kind

    @property
    def path(self) -> str:
        """Where it is."""
        if self.kind == "city":
            return "/"
        return f"/{self.kind}/{self.id}" if self.id else f"/{self.kind}"


CITY = Address("city")


def read_address(name: str) -> Address | None:
    """The page of a name; none where there is no such kind. Whether the area exists is another question."""
    kind, colon, key = name.partition(":")
    if (
        kind not in get_args(Kind)
        or kind in FORMS
        or bool(key) != bool(colon)
        or bool(key) != (kind in AREAS[1:] or kind == "factory")
    ):
        return None
    return Address(kind, key)  # type: ignore[arg-type] # one of them


def read_path(path: str) -> Address:
    """The page at a path that a route of the board has matched."""
    kind, _, key = path.strip("/").partition("/")
    return Address(kind, key) if kind else CITY  # type: ignore[arg-type] # the routes name the kinds
