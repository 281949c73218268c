"""The simulated Shanghai: its history, then live."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from simulators.calendar import BASELINE, day_start_s
from simulators.city import build_city
from simulators.cursor import Cursor
from simulators.describe import described
from simulators.link import Link
from simulators.live import go_on
from simulators.office import Office
from simulators.plants import Plants
from simulators.publish import Publisher
from simulators.reference import read_seeds
from simulators.telling import Telling, say
from simulators.timeline import DATED, PHASES, build_timeline

DEFAULT_SEED = 20271231


@dataclass(frozen=True)
class SimulateOptions:
    """What is simulated and where it is sent.

    Attributes:
        scale: 1.0 is about 10,000 factories.
        history_from: reports of headcounts, inventories and assessments before it are left out.
        once: end after the history.
        host: of the broker.
        port: of the broker.
        protocol: `5` or `3.1.1`.
        username: None where the broker asks for none.
        password: to it.
        api_url: of the public API.
        admin_key: to register factories with.
        cursor_path: where to keep how far it came; None keeps nothing.
        json_progress: JSON lines on stdout for a parent.
        seed: of all that is drawn.
        sparkplug: let each 4th factory, 40 at most, publish through a Sparkplug edge node.
    """

    scale: float = 1.0
    history_from: date = BASELINE
    once: bool = False
    host: str = "127.0.0.1"
    port: int = 1883
    protocol: str = "5"
    username: str | None = None
    password: str | None = None
    api_url: str = "http://127.0.0.1:8000"
    admin_key: str = ""
    cursor_path: Path | None = None
    json_progress: bool = False
    seed: int = DEFAULT_SEED
    sparkplug: bool = False


def describe_city(options: SimulateOptions) -> str:
    """The city's shape at the baseline as a table."""
    return described(build_city(read_seeds(), seed=options.seed, scale=options.scale))


def simulate(options: SimulateOptions, *, now: Callable[[], datetime], stop: threading.Event) -> None:
    """Publish the history from where the cursor stands to now, then go on live until told to stop.

    Args:
        options: the city and where it is sent.
        now: the clock, with an offset.
        stop: ends it within a second.

    Raises:
        SimulateError: the cursor is of another city, or the API refuses what is sent.
    """
    cursor = Cursor.read(options.cursor_path, seed=options.seed, scale=options.scale)
    started_s = int(now().timestamp())
    timeline = build_timeline(seed=options.seed, scale=options.scale)
    say(f"a city of {len(timeline.city):,} factories is drawn.")
    telling, boot = Telling(options.json_progress), f"sim{started_s:x}"
    office = Office(options.api_url, options.admin_key, stop)
    link = Link(host=options.host, port=options.port, protocol=options.protocol, name=f"simulator-{boot}", stop=stop)
    link.start(options.username, options.password)
    plants = _plants(options, now, stop) if options.sparkplug else None
    publisher = Publisher(link, office, telling, boot=boot, stop=stop, plants=plants)
    first_s = day_start_s(options.history_from)
    starts_s = {phase: first_s if phase in DATED else 0 for phase in PHASES}
    try:
        if publisher.history(timeline, cursor, starts_s, started_s):
            telling.published(publisher.items)
            if not options.once:
                go_on(publisher, timeline, cursor, from_s=started_s, now=now, stop=stop)
    finally:
        cursor.write()
        if plants is not None:
            plants.close()
        link.close()
        office.close()
        say("stopped; the next start goes on from here.")


def _plants(options: SimulateOptions, now: Callable[[], datetime], stop: threading.Event) -> Plants:
    where = (options.host, options.port, options.protocol, options.username, options.password)
    return Plants(where, now_ms=lambda: int(now().timestamp() * 1000), stop=stop)
