"""What a panel, a variable or an alert rule asks the store: InfluxQL, of names that the schema knows.

InfluxQL is the one language that InfluxDB 1 and 2 and openGemini all answer. Each statement names its database, so
that one data source serves every board. A day's point stands at 00:00 Asia/Shanghai and a board's time zone is
fixed, so no statement ever groups by days, which the server would cut at 00:00 UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from store.influxql import literal, quoted
from store.known import SUFFIX
from store.schema import Measurement

TIME = "$timeFilter"
UNTIL = "time <= ${__to}ms"
EVER = "time >= 0"  # of variables, since Grafana's documentation promises them no macro
LAST_DAY = f"time > ${{__to}}ms - 1d AND {UNTIL}"  # holds one point of each daily series
Value = str | bool


class UnknownNameError(ValueError):
    """A name that the schema does not have."""


@dataclass(frozen=True)
class Regex:
    """A condition on a tag by a regular expression, such as `^${district:regex}$`."""

    pattern: str


def name(kind: Measurement, column: str) -> str:
    """A tag or field of a measurement as an identifier.

    Raises:
        UnknownNameError: the measurement has none of this name; says which is nearest.
    """
    if column not in kind.columns or column == "time":
        near = get_close_matches(column, kind.columns, 1)
        raise UnknownNameError(
            f"{kind.name} has no tag or field {column!r}{f'; the nearest is {near[0]!r}' if near else ''}: "
            "see store/schema/."
        )
    return quoted(column)


def source(kind: Measurement, database: str | None = None) -> str:
    """A measurement in its database, or in another one, whose name may hold variables."""
    return f"{quoted(database or kind.database)}..{quoted(kind.name)}"


def conditions(kind: Measurement, where: Mapping[str, Value | Regex]) -> list[str]:
    """One condition for each tag or field; values may hold variables of Grafana."""
    return [f"{name(kind, column)} {_compared(value)}" for column, value in where.items()]


def _compared(value: Value | Regex) -> str:
    if isinstance(value, Regex):
        return f"=~ /{value.pattern}/"
    return f"= {str(value).lower()}" if isinstance(value, bool) else f"= {literal(value)}"


def flags(kind: Measurement, *columns: str) -> list[str]:
    """The fields that say of which of these figures the store knows a value."""
    return [f"{each}{SUFFIX}" for each in columns if f"{each}{SUFFIX}" in kind.columns]


def points(
    kind: Measurement,
    columns: Mapping[str, str],
    where: Mapping[str, Value | Regex],
    *,
    by: tuple[str, ...] = (),
    database: str | None = None,
) -> str:
    """Every point of the board's time range at which all of the figures are known, oldest first.

    Args:
        kind: the measurement.
        columns: what each tag or field is called in the answer.
        where: equality on tags and fields.
        by: tags that split the answer into series.
        database: instead of the measurement's own.
    """
    picked = ", ".join(f"{name(kind, column)} AS {quoted(alias)}" for column, alias in columns.items())
    known = conditions(kind, dict.fromkeys(flags(kind, *columns), True))
    held = " AND ".join([*conditions(kind, where), *known, TIME])
    return f"SELECT {picked} FROM {source(kind, database)} WHERE {held}{_grouped(kind, by)}"  # noqa: S608 - names are quoted


def newest(
    kind: Measurement,
    columns: Mapping[str, str],
    where: Mapping[str, Value | Regex],
    *,
    by: tuple[str, ...] = (),
    holding: Mapping[str, Value | Regex] | None = None,
    divided: Mapping[str, int] | None = None,
    database: str | None = None,
    when: str = UNTIL,
) -> str:
    """The last point of each series up to the end of the board's range, and nothing where a figure is unknown at it.

    The inner statement takes the last point whole, so that an unknown figure is not replaced by an older known one.
    The range has no beginning here: what is stored on changes alone holds until the next one, and a range of some
    hours holds no daily point.

    Args:
        kind: the measurement.
        columns: what each field is called in the answer; the first one decides which point is the last.
        where: equality on tags and fields, which picks among points.
        by: tags that name a series.
        holding: what the last point itself must say.
        divided: by what a figure is divided, since Grafana reads instants in milliseconds.
        database: instead of the measurement's own.
        when: TIME for the range's own points alone, and in alert rules, which know no other macro; EVER in variables.
    """
    asked = {**dict.fromkeys(flags(kind, *columns), True), **(holding or {})}
    shares = {column: f" / {by_:d}" for column, by_ in (divided or {}).items()}
    picked = ", ".join(
        f"{quoted(column)}{shares.get(column, '')} AS {quoted(alias)}" for column, alias in columns.items()
    )
    return _of_last(kind, picked, (*columns, *asked), where, asked, by, database, when)


def growth(
    kind: Measurement, now: str, then: str, title: str, where: Mapping[str, Value | Regex], *, by: tuple[str, ...] = ()
) -> str:
    """By which share a figure has grown from one field of the last point to another."""
    asked: dict[str, Value | Regex] = dict.fromkeys(flags(kind, now, then), True)
    picked = f"{name(kind, now)} / {name(kind, then)} - 1 AS {quoted(title)}"
    return _of_last(kind, picked, (now, then, *asked), where, asked, by, None, UNTIL)


def _of_last(
    kind: Measurement, picked: str, read: tuple[str, ...], where: Mapping[str, Value | Regex],
    asked: Mapping[str, Value | Regex], by: tuple[str, ...], database: str | None, when: str,
) -> str:  # fmt: skip
    first, *others = dict.fromkeys(read)
    rest = "".join(f", {name(kind, column)}" for column in others)
    held = " AND ".join([*conditions(kind, where), when])
    inner = (
        f"SELECT last({name(kind, first)}) AS {quoted(first)}{rest} FROM {source(kind, database)} "  # noqa: S608
        f"WHERE {held}{_grouped(kind, by)}"
    )
    whole = " AND ".join(conditions(kind, asked))
    return f"SELECT {picked} FROM ({inner}){f' WHERE {whole}' if whole else ''}{_grouped(kind, by)}"  # noqa: S608


def latest(
    kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex], *, limit: int,
) -> str:  # fmt: skip
    """The last points of the board's time range, the newest first."""
    return f"{points(kind, columns, where)} ORDER BY time DESC LIMIT {limit:d}"


