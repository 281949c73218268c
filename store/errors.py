"""What a store raises.

StoreError
├── StoreUnavailable   wait and retry: nothing is wrong with the data
├── PointsRejected     never again: these rows cannot be stored, all others of the write were
└── StoreMismatch      do not start: the store is of another kind, or another version
"""

import polars as pl


class StoreError(Exception):
    """The store could not do what was asked."""


class StoreUnavailable(StoreError):  # noqa: N818 - a state, not an error of the caller
    """The store does not answer, or did not finish an answer; the same call may succeed later."""


class PointsRejected(StoreError):  # noqa: N818
    """The store refuses these rows for ever; every other row of the same write is stored.

    Attributes:
        rows: the refused rows by measurement name.
    """

    def __init__(self, message: str, rows: dict[str, pl.DataFrame]) -> None:
        super().__init__(message)
        self.rows = rows


class StoreMismatch(StoreError):  # noqa: N818
    """The store holds simulated data where real is asked for, or the reverse, or another schema."""
