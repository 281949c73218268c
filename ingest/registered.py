"""Which factories were registered since their refusals were replayed last."""

from typing import Final

from ingest.rejudging import UNKNOWN_SENDER
from store.base import Store
from store.ledger import LedgerReader
from store.schema import CURSOR, REFUSAL, REFUSED, REGISTRATION, STATE

_CONSUMER: Final = "replay"
# A worker that judged by the register before may still be writing what it refused.
_AGAIN_S: Final = 60.0


class Registered:
    """Follows registrations: each factory is due at once and once more a minute later.

    While nothing is refused of an unknown factory or edge node none is due, so that a whole city that registers costs
    one look.

    Args:
        store: holds the registrations, what is refused, and how far this has come.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._reader: LedgerReader | None = None
        self._waiting: list[tuple[float, str]] = []
        self._kept: dict[str, int] = {}

    def due(self, now_s: float) -> list[str]:
        """The factories whose refusals are to be replayed now.

        Args:
            now_s: of a clock that never goes back [s].

        Raises:
            StoreUnavailable: begin anew; how far this has come is in the store.
        """
        reader = self._reader = self._reader or self._begun()
        fresh = reader.poll().get(REGISTRATION, REGISTRATION.frame())["factory"].unique(maintain_order=True)
        self._waiting += [(now_s + wait_s, factory) for wait_s in (0.0, _AGAIN_S) for factory in fresh]
        ripe = dict.fromkeys(factory for at_s, factory in self._waiting if at_s <= now_s)
        self._waiting = [(at_s, factory) for at_s, factory in self._waiting if at_s > now_s]
        return list(ripe) if ripe and self._any_unknown() else []

    def _begun(self) -> LedgerReader:
        reader = LedgerReader(self._store, [REGISTRATION])
        kept = self._store.read(STATE, CURSOR, where={"consumer": _CONSUMER})
        reader.cursors = self._kept = dict(kept.select("writer", "through").rows())
        return reader

    def _any_unknown(self) -> bool:
        return any(
            self._store.read(REFUSED, REFUSAL, where={"reason": reason}, newest=1).height for reason in UNKNOWN_SENDER
        )

    def remember(self) -> None:
        """Say in the store how far this has come, once no factory is due again.

        Raises:
            StoreUnavailable: the next start replays them once more, which changes nothing.
        """
        if self._waiting or self._reader is None or self._reader.cursors == self._kept:
            return
        self._kept = dict(self._reader.cursors)
        rows = [
            {"time": 0, "consumer": _CONSUMER, "writer": writer, "through": through}
            for writer, through in self._kept.items()
        ]
        self._store.write(STATE, {CURSOR: CURSOR.frame(rows)})
