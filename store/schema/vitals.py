"""How the processes are."""

from store.schema.databases import VITALS
from store.schema.measurement import Field, Measurement, ints, nullable, texts

_PROCESS = (
    *ints("µs", started_us="when the process started: its counters begin there"),
    *ints("B", rss_bytes="resident memory of the process"),
    Field("cpu_s", "float", "s", "processor time of the process since its start"),
    *ints("calls", store_calls="calls of the store since the start", store_errors="of these, not answered"),
    Field("ready", "bool", "", "as /readyz answers"),
    *texts(trouble="why not, in sentences"),
)

INGEST_VITALS = Measurement(
    "ingest_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        *ints("messages", messages="taken since the start", waiting="received and in no batch yet"),
        *ints(
            "items",
            arrived="since the start",
            stored="",
            refused="",
            redelivered="in messages marked DUP",
            missing="messages that edge nodes numbered and that never came; of others see numbering",
        ),
        *ints(
            "",
            unstorable="rows of our own making that the store refuses",
            connections="to the broker since the start",
            sessions_lost="the broker had forgotten the session: what it held is gone",
            verdicts_dropped="too many were waiting",
        ),
        *ints("B", in_flight_bytes="payloads in memory"),
        Field("oldest_unacknowledged_s", "float", "s", "age of the oldest message that is not durable yet; 0 without"),
        Field("connected", "bool", "", "to the broker"),
        Field("subscribed", "bool", "", "the broker has granted the subscription"),
    ),
)  # process: the worker's id

BROKER_VITALS = Measurement(
    "broker_vitals",
    VITALS,
    ("process",),
    (
        *ints("s", uptime_s="of the broker"),
        *ints("messages", dropped="since the broker started: lost, though the publisher was told success"),
        *ints("messages", queued_messages="held by the broker for all sessions, with what it retains"),
        *ints("B", queued_bytes="their payloads", heap_bytes="of the broker", limit_bytes="of a session; 0: none"),
        *ints("clients", clients="connected"),
        Field("received_bytes_per_s", "float", "B/s", "on the wire, a mean of the last minutes"),
        *nullable("hours_until_full", "h", "that the queue would hold if nothing were taken from it from now on"),
    ),
)  # process: the worker that watches it; a field is null where the broker does not tell it

ROLLUP_VITALS = Measurement(
    "rollup_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        Field("cursor_age_s", "float", "s", "age of the oldest mark that the figures do not hold; 0 without"),
        Field("figures_age_s", "float", "s", "now − arrival of the newest report in the figures"),
        *ints("", folds="since the start", reports="in memory", points="written last"),
        Field("fold_s", "float", "s", "the last fold"),
        Field("write_s", "float", "s", "writing its points"),
    ),
)

API_VITALS = Measurement(
    "api_vitals",
    VITALS,
    ("process",),
    (
        *_PROCESS,
        *ints("answers", answers="since the start", failures="of these with a status of 500 and above"),
        Field("figures_age_s", "float", "s", "now − arrival of the newest report in the figures"),
    ),
)  # process: the API's writer id
