"""A figure as a panel shows it: under its term, in its unit, its words instead of its codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DashboardRangeMapOptions,
    DynamicConfigValue,
    MatcherConfig,
    RangeMap,
    ValueMap,
    ValueMapping,
    ValueMappingResult,
)

from dashboards.speech import Speech
from store.schema import Measurement

SHARE, PERCENT = "percentunit", "percent"
_PLAIN = {"h": "h", "s": "s", "B": "bytes", "B/s": "Bps", "µs": "µs"}
_SHARES = {"1": SHARE, "%": PERCENT}
_EXCEPTIONS = {"mix_index": PERCENT, "pace": "none"}  # stored in hundredths; a ratio, not a share
# Signs and words come first; a colour only repeats them.
STATUSES = {
    "lagging": ("▼", "red"), "at_risk": ("▽", "orange"), "on_track": ("●", "green"), "met": ("✔", "green"),
    "missed": ("✖", "red"), "no_quota": ("–", "text"), "no_data": ("?", "text"), "too_early": ("…", "text"),
    "below_reference": ("▽", "orange"), "at_reference": ("●", "green"),
}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """One field of a measurement as a column, bar, line or number.

    Attributes:
        field: its name in the schema.
        title: what it is called.
        unit: Grafana's id of a unit, or `suffix:` and the words.
        decimals: of a number.
        mappings: words for values.
        links: where a click leads: title and address.
        config: further settings of the panel's field, by Grafana's property id.
        source: what the answer of the store calls it, where that is not its title: a tag, or the time.
    """

    field: str
    title: str
    unit: str
    decimals: int = 0
    mappings: Sequence[ValueMapping] = ()
    links: Sequence[tuple[str, str]] = ()
    config: Mapping[str, Any] | None = None
    source: str = ""

    @property
    def answer(self) -> str:
        """What the answer of the store calls it."""
        return self.source or self.title

    def override(self) -> DashboardFieldConfigSourceOverrides:
        """The settings of this field alone, found by its name in the answer."""
        properties: dict[str, Any] = {"unit": self.unit}
        if self.unit != "string":
            properties["decimals"] = self.decimals
        if self.source:
            properties["displayName"] = self.title
        if self.mappings:
            properties["mappings"] = [mapping.to_json() for mapping in self.mappings]
        if self.links:
            properties["links"] = [{"title": title, "url": url} for title, url in self.links]
        properties |= self.config or {}
        values = [DynamicConfigValue(name, value) for name, value in properties.items()]
        return DashboardFieldConfigSourceOverrides(matcher=MatcherConfig("byName", self.answer), properties=values)


def column(
    speech: Speech, kind: Measurement, field: str, *, term: str | None = None, unit: str | None = None
) -> Column:
    """A field under its term.

    Args:
        speech: the language.
        kind: the measurement.
        field: of it.
        term: where the field's own name is no term.
        unit: as people write it, where it is another's, such as a target's.
    """
    named = term or field
    stored = next(each.unit for each in kind.fields if each.name == field)
    text = speech.unit(named) if unit is None else unit
    shown = (
        _EXCEPTIONS.get(field) or _SHARES.get(stored) or _PLAIN.get(stored) or (f"suffix: {text}" if text else "none")
    )
    return Column(field, speech.term(named), shown, 1 if _fine(field, stored) else 0)


def _fine(field: str, stored: str) -> bool:
    return stored in {"1", "台/万人", "percentage points", "h", "s"} or field.startswith("density")


def text(
    field: str, title: str, mappings: Sequence[ValueMapping] = (), links: Sequence[tuple[str, str]] = ()
) -> Column:
    """A text as a column."""
    return Column(field, title, "string", mappings=mappings, links=links)


def tag(field: str, title: str, mappings: Sequence[ValueMapping] = (), links: Sequence[tuple[str, str]] = ()) -> Column:
    """A tag that splits the answer as a column."""
    return replace(text(field, title, mappings, links), source=field)


def status(speech: Speech) -> Column:
    """How a target stands, as a sign and a word."""
    return Column("status", speech.term("status"), "string", mappings=[spoken(speech, STATUSES)])


def spoken(speech: Speech, words: Mapping[str, tuple[str, str]]) -> ValueMap:
    """Words for codes that are terms, each with its sign and colour."""
    return ValueMap(
        {
            code: ValueMappingResult(f"{sign} {speech.term(code)}", colour, index=index)
            for index, (code, (sign, colour)) in enumerate(words.items())
        }
    )


def names(values: Mapping[str, str]) -> ValueMap:
    """Names for ids."""
    return ValueMap({each: ValueMappingResult(name, index=index) for index, (each, name) in enumerate(values.items())})


def ranges(*steps: tuple[float | None, float | None, str, str]) -> list[ValueMapping]:
    """Words for spans of numbers: from, to, word, colour; none is without end."""
    return [
        RangeMap(DashboardRangeMapOptions(first, last, ValueMappingResult(word, colour, index=index)))
        for index, (first, last, word, colour) in enumerate(steps)
    ]


def judged(of: Column, title: str, steps: Sequence[ValueMapping]) -> Column:
    """The same figure once more, said as a word beside its number."""
    return replace(of, title=title, unit="string", mappings=steps, links=())
