"""Where the threads of this process spend their time, by looking at them now and then."""

import sys
import threading
from collections import Counter
from types import FrameType, TracebackType
from typing import Self

_EVERY_S = 0.01
_WAITING = {"poll", "wait", "_wait", "sleep"}
_STEPS = {
    "ingest/packets.py": "cut packets",
    "ingest/channel.py": "read and write the broker's socket",
    "ingest/link.py": "wait for the broker",
    "ingest/wire/": "decode and validate",
    "ingest/intake.py": "sort and count",
    "ingest/batch.py": "columns to frames",
    "ingest/activity.py": "marks of robots' days",
    "store/points.py": "check points",
    "store/line_protocol.py": "line protocol",
    "store/influx": "wait for InfluxDB",
    "store/ledger.py": "stamp",
    "ingest/": "the rest of ingest",
}


class Sampling:
    """Counts, a hundred times a second, which step the threads named `ingest` and `writer` are at."""

    def __init__(self) -> None:
        self._found: Counter[tuple[str, str]] = Counter()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(_EVERY_S):
            names = {thread.ident: thread.name for thread in threading.enumerate()}
            for ident, frame in sys._current_frames().items():  # noqa: SLF001 - the one way to see other threads
                name = names.get(ident, "").split("_")[0]
                if name in {"ingest", "writer"}:
                    self._found[name, _step(frame)] += 1

    def shares(self) -> dict[str, float]:
        """The part of each thread's time at each step, most first."""
        totals = Counter[str]()
        for (name, _), count in self._found.items():
            totals[name] += count
        return {f"{name}: {step}": count / totals[name] for (name, step), count in self._found.most_common()}


def _step(frame: FrameType | None) -> str:
    while frame is not None:
        path = frame.f_code.co_filename
        for part, step in _STEPS.items():
            if f"/{part}" in path:
                return step
        frame = frame.f_back
    return "idle"
