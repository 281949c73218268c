"""Writes the vitals of a process every few seconds, in a thread of its own, and never holds it up or fails it."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from store.base import Store
from store.errors import StoreError
from store.schema import VITALS, Measurement

EVERY_S: Final = 15.0

_log = structlog.get_logger("vitals")


@dataclass(frozen=True)
class Vital:
    """One point to be written again and again.

    Attributes:
        measurement: what it is.
        process: which process it tells of.
        rows: what gives its fields, one part after the other; nothing at all is not written.
    """

    measurement: Measurement
    process: str
    rows: Sequence[Callable[[], Mapping[str, object]]]


class VitalsWriter:
    """The vitals of one process.

    Args:
        store: where they go. While it is away they are not kept: an outage shows as a gap, and its counters after it.
        vitals: what is told.
        clock_ns: the wall clock.
        every_s: the pause between two points [s].
    """

    def __init__(
        self, store: Store, vitals: Sequence[Vital], *, clock_ns: Callable[[], int], every_s: float = EVERY_S
    ) -> None:
        self._store, self._vitals, self._clock_ns, self._every_s = store, vitals, clock_ns, every_s
        self._last: dict[str, Mapping[str, object]] = {}

    def run(self, stop: threading.Event) -> None:
        """Write until stopped."""
        while not stop.wait(self._every_s):
            for vital in self._vitals:
                self._tell(vital)

    def _tell(self, vital: Vital) -> None:
        try:
            self.write(vital)
        except StoreError:
            return  # readiness and log of the process tell it
        except Exception:  # noqa: BLE001 - an error of ours in telling must not end what is told of
            _log.exception("Vitals could not be gathered.", measurement=vital.measurement.name)

    def write(self, vital: Vital) -> None:
        """Write one point now.

        Raises:
            StoreError: it is not written.
        """
        row = {name: value for part in vital.rows for name, value in part().items()}
        if not row:
            return
        self._last[vital.measurement.name] = row
        point = {"time": self._clock_ns(), "process": vital.process, **row}
        self._store.write(VITALS, {vital.measurement: vital.measurement.frame([point])})

    def metrics(self, measurement: Measurement, fields: Sequence[str]) -> Mapping[str, float]:
        """Numbers of the last point as gauges, each named after its process and field; none before the first."""
        name = measurement.name.removesuffix("_vitals")
        told = ((field, self._last.get(measurement.name, {}).get(field)) for field in fields)
        return {f"{name}_{field}": value for field, value in told if isinstance(value, int | float)}
