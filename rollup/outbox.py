"""Points on their way to the store: what is due together shares a request, and with it a commit."""

import polars as pl

from store.base import Store
from store.schema import Measurement

ROWS = 100_000  # so many rows bound the memory of a request


class Outbox:
    """Holds points until there would be more than ROWS of them, or until told to send them.

    Args:
        store: where they go.
        ahead: the measurement that has to be durable before any other that is held with it.
    """

    def __init__(self, store: Store, ahead: Measurement) -> None:
        self._store, self._ahead = store, ahead
        self._held: dict[str, dict[Measurement, list[pl.DataFrame]]] = {}
        self._rows = 0

    def put(self, database: str, kind: Measurement, frame: pl.DataFrame) -> int:
        """Take points; answers how many.

        Raises:
            StoreUnavailable: nothing is known of what was sent.
        """
        for part in frame.iter_slices(ROWS):
            if self._rows + part.height > ROWS:
                self.send()
            self._held.setdefault(database, {}).setdefault(kind, []).append(part)
            self._rows += part.height
        return frame.height

    def send(self) -> None:
        """Send what is held, a request for each database, and one before for what goes ahead.

        Raises:
            StoreUnavailable: nothing is known of what was sent.
        """
        held, self._held, self._rows = self._held, {}, 0
        for ahead in (True, False):
            for database, kinds in held.items():
                told = {kind: pl.concat(frames) for kind, frames in kinds.items() if (kind is self._ahead) == ahead}
                if told:
                    self._store.write(database, told)
