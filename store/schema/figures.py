"""What the rollup computes of areas, and of factories in a database for each district."""

from store.schema.databases import FIGURES
from store.schema.measurement import Field, Measurement, ints, nullable, texts

_COUNTS = (
    *ints(
        "台",
        stock="保有量", gross_new="新增装机", stock_counted="of counting factories",
        stock_ifr="without those that entered 12 years ago or more", installed_pending="已装未验收",
        undated="whose first day may lie before or after the baseline",
        inventory_gap="declared inventory − stock on the inventory's day",
    ),
    *ints(
        "人",
        persons="平均用工人数", persons_counted="of counting factories", end_of_period_persons="from 期末用工人数",
    ),
    *ints(
        "家",
        inventories="factories whose inventory is in force",
        smart_factories="sites with a designation in force that counts toward the plan",
        smart_claimed="sites that claim a level and hold no designation",
        chain_leaders="工赋链主", service_providers="数字化专业服务商", innovation_centres="制造业创新中心",
    ),
)  # fmt: skip

_RATIOS = (
    *nullable("density", "台/万人", "stock_counted ÷ persons_counted × 10,000"),
    *nullable("density_12m", "台/万人", "stock_counted ÷ mean persons_counted of the last 12 month-ends × 10,000"),
    *nullable("density_annual", "台/万人", "on 31 December alone: year-end stock ÷ annual average headcount × 10,000"),
    *nullable("density_ifr", "台/万人", "density without robots that entered 12 years ago or more"),
)

_AREA_RATIOS = (
    *nullable("response_headcount_factories", "1", "填报率, headcount, by number of factories"),
    *nullable("response_headcount_persons", "1", "填报率, headcount, by persons"),
    *nullable("response_robots_factories", "1", "填报率, robots, by number of factories"),
    *nullable("response_robots_persons", "1", "填报率, robots, by persons"),
    *nullable("end_of_period_share", "1", "part of persons that is taken from 期末用工人数"),
)

_NORMS = (
    *nullable("frame_coverage", "1", "覆盖率: persons_counted ÷ persons in the official frame"),
    *nullable("expected_density", "台/万人", "at the city's density of each of its industries"),
    *nullable("mix_index", "1", "density ÷ expected_density × 100"),
)

_VERSION = ints("", definition_version="")

FIGURE = Measurement(
    "figure",
    FIGURES,
    ("scope", "kind", "series"),
    (
        *_COUNTS,
        *ints("台", in_transit="在途: of the city alone, 0 elsewhere"),
        *ints("家", factories="registered and not closed"),
        *_RATIOS,
        *_AREA_RATIOS,
        *_NORMS,
        *_VERSION,
    ),
)

CROSSING = Measurement(
    "crossing",
    FIGURES,
    ("scope", "kind", "series"),
    (
        *_COUNTS,
        *ints("家", factories="registered and not closed"),
        *_RATIOS,
        *_AREA_RATIOS,
        *_VERSION,
    ),
)  # a division within a district or park, `district:310115/industry:36`; only on days when a figure changed

FLOW = Measurement(
    "flow",
    FIGURES,
    ("scope", "kind", "series"),
    ints(
        "台",
        commissioned="", moved_in="", reinstated="", reclassified_in="",
        decommissioned="", moved_out="", reclassified_out="",
    ),
)  # the account of stock on the days on which something came or went  # fmt: skip

COMPARISON = Measurement(
    "comparison",
    FIGURES,
    ("scope", "kind", "series", "base"),
    (
        *ints("家", matched="count on both days", joined="on the later alone", left="on the earlier alone"),
        *ints("台", stock_then="of matched factories", stock_now=""),
        *ints("人", persons_then="of matched factories", persons_now=""),
        *nullable("density_then", "台/万人", "of matched factories"),
        *nullable("density_now", "台/万人", "of matched factories"),
        *nullable("change", "台/万人", "of density, of all counting factories"),
        *nullable("effect_stock", "台/万人", ""),
        *nullable("effect_headcount", "台/万人", ""),
        *nullable("effect_composition", "台/万人", "口径变动"),
    ),
)  # base mom (a month before) or yoy (a year before); on month-ends and on the last day

ROBOT_ACTIVITY = Measurement(
    "robot_activity",
    FIGURES,
    ("scope", "kind", "series"),
    ints(
        "台",
        connected_stock="在网", operating_stock="作业", undeclared="有信号未申报", unseen="久未见",
    ),
)  # never restated; from the first day that robots sent anything  # fmt: skip

SILENCE = Measurement(
    "silence",
    FIGURES,
    ("scope", "kind", "series"),
    ints(
        "家",
        silent_factories="quiet for longer than its own rhythm at the end of the day, or now",
        heard_factories="registered, not closed and heard at some time",
    ),
)  # never restated; from the first day on which the rollup listened

AREA_ACCOUNT = Measurement(
    "area_account",
    FIGURES,
    ("scope", "kind"),
    (
        *ints(
            "items",
            arrived="arrived = stored + refused",
            stored="",
            refused="",
            redelivered="items that came with DUP",
            unregistered="arrived of nobody in the register: in the counts of the city alone, 0 elsewhere",
        ),
        *ints(
            "messages",
            messages="messages that arrived",
            numbered="different numbers that arrived first on this day",
            missing="numbers that never arrived, noticed on this day",
            unnumbered="that carry no number: what was sent is unknown then",
        ),
    ),
)  # accounting and numbering of a day of arrival, over every factory, kind and writer

RESTATEMENT = Measurement(
    "restatement",
    FIGURES,
    ("scope", "kind", "series", "figure"),
    (
        *ints("days", day="the last day of a published month"),
        *nullable("old", "", "in the figure's unit"),
        *nullable("new", "", "in the figure's unit"),
        *texts(why="report or definition", writer="of the report that caused it", slot="of that report, as JSON"),
        *ints("ns", stamp="of that report"),
    ),
)  # time is the stamp of the report that caused it, or the moment of another definition

SMART_FACTORY = Measurement(
    "smart_factory",
    FIGURES,
    ("scope", "kind", "scheme", "grade"),
    ints("家", count="sites whose designation of this scheme and grade is in force"),
)  # only on days when it changed

FACTORY_FIGURE = Measurement(
    "factory_figure",
    FIGURES,
    ("factory",),
    (
        *_COUNTS,
        *_RATIOS,
        Field("in_all", "bool", "", "above scale on the day"),
        Field("in_key", "bool", "", "above scale in a key industry on the day"),
        Field("headcount_valid", "bool", "", ""),
        Field("robots_reported", "bool", "", ""),
        *_VERSION,
    ),
)  # in figures_<adcode>, only on days when one changed
