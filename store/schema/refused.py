"""What broke the contract, kept with the reason."""

from store.schema.databases import REFUSED
from store.schema.measurement import Field, Measurement, ints, texts

REFUSAL = Measurement(
    "refusal",
    REFUSED,
    ("writer", "reason"),
    (
        *texts(
            topic="", factory="as in the topic", kind="", detail="a sentence", path="",
            payload="base64, at most 64 KiB", sha256="of the whole payload",
        ),
        *ints("bytes", length="of the whole payload"),
        *ints("µs", arrived_us=""),
        Field("whole", "bool", "", "true for a whole message, false for one element of a batch"),
        *texts(counted="the factory that accounting counts it under"),
        *ints("items", items="that it stands for", restored="of these, stored by the replay that settled it"),
        *ints("µs", settled_us="when a replay settled it; what it still refused is a row of its own"),
    ),
)  # fmt: skip
