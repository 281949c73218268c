"""口径敏感性表 in memory: told anew when the figures changed, at most once a minute."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from api.evidence import Evidence
from api.figures import Folded
from density.days import to_date
from density.definition import Definition
from density.recipes import RECIPES, Form
from density.register import Name, Reference, Term
from density.sensitivity import HEADLINES, YEARS, Headline, Range, Table, sensitivity
from density.wording import number, with_unit

PERIOD_NS = 60_000_000_000

Json = dict[str, object]

CHOICES = {
    "key_set": Name("重点产业范围", "which industries are key"),
    "wafer_handlers": Name("晶圆搬运机器人", "wafer handlers"),
    "headcount": Name("用工人数", "headcount"),
    "service_life": Name("使用年限", "service life"),
    "stock_begins": Name("计入保有量的起点", "what begins a stay in stock"),
}
OPTIONS = {
    "in": Name("计入", "counted"),
    "out": Name("不计入", "not counted"),
    "average": Name("平均用工人数", "average of the period"),
    "end_of_period": Name("期末用工人数", "end of the period"),
    "none": Name("不限", "none"),
    "commissioned": Name("投产", "commissioned"),
    "installed": Name("安装", "installed"),
}


@dataclass(frozen=True)
class Told:
    """A table, of which day and figures it is, and when it was told [ns]."""

    table: Table
    folded: Folded
    at_ns: int


class SensitivityTable:
    """The newest table; every call is safe from any thread, and raises StoreUnavailable when the store is away."""

    def __init__(
        self, evidence: Evidence, *, reference: Reference, definition: Definition, clock_ns: Callable[[], int]
    ) -> None:
        self._evidence, self._reference, self._definition = evidence, reference, definition
        self._clock_ns, self._lock = clock_ns, threading.Lock()
        self._told: Told | None = None

    def told(self, folded: Folded) -> Told | None:
        """The table of the figures, at most a minute older than they are; none before the first fold."""
        if folded.day is None:
            return None
        if not self._fits(folded):
            with self._lock:
                if not self._fits(folded):
                    reports, today = self._evidence.reports(), to_date(folded.day)
                    table = sensitivity(reports, self._reference, self._definition, today)
                    self._told = Told(table, folded, self._clock_ns())
        return self._told

    def _fits(self, folded: Folded) -> bool:
        told = self._told
        if told is None:
            return False
        return told.folded.version == folded.version or self._clock_ns() - told.at_ns < PERIOD_NS


def table_json(told: Told | None, reference: Reference) -> Json:
    """The table as JSON; before the first fold it has no headline."""
    if told is None:
        return {"day": None, "data_until": None, "choices": [], "headlines": []}
    table = told.table
    return {
        "day": None if told.folded.day is None else to_date(told.folded.day),
        "data_until": told.folded.data_until,
        "choices": [
            {
                "id": each.id,
                "name": vars(CHOICES[each.id]),
                "options": [{"id": option, "name": vars(_option(option, reference))} for option in each.options],
                "default": each.options[each.default],
            }
            for each in table.choices
        ],
        "headlines": [_headline(table, each, reference) for each in HEADLINES],
    }


def _headline(table: Table, headline: Headline, reference: Reference) -> Json:
    figure, series = headline
    found, term = table.ranges[headline], reference.terms[figure]
    return {
        "figure": figure,
        "series": series,
        "name": vars(term.name),
        "unit": vars(term.unit),
        "default": _known(found.default),
        "lowest": _known(found.lowest),
        "highest": _known(found.highest),
        "effects": found.effects,
        "matters_most": found.matters_most,
        "sentence": vars(_sentence(found, term, reference.terms[series].name, RECIPES[figure].form)),
        "combinations": [{**named, "value": _known(value)} for named, value in table.combinations(headline)],
    }


def _sentence(found: Range, term: Term, series: Name, form: Form) -> Name:
    zh, en = f"{term.name.zh}（{series.zh}）", f"{term.name.en} ({series.en})"
    if math.isnan(found.default) or math.isnan(found.lowest):
        return Name(f"{zh}没有数值，各口径无从比较。", f"{en} is not known, so its definitions cannot be compared.")
    now = with_unit(found.default, form, term.unit)
    low, high = number(found.lowest, form), number(found.highest, form)
    if found.matters_most is None:
        return Name(f"{zh}为{now.zh}，各种合理口径下均不变。", f"{en} is {now.en} under every defensible definition.")
    most, effect = CHOICES[found.matters_most], number(found.effects[found.matters_most], form)
    return Name(
        f"{zh}为{now.zh}，各种合理口径下在{low}至{high}之间，影响最大的是{most.zh}（平均{effect}{term.unit.zh}）。",
        f"{en} is {now.en}, and between {low} and {high} under all defensible definitions; what matters most is "
        f"{most.en} ({effect} on average).",
    )


def _option(option: str, reference: Reference) -> Name:
    years = option.removesuffix(YEARS)
    if years != option:
        return Name(f"{years}年", f"{years} years")
    return OPTIONS[option] if option in OPTIONS else reference.key_sets[option].name


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value
