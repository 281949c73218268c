"""Every statement of every board on a real InfluxDB with a simulated city.

No Grafana runs here: `dashboards.expand` does what Grafana's documentation says happens to a statement before the store
is sent it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from alert_fires import fires
from asked_city import (
    ARRIVED_PER_S,
    FRAMED,
    HOURS_UNTIL_FULL,
    LOST,
    PUBLISHED_DENSITY,
    QUEUED,
    SKEW_S,
    STATES,
    UNACKNOWLEDGED_S,
    BoardCity,
    board_city,
)
from playwright.sync_api import sync_playwright
from services import ADMINISTRATOR

from api.answer import SHANGHAI
from api.figures import Shelf
from dashboards.asked import Asked, asked, checked_in, watched
from dashboards.expand import Choice, View, expand
from dashboards.provisioning.alert_rules import rules
from dashboards.provisioning.checked_in import checked_in as provisioned
from dashboards.provisioning.district import district_organisation, readable
from density.attention import REFUSED_SHARE
from density.days import months_before, start_ns, to_day
from store.influx_tokens import Grant
from store.influx_users import UserOffice
from store.schema import FIGURES, PLAN_STATUS

pytestmark = [pytest.mark.broker, pytest.mark.influx, pytest.mark.browser, pytest.mark.xdist_group("boards")]

Json = dict[str, Any]
WORKING = """SELECT last("state") FROM "telemetry".."robot_status" WHERE "state" = 'executing' GROUP BY "factory" """
YEARLY = "Year-on-year increase"
DAY_MS = 86_400_000
LENGTHS_MS = {"y": 365 * DAY_MS, "d": DAY_MS, "h": 3_600_000}


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardCity]:
    with board_city(tmp_path_factory.mktemp("board-city")) as played:
        yield played


@pytest.fixture(scope="session")
def choices(city: BoardCity) -> dict[str, Choice]:
    """The park that comes last of those that are ranked, and a factory there whose robots work."""
    listed = city.api.get("/v1/factories", params={"limit": 1_000}).raise_for_status().json()["factories"]
    works = {series["tags"]["factory"] for series in city.ask(WORKING)}
    parks = [each for each in city.api.get("/v1/parks").json()["parks"] if each["ranked"]]
    park, there = next(
        (each["park"], factory)
        for each in parks
        for factory in listed
        if factory["park"] == each["park"] and factory["factory"] in works and factory["district"] == each["district"]
    )
    chosen = {"district": there["district"], "park": park, "factory": there["factory"]}
    return {name: Choice((value,)) for name, value in chosen.items()}


def view(each: Asked, city: BoardCity, choices: Mapping[str, Choice], boards: Mapping[str, Json]) -> View:
    board = boards[each.board]
    span = each.panel.get("timeFrom") or board["time"]["from"].removeprefix("now-")
    amount, unit = re.fullmatch(r"(\d+)([ydh])", span).groups()  # type: ignore[union-attr]
    return View(city.now_ms - int(amount) * LENGTHS_MS[unit], city.now_ms, 900_000, choices)


@pytest.fixture(scope="session")
def boards() -> dict[str, Json]:
    return {board["uid"]: board for board in checked_in()}


@pytest.fixture(scope="session")
def answers(city: BoardCity, choices: dict[str, Choice], boards: dict[str, Json]) -> list[tuple[Asked, list[Json]]]:
    """Every statement and its answer, asked once."""
    return [
        (each, city.ask(expand(each.statement, view(each, city, choices, boards)))) for each in asked(boards.values())
    ]


def test_every_statement_brings_the_rows_that_its_panel_needs(answers: list[tuple[Asked, list[Json]]]) -> None:
    empty = [(each.board, each.place, each.statement) for each, series in answers if not series]
    assert empty == []


def names(each: Asked, series: list[Json]) -> set[str]:
    """What Grafana calls the fields of an answer: columns and tags of a table, and of series as their alias says."""
    found: set[str] = set()
    for one in series:
        columns = ["Time" if column == "time" else column for column in one["columns"]]
        found |= set(columns) | set(one.get("tags", {}))
        found |= set(one.get("tags", {}).values()) if each.format == "time_series" else set()
    return found


def test_every_setting_of_a_field_is_of_a_field_that_comes(answers: list[tuple[Asked, list[Json]]]) -> None:
    by_panel: dict[tuple[str, int], set[str]] = {}
    partly: set[tuple[str, int]] = set()
    settings: dict[tuple[str, int], tuple[str, set[str]]] = {}
    for each, series in answers:
        if each.format == "variable":
            continue
        key = (each.board, each.panel["id"])
        by_panel.setdefault(key, set()).update(names(each, series))
        if not series:
            partly.add(key)
        overrides = each.panel["fieldConfig"].get("overrides", [])
        wanted = {override["matcher"]["options"] for override in overrides if override["matcher"]["id"] == "byName"}
        for step in each.panel.get("transformations") or []:
            if step["id"] == "filterFieldsByName":
                wanted |= set(step["options"]["include"]["names"])
        settings[key] = (each.place, wanted)
    missing = {
        (key, place, name)
        for key, (place, wanted) in settings.items()
        for name in wanted - by_panel[key]
        if key not in partly
    }
    assert missing == set()


def test_tables_of_one_key_all_have_it(answers: list[tuple[Asked, list[Json]]]) -> None:
    for each, series in answers:
        for step in each.panel.get("transformations") or []:
            if step["id"] == "joinByField" and series:
                assert all(step["options"]["byField"] in one["tags"] for one in series), each


STAT = re.compile(r'last\("(?P<field>\w+)"\).*?FROM "(?P<database>[^"]+)"\.\."(?P<kind>\w+)"')
OF = re.compile(r"\"(scope|series|target|factory)\" = '([^']*)'")
BESIDE_THE_API = {"ranking", "factory_card", "ingest_vitals", "broker_vitals", "rollup_vitals", "api_vitals"}


class Told:
    """What the API tells, each address asked once."""

    def __init__(self, api: httpx.Client) -> None:
        self._api, self._known = api, dict[str, Json]()

    def get(self, path: str) -> Json:
        if path not in self._known:
            self._known[path] = self._api.get(path).raise_for_status().json()
        return self._known[path]


def from_api(told: Told, city: BoardCity, kind: str, field: str, of: Mapping[str, str]) -> object:
    """The figure as the API tells it; of a standing that no route gives, as the API reads it."""
    scope = of.get("scope") or f"factory:{of['factory']}" if kind != "provenance" else "city"
    latest = told.get(f"/v1/figures/latest?scope={scope}")
    if kind == "provenance":
        until = datetime.fromisoformat(latest["data_until"]).timestamp() * 1_000
        return {"simulated": latest["simulated"], "data_until_ms": int(until)}[field]
    if kind == "comparison":
        year = latest[of["series"]]["comparison"]["yoy"]
        return None if year is None or not year["density_then"] else year["density_now"] / year["density_then"] - 1
    if kind == "silence":
        return told.get(f"/v1/accounting/silence?scope={scope}&series={of['series']}")["points"][-1][field]
    if kind == "plan_status":
        return standing_from_api(told, city, scope, field, of["target"], latest["day"])
    figures = latest[of.get("series", "total")]
    if field.startswith("response_"):
        _, what, by = field.split("_")
        return figures["response"][what][by]
    return figures[field]


def standing_from_api(told: Told, city: BoardCity, scope: str, field: str, target: str, day: str) -> object:
    if scope == "city":
        return next(each for each in told.get("/v1/targets")["targets"] if each["id"] == target)[field]
    last = to_day(datetime.fromisoformat(day).date())
    return Shelf(city.store).standings(scope, last).get(target, {}).get(field)


def test_each_stat_equals_the_figure_of_the_api(
    city: BoardCity, choices: dict[str, Choice], boards: dict[str, Json], answers: list[tuple[Asked, list[Json]]]
) -> None:
    compared, told = 0, Told(city.api)
    for each, series in answers:
        if each.panel.get("type") != "stat":
            continue
        statement = expand(each.statement, view(each, city, choices, boards))
        found = STAT.search(statement)
        assert found, statement
        if found["kind"] in BESIDE_THE_API:
            continue
        shown = series[0]["values"][-1][1] if series else None
        wanted = from_api(told, city, found["kind"], found["field"], dict(OF.findall(statement)))
        same = shown == pytest.approx(wanted, rel=1e-12) if isinstance(wanted, float) else shown == wanted
        assert same, (each.place, statement, shown, wanted)
        compared += 1
    assert compared > 100


def day_of(moment_ms: int) -> date:
    return datetime.fromtimestamp(moment_ms / 1_000, SHANGHAI).date()


def shown(answers: list[tuple[Asked, list[Json]]], board: str, title: str) -> list[Json]:
    """The rows that a panel's statements bring, one below the other, each with its tags and columns."""
    found = [series for each, series in answers if each.board == f"robodensity-{board}-en" and each.place == title]
    assert found, f"no panel {title}"
    return [
        {**one.get("tags", {}), **dict(zip(one["columns"], row, strict=True))}
        for series in found
        for one in series
        for row in one["values"]
    ]


