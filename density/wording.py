"""Numbers, days and scopes as people write them, in both languages."""

from collections.abc import Mapping

from density.days import to_date
from density.recipes import Form
from density.register import Name, Reference

UP, DOWN, SAME = Name("增加", "up"), Name("减少", "down"), Name("持平", "unchanged")


def number(value: float | None, form: Form) -> str:
    """A number with thousands separators: whole, with one decimal, with two (fine), or as a percentage; never "-0".

    Args:
        value: the number; none is a dash.
        form: of which kind it is.
    """
    if value is None:
        return "—"
    text = {
        "count": f"{value:,.0f}", "decimal": f"{value:,.1f}", "fine": f"{value:,.2f}", "share": f"{value * 100:,.1f}%",
    }[form]  # fmt: skip
    return text.removeprefix("-") if not any(digit in text for digit in "123456789") else text


def direction(value: float, form: Form) -> Name:
    """Whether a change, as it is written, is up, down or none."""
    if number(value, form) == number(0.0, form):
        return SAME
    return UP if value > 0 else DOWN


def changed(value: float, form: Form, unit: Name | None = None) -> Name:
    """A change as a word and an amount: 增加7.2, up 7.2."""
    word, amount = direction(value, form), number(abs(value), form)
    if word is SAME:
        return SAME
    if form == "share":
        amount, unit = amount.removesuffix("%"), Name("个百分点", "percentage points")
    return Name(f"{word.zh}{amount}{unit.zh if unit else ''}", f"{word.en} {amount}{' ' + unit.en if unit else ''}")


def with_unit(value: float | None, form: Form, unit: Name) -> Name:
    """A value and its unit; a share carries its own sign."""
    text = number(value, form)
    if form == "share" or value is None:
        return Name(text, text)
    return Name(f"{text}{unit.zh}", f"{text} {unit.en}")


def series_name(series: str, reference: Reference) -> Name:
    """What a stored series is called: 重点产业, of another set of key industries with that one's name behind."""
    name, _, chosen = series.partition(":")
    term = reference.terms[name].name
    if not chosen:
        return term
    key_set = reference.key_sets.get(chosen)  # one that was stored may be gone from seeds/
    of = Name(chosen, chosen) if key_set is None else key_set.name
    return Name(f"{term.zh}：{of.zh}", f"{term.en}: {of.en}")


def date_name(day: int) -> Name:
    """2026年11月24日, 24 November 2026."""
    date = to_date(day)
    month = (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    )[date.month - 1]  # fmt: skip
    return Name(f"{date.year}年{date.month}月{date.day}日", f"{date.day} {month} {date.year}")


def scope_name(scope: str, reference: Reference, factories: Mapping[str, Name]) -> Name:
    """What a scope is called; both parts of a crossing.

    Args:
        scope: one that exists.
        reference: names of areas and industries.
        factories: names of factories by id.
    """
    parts = [_part_name(part, reference, factories) for part in scope.split("/")]
    return Name("".join(part.zh for part in parts), ", ".join(part.en for part in parts))


def _part_name(part: str, reference: Reference, factories: Mapping[str, Name]) -> Name:
    kind, _, key = part.partition(":")
    named: Mapping[str, Mapping[str, Name]] = {
        "city": {"": Name("全市", "the city")},
        "district": {each.id: each.name for each in reference.districts.values()},
        "park": {each.id: each.name for each in reference.parks.values()},
        "zone": {each.id: each.name for each in reference.zones.values()},
        "industry": reference.industries,
        "factory": factories,
    }
    return named[kind].get(key, Name(part, part))
