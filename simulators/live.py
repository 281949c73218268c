"""The city after its history: it goes on in real time."""

import threading
from collections.abc import Callable
from datetime import datetime

import numpy as np

from simulators.cursor import Cursor
from simulators.publish import Publisher
from simulators.status import live
from simulators.telling import say
from simulators.timeline import PHASES, POSTED, Timeline

STATUS_EVERY_S = 300
_TICK_S = 0.5
_REST_EVERY_S = 60
_KEEP_EVERY_S = 10


def go_on(
    publisher: Publisher,
    timeline: Timeline,
    cursor: Cursor,
    *,
    from_s: int,
    now: Callable[[], datetime],
    stop: threading.Event,
) -> None:
    """Send what falls due, and a status of each factory every STATUS_EVERY_S seconds, spread evenly, until told."""
    say("live: each factory says every 5 minutes how its robots are, and installations come as they come.")
    places = np.arange(len(timeline.city))
    offsets = places * STATUS_EVERY_S // len(places)
    last_s = spoken_s = from_s
    rest_s = kept_s = from_s
    while not stop.wait(_TICK_S):
        at_s = int(now().timestamp())
        if at_s <= last_s:
            continue
        spoken_s = max(spoken_s, at_s - STATUS_EVERY_S)  # after a pause nobody speaks twice
        turn = (at_s - offsets) // STATUS_EVERY_S > (spoken_s - offsets) // STATUS_EVERY_S
        publisher.send(timeline.messages("lifecycle", last_s, at_s))
        publisher.send(live(timeline.city, timeline.fleet, np.flatnonzero(turn), at_s))
        if at_s - rest_s >= _REST_EVERY_S:
            _rest(publisher, timeline, rest_s, at_s)
            rest_s = at_s
        last_s = spoken_s = at_s
        if at_s - kept_s >= _KEEP_EVERY_S and publisher.settled():
            kept_s = at_s
            for phase in PHASES:
                cursor.through_s[phase] = last_s if phase in {"lifecycle", "status"} else rest_s
            cursor.write()


def _rest(publisher: Publisher, timeline: Timeline, from_s: int, to_s: int) -> None:
    """Everything that is rare."""
    for phase in PHASES:
        if phase in POSTED:
            publisher.enter(phase, timeline, from_s, to_s)
        elif phase not in {"lifecycle", "status"}:
            publisher.send(timeline.messages(phase, from_s, to_s))