def test_who_is_silent_is_told_as_the_api_tells_it(city: BoardCity, answers: list[tuple[Asked, list[Json]]]) -> None:
    rows = shown(answers, "quality", "Factories that are silent")
    told = city.api.get(f"/v1/factories/{city.troubled.silent}").json()
    contact, district = told["contact"], told["factory"]["district"]
    assert [(row["factory"], row["district"]) for row in rows] == [(city.troubled.silent, district)]
    assert rows[0]["Silent after"] == contact["silent_after_s"]
    assert rows[0]["Last heard"] == pytest.approx(1_000 * datetime.fromisoformat(contact["silent_since"]).timestamp())
    (point,) = city.api.get("/v1/accounting/silence").json()["points"]
    (today,) = shown(answers, "quality", "Silent factories over time")
    assert today["Silent factories"] == point["silent_factories"] == 1
    assert today["Factories heard"] == point["heard_factories"] > 100


def test_whose_clock_is_off_is_told_as_the_api_tells_it(
    city: BoardCity, answers: list[tuple[Asked, list[Json]]]
) -> None:
    number, word = shown(answers, "quality", "Clocks that are off most")
    contact = city.api.get(f"/v1/factories/{city.troubled.late}").json()["contact"]
    assert number["factory"] == word["factory"] == city.troubled.late
    assert number["Clock skew"] == word["Clock"] == contact["skew_s"] == pytest.approx(SKEW_S, abs=30)
    assert number["Late messages"] == contact["late_messages"]


