"""What every route works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Request

from api.access.caller import Caller
from api.access.gate import Gate
from api.access.keys import Keys
from api.access.reach import Reach
from api.accounts import Accounts
from api.audit import AuditLog
from api.board.board import Board
from api.disclosure.decisions import Decisions
from api.disclosure.shelf import shelf_of
from api.evidence import Evidence
from api.explaining import Explaining
from api.feed import Feed
from api.figures import Shelf
from api.ledger import Ledger
from api.options import ApiOptions, Readiness
from api.plans import Plans
from api.sensitivity import SensitivityTable
from api.uploads.holdings import Holdings
from api.uploads.previews import Previews
from api.versions import Versions
from density.days import day_of_ns, to_date, to_day
from density.definition import Definition
from density.plan import Plan
from density.register import Reference
from store.base import Store


@dataclass(frozen=True)
class Service:
    """The parts of a running API.

    Attributes:
        plan: the one of seeds/; `plan_in_force` is what a day is judged by.
        readiness: none lets the API ask the store itself.
        metrics: gauges of the processes beside the API, by name.
    """

    gate: Gate
    keys: Keys
    store: Store
    reference: Reference
    plan: Plan
    options: ApiOptions
    clock_ns: Callable[[], int]
    definition: Definition
    readiness: Callable[[], Readiness]
    metrics: Callable[[], Mapping[str, float]]
    ledger: Ledger
    plans: Plans
    shelf: Shelf
    decisions: Decisions
    versions: Versions
    feed: Feed
    evidence: Evidence
    explaining: Explaining
    sensitivity: SensitivityTable
    accounts: Accounts
    audit: AuditLog
    board: Board
    previews: Previews
    holdings: Holdings

    def reach(self, caller: Caller) -> Reach:
        """What of single factories and areas a caller sees whole.

        Raises:
            StoreUnavailable: the register cannot be read.
        """
        return Reach(caller, self.reference, self.ledger.registry(), to_day(self.today()))

    def shelf_of(self, caller: Caller) -> Shelf:
        """The figures as a caller may see them.

        Raises:
            StoreUnavailable: the register cannot be read.
        """
        return shelf_of(self.reach(caller), self.shelf, self.store, self.decisions, self.plan_in_force())

    def today(self) -> date:
        """The Shanghai day of now."""
        return to_date(day_of_ns(self.clock_ns()))

    def plan_in_force(self) -> Plan:
        """The plan that today is judged by: the newest version posted for today or before, else that of seeds/."""
        return self.plans.book().on(to_day(self.today()))


def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
