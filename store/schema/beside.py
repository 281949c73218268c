"""What readers need beside the figures, so that they are given the figures and not `state`."""

from store.schema.databases import FIGURES, LISTS
from store.schema.measurement import Field, Measurement, ints, texts

PROVENANCE = Measurement(
    "provenance",
    FIGURES,
    (),
    (
        Field("simulated", "bool", "", "as the store was born"),
        *ints(
            "ms",
            data_until_ms="arrival of the newest report in the figures",
            folded_ms="when they were written",
        ),
        *ints("days", day="the last day of the figures"),
        *ints("", definition_version=""),
    ),
)  # one point at time 0, for readers that are given the figures and not `state`

RANKING = Measurement(
    "ranking",
    FIGURES,
    ("scope", "kind"),
    (
        *ints("家", firms="distinct credit codes of the open factories"),
        *ints("人", persons="平均用工人数"),
        Field("ranked", "bool", "", "whether the scope stands in rankings: 1,000 persons and 3 firms at least"),
        *texts(area="the scope without its kind", district="adcode of the body that runs a park; a district's own"),
    ),
)  # districts and parks, on the last day

PUBLISHED = Measurement(
    "published",
    FIGURES,
    ("scope", "kind", "figure"),
    (
        Field("value", "float", "as the figure's", "what was published: a mark beside a figure, never subtracted"),
        *texts(source=""),
    ),
)  # time is the last day of its period

FACTORY_CARD = Measurement(
    "factory_card",
    FIGURES,
    ("factory",),
    (
        *texts(name_zh="", name_en="", park="", industry="4 digits of GB/T 4754-2017"),
        Field("above_scale", "bool", "", "规上"),
        Field("here", "bool", "", "open and in this district; false once it closed or went elsewhere"),
    ),
)  # in figures_<adcode>, one point a factory at time 0: as registered on the last day

ATTENTION = Measurement(
    "attention",
    LISTS,
    ("concern", "district", "factory"),
    (
        Field("listed", "bool", "", "on the list at the end of the day, or now; false once it has left it"),
        *ints("", rank="within its district and concern: 1 calls most urgently"),
        *ints("µs", last_us="silent: when it was heard last"),
        *ints("s", silent_after_s="silent: so long after that it counts as silent"),
        *ints("messages", missing_30_days="missing: of the last 30 days", missing_today="missing: noticed today"),
        Field("skew_s", "float", "s", "clock: median of arrival − device time over the live ones of the day"),
        *ints("messages", late="clock: of status, with samples older than 30 min alone"),
        *ints("items", refused="refused: of today", arrived="refused: of today"),
    ),
)  # at most 20 factories of a district and concern (silent, missing, clock, refused) a day; each has its own facts;
# apart, since asking by factory takes the longer the more factories were ever listed: this database forgets in days

DISCLOSURE = Measurement(
    "disclosure",
    FIGURES,
    ("scope", "kind", "series"),
    (
        Field("why", "text", "", "open; few: firms too few or too large; beside: another cell would follow; empty"),
        Field("final", "bool", "", "the month is published, so this is not decided again"),
    ),
)  # whether a cell is public in a month; time is the month's last day, that of the running one too
