"""Whether the platform itself is well: what comes in, what waits, how old the figures are, when the queue is full."""

from grafana_foundation_sdk.models.dashboard import Dashboard, ValueMapping

from dashboards.columns import Column, column, judged, ranges
from dashboards.influxql import newest, points, rate
from dashboards.kit import Kit
from dashboards.limits import FEWEST_HOURS, LONGEST_LAG_S, NO_FIGURES_S
from dashboards.panels import Frame, lines, number
from dashboards.sheet import Sheet
from store.schema import API_VITALS, BROKER_VITALS, INGEST_VITALS, ROLLUP_VITALS, Measurement

PATH = "/quality"
_GAP_MS = 5 * 60 * 1_000
_PROCESS = ("process",)
_PROCESSES = (INGEST_VITALS, ROLLUP_VITALS, API_VITALS)


def platform(kit: Kit) -> Dashboard:
    """The operator's board."""
    sheet, speech = Sheet(), kit.speech
    sheet.row(speech.word("now"))
    _judged(kit, sheet, INGEST_VITALS, "oldest_unacknowledged_s", _over(kit, LONGEST_LAG_S))
    _judged(kit, sheet, ROLLUP_VITALS, "cursor_age_s", _behind(kit))
    _age(kit, sheet)
    _judged(kit, sheet, BROKER_VITALS, "hours_until_full", _under(kit, FEWEST_HOURS))
    sheet.row(speech.word("ingest"))
    _rates(kit, sheet)
    _course(kit, sheet, [(INGEST_VITALS, "oldest_unacknowledged_s")])
    sheet.row(speech.word("broker"))
    _course(kit, sheet, [(BROKER_VITALS, "queued_messages")])
    _course(kit, sheet, [(BROKER_VITALS, "hours_until_full")])
    sheet.row(speech.word("rollup_and_store"))
    _course(kit, sheet, [(ROLLUP_VITALS, "cursor_age_s")])
    _errors(kit, sheet)
    _course(kit, sheet, [(each, "rss_bytes") for each in _PROCESSES], width=24)
    return kit.board("platform", sheet, since="now-24h", refresh="1m")


def _over(kit: Kit, limit: float) -> list[ValueMapping]:
    return ranges(
        (None, limit, f"● {kit.speech.word('well')}", "green"), (limit, None, f"▲ {kit.speech.word('too_much')}", "red")
    )


def _behind(kit: Kit) -> list[ValueMapping]:
    """Of reports that wait: from some age on there are no figures, as the alert rule of this name says."""
    return ranges(
        (None, LONGEST_LAG_S, f"● {kit.speech.word('well')}", "green"),
        (LONGEST_LAG_S, NO_FIGURES_S, f"▲ {kit.speech.word('too_much')}", "orange"),
        (NO_FIGURES_S, None, f"✖ {kit.speech.term('alert_no_figures')}", "red"),
    )


def _under(kit: Kit, limit: float) -> list[ValueMapping]:
    return ranges(
        (None, limit, f"▼ {kit.speech.word('too_soon')}", "red"), (limit, None, f"● {kit.speech.word('well')}", "green")
    )


def _frame(kit: Kit, title: str, *terms: str, also: str = "") -> Frame:
    return kit.frame(title, *terms, path=PATH, also=also, nothing="no_vitals")


def _age(kit: Kit, sheet: Sheet) -> None:
    """Not judged: it grows where nobody reports, and that is no fault of the platform."""
    shown = column(kit.speech, ROLLUP_VITALS, "figures_age_s")
    frame = _frame(kit, shown.title, shown.field, also=kit.speech.word("age_note"))
    sheet.put(number(frame, [newest(ROLLUP_VITALS, {shown.field: shown.title}, {})], [shown]), 6, 5)


def _judged(kit: Kit, sheet: Sheet, kind: Measurement, field: str, steps: list[ValueMapping]) -> None:
    shown = column(kit.speech, kind, field)
    verdict = judged(shown, kit.speech.word("verdict"), steps)
    sheet.put(
        number(
            _frame(kit, shown.title, field),
            [newest(kind, {field: each.title}, {}) for each in (shown, verdict)],
            [shown, verdict],
            large=False,
        ),
        6, 5,
    )  # fmt: skip


def _rates(kit: Kit, sheet: Sheet) -> None:
    shown = [
        Column(field, kit.speech.term(f"account_{field}"), f"suffix: {kit.speech.word('per_second')}", 1)
        for field in ("arrived", "stored", "refused")
    ]
    sheet.put(
        lines(
            _frame(kit, kit.speech.word("ingest_rate"), *(f"account_{each.field}" for each in shown)),
            [rate(INGEST_VITALS, {each.field: each.title}, {}, by=_PROCESS) for each in shown],
            shown,
            alias="$col",
            gap_ms=_GAP_MS,
        ),
        12, 9,
    )  # fmt: skip


def _course(kit: Kit, sheet: Sheet, parts: list[tuple[Measurement, str]], *, width: int = 12) -> None:
    """One figure of one or more kinds of processes over time, a line for each process."""
    shown = [column(kit.speech, kind, field) for kind, field in parts]
    title = shown[0].title
    sheet.put(
        lines(
            _frame(kit, title, shown[0].field),
            [points(kind, {field: title}, {}, by=_PROCESS) for kind, field in parts],
            (),
            alias="$tag_process",
            unit=shown[0].unit,
            gap_ms=_GAP_MS,
        ),
        width, 9,
    )  # fmt: skip


def _errors(kit: Kit, sheet: Sheet) -> None:
    title = kit.speech.term("store_errors")
    sheet.put(
        lines(
            _frame(kit, title, "store_errors"),
            [rate(kind, {"store_errors": title}, {}, by=_PROCESS) for kind in _PROCESSES],
            (),
            alias="$tag_process",
            unit=f"suffix: {kit.speech.word('per_second')}",
            gap_ms=_GAP_MS,
        ),
        12, 9,
    )  # fmt: skip
