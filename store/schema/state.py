"""What processes keep for themselves."""

from store.schema.databases import STATE
from store.schema.measurement import Field, Measurement, ints, texts

CURSOR = Measurement(
    "cursor",
    STATE,
    ("consumer", "writer"),
    (Field("through", "int", "ns", "the consumer has taken this writer's reports up to this stamp"),),
)

ROLLUP = Measurement(
    "rollup",
    STATE,
    (),
    (
        *ints(
            "µs",
            data_until_us="arrival of the newest report in the figures",
            folded_us="when they were written",
            written_us="when any figure was written last, those that follow a fold among them",
        ),
        *ints("days", day="the last day of the figures"),
        *ints("", definition_version=""),
    ),
)

PUBLICATION = Measurement(
    "publication",
    STATE,
    (),
    (
        *ints("days", through_day="the last day of the last month that is published"),
        *ints("µs", published_us=""),
    ),
)

SILENT = Measurement(
    "silent",
    STATE,
    ("factory", "robot"),
    ints("days", last_day="on which it was seen last; written when that is long ago"),
)

LISTENING = Measurement(
    "listening",
    STATE,
    ("factory",),
    texts(heard="arrivals and gaps of the last days, as JSON", numbers="numbers that arrived, by kind, as JSON"),
)  # what the rollup knows of a factory's deliveries up to its cursor `deliveries`

REPLAY = Measurement(
    "replay",
    STATE,
    ("replay",),
    (
        *texts(factory="none replays every factory", reason="none replays every reason", state="asked, running, done"),
        *ints("µs", asked_us="", finished_us=""),
        *ints("rows", rows="judged again", settled="of them", cut="that cannot be judged: their payload is cut"),
        *ints("items", stored="", refused="again, each with its reason"),
    ),
)  # asked by the API, done by the one ingest worker that replays

SPARKPLUG_NODE = Measurement(
    "sparkplug_node",
    STATE,
    ("node",),
    (
        *texts(name="group/node"),
        *ints("", expected="the seq that comes next; -1 unknown", bd_seq="of the session; -1 unknown"),
        *ints("messages", count="of the session that came or should have come"),
        *ints("ms", session_ms="when it began, as the birth says; 0 before a birth was heard"),
        Field("born", "bool", "", "between a birth and its death"),
    ),
)  # an edge node's session as the Sparkplug worker knows it; node and device are named by a hash

SPARKPLUG_BIRTH = Measurement(
    "sparkplug_birth",
    STATE,
    ("node", "device", "part"),
    (
        *texts(device_name="empty for the edge node itself", metrics="JSON [[name, alias, datatype], …]"),
        *ints("ms", told_ms="time in the payload; -1 unknown"),
        *ints("", birth="one number for all parts of a birth", parts="how many parts it has"),
    ),
)  # what a birth said of its metrics, in parts of at most 48 KiB: data has aliases alone

SPARKPLUG_ROBOT = Measurement(
    "sparkplug_robot",
    STATE,
    ("node", "robot"),
    texts(device="where it is told from", values="JSON {metric: [value, datatype, time in ms]}"),
)  # the values that hold: data comes by exception

JOURNAL = Measurement(
    "journal",
    STATE,
    (),
    (*texts(entry="what a replay is about to write, as JSON"), *ints("ns", through="its last stamp")),
)  # one point, at time 0: written again after a crash, unless the mark of the replay has passed it

IDENTITY = Measurement(
    "store",
    STATE,
    (),
    (
        Field("schema_version", "int", "", ""),
        Field("simulated", "bool", "", "a store is born simulated or real and refuses the other"),
    ),
)

API_KEY = Measurement(
    "api_key",
    STATE,
    ("key",),
    (
        *texts(
            name="whom it is for", role="viewer, factory, area or admin",
            areas="JSON list of scopes, of a role `area`", factories="JSON list of ids, of a role `factory`",
            hash="of the secret, by argon2",
        ),
        *ints("µs", made_us="", revoked_us="null while it stands"),
    ),
)  # one point a key, at time 0  # fmt: skip
