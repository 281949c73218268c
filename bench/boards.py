"""Every statement of every board and alert rule on a city's figures, beside counting its robots from raw telemetry."""

import re
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median

import httpx

from bench.result import Result
from dashboards.asked import Asked, asked, checked_in, watched
from dashboards.expand import Choice, View, expand
from robodensity.assembly import load_law
from robodensity.plans import DEMO_QUOTAS
from robodensity.settings import Settings
from store.embedded import EmbeddedStore
from store.influx import InfluxStore
from store.schema import ROBOT_STATUS, TELEMETRY, Measurement

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from asked_city import copy, roll_up  # type: ignore[import-not-found]
from services import InfluxServer  # type: ignore[import-not-found]

_QUERY_MS = 300.0
_TIMES = 100.0
_DAY_MS = 86_400_000
_YEARS_MS = 4 * 366 * _DAY_MS
_RUNS = 3
RAW = (
    'SELECT count("state") FROM (SELECT last("state") AS "state" FROM "telemetry".."robot_status" '
    'GROUP BY "factory", "robot")'
)


def time_boards(data: Path, *, whole: bool) -> list[Result]:
    """Put a demo's reports into InfluxDB, roll them up there, and time what boards ask.

    Args:
        data: of a demo that has ended.
        whole: whether it was the whole city, which the limits are for.
    """
    law = load_law(Settings(_env_file=None, quotas=DEMO_QUOTAS, simulated=True))
    with tempfile.TemporaryDirectory(prefix="robodensity-boards-") as folder:
        server = InfluxServer(Path(folder))
        server.start()
        store = InfluxStore(server.url, token=server.token, org=server.org, flavour="influx1", timeout_s=300)
        try:
            source = EmbeddedStore(data)
            copy(source, store)
            source.close()
            roll_up(store, law)
            headers = {"Authorization": f"Token {server.token}"}
            with httpx.Client(base_url=server.url, headers=headers, timeout=300) as influx:
                return _timed(influx, whole=whole)
        finally:
            store.close()
            server.stop()


def _timed(influx: httpx.Client, *, whole: bool) -> list[Result]:
    now_ms, choices = time.time_ns() // 1_000_000, _choices(influx)
    statements = {each.statement: each for each in asked(checked_in()) if each.board.endswith("-zh")}
    rules = {each.statement: each for each in watched()}
    took = {
        statement: _ask(influx, expand(statement, _of_panel(each, now_ms, choices)))
        for statement, each in statements.items()
    }
    took |= {statement: _ask(influx, expand(statement, _of_rule(each, now_ms))) for statement, each in rules.items()}
    statements |= rules
    slowest = max(took, key=lambda statement: took[statement])
    raw_ms = _ask(influx, RAW)
    headline = next(each for each in statements if '"figure"' in each and "'city'" in each and "last(" in each)
    limit = _QUERY_MS if whole else None
    return [
        Result("boards: the slowest statement, 4 years", took[slowest], "ms", limit, _note(statements[slowest], took)),
        Result(
            "boards: a stat of the city ÷ counting robots from raw telemetry", took[headline] / raw_ms, "",
            1 / _TIMES if whole else None, f"{took[headline]:.1f} ms against {raw_ms:,.0f} ms of InfluxQL",
        ),
    ]  # fmt: skip


def _of_panel(each: Asked, now_ms: int, choices: Mapping[str, Choice]) -> View:
    """Four years, or the days that the panel keeps to whatever a viewer chooses."""
    days = re.fullmatch(r"(\d+)d", each.panel.get("timeFrom") or "")
    length_ms = int(days[1]) * _DAY_MS if days else _YEARS_MS
    return View(now_ms - length_ms, now_ms, _DAY_MS, choices)


def _of_rule(rule: Asked, now_ms: int) -> View:
    """The span of its own that a rule looks at."""
    span = rule.panel["relativeTimeRange"]
    return View(now_ms - span["from"] * 1_000, now_ms - span["to"] * 1_000)


def _note(slowest: Asked, took: dict[str, float]) -> str:
    return f"{slowest.board}, {slowest.place}; the median of {len(took)} is {median(took.values()):.1f} ms"


def _choices(influx: httpx.Client) -> dict[str, Choice]:
    """Pudong, its largest park, and a factory that speaks."""
    robots: Measurement = ROBOT_STATUS
    values = _series(influx, f'SHOW TAG VALUES ON "{TELEMETRY}" FROM "{robots.name}" WITH KEY = "factory"')
    return {
        "district": Choice(("310115",)),
        "park": Choice(("P39",)),
        "factory": Choice((str(values[0]["values"][0][1]),)),
    }


def _series(influx: httpx.Client, statement: str) -> list[dict[str, list[list[object]]]]:
    answer = influx.post("/query", data={"q": statement, "epoch": "ms"}).raise_for_status().json()
    result = answer["results"][0]
    if "error" in result:
        raise RuntimeError(f"InfluxDB refuses {statement}: {result['error']}")
    series: list[dict[str, list[list[object]]]] = result.get("series", [])
    return series


def _ask(influx: httpx.Client, statement: str) -> float:
    """The shortest of some runs [ms]."""
    runs = []
    for _ in range(_RUNS):
        began = time.perf_counter()
        _series(influx, statement)
        runs.append((time.perf_counter() - began) * 1_000)
    return min(runs)
