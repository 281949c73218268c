"""Who asks, and what is theirs."""

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["anonymous", "viewer", "factory", "area", "admin"]
Given = Literal["viewer", "factory", "area", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True)
class Caller:
    """Whoever a request comes from.

    Attributes:
        role: what kind of reader.
        who: as the audit log names them.
        areas: scopes of an `area`, such as district:310115 and zone:lingang.
        factories: ids of a `factory`.
    """

    role: Role
    who: str
    areas: frozenset[str] = frozenset()
    factories: frozenset[str] = frozenset()

    @property
    def rights(self) -> str:
        """One word for all that they may see: equal words get equal answers."""
        return "+".join([self.role, *sorted(self.areas), *(f"factory:{each}" for each in sorted(self.factories))])

    @property
    def named(self) -> bool:
        """Whether anybody vouched for them."""
        return self.role != "anonymous"


ANONYMOUS = Caller("anonymous", "nobody")


def checked_grant(role: str, areas: object, factories: object) -> str | None:
    """What is wrong with a role and what it is given; none where they fit together."""
    if role not in get_args(Given):
        return f"there is no role {role!r}; there are {', '.join(get_args(Given))}"
    if bool(areas) != (role == "area"):
        return "a role `area` names areas, and no other role does"
    if bool(factories) != (role == "factory"):
        return "a role `factory` names factories, and no other role does"
    return None
