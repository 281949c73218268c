"""What a page of the board weighs, and how long Chromium takes to draw it, on the whole city."""

import statistics

from playwright.sync_api import Browser

from bench.chromium import chromium, living
from bench.platform_process import Demo
from bench.result import Result

_WEIGHT_KIB = 200.0
_DRAWN_S = 1.0
_TIMES = 5
_PATHS = {"the city": "/", "a district": "/district/310115", "a park": "/park/P01", "data quality": "/quality"}

# When the largest part stands there: what a reader waits for.
_PAINTED = """new Promise(told => new PerformanceObserver(list => told(list.getEntries().at(-1).startTime))
    .observe({type: 'largest-contentful-paint', buffered: true}))"""


def time_board(demo: Demo) -> list[Result]:
    """Each page of a demo that was played before: its weight and its drawing."""
    with living(demo), chromium() as browser:
        return [result for name, path in _PATHS.items() for result in _page(browser, name, demo.url + path)]


def _page(browser: Browser, name: str, url: str) -> list[Result]:
    _drawn(browser, url)  # the server draws its charts once for all readers
    seen = [_drawn(browser, url) for _ in range(_TIMES)]
    seconds, kib = (statistics.median(each) for each in zip(*seen, strict=True))
    note = f"median of {_TIMES} first visits; the slowest {max(each[0] for each in seen):.2f} s"
    return [
        Result(f"board, {name}: over the wire", kib, "KiB", _WEIGHT_KIB, "all requests, as Chromium counts them"),
        Result(f"board, {name}: drawn in Chromium", seconds, "s", _DRAWN_S, note),
    ]


def _drawn(browser: Browser, url: str) -> tuple[float, float]:
    """Seconds until the largest paint of a first visit, and KiB of everything that was fetched for it."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.goto(url, wait_until="load")
    page.wait_for_selector(".asof", timeout=120_000)  # a start reads everything back first
    painted_ms = page.evaluate(_PAINTED)
    page.close()
    return painted_ms / 1_000, sum(sizes) / 1_024
