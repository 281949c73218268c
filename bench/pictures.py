"""Photograph every page of the board on a demo: `python -m bench.pictures [--scale 1.0] [--folder docs/pictures]`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Literal

import httpx
from playwright.sync_api import Browser

from bench.chromium import chromium, living
from bench.platform_process import Demo

FOLDER = Path(__file__).parent.parent / "docs" / "pictures"
_PATIENCE_S = 300

Theme = Literal["light", "dark"]
PATHS = {
    "city": "/",
    "district": "/district/310115",
    "zone": "/zone/lingang",
    "park": "/park/P05",
    "factory": "/factory/{factory}",
    "quality": "/quality",
    "about": "/about",
}
FORMS = {"sign-in": ("/sign-in", False), "upload": ("/upload", True)}  # and whether the administrator's key opens them
SPECIAL: dict[str, tuple[str, str, Theme, int, int]] = {
    "board": ("/", "zh-CN", "light", 1440, 2000),
    "phone": ("/", "zh-CN", "dark", 390, 844),
    "wall": ("/?wall=1", "zh-CN", "dark", 1920, 1080),
}


def main(arguments: list[str]) -> None:
    """Play a demo, let it live, and photograph it."""
    parser = argparse.ArgumentParser(prog="python -m bench.pictures", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the simulated city")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    chosen = parser.parse_args(arguments)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="robodensity-pictures-") as folder:
        demo = Demo.on_free_ports(Path(folder) / "data", chosen.scale)
        demo.run_once()
        with living(demo) as key, chromium() as browser:
            photograph(browser, demo.url, key, chosen.folder)


def photograph(browser: Browser, url: str, key: str, folder: Path) -> None:
    """Every page, in Chinese and light and in English and dark; and the city as it is seen on other screens."""
    headers = {"Authorization": f"Bearer {key}"}
    _await_all(url, headers)
    factory = httpx.get(f"{url}/v1/factories?limit=1", headers=headers).json()["factories"][0]["factory"]
    for name, path in PATHS.items():
        for locale, theme in (("zh-CN", "light"), ("en-GB", "dark")):
            address = url + path.format(factory=factory)
            _take(browser, address, folder / f"{name}-{locale[:2]}.png", locale, theme, headers=headers)
    for name, (path, opened) in FORMS.items():
        told = headers if opened else {}
        _take(browser, url + path, folder / f"{name}-zh.png", "zh-CN", "light", headers=told, ready="main form")
    for name, (path, locale, theme, width, height) in SPECIAL.items():
        size = {"width": width, "height": height}
        _take(browser, url + path, folder / f"{name}.png", locale, theme, viewport=size, full=False)


def _await_all(url: str, headers: dict[str, str]) -> None:
    """What robots send is counted, and what the public may know is decided, after the first figures."""
    until_s = time.monotonic() + _PATIENCE_S
    while not (_signals_counted(url, headers) and _all_decided(url)):
        if time.monotonic() > until_s:
            raise TimeoutError(f"The demo is not complete after {_PATIENCE_S} s: look into its log.")
        time.sleep(1)


def _signals_counted(url: str, headers: dict[str, str]) -> bool:
    latest = httpx.get(f"{url}/v1/figures/latest", headers=headers, timeout=60).json()
    return latest["total"]["connected_stock"] is not None


def _all_decided(url: str) -> bool:
    """Asked of the page that is photographed: the first visit after a change may be shown the page before it."""
    page = httpx.get(url, headers={"Accept-Language": "zh-CN"}, timeout=60).text
    return "部分日期尚未审定" not in page


def _take(browser: Browser, url: str, file: Path, locale: str, theme: Theme, **more: Any) -> None:  # noqa: ANN401 - of several kinds
    size, full = more.get("viewport", {"width": 1280, "height": 900}), more.get("full", True)
    context = browser.new_context(
        viewport=size, locale=locale, color_scheme=theme, extra_http_headers=more.get("headers", {})
    )
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(more.get("ready", ".asof"), timeout=120_000)
    page.screenshot(path=file, full_page=full)
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