def total(
    kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex], *, by: tuple[str, ...] = ()
) -> str:
    """Sums over the board's time range."""
    return f"{_aggregated('sum', kind, columns, where)}{_grouped(kind, by)}"


def count(
    kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex], *, by: tuple[str, ...] = ()
) -> str:
    """How many points the board's time range has."""
    return f"{_aggregated('count', kind, columns, where)}{_grouped(kind, by)}"


def daily_sum(kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex]) -> str:
    """Sums over all series, a point a day.

    All points of a Shanghai day stand at its beginning, a full hour of UTC: the hour that holds them holds no other.
    """
    return f"{_aggregated('sum', kind, columns, where)} GROUP BY time(1h) fill(none)"


def rate(
    kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex], *, by: tuple[str, ...],
) -> str:  # fmt: skip
    """How fast counters rise, a second; a counter that began again gives no point."""
    picked = ", ".join(
        f"non_negative_derivative(last({name(kind, column)}), 1s) AS {quoted(alias)}"
        for column, alias in columns.items()
    )
    held = " AND ".join([*conditions(kind, where), TIME])
    tags = "".join(f", {name(kind, tag)}" for tag in by)
    return f"SELECT {picked} FROM {source(kind)} WHERE {held} GROUP BY time($__interval){tags}"  # noqa: S608


def occupied(
    kind: Measurement, column: str, value: str, title: str, where: Mapping[str, Value | Regex], by: str
) -> str:
    """For how many quarters of an hour, by the hour, all series together had a value at the quarter's end.

    Samples come on change and at least every quarter of an hour, so that counting samples would favour what changes.
    """
    held = " AND ".join([*conditions(kind, where), TIME])
    inner = (
        f"SELECT last({name(kind, column)}) AS {quoted(column)} FROM {source(kind)} WHERE {held} "  # noqa: S608
        f"GROUP BY time(15m), {name(kind, by)}"
    )
    return (
        f"SELECT count({quoted(column)}) AS {quoted(title)} FROM ({inner}) "  # noqa: S608
        f"WHERE {quoted(column)} = {literal(value)} AND {TIME} GROUP BY time(1h)"
    )


def _aggregated(
    function: str, kind: Measurement, columns: Mapping[str, str], where: Mapping[str, Value | Regex]
) -> str:
    picked = ", ".join(f"{function}({name(kind, column)}) AS {quoted(alias)}" for column, alias in columns.items())
    held = " AND ".join([*conditions(kind, where), TIME])
    return f"SELECT {picked} FROM {source(kind)} WHERE {held}"  # noqa: S608


def _grouped(kind: Measurement, by: tuple[str, ...]) -> str:
    return f" GROUP BY {', '.join(name(kind, tag) for tag in by)}" if by else ""


def tag_values(kind: Measurement, tag: str, *, database: str | None = None) -> str:
    """The values of a tag, for a variable of a board."""
    on = quoted(database or kind.database)
    return f"SHOW TAG VALUES ON {on} FROM {quoted(kind.name)} WITH KEY = {name(kind, tag)}"
