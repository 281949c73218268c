"""A page that is not drawn yet, and how a page says that it follows; in headless Chromium."""

import threading
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest
import small_city
from api_city import Serve, Writer
from board_city import fill
from playwright.sync_api import Browser, Page, Route, expect

from api.board import board
from api.board.artist import Artist
from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

pytestmark = pytest.mark.browser


class _Held:
    """An artist that draws when it is let."""

    def __init__(self, artist: Artist) -> None:
        self._artist, self.let = artist, threading.Event()

    def begin(self) -> None:
        self._artist.begin()

    def draw(self, charts: Mapping[str, Any]) -> dict[str, str]:
        self.let.wait(60)
        return self._artist.draw(charts)

    def close(self) -> None:
        self.let.set()


@pytest.fixture
def held(drawing_process: Artist, monkeypatch: pytest.MonkeyPatch) -> _Held:
    artist = _Held(drawing_process)
    monkeypatch.setattr(board, "Artist", lambda: artist)
    monkeypatch.setattr(board, "FIRST_PATIENCE_S", 0.1)
    return artist


@pytest.fixture
def city(serve: Serve, write: Writer) -> httpx.Client:
    fill(write)
    return serve()


@pytest.mark.parametrize("path", ["/", "/park/P01"])
def test_page_that_is_still_drawn_says_that_and_not_that_data_arrives(
    held: _Held, city: httpx.Client, path: str
) -> None:
    page = city.get(path).text
    assert "页面正在生成" in page
    assert "数据正在到达" not in page
    assert "The page is being drawn" in city.get(path, headers={"Accept-Language": "en"}).text
    held.let.set()


def test_board_is_open_once_its_first_page_is_drawn(
    held: _Held, store: EmbeddedStore, reference: Reference, plan: Plan
) -> None:
    small_city.fill(store)
    shown = small_city.small_app(store, reference, plan).state.service.board
    shown.start()
    assert not shown.opened.wait(0.5)
    held.let.set()
    assert shown.opened.wait(60)
    shown.close()


def test_board_without_figures_is_open_at_once(store: EmbeddedStore, reference: Reference, plan: Plan) -> None:
    shown = small_city.small_app(store, reference, plan).state.service.board
    shown.start()
    assert shown.opened.wait(10)
    shown.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_page_that_is_still_drawn_follows_by_itself(
    browser: Browser, held: _Held, city: httpx.Client, *, scripts: bool
) -> None:
    context = browser.new_context(java_script_enabled=scripts, locale="zh-CN")
    page = context.new_page()
    page.goto(str(city.base_url))
    expect(page.locator("h1")).to_have_text("页面正在生成")
    held.let.set()
    expect(page.locator(".asof")).to_contain_text("数据截至", timeout=30_000)
    context.close()


@pytest.fixture(scope="module")
def quiet_city(quiet_admin: httpx.Client, quiet_store: EmbeddedStore) -> httpx.URL:
    fill(Writer(quiet_store))
    return quiet_admin.base_url


@pytest.fixture
def page(browser: Browser, quiet_city: httpx.URL) -> Iterator[Page]:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(str(quiet_city.join("/about")))
    expect(page.locator("#live")).to_have_text("实时", timeout=30_000)
    yield page
    context.close()


def _look(page: Page) -> None:
    """Have the page look until it does: while it looks already it does not look again."""
    page.evaluate("setInterval(() => document.dispatchEvent(new Event('visibilitychange')), 100)")


@pytest.mark.parametrize(
    ("status", "said"), [(401, "登录已失效，请重新登录"), (403, "登录已失效，请重新登录"), (503, "正在重新连接")]
)
def test_page_calls_itself_live_after_a_good_answer_alone(page: Page, status: int, said: str) -> None:
    page.route("**/board/part*", lambda route: route.fulfill(status=status, body="{}"))
    _look(page)
    expect(page.locator("#live")).to_have_text(said)
    page.unroute("**/board/part*")
    _look(page)
    expect(page.locator("#live")).to_have_text("实时")


@pytest.mark.parametrize(("button", "said"), [("#pause", "已暂停"), ("#stop", "已停止，重新载入后恢复")])
def test_answer_under_way_does_not_start_what_was_stopped(page: Page, button: str, said: str) -> None:
    asked: list[Route] = []

    def hold(route: Route) -> None:
        asked.append(route)

    page.route("**/board/part*", hold)
    with page.expect_request("**/board/part*"):
        _look(page)
    page.click(button)
    with page.expect_response("**/board/part*"):
        asked[0].continue_()
    page.wait_for_timeout(200)
    assert page.locator("#live").inner_text() == said


def test_refusal_does_not_call_itself_live(browser: Browser, quiet_city: httpx.URL) -> None:
    context = browser.new_context(locale="zh-CN")
    refused = context.new_page()
    refused.goto(str(quiet_city.join("/factory/F00001")))
    assert not refused.locator("#live").is_visible()
    context.close()