def test_what_is_missing_is_told_as_the_api_tells_it(city: BoardCity, answers: list[tuple[Asked, list[Json]]]) -> None:
    (row,) = shown(answers, "quality", "Missing, by factory")
    days = city.api.get("/v1/accounting/days", params={"limit": 1_000}).json()["days"]
    missing = {day["factory"]: day["missing"] for day in days if day["missing"]}
    assert missing == {row["factory"]: row["Missing today"]} == {city.troubled.losing: LOST}
    assert row["Missing, 30 days"] == LOST
    rows = shown(answers, "quality", "Numbering of messages")
    for title, field in (
        ("Missing messages", "missing"), ("Numbered messages", "numbered"), ("Unnumbered messages", "unnumbered"),
    ):  # fmt: skip
        assert sum_by_day(rows, title) == sum_by_day(days, field)
        assert sum(day[field] for day in days) > 0


def sum_by_day(rows: list[Json], field: str) -> dict[date, int]:
    """Of rows of the store, or of the API."""
    sums: dict[date, int] = {}
    for row in rows:
        day = day_of(row["time"]) if "time" in row else date.fromisoformat(row["day"])
        sums[day] = sums.get(day, 0) + row[field]
    return sums


def test_what_arrived_is_told_as_the_api_tells_it(
    city: BoardCity, choices: dict[str, Choice], answers: list[tuple[Asked, list[Json]]]
) -> None:
    """In all, and by day of the city and of a district, which has the accounts of its factories."""
    (row,) = shown(answers, "quality", "What arrived")
    told = city.api.get("/v1/accounting").json()["totals"]
    days = city.api.get("/v1/accounting/days", params={"limit": 1_000}).json()["days"]
    adcode = choices["district"].values[0]
    listed = city.api.get("/v1/factories", params={"limit": 1_000, "district": adcode}).json()["factories"]
    there = {each["factory"] for each in listed if each["district"] == adcode}
    own = [day for day in days if day["factory"] in there]
    by_day, by_day_there = (
        shown(answers, board, "What arrived, by day of arrival") for board in ("quality", "district")
    )
    assert len({day["day"] for day in days}) > 1
    for field in ("arrived", "stored", "refused"):
        title = city.law.reference.terms[f"account_{field}"].name.en
        assert row[title] == told[field] > 0
        assert sum_by_day(by_day, title) == sum_by_day(days, field)
        assert sum_by_day(by_day_there, title) | sum_by_day(own, field) == sum_by_day(by_day_there, title)
        assert 0 < sum(each[title] for each in by_day_there) == sum(day[field] for day in own) < told[field]


