"""The demo of the whole city, from the command to the summary, and an event on its way through it."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import httpx
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from bench.platform_process import Demo
from bench.result import Result
from ingest.wire.topics import report_topic
from robodensity.up import children

_LIMIT_S = {"mosquitto": 90.0, "amqtt": 180.0}
_MEMORY_MIB = 1536.0
_EVENTS = 10
_EVENT_S = 5.0
_PATIENCE_S = 60.0

Answer = TypeVar("Answer")


def play(folder: Path, broker: str, scale: float) -> tuple[Demo, list[Result]]:
    """Play the demo once; answers where its data is, too."""
    demo = Demo.on_free_ports(folder / broker, scale, broker)
    run = demo.run_once()
    key, total = run.summary["key"], run.summary["total"]
    city = f"{total['stock']:,} robots, density {key['density']:.1f} in key industries, {total['gross_new']:,} new"
    note = f"{run.cpu_s:.0f} s of processor time; {city}"
    whole = scale >= 1
    return demo, [
        Result(f"demo with {broker}", run.seconds, "s", _LIMIT_S[broker] if whole else None, note),
        Result(f"demo with {broker}: the page answers", run.page_s, "s", 5.0, "from the command"),
        Result(
            f"demo with {broker}: peak memory",
            run.pss_mib,
            "MiB",
            _MEMORY_MIB if whole else None,
            f"all processes, shared pages once; {run.rss_mib:,.0f} MiB with them in each",
        ),
    ]


def follow_events(demo: Demo) -> list[Result]:
    """Start the demo again on its data and time events from their publication to the API's answer."""
    began = time.monotonic()
    process = demo.start()
    try:
        demo.await_page()
        resumed = Result("second start on the same data: the page answers", time.monotonic() - began, "s", 5.0)
        return [resumed, *_timed(demo)]
    finally:
        children.stop(process)


def _timed(demo: Demo) -> list[Result]:
    headers = {"Authorization": f"Bearer {(demo.data / 'admin.key').read_text().strip()}"}
    with httpx.Client(base_url=demo.url, headers=headers, timeout=30) as api:
        factory = _await(lambda: api.get("/v1/factories?limit=1").raise_for_status().json()["factories"])[0]["factory"]
        client = Client(CallbackAPIVersion.VERSION2)
        client.connect("127.0.0.1", demo.mqtt_port)
        client.loop_start()
        delays = [_delay(api, client, factory, number) for number in range(_EVENTS)]
        client.disconnect()
        client.loop_stop()
    first, later = delays[0], delays[1:]
    shown = "until GET /v1/figures/latest shows it"
    note = f"of {len(later)}, one after the other; median {statistics.median(later):.2f} s"
    return [
        Result(f"the first lifecycle event after a second start {shown}", first, "s", _EVENT_S, "the rollup reads all"),
        Result(f"a lifecycle event {shown}, the slowest", max(later), "s", _EVENT_S, note),
    ]


def _delay(api: httpx.Client, client: Client, factory: str, number: int) -> float:
    """Seconds from publishing a commissioning until its factory's stock has grown."""
    scope = f"/v1/figures/latest?scope=factory:{factory}"
    before = _await(lambda: api.get(scope).raise_for_status().json())["total"]["stock"]
    client.publish(report_topic(factory, "lifecycle"), _commissioning(number), qos=1)
    began = time.monotonic()
    _await(lambda: api.get(scope).raise_for_status().json()["total"]["stock"] > before)
    return time.monotonic() - began


def _commissioning(number: int) -> bytes:
    serial = f"BENCH-{time.time_ns()}-{number}"
    event = {
        "robot": f"B-{time.time_ns()}",
        "event": "commissioned",
        "at": int(time.time() * 1000),
        "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": serial},
        "category": "articulated",
    }
    return json.dumps({"events": [event]}).encode()


def _await(ask: Callable[[], Answer]) -> Answer:
    deadline = time.monotonic() + _PATIENCE_S
    while time.monotonic() < deadline:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise RuntimeError("The platform did not show an event within a minute.")
