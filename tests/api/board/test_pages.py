import re
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest
from api_city import KEY, NOON_NS, TODAY, Serve, Writer, factory, standing
from board_city import ALIEN, FORMULA, MONTHS, drawn, fill, settled

from density.days import to_day
from density.register import Name, Reference
from store.embedded import EmbeddedStore

PAGES = ("/", "/district/310115", "/zone/zhangjiang", "/park/P01", "/factory/F00001", "/quality", "/about")
LANGUAGES = ("zh", "en")


@pytest.fixture
def city(write: Writer) -> Writer:
    fill(write)
    return write


@pytest.fixture(scope="module")
def pages(quiet_admin: httpx.Client, quiet_store: EmbeddedStore) -> dict[tuple[str, str], str]:
    fill(Writer(quiet_store))
    for number in (1, 2, 3):
        quiet_admin.post("/v1/factories", json=factory(number, park="P01", name={"zh": ALIEN, "en": FORMULA}))
    return {
        (path, language): settled(quiet_admin, path, drawn, language=language)
        for path in PAGES
        for language in LANGUAGES
    }


@pytest.fixture
def public(pages: dict[tuple[str, str], str], quiet_admin: httpx.Client) -> Iterator[httpx.Client]:
    """A reader without a key, of the city that those pages are of."""
    with httpx.Client(base_url=quiet_admin.base_url, timeout=30) as client:
        yield client


def test_city_before_the_first_figures_says_that_data_is_arriving(admin: httpx.Client) -> None:
    page = settled(admin, "/", lambda page: "<main" in page)
    assert "数据正在到达" in page
    assert "Data is arriving" in admin.get("/", headers={"Accept-Language": "en"}).text


def test_city_shows_targets_course_districts_parks_industries_and_zones(pages: dict[tuple[str, str], str]) -> None:
    chinese, english = pages["/", "zh"], pages["/", "en"]
    for text in ("14,321", "471.6", "滞后", "正常", "浦东新区", "公布值 383", "目标值 500", "汽车制造业", "临港新片区"):
        assert text in chinese
    for text in ("14,321", "Lagging", "Pudong", "Published 383", "Automobiles", "Lingang New Area"):
        assert text in english
    assert '<html lang="zh-CN"' in chinese
    assert '<html lang="en"' in english
    for chart in ("bullet", "trend", "effects", "tiles", "funnel", "industries"):
        assert chinese.count("<svg") >= 13, chart


@pytest.mark.parametrize("path", PAGES)
def test_page_shows_what_every_figure_needs(pages: dict[tuple[str, str], str], path: str) -> None:
    for text in ("口径", "数据截至", "2026-11-24 12:00", "监测测算，非官方统计", "来源", "模拟数据"):
        assert text in pages[path, "zh"], text
    for text in ("Definition", "Data until", "not official statistics", "ource", "Simulated data"):
        assert text in pages[path, "en"], text


NO_FIGURES = ("h-plan", "h-keysets", "h-crosswalk", "h-refusals", "h-restatements")


@pytest.mark.parametrize("path", PAGES)
def test_section_with_figures_says_what_they_are(pages: dict[tuple[str, str], str], path: str) -> None:
    sections = re.findall(r'<section[^>]*labelledby="([^"]+)">(.*?)</section>', pages[path, "zh"], re.DOTALL)
    with_figures = {name: told for name, told in sections if "<table" in told and name not in NO_FIGURES}
    assert with_figures or path == "/about"
    for name, told in with_figures.items():
        for text in ('class="provenance"', "口径", "数据截至", "来源", "监测测算", "模拟数据"):
            assert text in told, (name, text)


def test_page_of_a_factory_says_what_it_has_reported(pages: dict[tuple[str, str], str]) -> None:
    assert "填报率 用工 否、机器人 否" in pages["/factory/F00001", "zh"]


