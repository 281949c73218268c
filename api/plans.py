"""The plans that were in force, as the ledger tells them."""

import threading

from api.ledger import Ledger
from density.plan import Plan
from density.plan_book import PlanBook, plan_book
from density.register import Reference
from store.schema import PLAN_VERSION


class Plans:
    """The plan of seeds/ and the versions that were posted since; read again when one was."""

    def __init__(self, ledger: Ledger, seed: Plan, reference: Reference) -> None:
        self._ledger, self._seed, self._reference = ledger, seed, reference
        self._lock = threading.Lock()
        self._read: tuple[list[dict[str, object]], PlanBook] | None = None

    def book(self) -> PlanBook:
        """Every plan with its first day, at most a second old.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        rows = [{**row, "time": 0} for row in self._ledger.papers().of(PLAN_VERSION).values()]
        with self._lock:
            if self._read is None or self._read[0] != rows:
                self._read = (rows, plan_book(self._seed, PLAN_VERSION.frame(rows), self._reference))
            return self._read[1]
