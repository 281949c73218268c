"""The kinds of panels that boards are made of, from the SDK's classes.

Every panel has a title, a description with the definition, a link to the same figures on the web board, where they
stand as an accessible table, and a text for when it has no data. No number is coloured by a threshold: colours repeat
what a word says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grafana_foundation_sdk.models import bargauge, common, stat, statetimeline, table, text, timeseries
from grafana_foundation_sdk.models.dashboard import (
    DashboardFieldConfigSourceOverrides,
    DashboardLink,
    DashboardLinkType,
    DataTransformerConfig,
    FieldColor,
    FieldColorModeId,
    FieldConfig,
    FieldConfigSource,
    Panel,
    Threshold,
    ThresholdsConfig,
    ThresholdsMode,
)

from dashboards.columns import Column
from dashboards.query import PLUGIN, Format, InfluxQuery

DATA_SOURCE = common.DataSourceRef(PLUGIN, "${datasource}")
VALUES = "/^(?!Time$)/"  # every field but the time, texts too
DAY_MS = 86_400_000
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Frame:
    """What stands around every panel.

    Attributes:
        title: its title.
        definition: what is shown, with the definition (口径).
        twin: title and address of the same on the web board.
        nothing: the text for no data.
    """

    title: str
    definition: str
    twin: tuple[str, str]
    nothing: str


def asked(statements: Sequence[str], format_: Format, *, alias: str = "$col") -> list[Any]:
    """Targets of a panel, lettered."""
    return [
        InfluxQuery(statement, _LETTERS[place], alias if format_ == "time_series" else "", format_)
        for place, statement in enumerate(statements)
    ]


def number(
    frame: Frame, statements: Sequence[str], columns: Sequence[Column], *, large: bool = True, graph: bool = False
) -> Panel:
    """Figures as large numbers and words, one below the other."""
    options = stat.Options(
        graph_mode=common.BigValueGraphMode.AREA if graph else common.BigValueGraphMode.NONE,
        color_mode=common.BigValueColorMode.VALUE,
        text_mode=common.BigValueTextMode.VALUE if len(columns) == 1 else common.BigValueTextMode.VALUE_AND_NAME,
        reduce_options=_last(VALUES),
        orientation=common.VizOrientation.AUTO if large else common.VizOrientation.HORIZONTAL,
    )
    return _panel("stat", frame, asked(statements, "time_series"), options, columns)


def bullet(frame: Frame, statements: Sequence[str], ends: str, columns: Sequence[Column]) -> Panel:
    """Bars on one scale: where a figure is, where it should be, where it began and where it must get to.

    Args:
        frame: around it.
        statements: the columns, in one row or more.
        ends: `min` and `max` of the scale in one row.
        columns: a bar each.
    """
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.BASIC,
        value_mode=common.BarGaugeValueMode.TEXT,
        name_placement=common.BarGaugeNamePlacement.LEFT,
        orientation=common.VizOrientation.HORIZONTAL,
        show_unfilled=True,
        reduce_options=_last(""),
    )
    scaled = DataTransformerConfig(
        "configFromData",
        options={
            "configRefId": _LETTERS[len(statements)],
            "mappings": [
                {"fieldName": each, "handlerKey": each, "reducerId": "lastNotNull"} for each in ("min", "max")
            ],
        },
    )
    return _panel("bargauge", frame, asked([*statements, ends], "time_series"), options, columns, [scaled])


def bars(frame: Frame, statements: Sequence[str], columns: Sequence[Column], *, alias: str = "$col") -> Panel:
    """A horizontal bar for the newest value of each series."""
    options = bargauge.Options(
        display_mode=common.BarGaugeDisplayMode.BASIC,
        value_mode=common.BarGaugeValueMode.TEXT,
        name_placement=common.BarGaugeNamePlacement.LEFT,
        orientation=common.VizOrientation.HORIZONTAL,
        reduce_options=_last(""),
    )
    return _panel("bargauge", frame, asked(statements, "time_series", alias=alias), options, columns)


def lines(
    frame: Frame, statements: Sequence[str], columns: Sequence[Column], *, alias: str = "$col", unit: str = "",
    gap_ms: int = 2 * DAY_MS, style: Mapping[str, Any] | None = None,
) -> Panel:  # fmt: skip
    """Figures over time; a gap of more than `gap_ms` is drawn as one.

    Args:
        frame: around it.
        statements: each gives one or more series.
        columns: how each series is shown, found by its name.
        alias: what a series is called; `$tag_reason` by a tag.
        unit: of series that no column describes.
        gap_ms: the longest time between two points that belong together.
        style: settings of all lines instead of plain ones, such as stacked bars.
    """
    options = timeseries.Options(
        legend=common.VizLegendOptions(
            common.LegendDisplayMode.LIST, common.LegendPlacement.BOTTOM, show_legend=True, calcs=["lastNotNull"]
        ),
        tooltip=common.VizTooltipOptions(common.TooltipDisplayMode.MULTI),
    )
    custom = {"drawStyle": "line", "lineWidth": 2, "fillOpacity": 0, "showPoints": "never", "insertNulls": gap_ms}
    panel = _panel("timeseries", frame, asked(statements, "time_series", alias=alias), options, columns)
    _defaults(panel).custom = timeseries.FieldConfig.from_json(custom | dict(style or {}))
    _defaults(panel).unit = unit or _defaults(panel).unit
    _defaults(panel).color = FieldColor(FieldColorModeId.PALETTE_CLASSIC_BY_NAME)
    return panel


STACKED = {"drawStyle": "bars", "lineWidth": 0, "fillOpacity": 80, "stacking": {"mode": "normal", "group": "A"}}
HELD = {"lineInterpolation": "stepAfter", "insertNulls": False}  # stored on changes alone: holds until the next one
SHARES = STACKED | {"stacking": {"mode": "percent", "group": "A"}}


def rows(
    frame: Frame, statements: Sequence[str], columns: Sequence[Column], *, key: str | None = None,
    sort: tuple[str, bool] | None = None, hidden: Sequence[str] = (),
) -> Panel:  # fmt: skip
    """A table of the newest values.

    Args:
        frame: around it.
        statements: a table each.
        columns: what is shown, in this order.
        key: the tag by which several tables become one; only rows that all of them have stay.
        sort: a column's title and whether the largest comes first.
        hidden: columns that only links need.
    """
    shown = [each.answer for each in columns]
    steps = [
        DataTransformerConfig(
            "filterFieldsByName",
            options={"include": {"names": [*dict.fromkeys([*([key] if key else []), *shown, *hidden])]}},
        )
    ]
    if key:
        steps.append(DataTransformerConfig("joinByField", options={"byField": key, "mode": "inner"}))
    order = {name: place for place, name in enumerate(shown)}
    steps.append(
        DataTransformerConfig("organize", options={"indexByName": order, "excludeByName": {}, "renameByName": {}})
    )
    options = table.Options(
        show_header=True,
        sort_by=[common.TableSortByFieldState(sort[0], sort[1])] if sort else None,
        cell_height=common.TableCellHeight.SM,
    )
    panel = _panel("table", frame, asked(statements, "table"), options, columns, steps)
    _defaults(panel).custom = common.TableFieldOptions(filterable=True, cell_options=None)
    overrides = _source(panel).overrides
    overrides += [_hidden(each) for each in hidden]
    return panel


def timeline(frame: Frame, statement: str, shown: Column, *, alias: str, gap_ms: int) -> Panel:
    """What each series is at each time, as a band of words; unknown after `gap_ms` without a sample."""
    options = statetimeline.Options(
        show_value=common.VisibilityMode.AUTO,
        legend=common.VizLegendOptions(common.LegendDisplayMode.LIST, common.LegendPlacement.BOTTOM, show_legend=True),
        tooltip=common.VizTooltipOptions(common.TooltipDisplayMode.SINGLE),
    )
    panel = _panel("state-timeline", frame, asked([statement], "time_series", alias=alias), options, ())
    defaults = _defaults(panel)
    defaults.unit, defaults.mappings = shown.unit, list(shown.mappings)
    defaults.custom = statetimeline.FieldConfig.from_json({"fillOpacity": 70, "lineWidth": 0, "insertNulls": gap_ms})
    return panel


def note(content: str, *, title: str = "") -> Panel:
    """A text of ours."""
    options = text.Options(mode=text.TextMode.MARKDOWN, content=content)
    return Panel("text", title=title, options=options, transparent=True)


def _panel(
    type_: str, frame: Frame, targets: list[Any], options: object, columns: Sequence[Column],
    transformations: list[DataTransformerConfig] | None = None,
) -> Panel:  # fmt: skip
    title, url = frame.twin
    plain = ThresholdsConfig(ThresholdsMode.ABSOLUTE, [Threshold(None, "text")])
    defaults = FieldConfig(
        unit=columns[0].unit if columns else "none",
        thresholds=plain,
        color=FieldColor(FieldColorModeId.THRESHOLDS),
        no_value=frame.nothing,
    )
    overrides = [each.override() for each in columns]
    return Panel(
        type_,
        targets=targets,
        title=frame.title,
        description=frame.definition,
        datasource=DATA_SOURCE,
        links=[DashboardLink(title, DashboardLinkType.LINK, url=url, target_blank=True, icon="", tooltip="")],
        options=options,
        transformations=transformations,
        field_config=FieldConfigSource(defaults, overrides),
    )


def _last(fields: str) -> common.ReduceDataOptions:
    return common.ReduceDataOptions(values=False, calcs=["lastNotNull"], fields=fields)


def _hidden(title: str) -> DashboardFieldConfigSourceOverrides:
    return DashboardFieldConfigSourceOverrides.from_json(
        {"matcher": {"id": "byName", "options": title}, "properties": [{"id": "custom.hidden", "value": True}]}
    )


def _source(panel: Panel) -> FieldConfigSource:
    if panel.field_config is None:
        raise TypeError(f"The panel {panel.title} has no fields.")
    return panel.field_config


def _defaults(panel: Panel) -> FieldConfig:
    return _source(panel).defaults
