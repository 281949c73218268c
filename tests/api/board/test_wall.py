"""The wall, paper and the public's view of the board in headless Chromium, on figures that stand still."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from api_city import Writer, factory
from axe import faults
from board_city import drawn, fill, settled
from playwright.sync_api import Browser

from store.embedded import EmbeddedStore

pytestmark = pytest.mark.browser

# Cells of the wall, and what in them lies outside their box.
OUTSIDE = """() => [...document.querySelectorAll('main > section, footer')].flatMap(cell => {
  const box = cell.getBoundingClientRect();
  if (!box.height) return [];
  const out = [...cell.querySelectorAll('p, svg, li, h2')].filter(each => {
    const own = each.getBoundingClientRect();
    return own.height && own.bottom > box.bottom + 1;
  });
  return cell.scrollHeight > cell.clientHeight + 1 || out.length ? [cell.className || cell.tagName] : [];
})"""


@pytest.fixture(scope="module")
def url(quiet_admin: httpx.Client, quiet_store: EmbeddedStore) -> str:
    fill(Writer(quiet_store))
    for number in (1, 2, 3):
        quiet_admin.post("/v1/factories", json=factory(number, park="P01")).raise_for_status()
    with httpx.Client(base_url=quiet_admin.base_url, timeout=60) as public:
        for path in ("/", "/park/P01"):
            for language in ("zh", "en"):
                settled(public, path, drawn, language=language)
    return str(quiet_admin.base_url)


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Any]:
    contexts = []

    def visited(path: str, *, language: str = "zh-CN", width: int = 1920, height: int = 1080) -> tuple[Any, list[str]]:
        context = browser.new_context(locale=language, viewport={"width": width, "height": height})
        contexts.append(context)
        page, complaints = context.new_page(), list[str]()
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url + path)
        return page, complaints

    yield visited
    for each in contexts:
        each.close()


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (3840, 2160)])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
def test_wall_holds_each_part_within_its_cell(visit: Any, language: str, width: int, height: int) -> None:
    page, _ = visit("/?wall=1", language=language, width=width, height=height)
    assert page.evaluate(OUTSIDE) == []
    assert page.locator("footer").bounding_box()["y"] < height


@pytest.mark.parametrize("path", ["/park/P01"])
def test_wall_hides_nothing_of_a_page_that_is_longer(visit: Any, path: str) -> None:
    page, _ = visit(f"{path}?wall=1")
    assert page.evaluate("getComputedStyle(document.body).overflowY") == "visible"
    assert page.locator(".key-figures").is_visible()


def test_paper_shows_the_tables_that_a_screen_folds(visit: Any) -> None:
    page, _ = visit("/")
    table = page.locator("table[data-of=effects] tbody tr").first
    assert not table.is_visible()
    page.emulate_media(media="print")
    assert table.is_visible()


@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize(("path", "refused"), [("/", 0), ("/park/P01", 0), ("/factory/F00001", 1), ("/park/P99", 1)])
def test_page_without_a_key_is_accessible_and_quiet(visit: Any, path: str, refused: int, language: str) -> None:
    page, complaints = visit(path, language=language)
    assert page.locator("h1").inner_text().strip()
    assert faults(page) == []
    # Chromium says on the console of a refused page alone that it was one.
    assert [each for each in complaints if "Failed to load resource" not in each] == []
    assert len(complaints) == refused
