"""Every registration and designation in memory, by slot, as the ledger tells them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from api.registration import Registration

EVER = -(10**9)  # before every day


@dataclass(frozen=True)
class Designation:
    """What a body recognised, from one day on; `to_day` is exclusive."""

    kind: str
    scheme: str
    grade: str | None
    subject_factory: str | None
    subject_name: str | None
    subject_district: str | None
    record: str | None
    from_day: int
    to_day: int | None

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Designation":
        """A row of the store's designation reports."""
        return cls(**{field.name: row[field.name] for field in fields(cls)})

    @property
    def slot(self) -> tuple[object, ...]:
        """Of several in one slot the one stamped last counts."""
        subject = (self.subject_factory, self.subject_name, self.subject_district)
        return (self.kind, self.scheme, subject, self.grade, self.from_day)

    def holds(self, day: int) -> bool:
        """Whether it is in force on a day."""
        return self.from_day <= day and (self.to_day is None or day < self.to_day)


class Registry:
    """Registrations by factory and designations by slot; of two in one slot the later stamp stands."""

    def __init__(self) -> None:
        self._spells: dict[str, tuple[Registration, ...]] = {}
        self._stamps: dict[tuple[object, ...], int] = {}
        self._order: list[str] | None = None
        self._codes: set[str] = set()
        self.designations: dict[tuple[object, ...], Designation] = {}

    def __contains__(self, factory: str) -> bool:
        return factory in self._spells

    def spells(self, factory: str) -> tuple[Registration, ...]:
        """All registrations of a factory, the first one first; empty for an unknown factory."""
        return self._spells.get(factory, ())

    def in_force(self, factory: str, day: int) -> Registration | None:
        """The registration of a day; the first one holds for all days before."""
        return standing(self.spells(factory), day)

    def factories(self) -> list[str]:
        """Every factory, sorted."""
        order = self._order
        if order is None:
            self._order = order = sorted(self._spells)
        return order

    def has_industry(self, code: str) -> bool:
        """Whether any factory is or was registered in this industry of 2 to 4 digits."""
        return code in self._codes

    def firms(self, day: int, by: Literal["park", "district"] = "park") -> dict[str, int]:
        """Distinct credit codes of the open factories of each area; a factory without a code is a firm of its own."""
        codes: dict[str, set[str]] = {}
        for row in self.open(day):
            area = getattr(row, by)
            if area:
                codes.setdefault(area, set()).add(row.credit_code or f"factory:{row.factory}")
        return {area: len(each) for area, each in codes.items()}

    def open(self, day: int) -> Iterator[Registration]:
        """The registrations in force on a day, by factory, of those that are not closed."""
        for factory in self.factories():
            row = self.in_force(factory, day)
            if row and (row.closed_day is None or row.closed_day > day):
                yield row

    def register(self, rows: Iterable[tuple[int, Registration]]) -> None:
        """Take stamped registrations in; taking one twice changes nothing."""
        for stamp, row in rows:
            if self._newer(("registration", row.factory, row.from_day), stamp):
                self._spells[row.factory] = with_spell(self.spells(row.factory), row)
                self._codes.update(row.industry[:digits] for digits in (2, 3, 4))
                self._order = None

    def designate(self, rows: Iterable[tuple[int, Designation]]) -> None:
        """Take stamped designations in; taking one twice changes nothing."""
        for stamp, row in rows:
            if self._newer(row.slot, stamp):
                self.designations[row.slot] = row

    def _newer(self, slot: tuple[object, ...], stamp: int) -> bool:
        newer = stamp > self._stamps.get(slot, -1)
        if newer:
            self._stamps[slot] = stamp
        return newer


def standing(spells: tuple[Registration, ...], day: int) -> Registration | None:
    """The registration in force on a day among sorted ones."""
    begun = [row for row in spells if (EVER if row.from_day is None else row.from_day) <= day]
    return next(iter(begun[-1:] or spells[:1]), None)


def with_spell(spells: tuple[Registration, ...], row: Registration) -> tuple[Registration, ...]:
    """The registrations with one put in its slot."""
    others = [each for each in spells if each.from_day != row.from_day]
    return tuple(sorted([*others, row], key=lambda each: EVER if each.from_day is None else each.from_day))
