"""Charts from the drawing process, which is started before it is needed and again when it fell."""

import json
import select
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60.0
KEPT = 1_000  # pictures; most charts stay as they are when figures move on

Charts = Mapping[str, Mapping[str, Any]]


class Artist:
    """Draws sets of charts, one set at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._kept: OrderedDict[str, str] = OrderedDict()

    def begin(self) -> None:
        """Start the process unless it runs, and wait for nothing: it takes seconds until it draws."""
        if not self._lock.acquire(blocking=False):
            return  # it is drawing, or started by somebody else
        try:
            with suppress(OSError, ValueError):  # `draw` says what is wrong
                self._running()
        finally:
            self._lock.release()

    def draw(self, charts: Charts) -> dict[str, str]:
        """The charts as SVG by name; empty when they cannot be drawn, which is logged."""
        with self._lock:
            try:
                return self._pictures(charts)
            except (OSError, ValueError) as error:
                if not self._closed:
                    structlog.get_logger("board").error("charts cannot be drawn; the tables stand", reason=str(error))
                self._end()
                return {}

    def _pictures(self, charts: Charts) -> dict[str, str]:
        """Each chart from those that were drawn before, or drawn now."""
        orders = {name: json.dumps(chart, sort_keys=True) for name, chart in charts.items()}
        missing = {name: chart for name, chart in charts.items() if orders[name] not in self._kept}
        if missing or not charts:  # an order of nothing starts the process
            for name, svg in self._drawn(missing).items():
                self._kept[orders[name]] = svg
        pictures = {}
        for name, order in orders.items():
            self._kept.move_to_end(order)
            pictures[name] = self._kept[order]
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return pictures

    def _drawn(self, charts: Charts) -> dict[str, str]:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        process.stdin.write(json.dumps(charts).encode() + b"\n")
        process.stdin.flush()
        if not select.select([process.stdout], [], [], PATIENCE_S)[0]:
            raise TimeoutError(f"the drawing process was silent for {PATIENCE_S:.0f} s")
        drawn: dict[str, str] = json.loads(process.stdout.readline())
        return drawn

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            if self._closed:
                raise ValueError("the board is closed")
            self._end()  # the pipes of one that fell stay open until somebody closes them
            # Its own session: an interrupt from the keyboard is for the parent, whose end closes the pipe.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "api.board.draughtsman"],
                cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
            )  # fmt: skip
        return self._process

    def close(self) -> None:
        """End the drawing process, also in the middle of a drawing."""
        self._closed = True
        process = self._process
        if process is not None:
            process.kill()
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()
