"""What Grafana makes of a statement before it sends it: macros and variables, replaced by what a viewer chose.

Documented behaviour alone: https://grafana.com/docs/grafana/latest/dashboards/variables/variable-syntax/ and
https://grafana.com/docs/grafana/latest/datasources/influxdb/template-variables/. Tests and benchmarks expand by it what
boards ask, since no Grafana server runs there.

| written | becomes |
|---|---|
| `$timeFilter` | `time >= 1700000000000ms and time <= 1800000000000ms`, the board's range |
| `$__interval`, `$interval` | the panel's interval, `1d` or `15m` |
| `$__interval_ms` | the same in milliseconds |
| `$__from`, `$__to` | the range's ends in milliseconds since 1970 |
| `$__range_ms`, `$__range_s`, `$__range` | its length, the last as `3600s` |
| `$name`, `${name}`, `[[name]]` | the value; of several `(a|b)`, each escaped for a regular expression |
| `${name:raw}`, and regex, pipe, csv, doublequote, singlequote | as named |
| a variable that depends on another | asked again when that is chosen anew; of a `SELECT` its values are the texts |
| a variable at All | its all-value as it stands where it has one, else every option |
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_PATTERN = re.compile(r"\$\{(\w+)(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]|\$(\w+)")
_REGEX_SIGNS = re.compile(r"[\\^$*+?.()|[\]{}/]")
_UNITS = (("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000))

Values = tuple[str, ...]


class UnknownVariableError(ValueError):
    """A statement names a variable that the board does not have, or a format that Grafana does not."""


@dataclass(frozen=True)
class Choice:
    """What a viewer chose for one variable.

    Attributes:
        values: one value, or several.
        all_value: what stands for All instead of its options, where the variable has such a text and All is chosen.
        several: whether the variable takes more than one value.
    """

    values: Values
    all_value: str | None = None
    several: bool = False


@dataclass(frozen=True)
class View:
    """What a viewer looks at.

    Attributes:
        first_ms: the start of the range [ms since 1970 UTC].
        last_ms: its end.
        interval_ms: of one point of the panel.
        choices: by the variable's name.
    """

    first_ms: int
    last_ms: int
    interval_ms: int = 86_400_000
    choices: Mapping[str, Choice] = field(default_factory=dict)


def expand(statement: str, view: View) -> str:
    """The statement as it is sent to the store.

    Raises:
        UnknownVariableError: it names a variable that the view does not choose, or an unknown format.
    """
    macros = _macros(view)

    def replaced(match: re.Match[str]) -> str:
        braced, format_, bracketed, other_format, bare = match.groups()
        name = braced or bracketed or bare
        if name in macros:
            return macros[name]
        if name not in view.choices:
            raise UnknownVariableError(
                f"{match.group()} stands in a statement, and no variable is called so: {statement}"
            )
        return _written(view.choices[name], format_ or other_format, match.group())

    return _PATTERN.sub(replaced, statement)


def interval(milliseconds: int) -> str:
    """A length of time as InfluxQL writes it, in the largest unit that holds it whole."""
    for unit, length in _UNITS:
        if milliseconds % length == 0:
            return f"{milliseconds // length}{unit}"
    return f"{milliseconds}ms"


def _macros(view: View) -> dict[str, str]:
    length = view.last_ms - view.first_ms
    return {
        "timeFilter": f"time >= {view.first_ms}ms and time <= {view.last_ms}ms",
        "__interval": interval(view.interval_ms),
        "interval": interval(view.interval_ms),
        "__interval_ms": str(view.interval_ms),
        "__from": str(view.first_ms),
        "__to": str(view.last_ms),
        "__range_ms": str(length),
        "__range_s": str(length // 1_000),
        "__range": f"{length // 1_000}s",
    }


def _written(choice: Choice, format_: str | None, text: str) -> str:
    if choice.all_value is not None:
        return choice.all_value
    if format_ is None:
        return _one_of(choice.values) if choice.several else choice.values[0]
    if format_ not in _FORMATS:
        raise UnknownVariableError(
            f"{text} asks for the format {format_}: choose one of {', '.join(sorted(_FORMATS))}."
        )
    return _FORMATS[format_](choice.values)


def _escaped(value: str) -> str:
    return _REGEX_SIGNS.sub(lambda sign: "\\" + sign.group(), value)


def _one_of(values: Values) -> str:
    escaped = [_escaped(value) for value in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


def _quoted(quote: str) -> Callable[[Values], str]:
    return lambda values: ",".join(f"{quote}{value.replace(quote, chr(92) + quote)}{quote}" for value in values)


_FORMATS: Mapping[str, Callable[[Values], str]] = {
    "raw": ",".join,
    "csv": ",".join,
    "pipe": "|".join,
    "regex": _one_of,
    "doublequote": _quoted('"'),
    "singlequote": _quoted("'"),
}
