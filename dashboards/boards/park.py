"""One park: its lead and gap, and why: installations, headcount, coverage, its factories."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.boards.banner import banner
from dashboards.boards.standing import FRAMED, targets, trend
from dashboards.boards.tables import HEADLINE, factories
from dashboards.columns import column
from dashboards.influxql import EVER, newest, points
from dashboards.kit import Kit
from dashboards.panels import STACKED, lines, number
from dashboards.sheet import Sheet
from store.schema import FIGURE, FLOW, PLAN_STATUS, RANKING

SCOPE, PATH = "park:${park:raw}", "/park/${park:raw}"
_TOTAL = {"scope": SCOPE, "series": "total"}
_RESPONSES = ("response_headcount_persons", "response_robots_persons")


def park(kit: Kit) -> Dashboard:
    """The board of the chosen park."""
    sheet, speech = Sheet(), kit.speech
    banner(kit, sheet, PATH)
    sheet.row(speech.word("targets"))
    targets(kit, sheet, SCOPE, PATH)
    sheet.row(speech.word("why"))
    _gap(kit, sheet)
    _installs(kit, sheet)
    _persons(kit, sheet)
    _coverage(kit, sheet)
    sheet.row(speech.word("trend"))
    trend(kit, sheet, SCOPE, PATH)
    sheet.row(speech.word("factories"))
    factories(kit, sheet, PATH, holding={"park": "${park:raw}"}, note=speech.word("park_factories_note"))
    seat = newest(RANKING, {"district": speech.word("seat")}, {"scope": SCOPE}, when=EVER)
    variables = [
        kit.choice("park", speech.word("park"), kit.parks()),
        kit.asked("district", speech.word("seat"), seat, hidden=True),
    ]
    return kit.board("park", sheet, variables)


def _gap(kit: Kit, sheet: Sheet) -> None:
    target = next(each for each in kit.plan.targets if each.figure == HEADLINE)
    unit, where = kit.speech.named(target.unit), {"scope": SCOPE, "target": target.id}
    shown = [column(kit.speech, PLAN_STATUS, field, unit=unit) for field in ("gap", "required_rate", "trailing_rate")]
    sheet.put(
        number(
            kit.frame(kit.speech.term("gap"), *(each.field for each in shown), path=PATH, nothing="no_quota"),
            [newest(PLAN_STATUS, {each.field: each.title}, where) for each in shown],
            shown,
            large=False,
        ),
        6, 9,
    )  # fmt: skip


def _installs(kit: Kit, sheet: Sheet) -> None:
    fields = ("commissioned", "moved_in", "moved_out", "decommissioned")
    shown = [column(kit.speech, FLOW, field, term=f"flow_{field}") for field in fields]
    sheet.put(
        lines(
            kit.frame(kit.speech.term("flow"), *(f"flow_{field}" for field in fields), path=PATH),
            [points(FLOW, {each.field: each.title for each in shown}, _TOTAL)],
            shown,
            style=STACKED,
        ),
        6, 9,
    )  # fmt: skip


def _persons(kit: Kit, sheet: Sheet) -> None:
    shown = [column(kit.speech, FIGURE, field) for field in ("persons", "persons_counted")]
    sheet.put(
        lines(
            kit.frame(kit.speech.term("persons"), "persons", "persons_counted", path=PATH),
            [points(FIGURE, {each.field: each.title for each in shown}, _TOTAL)],
            shown,
        ),
        6, 9,
    )  # fmt: skip


def _coverage(kit: Kit, sheet: Sheet) -> None:
    series = {**dict.fromkeys(_RESPONSES, "total"), "frame_coverage": FRAMED}
    shown = [column(kit.speech, FIGURE, field) for field in series]
    sheet.put(
        lines(
            kit.frame(kit.speech.word("coverage"), "response", *series, FRAMED, path=PATH),
            [points(FIGURE, {each.field: each.title}, {**_TOTAL, "series": series[each.field]}) for each in shown],
            shown,
        ),
        6, 9,
    )  # fmt: skip
