"""How many readers the API bears, beside an empty route, and how fast and flat whole tables stream."""

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil

from bench.api_city import fill
from bench.api_process import KEY
from bench.result import Result
from robodensity.seeds import load_reference

_CONNECTIONS = 200
_WRK_S = 8
_RATE = 2.0  # the empty route's rate ÷ ours: half of it is kept
_MB_S = 20.0
_GROWTH_MIB = 128.0  # from the first year to all four; the embedded store keeps pages, up to its own limit

_EXPORT = "/v1/export/figures.csv?kind=district&kind=park&kind=crossing"
_START_S = 60.0


def time_api(folder: Path) -> list[Result]:
    """Measure on a store that is made in a folder."""
    fill(folder, load_reference())
    empty = _rate_of_nothing()
    with _served(folder) as (url, process):
        results = [_readers(f"{url}{path}", path, empty) for path in ("/v1/figures/latest", "/v1/parks")]
        return results + _stream(url, process)


def _rate_of_nothing() -> float:
    with _served() as (url, _):
        return _wrk(f"{url}/")[0]


def _readers(url: str, path: str, empty: float) -> Result:
    body = httpx.get(url).raise_for_status().content
    rate, p99_ms = _wrk(url)
    note = f"{rate:,.0f} of {empty:,.0f} a second, {len(body) / 1024:.0f} KiB each; p99 {p99_ms:.0f} ms"
    what = f"GET {path} at {_CONNECTIONS} connections: rate of an empty route ÷ its"
    return Result(what, empty / rate, "", _RATE, note)


def _wrk(url: str) -> tuple[float, float]:
    """Answers a second, and the time that 99 of 100 take at most [ms].

    Raises:
        RuntimeError: some answers were none.
    """
    command = ["wrk", "-t", "1", "-c", str(_CONNECTIONS), "-d", f"{_WRK_S}s", "--latency", url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", said)
    slow = re.search(r"99%\s+([0-9.]+)(us|ms|s)", said)
    if rate is None or slow is None or "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(said)
    return float(rate[1]), float(slow[1]) * {"us": 0.001, "ms": 1.0, "s": 1_000.0}[slow[2]]


def _stream(url: str, process: psutil.Process) -> list[Result]:
    """All four years after the first of them, so that the difference is what their length costs."""
    _download(f"{url}{_EXPORT}&to=2024-12-30")
    before, used_s = _peak_mib(process), _processor_s(process)
    count, seconds = _download(f"{url}{_EXPORT}")
    peak, megabytes, used_s = _peak_mib(process), count / 1e6, _processor_s(process) - used_s
    note = (
        f"{megabytes:,.0f} MB at {megabytes / seconds:.0f} MB/s, {megabytes / used_s:.0f} MB a second of processor time"
    )
    return [
        Result("20 MB of four years of figures of all districts, parks and their industries as CSV",
               _MB_S * seconds / megabytes, "s", 1.0, note),
        Result("memory that four years take beyond one", peak - before, "MiB", _GROWTH_MIB,
               f"peak of the process {peak:,.0f} MiB"),
    ]  # fmt: skip


def _download(url: str) -> tuple[int, float]:
    began, count = time.perf_counter(), 0
    headers = {"Authorization": f"Bearer {KEY}"}
    with httpx.stream("GET", url, headers=headers, timeout=600) as answer:
        answer.raise_for_status()
        for block in answer.iter_raw():
            count += len(block)
    return count, time.perf_counter() - began


def _processor_s(process: psutil.Process) -> float:
    used = process.cpu_times()
    return float(used.user + used.system)


def _peak_mib(process: psutil.Process) -> float:
    status = Path(f"/proc/{process.pid}/status").read_text()
    found = re.search(r"VmHWM:\s+([0-9]+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


@contextmanager
def _served(folder: Path | None = None) -> Iterator[tuple[str, psutil.Process]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "bench.api_process", port, *([str(folder)] if folder else [])]
    with subprocess.Popen(command) as child:
        url = f"http://127.0.0.1:{port}"
        try:
            _await(f"{url}/")
            yield url, psutil.Process(child.pid)
        finally:
            child.send_signal(signal.SIGKILL)


def _await(url: str) -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"Nothing answers at {url}.")
