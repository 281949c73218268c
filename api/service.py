"""What every route works with."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, cast

from fastapi import Depends, Request

from api.accounts import Accounts
from api.audit import AuditLog
from api.board.board import Board
from api.figures import Shelf
from api.ledger import Ledger
from api.options import ApiOptions, Readiness
from density.days import day_of_ns, to_date
from density.plan import Plan
from density.register import Reference
from store.base import Store


@dataclass(frozen=True)
class Service:
    """The parts of a running API.

    Attributes:
        readiness: none lets the API ask the store itself.
        metrics: gauges of the processes beside the API, by name.
    """

    store: Store
    reference: Reference
    plan: Plan
    options: ApiOptions
    clock_ns: Callable[[], int]
    readiness: Callable[[], Readiness]
    metrics: Callable[[], Mapping[str, float]]
    ledger: Ledger
    shelf: Shelf
    accounts: Accounts
    audit: AuditLog
    board: Board

    def today(self) -> date:
        """The Shanghai day of now."""
        return to_date(day_of_ns(self.clock_ns()))


def _service(request: Request) -> Service:
    return cast("Service", request.app.state.service)


ServiceDep = Annotated[Service, Depends(_service)]