def test_published_densities_are_marked_beside_the_city_s(
    city: BoardCity, answers: list[tuple[Asked, list[Json]]]
) -> None:
    target = next(each for each in city.law.plan.targets if each.published_baseline is not None)
    rows = shown(answers, "city", f"Trend · {target.name.en}")
    marks = [(day_of(row["time"]), row["Published"]) for row in rows if "Published" in row]
    last_year = datetime.fromtimestamp(city.now_ms / 1_000, SHANGHAI).year - 1
    assert marks == [
        (target.baseline_day, target.published_baseline), (date(last_year, 12, 31), PUBLISHED_DENSITY),
    ]  # fmt: skip
    (yearly,) = [row for row in rows if "Annual robot density" in row]
    assert day_of(yearly["time"]) == date(last_year, 12, 31)


def test_a_count_s_year_is_what_it_is_more_than_a_year_ago(
    city: BoardCity, answers: list[tuple[Asked, list[Json]]]
) -> None:
    counts = [each for each in city.law.plan.headlines[:3] if each.kind != "ratio"]
    assert len(counts) == 2
    today = to_day(day_of(city.now_ms))
    year_ago = int(months_before(np.array([today]), 12)[0])
    for target in counts:
        title, own = f"{target.name.en} · standing", {"scope": "city", "target": target.id}
        (row,) = [each for each in shown(answers, "city", title) if YEARLY in each]
        assert row[YEARLY] == actual_on(city, own, today) - actual_on(city, own, year_ago), target.id
        panel = next(each.panel for each, _ in answers if each.place == title)
        assert "not a percentage" in panel["description"]


def actual_on(city: BoardCity, own: Mapping[str, str], day: int) -> float:
    at = start_ns(day)
    value: float = city.store.read(FIGURES, PLAN_STATUS, where=own, after=at - 1, through=at)["actual"].item()
    return value


def test_coverage_is_the_share_of_the_frame(
    city: BoardCity, choices: dict[str, Choice], answers: list[tuple[Asked, list[Json]]]
) -> None:
    for board, framed in FRAMED.items():
        scope = board if board == "city" else f"{board}:{choices[board].values[0]}"
        (row,) = shown(answers, board, "Frame coverage")
        counted = city.api.get("/v1/figures/latest", params={"scope": scope}).json()["all"]["persons_counted"]
        assert row["Frame coverage"] == pytest.approx(counted / framed), scope
        assert counted


def test_every_state_of_a_robot_has_its_share(answers: list[tuple[Asked, list[Json]]]) -> None:
    rows = shown(answers, "factory", "Share of states, the last 7 days by the hour")
    seen = {name for row in rows for name, share in row.items() if name != "time" and share}
    assert len(seen) == len(STATES) + 1