def test_industries_say_in_words_and_signs_which_are_key(pages: dict[tuple[str, str], str]) -> None:
    page = pages["/", "zh"]
    table = re.findall(r'<table data-of="industries">.*?</table>', page, re.DOTALL)[0]
    rows = dict(re.findall(r'<span class="muted">(\d+)</span>(.*?)</th>', table, re.DOTALL))
    assert ("◆ 属于重点产业" in rows["36"], "重点产业" in rows["17"]) == (True, False)
    assert "◆ 汽车制造业" in page  # in the chart
    assert "采用范围：统计局六个重点行业" in page


@pytest.mark.parametrize("path", ["/", "/district/310115", "/zone/zhangjiang", "/park/P01", "/quality"])
def test_page_of_an_area_shows_response_and_coverage(pages: dict[tuple[str, str], str], path: str) -> None:
    assert "填报率 用工 96.0%、机器人 92.0% (按人数)" in pages[path, "zh"]
    assert "覆盖率 未知" in pages[path, "zh"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_page_has_no_inline_style_script_or_foreign_address(
    pages: dict[tuple[str, str], str], path: str, language: str
) -> None:
    page = pages[path, language]
    assert "style=" not in page
    assert "<style" not in page
    assert re.findall(r"<script(?! src=\"/static/)", page) == []
    links = set(re.findall(r"(?:href|src)=\"([^\"]+)\"", page))
    assert all(link.startswith(("/", "#", "?")) for link in links)
    assert set(re.findall(r"https?://[^\"' <]+", page)) <= {"http://www.w3.org/2000/svg"}


@pytest.mark.parametrize("path", PAGES)
def test_page_has_a_table_for_each_chart_and_a_name(pages: dict[tuple[str, str], str], path: str) -> None:
    page = pages[path, "zh"]
    for chart in re.findall(r'<div class="chart[^>]*>', page):
        assert re.search(r'aria-label="[^"]+"', chart)
    charts = set(re.findall(r'data-chart="([^"]+)"', page))
    assert charts <= set(" ".join(re.findall(r'<table data-of="([^"]+)"', page)).split())
    assert charts or path in ("/about", "/factory/F00001")
    assert re.findall(r"<h1>[^<]+</h1>", page)


@pytest.mark.parametrize("path", PAGES)
def test_page_whose_names_hold_markup_or_a_formula_is_harmless(pages: dict[tuple[str, str], str], path: str) -> None:
    assert ALIEN not in pages[path, "zh"]
    if path in ("/park/P01", "/factory/F00001"):
        assert "&lt;script&gt;" in pages[path, "zh"]
        assert FORMULA in pages[path, "en"]  # as text, which no browser evaluates


def test_district_of_an_alien_name_is_harmless_in_charts_too(serve: Serve, city: Writer, reference: Reference) -> None:
    districts = dict(reference.districts)
    districts["310115"] = replace(districts["310115"], name=Name(ALIEN, ALIEN))
    page = settled(serve(reference=replace(reference, districts=districts)), "/", drawn)
    assert ALIEN not in page
    assert "&lt;script&gt;" in page


def test_parks_behind_are_ranked_by_lead_with_the_reason_in_words(admin: httpx.Client, city: Writer) -> None:
    assert "目前没有可排名的园区" in settled(admin, "/", drawn)
    admin.post("/v1/factories", json=[factory(number, park="P01") for number in (1, 2, 3)])
    city.folded(at_us=1_795_000_000_000_000)
    page = settled(admin, "/", lambda page: "目前没有可排名的园区" not in page)
    ranking = re.findall(r'<ol class="ranking">.*?</ol>', page, re.DOTALL)[0]
    assert ranking.count("<li>") == 1
    assert "−12.0" in ranking
    assert "新增装机比计划少12台，近12个月新增20台，按期完成每年需36台；可比工厂用工人数同比减少5.0%" in ranking


def test_single_factories_are_not_public(client: httpx.Client, city: Writer) -> None:
    headers = {"Authorization": f"Bearer {KEY}"}
    client.post("/v1/factories", json=factory(7, park="P01"), headers=headers)
    closed = client.get("/factory/F00007")
    assert closed.status_code == 403
    assert "单个工厂的数据不公开" in closed.text
    assert client.get("/factory/F99999").status_code == 403  # nor whether there is one
    assert client.get("/board/part", params={"page": "factory:F00007"}).status_code == 403
    opened = client.get("/factory/F00007", headers=headers)
    assert opened.status_code == 200
    assert "模拟工厂7" in opened.text
    assert "模拟工厂7" not in client.get("/park/P01").text
    assert "模拟工厂7" in client.get("/park/P01", headers=headers).text
    assert "模拟工厂7" not in client.get("/park/P01").text
    assert client.get("/factory/F00007", headers={"Authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize(("why", "told"), [("few", "部分日期不予公开"), ("undecided", "部分日期尚未审定")])
def test_course_says_why_days_are_left_out(
    client: httpx.Client, admin: httpx.Client, city: Writer, why: str, told: str
) -> None:
    assert told not in client.get("/").text
    city.open(*(("city", series, to_day(MONTHS[5])) for series in ("total", "all", "key")), why=why)
    city.folded(at_us=NOON_NS // 1_000 + 1)
    settled(client, "/", lambda page: page.count(f"{told}，图与表从略。") == 2)
    assert told not in admin.get("/").text


def test_evidence_of_quality_is_for_officials(public: httpx.Client, quiet_admin: httpx.Client) -> None:
    assert "退回原因与数据修订只对有权限的读者开放" in public.get("/quality").text
    assert "最近的数据修订" in quiet_admin.get("/quality").text


@pytest.mark.parametrize("path", ["/district/999999", "/zone/nowhere", "/park/P99"])
def test_page_of_an_area_that_is_none_is_404_in_words(public: httpx.Client, path: str) -> None:
    answer = public.get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.text
    assert public.get("/board/part", params={"page": path[1:].replace("/", ":")}).status_code == 404
    assert public.get("/board/part", params={"page": "town:1"}).json()["error"]["code"] == "unknown_page"


def test_factory_that_is_not_registered_is_404_for_who_may_see_factories(
    quiet_admin: httpx.Client, pages: object
) -> None:
    assert quiet_admin.get("/factory/F99999").status_code == 404


def test_accounts_end_with_their_sum(pages: dict[tuple[str, str], str]) -> None:
    assert '<tfoot><tr><th scope="row">合计</th>' in pages["/quality", "zh"]
    assert "重发" not in pages["/quality", "zh"]


def test_real_data_is_not_labelled_simulated(serve: Serve, city: Writer) -> None:
    assert "模拟" not in settled(serve(simulated=False), "/", drawn)


def test_switch_of_language_type_and_light_is_kept(public: httpx.Client) -> None:
    first = public.get("/about", params={"lang": "en", "type": "large", "theme": "dark"})
    assert "robodensity-view=en.dark.large" in first.headers["Set-Cookie"]
    kept = public.get("/about")
    assert '<html lang="en" data-theme="dark" data-large>' in kept.text
    assert "Set-Cookie" not in kept.headers


def test_page_is_packed_for_who_takes_it_so(public: httpx.Client) -> None:
    settled(public, "/", drawn)
    packed, plain = public.get("/"), public.get("/", headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.text == plain.text
    assert packed.num_bytes_downloaded < 200 * 1024


def test_part_is_304_while_nothing_changed_and_new_after_a_fold(client: httpx.Client, city: Writer) -> None:
    settled(client, "/", drawn)
    first = client.get("/board/part", params={"lang": "zh"})
    tag = first.headers["ETag"]
    again = client.get("/board/part", params={"lang": "zh"}, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    city.standings(standing("city", "SH-13", TODAY, actual=15_555.0, basis="plan"))
    city.folded(at_us=1_795_000_000_000_000)
    settled(client, "/", lambda page: "15,555" in page)
    changed = client.get("/board/part", params={"lang": "zh"}, headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert changed.headers["X-Version"] != first.headers["X-Version"]
