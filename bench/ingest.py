"""Ingest beside what others do with the same messages, on the same machine in the same run: each a ratio of times."""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx

from bench.ingest_load import Load
from bench.ingest_place import Place, place
from bench.result import Result
from ingest.batch import Batch
from ingest.wire.statuses import decode_statuses
from store.line_protocol import lines
from store.points import checked
from store.schema import ROBOT_STATUS

_SINGLE = Load(messages=100_000, robots=1)
_MANY = Load(messages=6_000, robots=100)  # 76 MB: more than a worker holds in memory
_SCRIPT_S, _OUTAGE_S, _PATIENCE_S = 8, 60, 120
_LINES = 10_000
_MEMORY_MIB = 300.0
_NODE = Path(__file__).parent.parent / "build" / "bench-node"
_PACKAGES = ("mqtt@5", "@influxdata/influxdb-client@1")


def time_ingest(folder: Path) -> list[Result]:
    """Drain the same backlog with each, one after the other."""
    with place(folder / "one") as one:
        results = _singles(one)
    with place(folder / "many") as many:
        return results + _hundreds(many)


def _singles(here: Place) -> list[Result]:
    here.queue(_SINGLE, "robodensity-ours", "plain", "sub", "script", "node")
    count = _SINGLE.messages
    plain_s = _peer(here, "plain", count)["seconds"]
    sub_s, sub_cpu_s = _mosquitto_sub(here, count)
    before = here.servers_cpu_s()
    ours = _worker(here, "ours", count)
    servers = {name: after_s - before[name] for name, after_s in here.servers_cpu_s().items()}
    here.create("script")
    script = _peer(here, "script", _SCRIPT_S, here.influx.url, here.influx.token)
    script_s = script["seconds"] / max(1, script["messages"]) * count
    own_s, what = ours["seconds"], "ingest, one robot a message: time over that of"
    return [
        Result("ingest, one robot a message", count / own_s / 1000, "k/s", None, f"stored {here.count('telemetry'):,}"),
        Result(f"{what} a plain paho client", own_s / plain_s, "×", 1.0, f"it drains {count / plain_s:,.0f}/s"),
        Result(f"{what} mosquitto_sub", own_s / sub_s, "×", 1 / 0.7, f"it drains {count / sub_s:,.0f}/s"),
        _least(count, sub_s, servers | {"mosquitto_sub": sub_cpu_s}),
        Result(
            f"{what} paho and a SYNCHRONOUS write each",
            own_s / script_s,
            "×",
            1 / 20,
            f"{count / script_s:,.0f}/s; of {script['messages']:,} it has stored {here.count('script'):,}",
        ),
        *_node(here, count),
        Result("ingest: processor time a sample", ours["cpu_s"] / count * 1e6, "µs", None, _shares(ours)),
        Result("ingest: memory of a worker at full rate", ours["peak_mib"], "MiB", _MEMORY_MIB),
    ]


def _least(messages: int, sub_s: float, cpu_s: Mapping[str, float]) -> Result:
    """What is left when our own work is taken away: the servers' processor time on all cores, and mosquitto_sub's."""
    return Result(
        "the least that any client could reach there: one that stores and costs no more than mosquitto_sub",
        sum(cpu_s.values()) / (os.cpu_count() or 1) / sub_s,
        "×",
        None,
        "processor time a message: "
        + ", ".join(f"{name} {each / messages * 1e6:.1f} µs" for name, each in cpu_s.items()),
    )


def _hundreds(here: Place) -> list[Result]:
    here.queue(_MANY, "robodensity-many", "robodensity-outage")
    many = _worker(here, "many", _MANY.messages)
    stored, samples = here.count("telemetry"), _MANY.samples
    bare_s = _bare(here)
    outage = _worker(here, "outage", _MANY.messages, outage_s=_OUTAGE_S)
    return [
        Result(
            "ingest, 100 robots a message: time over that of InfluxDB for the same lines from a bare HTTP client",
            many["seconds"] / bare_s,
            "×",
            1 / 0.8,
            f"{samples / many['seconds']:,.0f} samples/s against {samples / bare_s:,.0f}; stored {stored:,}",
        ),
        Result("the same: processor time a sample", many["cpu_s"] / samples * 1e6, "µs", None, _shares(many)),
        Result(
            f"ingest: memory of a worker through an outage of {_OUTAGE_S} s",
            outage["peak_mib"],
            "MiB",
            _MEMORY_MIB,
            f"then all {outage['stored']:,} stored",
        ),
    ]


