import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from api_city import TODAY, Serve, Writer, factory, figure, standing

from density.register import Name, Reference
from store.embedded import EmbeddedStore

STYLES = Path(__file__).parents[3] / "api" / "static" / "board.css"
ALIEN = "<script>alert('x')</script>"


def _fill(write: Writer) -> None:
    write.figures(*(figure("city", series, TODAY) for series in ("total", "all", "key")))
    write.figures(*(figure("district:310115", series, TODAY, density_12m=412.5) for series in ("total", "key")))
    write.figures(figure("industry:36", "key", TODAY, stock=4_321))
    write.figures(figure("park:P01", "total", TODAY))
    write.standings(
        standing("city", "SH-13", TODAY, actual=14_321.0, planned=14_497.0, goal=20_000.0),
        standing("city", "SH-14", TODAY, baseline=383.0, actual=471.6, planned=467.8, goal=500.0, lead=3.2),
        standing("city", "SH-11", TODAY, status="lagging"),
        standing("park:P01", "SH-13", TODAY, status="lagging"),
    )
    write.folded()


@pytest.fixture
def city(write: Writer) -> Writer:
    _fill(write)
    return write


@pytest.fixture(scope="module")
def pages(quiet_admin: httpx.Client, quiet_store: EmbeddedStore) -> dict[str, str]:
    _fill(Writer(quiet_store))
    return {language: settled(quiet_admin, language, _drawn) for language in ("zh", "en")}


def settled(client: httpx.Client, language: str, ready: Callable[[str], bool]) -> str:
    deadline = time.monotonic() + 30
    while not ready(page := client.get("/", params={"lang": language}).text):
        assert time.monotonic() < deadline, page
        time.sleep(0.1)
    return page


def _drawn(page: str) -> bool:
    return page.count("<svg") >= 6  # three bullets, two trends of two sizes less those without a line, districts


def test_board_before_the_first_figures_says_that_data_is_arriving(client: httpx.Client) -> None:
    page = settled(client, "zh", lambda page: "<main" in page)
    assert "数据正在到达" in page
    assert "Data is arriving" in client.get("/", headers={"Accept-Language": "en"}).text


def test_board_shows_targets_trend_districts_and_industries_in_both_languages(pages: dict[str, str]) -> None:
    chinese, english = pages["zh"], pages["en"]
    for text in ("14,321", "471.6", "滞后", "正常", "浦东新区", "412.5", "公布值 383", "目标 500", "4,321"):
        assert text in chinese
    for text in ("口径", "数据截至", "2026-11-24 12:00", "填报率", "监测测算，非官方统计", "来源"):
        assert text in chinese
    for text in ("14,321", "Lagging", "Pudong", "Data until", "not an official statistic", "Published 383"):
        assert text in english
    assert '<html lang="zh-CN">' in chinese
    assert '<html lang="en">' in english


def test_board_draws_two_titles_as_two_pictures(pages: dict[str, str]) -> None:
    chinese, english = (re.findall(r"<svg.*?</svg>", page, re.DOTALL) for page in pages.values())
    assert len(chinese) == len(english)
    assert chinese != english
    assert "目标" in "".join(chinese)


def test_board_has_no_inline_style_script_or_foreign_address(pages: dict[str, str]) -> None:
    page = pages["zh"]
    assert "style=" not in page
    assert "<style" not in page
    assert re.findall(r"<script(?! src=\"/static/)", page) == []
    links = set(re.findall(r"(?:href|src)=\"([^\"]+)\"", page))
    assert all(link.startswith(("/", "#")) for link in links)
    spaces = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\"' <]+", page)) <= spaces


def test_board_charts_use_only_colours_that_the_stylesheet_knows(pages: dict[str, str]) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", pages["zh"], re.DOTALL))
    used = set(re.findall(r"(?:fill|stroke)=\"(#[0-9a-f]+)\"", drawn))
    known = set(re.findall(r"#[0-9a-f]{6}", STYLES.read_text()))
    assert used <= known


def test_board_labels_simulated_data_and_only_that(pages: dict[str, str], serve: Serve, city: Writer) -> None:
    assert '<p class="banner"' in pages["zh"]
    assert "模拟数据" in pages["zh"]
    assert "Simulated data" in pages["en"]
    assert "模拟" not in settled(serve(simulated=False), "zh", _drawn)


def test_board_name_with_markup_is_harmless(serve: Serve, city: Writer, reference: Reference) -> None:
    districts = dict(reference.districts)
    districts["310115"] = replace(districts["310115"], name=Name(ALIEN, ALIEN))
    page = settled(serve(reference=replace(reference, districts=districts)), "zh", _drawn)
    assert ALIEN not in page
    assert "&lt;script&gt;" in page


def test_board_ranks_the_parks_that_are_large_enough(admin: httpx.Client, city: Writer) -> None:
    assert "目前没有可排名的园区" in settled(admin, "zh", _drawn)
    admin.post("/v1/factories", json=[factory(number, park="P01") for number in (1, 2, 3)])
    city.folded(at_us=1_795_000_000_000_000)
    page = settled(admin, "zh", lambda page: "目前没有可排名的园区" not in page)
    assert "−12.0" in page


def test_board_part_is_304_while_nothing_changed_and_new_after_a_fold(client: httpx.Client, city: Writer) -> None:
    settled(client, "zh", _drawn)
    first = client.get("/board/part", params={"lang": "zh"})
    tag = first.headers["ETag"]
    again = client.get("/board/part", params={"lang": "zh"}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    city.standings(standing("city", "SH-13", TODAY, actual=15_555.0))
    city.folded(at_us=1_795_000_000_000_000)
    settled(client, "zh", lambda page: "15,555" in page)
    changed = client.get("/board/part", params={"lang": "zh"}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["X-Version"] != first.headers["X-Version"]


@pytest.mark.browser
def test_board_in_chromium_logs_no_error(serve: Serve, write: Writer, tmp_path: Path) -> None:
    client = serve()
    write.figures(figure("city", "total", TODAY))
    write.standings(standing("city", "SH-14", TODAY, baseline=383.0, actual=471.6, planned=467.8, goal=500.0))
    write.folded()
    settled(client, "zh", lambda page: "<svg" in page)
    chromium = shutil.which("chromium")
    assert chromium is not None, "chromium is missing: apt-get install chromium"
    command = [
        chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--enable-logging=stderr",
        "--v=0", f"--user-data-dir={tmp_path}", "--virtual-time-budget=4000", "--dump-dom",
        f"{client.base_url}/?lang=zh",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "471.6" in done.stdout
    assert "<svg" in done.stdout
    assert "CONSOLE" not in done.stderr
