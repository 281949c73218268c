"""Publishing what factories say, never far ahead of what has arrived."""

import threading
import time
from collections import Counter
from collections.abc import Iterable

from ingest.wire.topics import report_topic
from simulators.cursor import Cursor
from simulators.link import Link
from simulators.message import Message
from simulators.office import MOST_ITEMS, Office
from simulators.plants import Plants, registered
from simulators.telling import Telling, say
from simulators.timeline import PHASES, POSTED, Timeline

_MOST_AHEAD = 60_000
_ASK_FROM = 40_000
_MOST_UNANSWERED = 500
_POLL_S = 0.05
_STUCK_S = 60.0


class Publisher:
    """Sends messages and lists, and knows how many items are under way."""

    def __init__(
        self,
        link: Link,
        office: Office,
        telling: Telling,
        *,
        boot: str,
        stop: threading.Event,
        plants: Plants | None = None,
    ) -> None:
        self.items = 0
        self._plants = plants
        self._link, self._office, self._telling, self._boot, self._stop = link, office, telling, boot, stop
        self._seq: Counter[tuple[int, str]] = Counter()
        self._base: int | None = None
        self._known = 0

    def history(self, timeline: Timeline, cursor: Cursor, starts_s: dict[str, int], to_s: int) -> bool:
        """Send every phase from its cursor on; False when told to stop before all was acknowledged."""
        self._base = self._office.arrived()
        if self._base is None:
            return False
        for phase in PHASES:
            from_s = cursor.through_s.get(phase, starts_s[phase])
            done = (
                self._post(phase, timeline, from_s, to_s)
                if phase in POSTED
                else self._phase(phase, timeline, from_s, to_s)
            )
            if not done:
                return False
            cursor.advance(phase, to_s)
            say(f"{phase}: {self._telling.totals[phase]:,} items are out.")
        return True

    def send(self, messages: Iterable[Message]) -> bool:
        """Publish messages; False when told to stop before the last was handed over."""
        for message in messages:
            self.publish(message)
            if not self._room():
                return False
        return True

    def publish(self, message: Message) -> None:
        """Publish one message: as metrics what a plant's gateway can say so, the rest with its number as JSON."""
        self.items += message.items
        left = message if self._plants is None else self._plants.say(message)
        if left is not None:
            self._number(left)

    def _number(self, message: Message) -> None:
        number = self._seq[message.factory, message.kind]
        self._seq[message.factory, message.kind] += 1
        topic = report_topic(f"F{message.factory + 1:05d}", message.kind)
        self._link.publish(topic, message.payload(seq=number, boot=self._boot))

    def settled(self) -> bool:
        """Wait until the broker has acknowledged all; False when told to stop before."""
        return self._link.await_at_most(0)

    def enter(self, phase: str, timeline: Timeline, from_s: int, to_s: int) -> bool:
        """Post what officials enter between two moments; False when told to stop."""
        bodies = timeline.posts(phase, from_s, to_s)
        if phase == "registrations" and self._plants is not None:
            bodies = [registered(body) for body in bodies]
        for start in range(0, len(bodies), MOST_ITEMS):
            if not self._office.post(POSTED[phase], bodies[start : start + MOST_ITEMS]):
                return False
            self._telling.progress(phase, min(start + MOST_ITEMS, len(bodies)), len(bodies))
        return not self._stop.is_set()

    def _post(self, phase: str, timeline: Timeline, from_s: int, to_s: int) -> bool:
        self._telling.progress(phase, 0, 0)
        return self.enter(phase, timeline, from_s, to_s)

    def _phase(self, phase: str, timeline: Timeline, from_s: int, to_s: int) -> bool:
        of, before = timeline.expected(phase, from_s, to_s), self.items
        for message in timeline.messages(phase, from_s, to_s):
            self.publish(message)
            self._telling.progress(phase, self.items - before, max(of, self.items - before + 1))
            if not self._room():
                return False
        if not self._link.await_at_most(0):
            return False
        self._telling.progress(phase, self.items - before, self.items - before)
        return True

    def _room(self) -> bool:
        """Wait until more may be sent; False when told to stop."""
        if not self._link.await_at_most(_MOST_UNANSWERED):
            return False
        if self.items - self._known < _ASK_FROM:
            return True
        return self._await_arrivals()

    def _await_arrivals(self) -> bool:
        moved, patient = time.monotonic(), True
        while True:
            arrived = self._office.arrived()
            if arrived is None:
                return False
            if arrived - (self._base or 0) > self._known:
                self._known, moved = arrived - (self._base or 0), time.monotonic()
            if self.items - self._known < _MOST_AHEAD:
                return True
            if patient and time.monotonic() - moved > _STUCK_S:
                say("nothing has arrived for a minute: is ingest running? Waiting.")
                patient = False
            if self._stop.wait(_POLL_S):
                return False