def _worker(here: Place, name: str, messages: int, *, outage_s: float = 0) -> dict[str, Any]:
    words = ["bench.ingest_worker", here.broker.port, here.influx.url, here.influx.token, name, messages]
    with subprocess.Popen(_python(*words), stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        if outage_s and process.stdout.readline():
            here.influx.stop()
            time.sleep(outage_s)
            here.influx.start()
        *_, last = process.stdout.readlines()
    answer: dict[str, Any] = json.loads(last)
    return answer


def _peer(here: Place, name: str, *words: object) -> dict[str, float]:
    command = _python("bench.ingest_peers", name, here.broker.port, name, *words)
    answer: dict[str, float] = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return answer


def _python(module: str, *words: object) -> list[str]:
    return [sys.executable, "-m", module, *(str(word) for word in words)]


def _mosquitto_sub(here: Place, messages: int) -> tuple[float, float]:
    """How long it drains, and its own processor time."""
    began_s, before_s = time.monotonic(), _ended_cpu_s()
    command = ["mosquitto_sub", "-p", str(here.broker.port), "-i", "sub", "-c", "-q", "1", "-t", "robodensity/#"]
    subprocess.run([*command, "-C", str(messages)], stdout=subprocess.DEVNULL, check=True)
    return time.monotonic() - began_s, _ended_cpu_s() - before_s


def _ended_cpu_s() -> float:
    """Processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _node(here: Place, messages: int) -> list[Result]:
    what = "a Node script with defaults: acknowledged, and not stored when it was killed"
    if shutil.which("npm") is None:
        return [Result(what, 0, "samples", None, "not measured: no npm here")]
    _NODE.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--silent", "--prefix", str(_NODE), *_PACKAGES], check=True, capture_output=True)
    script = shutil.copy(Path(__file__).with_name("ingest_peer.mjs"), _NODE)  # beside its packages, where Node looks
    here.create("node")
    words = [here.broker.port, "node", messages, here.influx.url, here.influx.token, "node"]
    command = ["node", str(script), *(str(word) for word in words)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        began_s = time.monotonic()
        process.stdout.readline()
        seconds = time.monotonic() - began_s
        process.kill()
    note = f"it takes {messages / seconds:,.0f}/s; of {messages:,} stored {here.count('node'):,}"
    return [Result(what, messages - here.count("node"), "samples", None, note)]


def _bare(here: Place) -> float:
    """How long InfluxDB takes for the lines of the load, sent one request after the other."""
    bodies = list(_bodies())
    here.create("bare")
    headers = {"Authorization": f"Token {here.influx.token}"}
    with httpx.Client(base_url=here.influx.url, headers=headers, timeout=60) as http:
        began_s = time.monotonic()
        for body in bodies:
            http.post("/api/v2/write?bucket=bare&precision=ns", content=body).raise_for_status()
        return time.monotonic() - began_s


def _bodies() -> list[bytes]:
    batch = Batch()
    for factory, payload in _MANY.payloads():
        read = decode_statuses([payload], [factory], [time.time_ns() // 1000], 90)
        assert read is not None
        batch.take("status", read.columns)
    text = lines(ROBOT_STATUS, checked(ROBOT_STATUS, batch.frames()[ROBOT_STATUS])[0])
    return ["\n".join(text[start : start + _LINES]).encode() for start in range(0, len(text), _LINES)]


def _shares(run: dict[str, Any]) -> str:
    shares = [f"{step} {share:.0%}" for step, share in run["shares"].items() if share >= 0.01]
    return "where its threads are: " + ", ".join(shares)
