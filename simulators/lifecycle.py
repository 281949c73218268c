"""Lifecycle messages of the simulated factories."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from simulators.calendar import text_of_s
from simulators.city import City
from simulators.events import Events, written_events
from simulators.fleet import Fleet
from simulators.message import Message, chunks, compact

_MOST_EVENTS = 2000


def lifecycle(city: City, fleet: Fleet, events: Events, from_s: int, to_s: int) -> Iterator[Message]:
    """Events that fall due after one moment and up to another; one `reported_at` a message."""
    chosen = np.flatnonzero((events.due_s > from_s) & (events.due_s <= to_s))
    chosen = chosen[np.lexsort((events.due_s[chosen], events.stated_s[chosen], events.factory[chosen]))]
    factory, stated = events.factory[chosen], events.stated_s[chosen]
    changes = (factory[1:] != factory[:-1]) | (stated[1:] != stated[:-1])
    edges = np.flatnonzero(np.r_[True, changes, True]).tolist() if len(chosen) else []
    for begin, end in pairwise(edges):
        texts = [compact(event) for event in written_events(city, fleet, events, chosen[begin:end])]
        head = f'"reported_at":"{text_of_s(int(stated[begin]))}",' if stated[begin] else ""
        for part in chunks(texts, _MOST_EVENTS):
            yield Message(int(factory[begin]), "lifecycle", f'{{{head}"events":[{",".join(part)}]}}', len(part))
