"""What a factory returns about itself, to columns of the store: workforce, inventory and assessment."""

from collections.abc import Mapping, Sequence
from typing import Any

from ingest.wire.receipt import Columns, Receipt, sender_columns
from ingest.wire.refusals import WireError
from ingest.wire.times import parse_day, parse_period


def workforce_columns(periods: Sequence[Mapping[str, Any]], message: Mapping[str, Any], receipt: Receipt) -> Columns:
    """Columns of `workforce` from valid periods, without the writer's stamp.

    Raises:
        WireError: `invalid_field` or `clock_ahead`.
    """
    spans = [parse_period(period["period"], "period") for period in periods]
    for period, span in zip(periods, spans, strict=True):
        receipt.begun(span.first_day, period["period"], "period")
        if "average" not in period and "end_of_period" not in period:
            raise WireError(
                "invalid_field", "average and end_of_period are both missing: give at least one.", "average"
            )
    return {
        **sender_columns(message, receipt, len(periods)),
        "period": [period["period"] for period in periods],
        "basis": [message.get("basis", "site")] * len(periods),
        "period_end_day": [span.last_day for span in spans],
        "period_months": [span.months for span in spans],
        "average": [period.get("average") for period in periods],
        "end_of_period": [period.get("end_of_period") for period in periods],
    }


def inventory_columns(items: Sequence[Mapping[str, Any]], message: Mapping[str, Any], receipt: Receipt) -> Columns:
    """Columns of `inventory` from the one valid message, without the writer's stamp.

    Raises:
        WireError: `invalid_field` or `clock_ahead`.
    """
    day = parse_day(message["as_of"], "as_of")
    return {
        **sender_columns(message, receipt, len(items)),
        "as_of_day": [receipt.begun(day, message["as_of"], "as_of")],
        "stock": [message["stock"]],
        "complete": [message["complete"]],
    }


def assessment_columns(items: Sequence[Mapping[str, Any]], message: Mapping[str, Any], receipt: Receipt) -> Columns:
    """Columns of `assessment` from the one valid message, without the writer's stamp.

    Raises:
        WireError: `invalid_field` or `clock_ahead`.
    """
    day = parse_day(message["on"], "on")
    return {
        **sender_columns(message, receipt, len(items)),
        "standard": [message["standard"]],
        "level": [message["level"]],
        "score": [message.get("score")],
        "on_day": [receipt.begun(day, message["on"], "on")],
    }
