"""What the simulator says of itself: JSON lines for a parent, one line a change for a person."""

import json
import sys
import time
from dataclasses import dataclass, field

_EVERY_S = 0.2


def say(sentence: str) -> None:
    """A line on stderr, marked as simulated."""
    sys.stderr.write(f"simulated 模拟: {sentence}\n")
    sys.stderr.flush()


@dataclass
class Telling:
    """Progress on stdout, as JSON lines where a parent wants them.

    Attributes:
        json_lines: whether one reads them.
        totals: items by phase in this run.
    """

    json_lines: bool
    totals: dict[str, int] = field(default_factory=dict)
    _last: float = 0.0

    def progress(self, phase: str, done: int, of: int) -> None:
        """How far a phase is; the last word on a phase is always said."""
        self.totals[phase] = done
        if done < of and time.monotonic() - self._last < _EVERY_S:
            return
        self._last = time.monotonic()
        self._line({"progress": {"phase": phase, "done": done, "of": max(done, of)}})

    def published(self, items: int) -> None:
        """That the history is out, with what it held."""
        self._line({"published": {**self.totals, "items": items}})

    def _line(self, said: object) -> None:
        if self.json_lines:
            sys.stdout.write(json.dumps(said) + "\n")
            sys.stdout.flush()
