"""The plans that were in force: a seed file's, and what was posted since; a day is judged by its own."""

from dataclasses import dataclass

import polars as pl
from pydantic import ValidationError

from density.plan import Plan
from density.plan_check import PlanFaultError, checked_plan
from density.plan_form import PlanForm
from density.register import Reference

_ALWAYS = -(10**6)


@dataclass(frozen=True)
class PlanBook:
    """Every plan with the first day on which it is in force.

    Attributes:
        entries: first day and plan, rising; the first entry has been in force since ever.
        faults: a sentence for each stored version that can not be read as a plan any more and is passed over.
    """

    entries: tuple[tuple[int, Plan], ...]
    faults: tuple[str, ...] = ()

    def on(self, day: int) -> Plan:
        """The plan that a day is judged by."""
        return next(plan for first, plan in reversed(self.entries) if first <= day)

    def spans(self, first_day: int, last_day: int) -> list[tuple[int, int, Plan]]:
        """First column, end column (exclusive) and plan of each span of some days that one plan judges."""
        days = last_day - first_day + 1
        firsts = [min(max(first - first_day, 0), days) for first, _ in self.entries]
        ends = [*firsts[1:], days]
        return [
            (first, end, plan) for first, end, (_, plan) in zip(firsts, ends, self.entries, strict=True) if first < end
        ]


def plan_book(seed: Plan, versions: pl.DataFrame, reference: Reference) -> PlanBook:
    """The book of a seed plan and the versions that were posted.

    Of versions with one first day the one that was posted last counts, whatever plan it is of.

    Args:
        seed: in force until the first version.
        versions: rows with time, plan, document and from_day, in any order.
        reference: what the versions are checked against.
    """
    entries, faults = [(_ALWAYS, seed)], []
    standing = versions.sort("time", "document").unique("from_day", keep="last", maintain_order=True)
    for row in standing.sort("from_day").iter_rows(named=True):
        try:
            entries.append((row["from_day"], checked_plan(PlanForm.model_validate_json(row["document"]), reference)))
        except (ValidationError, PlanFaultError) as error:
            reason = " ".join(str(error).split())[:300]
            faults.append(f"The stored version of the plan {row['plan']} can not be read ({reason}); post it again.")
    return PlanBook(tuple(entries), tuple(faults))
