"""Headless Chromium on the board of a demo."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

from bench.platform_process import Demo
from robodensity.up import children


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of its own."""
    path = shutil.which("chromium")
    if path is None:
        raise RuntimeError("chromium is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@contextmanager
def living(demo: Demo) -> Iterator[str]:
    """A demo that goes on live, and its administrator's key."""
    process = demo.start()
    try:
        demo.await_page()
        yield (demo.data / "admin.key").read_text().strip()
    finally:
        children.stop(process)
