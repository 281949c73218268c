"""The page of uploads in headless Chromium, without JavaScript where people use it and with axe where it is judged."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from api_city import KEY, factory
from axe import faults
from playwright.sync_api import Browser, Page
from tables import filled, opened, xlsx

from store.embedded import EmbeddedStore
from store.schema import REPORTS, WORKFORCE

pytestmark = pytest.mark.browser

HEADCOUNT = ("工厂编号", "工厂名称", "期间", "平均用工人数", "期末用工人数")


@pytest.fixture
def plant(admin: httpx.Client) -> httpx.Client:
    named = {"zh": "<script>alert(1)</script>", "en": "=cmd()"}
    admin.post("/v1/factories", json=factory(1, name=named)).raise_for_status()
    return admin


@pytest.fixture
def visit(browser: Browser, plant: httpx.Client) -> Iterator[Any]:
    contexts = []

    def visited(
        *, language: str = "zh", theme: Any = "light", scripts: bool = False, width: int = 1200, key: str = KEY
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
            color_scheme=theme,
            locale="zh-CN" if language == "zh" else "en-GB",
            viewport={"width": width, "height": 800},
            accept_downloads=True,
        )
        contexts.append(context)
        page = context.new_page()
        if key:
            page.goto(f"{plant.base_url}/sign-in")
            page.fill("#key", key)
            with page.expect_navigation():
                page.click("main button[type=submit]")
        page.goto(f"{plant.base_url}/upload")
        return page

    yield visited
    for each in contexts:
        each.close()


def _send(page: Page, content: bytes, *, name: str = "十月.xlsx", kind: str = "workforce") -> None:
    page.select_option("#kind", kind)
    page.set_input_files("#file", {"name": name, "mimeType": "application/octet-stream", "buffer": content})
    with page.expect_navigation():
        page.click("button[value=preview]")


def _taken(page: Page, button: str) -> Any:
    with page.expect_download() as download:
        page.click(f"button[value={button}]")
    return opened(Path(download.value.path()).read_bytes())


def test_table_goes_from_its_template_to_the_ledger_without_javascript(visit: Any, store: EmbeddedStore) -> None:
    page = visit()
    sheet = _taken(page, "template")
    assert sheet["B2"].value == "<script>alert(1)</script>"
    _send(page, filled(sheet, [("D2", "五百")]))
    assert "有错误" in page.inner_text(".verdict")
    assert "「五百」" in page.inner_text("section:has(#h-result)")
    assert page.locator("button[value=confirm]").count() == 0
    marked = _taken(page, "marked")
    assert "五百" in marked["D2"].comment.text
    _send(page, filled(marked, [("D2", 508)]))
    assert store.read(REPORTS, WORKFORCE).height == 0
    with page.expect_navigation():
        page.click("button[value=confirm]")
    assert "已入库" in page.inner_text(".verdict")
    assert store.read(REPORTS, WORKFORCE)["average"].to_list() == [508]


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_page_is_accessible_and_says_nothing_on_the_console(visit: Any, language: str, theme: str) -> None:
    page = visit(language=language, theme=theme, scripts=True)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    assert faults(page) == []
    _send(page, xlsx([HEADCOUNT, ("F00001", "<img src=x onerror=alert(1)>", "2026-10", 1, "<b>2</b>")]))
    assert page.locator("section img, section b").count() == 0
    assert "<img src=x onerror=alert(1)>" in page.inner_text("body") or "<b>2</b>" in page.inner_text("body")
    assert faults(page) == []
    assert complaints == []
    assert page.locator("html").get_attribute("lang") == ("zh-CN" if language == "zh" else "en")


def test_page_fits_a_phone_and_is_used_by_keyboard(visit: Any) -> None:
    page = visit(scripts=True, width=390)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.focus("#kind")
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id || document.activeElement.value"))
    assert {"file", "preview", "template"} <= set(reached)


def test_page_refuses_with_a_sentence_what_it_cannot_take(visit: Any, plant: httpx.Client) -> None:
    page = visit()
    _send(page, b"")
    assert "请选择" in page.inner_text("[role=alert]")
    _send(page, b"PK\x03\x04 damaged")
    assert "XLSX" in page.inner_text("[role=alert]")
    expired = plant.post("/upload", files={"do": (None, "confirm"), "upload": (None, "gone")})
    assert (expired.status_code, "已过期" in expired.text) == (404, True)
    assert plant.post("/upload", json={}).status_code == 415
    assert plant.post("/upload", files={"kind": (None, "<b>")}).status_code == 422


def test_page_offers_each_what_is_theirs(visit: Any, plant: httpx.Client) -> None:
    page = visit(key="")
    assert page.locator("main a[href='/sign-in']").is_visible()
    assert page.locator("form.upload").count() == 0
    asked = {"name": "厂", "role": "factory", "factories": ["F00001"]}
    secret = plant.post("/v1/keys", json=asked).json()["secret"]
    page = visit(key=secret)
    assert page.locator("#kind option").count() == 3
    _send(page, xlsx([HEADCOUNT, ("F00002", None, "2026-10", 1, 1)]))
    assert "不在您可报送的范围内" in page.inner_text("section:has(#h-result)")


def test_page_takes_nothing_that_another_site_makes_a_browser_send(visit: Any, plant: httpx.Client) -> None:
    page = visit()
    cookies = {each["name"]: each["value"] for each in page.context.cookies()}
    asked = {"files": {"do": (None, "template"), "kind": (None, "workforce")}}
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "http://evil.example"}
    with httpx.Client(base_url=plant.base_url, cookies=cookies) as anybody:
        assert anybody.post("/upload", headers=headers, **asked).status_code == 403
        assert anybody.post("/upload", headers={"Sec-Fetch-Site": "same-origin"}, **asked).status_code == 200


def test_posts_of_the_page_are_audited(serve: Any, tmp_path: Path) -> None:
    client = serve(audit_path=tmp_path / "audit")
    headers = {"Authorization": f"Bearer {KEY}"}
    client.post("/upload", files={"do": (None, "preview"), "file": ("a.csv", b"x\n1\n")}, headers=headers)
    line = (tmp_path / "audit").read_text()
    assert '"who":"admin"' in line
    assert '"outcome":"previewed"' in line
