"""One factory: its robots, what they do, its headcount, and what became of its reports."""

from grafana_foundation_sdk.models.dashboard import Dashboard

from dashboards.boards.banner import MOMENT, banner
from dashboards.columns import Column, column, spoken, tag, text
from dashboards.influxql import daily_sum, latest, newest, occupied, points, tag_values
from dashboards.kit import Kit
from dashboards.panels import HELD, SHARES, lines, number, rows, timeline
from dashboards.sheet import Sheet
from store.schema import (
    ACCOUNTING,
    FACTORY_CARD,
    FACTORY_FIGURE,
    REFUSAL,
    ROBOT_STATUS,
)

PATH, DATABASE = "/factory/${factory:raw}", "figures_${district:raw}"
_OWN = {"factory": "${factory:raw}"}
ROBOTS = 20  # that a timeline can be read with
HOLDS_MS = 30 * 60 * 1_000  # a state holds until the next sample, at most so long
STATES = {
    "executing": ("▶", "green"), "ready": ("◆", "blue"), "idle": ("■", "yellow"), "fault": ("✖", "red"),
    "maintenance": ("✚", "purple"), "off": ("○", "text"),
}  # fmt: skip
_COUNTS = ("messages", "arrived", "stored", "refused", "redelivered")


def factory(kit: Kit) -> Dashboard:
    """The board of the chosen factory."""
    sheet, speech = Sheet(), kit.speech
    banner(kit, sheet, PATH)
    sheet.row(speech.word("factory"))
    _card(kit, sheet)
    _figures(kit, sheet)
    sheet.row(speech.word("robots"))
    _timeline(kit, sheet)
    _shares(kit, sheet)
    _robots(kit, sheet)
    sheet.row(speech.word("headcount"))
    _stock(kit, sheet)
    _headcount(kit, sheet)
    sheet.row(speech.word("reports"))
    _accounting(kit, sheet)
    _refused(kit, sheet)
    variables = [
        kit.choice("district", speech.word("district"), kit.districts()),
        kit.asked("factory", speech.word("factory"), tag_values(FACTORY_FIGURE, "factory", database=DATABASE)),
    ]
    return kit.board("factory", sheet, variables)


def _card(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    shown = [
        text(f"name_{speech.language}", speech.word("name")), text("industry", speech.word("class")),
        text("park", speech.word("park")),
    ]  # fmt: skip
    sheet.put(
        number(
            kit.frame(speech.word("card"), "registration", path=PATH),
            [newest(FACTORY_CARD, {each.field: each.title}, _OWN, database=DATABASE) for each in shown],
            shown,
            large=False,
        ),
        8, 5,
    )  # fmt: skip


def _figures(kit: Kit, sheet: Sheet) -> None:
    for field in ("stock", "gross_new", "persons", "density"):
        shown = column(kit.speech, FACTORY_FIGURE, field)
        sheet.put(
            number(
                kit.frame(shown.title, field, path=PATH),
                [newest(FACTORY_FIGURE, {field: shown.title}, _OWN, database=DATABASE)],
                [shown],
            ),
            4, 5,
        )  # fmt: skip


def _timeline(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    state = text("state", speech.word("state"), [spoken(speech, STATES)])
    statement = points(ROBOT_STATUS, {"state": state.title}, _OWN, by=("robot",)) + f" SLIMIT {ROBOTS}"
    frame = kit.frame(
        speech.word("timeline"), *STATES, path=PATH, also=speech.word("timeline_note"), nothing="no_state"
    )
    panel = timeline(frame, statement, state, alias="$tag_robot", gap_ms=HOLDS_MS)
    panel.time_from = "24h"
    sheet.put(panel, 24, 12)


def _shares(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    shown = [
        Column(state, f"{sign} {speech.term(state)}", "none", config={"color": {"mode": "fixed", "fixedColor": colour}})
        for state, (sign, colour) in STATES.items()
    ]
    panel = lines(
        kit.frame(
            speech.word("shares"), *STATES, path=PATH, also=speech.word("shares_note"), nothing="no_state"
        ),
        [occupied(ROBOT_STATUS, "state", each.field, each.title, _OWN, "robot") for each in shown],
        shown,
        style=SHARES,
    )  # fmt: skip
    panel.time_from = "7d"
    sheet.put(panel, 14, 10)


def _robots(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    robot = tag("robot", speech.word("robot"))
    state = text("state", speech.word("state"), [spoken(speech, STATES)])
    sheet.put(
        rows(
            kit.frame(speech.word("last_state"), *STATES, path=PATH, nothing="no_state"),
            [newest(ROBOT_STATUS, {"state": state.title}, _OWN, by=("robot",))],
            [Column("time", speech.word("at"), MOMENT, config={"custom.width": 150}, source="Time"), robot, state],
        ),
        10, 10,
    )  # fmt: skip


def _stock(kit: Kit, sheet: Sheet) -> None:
    shown = [column(kit.speech, FACTORY_FIGURE, field) for field in ("stock", "gross_new", "installed_pending")]
    sheet.put(
        lines(
            kit.frame(kit.speech.term("stock"), *(each.field for each in shown), path=PATH,
                      also=kit.speech.word("on_change")),
            [points(FACTORY_FIGURE, {each.field: each.title for each in shown}, _OWN, database=DATABASE)],
            shown,
            style=HELD,
        ),
        12, 9,
    )  # fmt: skip


def _headcount(kit: Kit, sheet: Sheet) -> None:
    shown = column(kit.speech, FACTORY_FIGURE, "persons")
    sheet.put(
        lines(
            kit.frame(shown.title, "persons", path=PATH, also=kit.speech.word("on_change")),
            [points(FACTORY_FIGURE, {"persons": shown.title}, _OWN, database=DATABASE)],
            [shown],
            style=HELD,
        ),
        12, 9,
    )  # fmt: skip


def _accounting(kit: Kit, sheet: Sheet) -> None:
    shown = [column(kit.speech, ACCOUNTING, field, term=f"account_{field}") for field in _COUNTS]
    sheet.put(
        lines(
            kit.frame(kit.speech.word("accounting"), *(f"account_{each}" for each in _COUNTS), path=PATH),
            [daily_sum(ACCOUNTING, {each.field: each.title for each in shown}, _OWN)],
            shown,
        ),
        12, 10,
    )  # fmt: skip


def _refused(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    shown = [
        Column("time", speech.word("arrived_at"), MOMENT, source="Time"), text("reason", speech.word("reason")),
        text("kind", speech.word("kind")), text("detail", speech.word("detail")),
    ]  # fmt: skip
    asked = {each.field: each.title for each in shown if each.field != "time"}
    sheet.put(
        rows(
            kit.frame(speech.word("refused_list"), "refused", path=PATH, nothing="none_refused"),
            [latest(REFUSAL, asked, _OWN, limit=100)],
            shown,
            sort=(shown[0].title, True),
        ),
        12, 10,
    )  # fmt: skip
