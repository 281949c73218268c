"""What Grafana watches: rules with fixed uids, asked in the InfluxQL of the boards, told in both languages.

The rules are the city's: they are evaluated once, in the city's organisation, and its policies tell each district.
Each has its title and its runbook in the term `alert_<rule>` of seeds/terms.yaml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from dashboards import influxql
from dashboards.influxql import TIME
from dashboards.limits import LONGEST_LAG_S, NO_FIGURES_S
from dashboards.provisioning.policies import OFFICIALS, OPERATORS
from density.attention import MISSING, REFUSED, REFUSED_SHARE, SILENT
from density.forecast import CHANCES
from store.schema import (
    ATTENTION,
    FORECAST,
    INGEST_VITALS,
    PLAN_STATUS,
    ROLLUP_VITALS,
    Measurement,
)

DAY_S = 86_400
HOUR_S = 3_600

# A day's point stands at 00:00 Shanghai: the last 24 hours hold exactly one of each series, today's, and none between
# midnight and the rollup's first write. What stands until it is told otherwise looks further back, at the newest point.
TODAY = (DAY_S, 0)
LATELY = (3 * DAY_S, 0)

NoData = Literal["OK", "Alerting"]


@dataclass(frozen=True)
class Asked:
    """A statement and the time that it looks at, in seconds before now."""

    statement: str
    span_s: tuple[int, int]


@dataclass(frozen=True)
class Rule:
    """One rule: it fires where `condition` is not 0.

    Args:
        short: the end of its uid, and of its term.
        asked: statements by letter; of each series the last value is taken.
        condition: over the letters, in Grafana's expressions.
        audience: who is told.
        page: the path of the web board's page about it, of labels.
        lasting: how long the condition must hold.
        no_data: what an empty answer means.
    """

    short: str
    asked: Mapping[str, Asked]
    condition: str
    audience: str
    page: str
    lasting: str = "0s"
    no_data: NoData = "OK"


_SCOPE_PAGE = '/{{ if ne $labels.scope "city" }}{{ reReplaceAll ":" "/" $labels.scope }}{{ end }}'
_FACTORY_PAGE = "/factory/{{ $labels.factory }}"
_QUALITY_PAGE = "/quality"
_STANDING, _FACTORY, _PROCESS = ("scope", "target"), ("district", "factory"), ("process",)


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order in which a person reads them."""
    return (*_of_officials(), *_of_operators())


def asked() -> tuple[tuple[str, Asked], ...]:
    """Every statement of every rule, with the rule's short name."""
    return tuple((rule.short, each) for rule in rules() for each in rule.asked.values())


def _of_officials() -> tuple[Rule, ...]:
    lagging = influxql.newest(
        PLAN_STATUS, {"gap": "gap"}, {"kind": "park"}, by=_STANDING, holding={"status": "lagging"}, when=TIME
    )
    month, before = (30 * DAY_S, 0), (60 * DAY_S, 30 * DAY_S)
    best = Asked(_over("max", FORECAST, "probability", by=_STANDING), month)
    was = Asked(_over("last", FORECAST, "probability", by=_STANDING), before)
    down = f"{_chance('$A')} < {_chance('$B')}"
    silent = _listed(SILENT, "silent_after_s")
    return (
        Rule("park-lagging", {"A": Asked(lagging, LATELY)}, "is_number($A)", OFFICIALS, _SCOPE_PAGE),
        Rule("chance-down", {"A": best, "B": was}, down, OFFICIALS, _SCOPE_PAGE),
        Rule("factory-silent", {"A": silent}, "$A > 0", OFFICIALS, _FACTORY_PAGE, "1h"),
    )


def _of_operators() -> tuple[Rule, ...]:
    refused, arrived = (_listed(REFUSED, each) for each in ("refused", "arrived"))
    often = f"$A > {REFUSED_SHARE} * $B"
    missing = _listed(MISSING, "missing_today")
    waiting = Asked(_over("last", INGEST_VITALS, "oldest_unacknowledged_s", by=_PROCESS), (600, 0))
    behind = Asked(_over("last", ROLLUP_VITALS, "cursor_age_s", by=_PROCESS), (HOUR_S, 0))
    return (
        Rule("refused-rate", {"A": refused, "B": arrived}, often, OPERATORS, _FACTORY_PAGE, "15m"),
        Rule("missing-messages", {"A": missing}, "$A > 0", OPERATORS, _FACTORY_PAGE, "30m"),
        Rule("ingest-lag", {"A": waiting}, f"$A > {LONGEST_LAG_S}", OPERATORS, _QUALITY_PAGE, "5m", "Alerting"),
        Rule("no-figures", {"A": behind}, f"$A > {NO_FIGURES_S}", OPERATORS, _QUALITY_PAGE, "0s", "Alerting"),
    )


def _listed(concern: str, fact: str) -> Asked:
    """One fact of each factory that calls for somebody today, with its district as a label."""
    where: Mapping[str, influxql.Value] = {"concern": concern}
    return Asked(
        influxql.newest(ATTENTION, {fact: fact}, where, by=_FACTORY, holding={"listed": True}, when=TIME), TODAY
    )


def _over(aggregate: str, kind: Measurement, column: str, *, by: tuple[str, ...]) -> str:
    """One number of each series over the rule's time; of a figure that may be unknown only what is known."""
    held = [*influxql.conditions(kind, dict.fromkeys(influxql.flags(kind, column), True)), TIME]
    picked = f"{aggregate}({influxql.name(kind, column)}) AS {influxql.name(kind, column)}"
    split = ", ".join(influxql.name(kind, tag) for tag in by)
    return f"SELECT {picked} FROM {influxql.source(kind)} WHERE {' AND '.join(held)} GROUP BY {split}"  # noqa: S608 - names are quoted


def _chance(letter: str) -> str:
    """The class of a chance as a number: how many of the lower bounds of figures.md it reaches."""
    return "(" + " + ".join(f"({letter} >= {bound})" for bound, _ in CHANCES if bound > 0) + ")"
