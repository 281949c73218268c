"""Whether the figures can be trusted: who reports, who is silent, whose clock is off, what was refused or lost."""

from collections.abc import Mapping

from grafana_foundation_sdk.models.dashboard import Dashboard, ValueMapping

from dashboards.boards.accounts import account_totals, accounts_by_day, numbers_by_day
from dashboards.boards.banner import MOMENT, banner
from dashboards.boards.standing import FRAMED, RESPONSES, enough
from dashboards.boards.tables import by_district, cell
from dashboards.columns import Column, column, judged, names, ranges, tag
from dashboards.influxql import LAST_DAY, newest, points, total
from dashboards.kit import Kit
from dashboards.panels import bars, lines, number, rows
from dashboards.sheet import Sheet
from dashboards.twins import page
from density.attention import CLOCK, MISSING, SILENT
from store.schema import ATTENTION, FIGURE, REFUSAL, ROBOT_ACTIVITY, SILENCE

PATH = "/quality"
_CITY = {"scope": "city", "series": "total"}
_SHARES = (
    "response_headcount_factories",
    "response_headcount_persons",
    "response_robots_factories",
    "response_robots_persons",
)
LATELY = "30d"  # of what was refused, which is stored message by message
_CLOCK_S = 300.0  # more is refused as clock_ahead, or makes a report late


def quality(kit: Kit) -> Dashboard:
    """The board of whoever answers for the data."""
    sheet, speech = Sheet(), kit.speech
    banner(kit, sheet, PATH)
    sheet.row(speech.word("response_and_coverage"))
    _responses(kit, sheet)
    by_district(kit, sheet, PATH, speech.word("response_by_district"), [(FIGURE, field) for field in _SHARES])
    sheet.row(speech.word("silence_and_clocks"))
    _silence(kit, sheet)
    _contacts(kit, sheet)
    sheet.row(speech.word("refused_and_missing"))
    _refused(kit, sheet)
    _missing(kit, sheet)
    sheet.row(speech.word("reconciled"))
    _activity(kit, sheet)
    parts = [
        (FIGURE, "inventory_gap"),
        (FIGURE, "inventories"),
        (ROBOT_ACTIVITY, "undeclared"),
        (ROBOT_ACTIVITY, "unseen"),
    ]
    by_district(kit, sheet, PATH, speech.word("reconciled_by_district"), parts)
    return kit.board("quality", sheet, since="now-90d")


def _responses(kit: Kit, sheet: Sheet) -> None:
    for field in RESPONSES:
        share = column(kit.speech, FIGURE, field)
        verdict = judged(share, kit.speech.word("enough"), enough(kit))
        sheet.put(
            number(
                kit.frame(share.title, field, path=PATH),
                [newest(FIGURE, {field: each.title}, _CITY) for each in (share, verdict)],
                [share, verdict],
                large=False,
            ),
            8, 5,
        )  # fmt: skip
    coverage = column(kit.speech, FIGURE, "frame_coverage")
    sheet.put(
        number(
            kit.frame(coverage.title, "frame_coverage", FRAMED, path=PATH, nothing="no_frame"),
            [newest(FIGURE, {"frame_coverage": coverage.title}, {**_CITY, "series": FRAMED})],
            [coverage],
        ),
        8, 5,
    )  # fmt: skip


def _silence(kit: Kit, sheet: Sheet) -> None:
    shown = [column(kit.speech, SILENCE, field) for field in ("silent_factories", "heard_factories")]
    told = ("silent_factories", "heard_factories")
    titles = {each.field: each.title for each in shown}
    sheet.put(
        number(
            kit.frame(shown[0].title, *told, path=PATH, nothing="not_listened"),
            [newest(SILENCE, {field: title}, _CITY) for field, title in titles.items()],
            shown,
            large=False,
        ),
        6, 9,
    )  # fmt: skip
    sheet.put(
        lines(
            kit.frame(kit.speech.word("silence_trend"), *told, path=PATH, nothing="not_listened"),
            [points(SILENCE, titles, _CITY)],
            shown,
        ),
        18, 9,
    )  # fmt: skip