def test_vitals_are_told_as_the_processes_told_them(answers: list[tuple[Asked, list[Json]]]) -> None:
    rates = [row for row in shown(answers, "platform", "Ingest rate") if row["time"]]
    assert [row["Arrived"] for row in rates if "Arrived" in row] == [ARRIVED_PER_S]
    for title, wanted in (
        ("Oldest unacknowledged message", UNACKNOWLEDGED_S), ("Queued messages", QUEUED),
        ("Until the queue is full", HOURS_UNTIL_FULL),
    ):  # fmt: skip
        rows = shown(answers, "platform", title)
        values = [value for row in rows for name, value in row.items() if name not in {"time", "process"}]
        assert set(values) == {wanted}, title
    processes = {row["process"] for row in shown(answers, "platform", "Resident memory")}
    assert processes == {"ingest-1", "rollup", "api-1"}


@contextmanager
def asking_as(city: BoardCity, adcode: str, folder: Path) -> Iterator[Callable[[str], tuple[str, list[Json]]]]:
    """Asks the server itself with the credential of one district; tells what is refused, and what is told."""
    url = f"http://127.0.0.1:{city.server.influxd_port}"
    with closing(UserOffice(url, ":".join(ADMINISTRATOR))) as office:
        office.issue([Grant(adcode, folder / adcode, readable(adcode))])
    user, password = (folder / adcode).read_text().strip().split(":")
    with httpx.Client(base_url=url, auth=(user, password), timeout=60) as influx:

        def ask(statement: str) -> tuple[str, list[Json]]:
            answer = influx.post("/query", data={"q": statement, "epoch": "ms"}).json()
            result = answer["results"][0] if "results" in answer else answer
            return result.get("error", ""), result.get("series", [])

        yield ask


def test_a_district_reads_its_own_boards_and_of_another_s_what_is_the_city_s(
    city: BoardCity, choices: dict[str, Choice], tmp_path: Path
) -> None:
    """With the credentials that are made for them, each statement of every board of the district's organisation."""
    adcode, reference = choices["district"].values[0], city.law.reference
    other = next(each for each in reference.districts if each != adcode)
    made = district_organisation(adcode, provisioned(), reference, url="", token="")
    boards = {board["uid"]: board for folder, board in made.boards if folder.endswith("-zh")}
    denied = 0
    with asking_as(city, adcode, tmp_path) as own, asking_as(city, other, tmp_path) as foreign:
        for each in asked(boards.values()):
            statement = expand(each.statement, view(each, city, choices, boards))
            refused, series = own(statement)
            assert not refused, statement
            assert series or "concern" in statement, (each.place, statement)
            if re.search('"scope" = |BY "district"', statement):
                where = '"lists"..' if "concern" in statement else '"figures"..'
                whole = city.ask(re.sub(r'"figures_\w+"\.\.', where, statement))
                assert series == [one for one in whole if one.get("tags", {}).get("district", adcode) == adcode]
            refused, series = foreign(statement)
            assert bool(refused) == ("figures_shared" not in statement), statement
            assert not refused or ("not authorized" in refused and not series)
            denied += bool(refused)
        for database in ("figures", "reports", "telemetry", "refused", "state", f"figures_{other}"):
            assert "not authorized" in own(f'SELECT * FROM "{database}".."figure"')[0]
    assert denied > 50


def test_variables_offer_what_is_chosen(answers: list[tuple[Asked, list[Json]]], choices: dict[str, Choice]) -> None:
    offered = [(each, [value for one in series for _, value in one["values"]]) for each, series in answers
               if each.format == "variable"]  # fmt: skip
    assert offered
    for each, values in offered:
        assert choices[each.place].values[0] in values


def test_any_park_that_is_chosen_brings_its_district_and_its_factories(
    city: BoardCity, boards: dict[str, Json]
) -> None:
    board = boards["robodensity-park-zh"]
    variables = {each["name"]: each for each in board["templating"]["list"]}
    statements = [each for each in asked([board]) if each.place == "在册工厂"]
    factories = city.api.get("/v1/factories", params={"limit": 1_000}).json()["factories"]
    listed = 0
    for park in (option["value"] for option in variables["park"]["options"]):
        chosen = {"park": Choice((park,))}
        (series,) = city.ask(expand(variables["district"]["query"], View(0, city.now_ms, choices=chosen)))
        seat = city.law.reference.parks[park].district
        assert [text for _, text in series["values"]] == [seat], park
        seen = View(0, city.now_ms, choices={**chosen, "district": Choice((seat,))})
        rows = [{one["tags"]["factory"] for one in city.ask(expand(each.statement, seen))} for each in statements]
        there = {each["factory"] for each in factories if (each["park"], each["district"]) == (park, seat)}
        assert set.intersection(*rows) == there, park
        listed += bool(there)
    assert listed > 10


