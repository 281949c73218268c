"""The store's contract, which every back-end passes in tests/store/test_contract.py."""

from collections.abc import Mapping
from typing import Protocol

import polars as pl

from store.schema import Measurement


class Store(Protocol):
    """Points of the measurements of `store.schema`, written durably and read back typed.

    Every call is safe from any thread. Every call raises StoreUnavailable when the back-end does not answer.
    """

    def prepare(self, *, simulated: bool) -> None:
        """Create every database that is missing and write the store's identity; writing twice changes nothing.

        Raises:
            StoreMismatch: the store was born of the other kind, or with another schema version.
        """

    def write(self, database: str, frames: Mapping[Measurement, pl.DataFrame]) -> None:
        """Store all rows durably, in one request; on return they survive a crash.

        A frame has `time` (Int64, ns), every tag, and any of the fields of its measurement: a null or absent
        field is not written, and a point written again merges field by field. Two rows of one frame with the
        same key merge in their order. An empty frame is a no-op.

        Raises:
            PointsRejected: some rows can never be stored; all others were.
        """

    def read(
        self,
        database: str,
        measurement: Measurement,
        *,
        after: int | None = None,
        through: int | None = None,
        where: Mapping[str, str] | None = None,
        newest: int | None = None,
    ) -> pl.DataFrame:
        """The points of a measurement, oldest first, with exactly the columns and types of the schema.

        Args:
            database: one of the schema's databases; one that was never written to reads as empty.
            measurement: what to read.
            after: only points later than this time (ns, exclusive).
            through: only points up to this time (ns, inclusive).
            where: equality on tags and text fields, all of which must hold.
            newest: only so many of the newest points.

        A flag `<figure>_known` that is false turns its figure back into null.
        """

    def expire(self, now_ns: int) -> None:
        """Delete what is older than its retention, where the server does not do so by itself."""

    def close(self) -> None:
        """Release the back-end; no call may follow."""
