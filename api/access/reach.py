"""What is theirs of an `area` or a `factory`: scopes and factories, by the register of the day."""

from dataclasses import dataclass

from api.access.caller import Caller
from api.errors import ApiError, key_missing
from api.registration import Registration
from api.registry import Registry
from density.register import Reference


@dataclass(frozen=True)
class Reach:
    """Everything that one caller sees whole.

    Attributes:
        day: today: a factory that moved away is its new district's.
    """

    caller: Caller
    reference: Reference
    registry: Registry
    day: int

    @property
    def everything(self) -> bool:
        """Whether nothing is kept from them."""
        return self.caller.role == "admin"

    def holds(self, scope: str) -> bool:
        """Whether they see a scope whole: their areas, what lies in them, and their factories."""
        area = scope.partition("/")[0]
        if self.everything or area in self.caller.areas:
            return True
        kind, _, key = area.partition(":")
        if kind == "factory":
            return self.holds_factory(key)
        return kind == "park" and self._holds_park(key)

    def holds_factory(self, factory: str) -> bool:
        """Whether they see a factory."""
        if self.everything or factory in self.caller.factories:
            return True
        row = self.registry.in_force(factory, self.day)
        return row is not None and self.holds_row(row)

    def holds_row(self, row: Registration) -> bool:
        """Whether they see a registration."""
        if self.everything or row.factory in self.caller.factories:
            return True
        return f"district:{row.district}" in self.caller.areas or (row.park is not None and self._in_zone(row.park))

    def demand_factory(self, factory: str | None) -> None:
        """Refuse a factory that is not theirs; none names all of them, which nobody but the administrator sees.

        Raises:
            ApiError: 401 without a key, 403 `not_yours`.
        """
        if self.everything or (factory is not None and self.holds_factory(factory)):
            return
        if not self.caller.named:
            raise key_missing(
                "Of single factories nothing is public; send a key in the header Authorization: Bearer <key>."
            )
        sentence = (
            "Your key opens some factories alone: name one of them."
            if factory is None
            else (f"The factory {factory!r} is none that your key opens; ask the administrator.")
        )
        raise ApiError(403, "not_yours", sentence, path="factory")

    def demand(self, scope: str) -> None:
        """Refuse a scope that is not theirs.

        Raises:
            ApiError: 401 without a key, 403 `not_yours`.
        """
        if scope.startswith("factory:"):
            self.demand_factory(scope.removeprefix("factory:"))
        elif not self.holds(scope):
            if not self.caller.named:
                raise key_missing()
            raise ApiError(403, "not_yours", f"The scope {scope!r} is none that your key opens.", path="scope")

    def _holds_park(self, park: str) -> bool:
        """A park is its zone's, and its district's, though single factories may name another district."""
        known = self.reference.parks.get(park)
        return self._in_zone(park) or (known is not None and f"district:{known.district}" in self.caller.areas)

    def _in_zone(self, park: str) -> bool:
        return any(
            park in zone.parks and f"zone:{key}" in self.caller.areas for key, zone in self.reference.zones.items()
        )
