"""`robodensity up`: start everything, show how it goes, and end cleanly."""

import json
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
from rich.console import Console

from robodensity.assembly import load_law, rollup_options
from robodensity.errors import Refusal
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import load_settings
from robodensity.signals import stop_event
from robodensity.up import folder, ports
from robodensity.up.demo import Bars, Simulator
from robodensity.up.platform import Place, Platform
from robodensity.up.summary import summary, told

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
POLL_S = 0.1


@dataclass(frozen=True)
class UpOptions:
    """What the person asked for; a port of None takes its default or the next free one."""

    demo: bool
    scale: float
    data_dir: Path
    host: str
    port: int | None
    mqtt_port: int | None
    once: bool
    as_json: bool


def up(options: UpOptions, console: Console) -> str | None:
    """Run until Ctrl-C, or with `once` until the history is in the figures.

    Returns:
        With `once` the summary for stdout.

    Raises:
        Refusal: it can not start, or a part of it has stopped.
    """
    _check(options)
    settings = load_settings(_env_file=None, quotas=DEMO_QUOTAS if options.demo else None, simulated=options.demo)
    law = load_law(settings)
    with folder.held(options.data_dir) as data, ExitStack() as held:
        place = _place(data, options, console, held)
        platform = Platform(place, law, rollup_options(settings))
        try:
            platform.start()
            _welcome(platform, console, demo=options.demo)
            return _run(platform, options, console)
        finally:
            console.print("Stopping: what has arrived is finished first.")
            platform.stop()
            console.print(f"Stopped. The data is in {data}; the next start goes on from here.")


def _place(data: Path, options: UpOptions, console: Console, held: ExitStack) -> Place:
    """Claim both ports, the web's for as long as the stack lasts; the broker binds its own."""
    http, other = ports.claim(options.host, options.port, 8000, purpose="the web page and the API")
    held.enter_context(http)
    mqtt, other_mqtt = ports.claim("127.0.0.1", options.mqtt_port, 1883, purpose="MQTT")
    with mqtt:
        mqtt_port = mqtt.getsockname()[1]
    for taken, default in ((other, 8000), (other_mqtt, 1883)):
        if taken:
            console.print(f"Port {default} is taken; the next free one is used instead.")
    return Place(data, http, mqtt_port, folder.admin_key(data), simulated=options.demo)


def _check(options: UpOptions) -> None:
    if options.host not in LOOPBACK:
        raise Refusal(
            f"--host {options.host} would open this machine to the network, and `up` has no accounts and no TLS: "
            "keep 127.0.0.1, or deploy with docker-compose.yml."
        )
    if options.once and not options.demo:
        raise Refusal("--once ends when the simulated history is in, so it needs --demo.")


def _welcome(platform: Platform, console: Console, *, demo: bool) -> None:
    place, broker = platform.place, platform.broker
    kind = "模拟数据 SIMULATED DATA" if demo else "real data"
    console.print(
        f"robodensity · {kind} · {place.url} · MQTT 127.0.0.1:{broker.port} ({broker.name}, {broker.protocol})"
    )
    console.print(f"Data folder {place.folder}; the administrator's key is in {place.folder / 'admin.key'}.")
    if broker.name == "amqtt":
        console.print(
            "mosquitto is not installed, so amqtt serves: it redelivers nothing, and a crash loses what was not yet "
            "written. `apt-get install mosquitto` makes that safe."
        )


def _run(platform: Platform, options: UpOptions, console: Console) -> str | None:
    stop = stop_event()
    if not options.demo:
        while not stop.wait(POLL_S):
            _demand(platform.failure())
        return None
    with httpx.Client(base_url=platform.place.url, timeout=30) as client:
        _await_answer(client, platform, stop)
        before = _arrived(client)
        simulator = Simulator(platform, scale=options.scale, once=options.once)
        try:
            with Bars(console) as bars:
                _await_history(platform, simulator, client, stop, bars, before)
            if stop.is_set():
                return None
            platform.rollup.publish_history()
            return _report(platform, simulator, client, stop, options, console)
        finally:
            simulator.stop()


def _await_history(
    platform: Platform, simulator: Simulator, client: httpx.Client, stop: threading.Event, bars: Bars, before: int
) -> None:
    """Show the history arriving, until the figures hold all of it or the person has had enough."""
    while not stop.wait(POLL_S):
        bars.show(simulator.sent)
        _demand(platform.failure() or simulator.failure())
        published = simulator.sent.items
        if published is not None and _is_in(platform, client, before + published):
            return


def _report(
    platform: Platform,
    simulator: Simulator,
    client: httpx.Client,
    stop: threading.Event,
    options: UpOptions,
    console: Console,
) -> str | None:
    """Say what the figures are; without `once` go on until the person ends it."""
    result = summary(client, platform.place.admin_key)
    console.print(told(result), highlight=False)
    if options.once:
        return json.dumps(result, ensure_ascii=False, indent=None if options.as_json else 2)
    console.print("The city goes on live: one status message a factory every 5 minutes. Ctrl-C ends.")
    while not stop.wait(POLL_S):
        _demand(platform.failure() or simulator.failure())
    return None


def _is_in(platform: Platform, client: httpx.Client, items: int) -> bool:
    """Whether so many items are accounted for and the figures hold them."""
    return platform.settled() and _arrived(client) >= items and platform.settled()


def _arrived(client: httpx.Client) -> int:
    return int(client.get("/v1/accounting").raise_for_status().json()["totals"]["arrived"])


def _await_answer(client: httpx.Client, platform: Platform, stop: threading.Event) -> None:
    """Wait until the system takes work."""
    while not stop.wait(POLL_S):
        _demand(platform.failure())
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(POLL_S)


def _demand(failure: str | None) -> None:
    if failure:
        raise Refusal(failure)
