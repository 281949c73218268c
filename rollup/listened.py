"""What is known of one factory's deliveries: how it is heard, and which of its messages came."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from density.attention import RECENT_DAYS
from density.contact import Contact
from density.days import day_of_ns, start_ns
from density.numbering import Numbering

KEPT_DAYS: Final = 35  # a hole of an older day is not filled any more

Row = dict[str, Any]


@dataclass
class Listened:
    """What is known of one factory.

    Attributes:
        contact: how it is heard.
        numbers: by kind.
        unnumbered: messages without a number, by kind and day.
        through: stamp of the last row that was taken of each writer.
    """

    contact: Contact = field(default_factory=Contact)
    numbers: dict[str, Numbering] = field(default_factory=dict)
    unnumbered: dict[str, dict[int, int]] = field(default_factory=dict)
    through: dict[str, int] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any]) -> set[int]:
        """Take a row of `delivery`, unless it was taken before; answers the days whose counts may have changed."""
        if row["time"] <= self.through.get(row["writer"], 0):
            return set()
        self.through[row["writer"]] = row["time"]
        kind, day = row["kind"], day_of_ns(row["last_us"] * 1_000)
        touched = {day_of_ns(row["first_us"] * 1_000), day}
        self.contact.hear(kind, row["first_us"], row["last_us"], day)
        if row["live"] is not None:
            self.contact.time(day, live=row["live"], late=row["late"] or 0, skew_s=row["skew_s"])
        if row["numbers"] is not None:
            numbers = self.numbers.setdefault(kind, Numbering())
            touched |= numbers.take(row["boot"] or "", json.loads(row["numbers"]), day)
        else:
            of_kind = self.unnumbered.setdefault(kind, {})
            of_kind[day] = of_kind.get(day, 0) + (row["messages"] or 0)
        return touched

    def tidy(self, today: int) -> None:
        """Keep it small."""
        self.contact.forget(today)
        for numbers in self.numbers.values():
            numbers.bound()
            numbers.forget(today - KEPT_DAYS)
        for kind, days in self.unnumbered.items():
            self.unnumbered[kind] = {day: count for day, count in days.items() if day >= today - KEPT_DAYS}

    def counted(self, factory: str) -> list[Row]:
        """Rows of `numbering` for every day that is known."""
        rows: dict[tuple[str, int], Row] = {}
        for kind, days in self.unnumbered.items():
            for day, count in days.items():
                rows[kind, day] = {"numbered": 0, "missing": 0, "unnumbered": count}
        for kind, numbers in self.numbers.items():
            for day, counts in numbers.counts().items():
                row = rows.setdefault((kind, day), {"unnumbered": 0})
                row |= {"numbered": counts.numbered, "missing": counts.missing}
        return [{"time": start_ns(day), "factory": factory, "kind": kind, **row} for (kind, day), row in rows.items()]

    def missing(self, today: int) -> tuple[int, int]:
        """How many messages are missing of the last RECENT_DAYS days, and how many of these were noticed today."""
        days = [(day, each.missing) for numbers in self.numbers.values() for day, each in numbers.counts().items()]
        recent = sum(missing for day, missing in days if day > today - RECENT_DAYS)
        return recent, sum(missing for day, missing in days if day == today)

    def to_row(self, factory: str) -> Row:
        """The point that keeps it."""
        heard = {"contact": self.contact.to_json(), "through": self.through, "unnumbered": self.unnumbered}
        numbers = {kind: each.to_json() for kind, each in self.numbers.items()}
        return {"time": 0, "factory": factory, "heard": _text(heard), "numbers": _text(numbers)}

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> "Listened":
        """What `to_row` kept."""
        heard = json.loads(row["heard"])
        unnumbered = {kind: {int(day): n for day, n in days.items()} for kind, days in heard["unnumbered"].items()}
        numbers = {kind: Numbering.from_json(each) for kind, each in json.loads(row["numbers"]).items()}
        return cls(Contact.from_json(heard["contact"]), numbers, unnumbered, heard["through"])


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