def _contacts(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    heard = Column("last_us", speech.term("last_heard"), MOMENT)
    after = column(speech, ATTENTION, "silent_after_s")
    statement = _listed(SILENT, {"last_us": heard.title, "silent_after_s": after.title}, divided={"last_us": 1_000})
    sheet.put(
        rows(
            kit.frame(speech.word("silent_list"), "silent_factories", "last_heard", "silent_after_s", path=PATH,
                      also=speech.word("list_note", order=speech.word("silent_order")), nothing="none_listed"),
            [statement],
            [*_who(kit), heard, after],
            sort=(heard.title, True),
        ),
        10, 10,
    )  # fmt: skip
    skew, late = (column(speech, ATTENTION, field) for field in ("skew_s", "late"))
    verdict = judged(skew, speech.word("clock"), _clock(kit))
    sheet.put(
        rows(
            kit.frame(speech.word("clocks"), "skew_s", "late", path=PATH,
                      also=speech.word("list_note", order=speech.word("clock_order")), nothing="none_listed"),
            [
                _listed(CLOCK, {"skew_s": skew.title, "late": late.title}),
                _listed(CLOCK, {"skew_s": verdict.title}, by=("factory",)),
            ],
            [*_who(kit), skew, verdict, late],
            key="factory",
            sort=(skew.title, True),
        ),
        14, 10,
    )  # fmt: skip


def _who(kit: Kit) -> tuple[Column, Column]:
    """A factory, which leads to its page, and its district."""
    speech = kit.speech
    own_page = (speech.word("twin"), page(f"/factory/{cell('factory')}", speech.language))
    return tag("factory", speech.word("factory_id"), links=[own_page]), tag(
        "district", speech.word("district"), [names(kit.districts())]
    )


def _listed(
    concern: str, columns: Mapping[str, str], *, by: tuple[str, ...] = ("district", "factory"),
    divided: Mapping[str, int] | None = None,
) -> str:  # fmt: skip
    """The factories that call for somebody about one thing, on the last day of the board's range."""
    return newest(
        ATTENTION, columns, {"concern": concern}, by=by, holding={"listed": True}, divided=divided, when=LAST_DAY
    )


def _clock(kit: Kit) -> list[ValueMapping]:
    return ranges(
        (None, -_CLOCK_S, f"▲ {kit.speech.word('clock_ahead')}", "orange"),
        (-_CLOCK_S, _CLOCK_S, f"● {kit.speech.word('clock_right')}", "green"),
        (_CLOCK_S, None, f"▼ {kit.speech.word('clock_behind')}", "orange"),
    )


def _refused(kit: Kit, sheet: Sheet) -> None:
    note, refused = kit.speech.word("lately_note"), column(kit.speech, REFUSAL, "length", term="refused")
    reasons = bars(
        kit.frame(kit.speech.word("refused_by_reason"), "refused", path=PATH, also=note, nothing="none_refused"),
        [total(REFUSAL, {"items": refused.title}, {}, by=("reason",))],
        [Column("items", refused.title, refused.unit)],
        alias="$tag_reason",
    )
    reasons.time_from = LATELY
    sheet.put(reasons, 10, 10)
    account_totals(kit, sheet, "city", PATH, width=14)
    accounts_by_day(kit, sheet, "city", PATH, width=24)


def _missing(kit: Kit, sheet: Sheet) -> None:
    speech = kit.speech
    numbers_by_day(kit, sheet, "city", PATH, width=14)
    today, recent = (column(speech, ATTENTION, field) for field in ("missing_today", "missing_30_days"))
    sheet.put(
        rows(
            kit.frame(speech.word("missing_list"), "missing", today.field, recent.field, path=PATH,
                      also=speech.word("list_note", order=speech.word("missing_order")), nothing="none_listed"),
            [_listed(MISSING, {each.field: each.title for each in (today, recent)})],
            [*_who(kit), today, recent],
            sort=(recent.title, True),
        ),
        10, 10,
    )  # fmt: skip


def _activity(kit: Kit, sheet: Sheet) -> None:
    for kind, field in ((FIGURE, "inventory_gap"), (ROBOT_ACTIVITY, "undeclared"), (ROBOT_ACTIVITY, "unseen")):
        shown = column(kit.speech, kind, field)
        sheet.put(
            number(
                kit.frame(shown.title, field, path=PATH),
                [newest(kind, {field: shown.title}, _CITY)],
                [shown],
            ),
            8, 5,
        )  # fmt: skip