def test_every_panel_is_silent_and_not_broken_where_there_is_nothing(
    city: BoardCity, choices: dict[str, Choice], boards: dict[str, Json]
) -> None:
    """A park and a factory that nobody knows, at a time before all data."""
    nobody = {**choices, "park": Choice(("P99",)), "factory": Choice(("nobody",))}
    long_ago = View(DAY_MS, 2 * DAY_MS, 900_000, nobody)
    for each in asked(boards.values()):
        if each.format != "variable" and not re.search("provenance|factory_card", each.statement):  # of no time
            rows = [row for one in city.ask(expand(each.statement, long_ago)) for row in one["values"]]
            assert all(value in {None, 0} for row in rows for value in row[1:]), each.statement


def test_every_alert_rule_s_statement_is_answered_and_needs_no_board(city: BoardCity) -> None:
    statements = list(watched())
    assert len(statements) >= 7
    for each in statements:
        span = each.panel["relativeTimeRange"]
        seen = View(city.now_ms - span["from"] * 1_000, city.now_ms - span["to"] * 1_000)
        assert "$timeFilter" in each.statement
        assert "${" not in each.statement, "an alert rule knows no variable"
        city.ask(expand(each.statement, seen))


def test_alert_rules_about_factories_fire_for_those_in_trouble(city: BoardCity) -> None:
    fired = {rule.short: fires(rule, city.ask, city.now_ms) for rule in rules() if "$labels.factory" in rule.page}
    factories = city.api.get("/v1/factories", params={"limit": 1_000}).json()["factories"]
    labels = {each["factory"]: (("district", each["district"]), ("factory", each["factory"])) for each in factories}
    assert fired["factory-silent"] == {labels[city.troubled.silent]}
    assert fired["missing-messages"] == {labels[city.troubled.losing]}
    days = city.api.get("/v1/accounting/days", params={"limit": 1_000}).json()["days"]
    wrong = {labels[day["factory"]] for day in days if day["refused"] > REFUSED_SHARE * day["arrived"]}
    assert fired["refused-rate"]
    assert fired["refused-rate"] <= wrong


def test_a_daily_point_is_its_shanghai_day_for_a_browser_in_new_york(city: BoardCity, boards: dict[str, Json]) -> None:
    """Grafana writes times in the board's zone; the browser's own would make 30 December of it."""
    last_day = f"{datetime.fromtimestamp(city.now_ms / 1_000, SHANGHAI).year - 1}-12-31"
    lines = [each for each in asked(boards.values()) if each.panel["type"] == "timeseries"]
    statement = next(each.statement for each in lines if "'city' AND \"target\" = 'SH-13'" in each.statement)
    rows = city.ask(expand(statement, View(0, city.now_ms)))[0]["values"]
    moments = [moment for moment, *_ in rows]
    with sync_playwright() as played:
        browser = played.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(timezone_id="America/New_York").new_page()
        shown = (
            "([zone, moments]) => moments.map((each) => new Date(each).toLocaleDateString('sv-SE', {timeZone: zone}))"
        )
        by_zone = {zone: page.evaluate(shown, [zone, moments]) for zone in ("Asia/Shanghai", "America/New_York")}
        browser.close()
    assert {board["timezone"] for board in boards.values()} == {"Asia/Shanghai"}
    assert by_zone["Asia/Shanghai"].count(last_day) == 1
    assert by_zone["Asia/Shanghai"] == sorted(set(by_zone["Asia/Shanghai"]))
    point = by_zone["Asia/Shanghai"].index(last_day)
    assert by_zone["America/New_York"][point] == last_day.replace("31", "30")
    day = city.api.get(
        "/v1/figures", params={"scope": "city", "series": "total", "from": last_day, "to": last_day}
    ).json()["points"][0]
    assert rows[point][1] == day["gross_new"]
