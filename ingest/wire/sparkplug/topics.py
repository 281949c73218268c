"""The grammar of Sparkplug topics, 3.0 and the STATE of 2.2.

    topic  = "spBv1.0/" group "/" node-type "/" node
           | "spBv1.0/" group "/" device-type "/" node "/" device
           | "spBv1.0/STATE/" host | "STATE/" host
    node-type   = "NBIRTH" | "NDATA" | "NDEATH" | "NCMD"
    device-type = "DBIRTH" | "DDATA" | "DDEATH" | "DCMD"
    group, node, device, host = 1 to 128 characters, none of them / + # or a control character

Valid:
    spBv1.0/F00042/NBIRTH/line1               an edge node begins
    spBv1.0/F00042/DDATA/line1/R-0001         values of a device
    spBv1.0/STATE/scada                       a host's state as JSON, 3.0
    STATE/scada                               the same as a word, 2.2

Invalid:
    spBv1.0/F00042/NBIRTH/line1/R-0001        a node's message names no device
    spBv1.0/F00042/DDATA/line1                a device's message names one
    spBv1.0/F00042/XDATA/line1                no such type
    spBv1.0/F00042/NDATA/                     no edge node
    spAv1.0/F00042/NDATA/line1                no such version
"""

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Final

NAMESPACE: Final = "spBv1.0"
SUBSCRIPTIONS: Final = (f"{NAMESPACE}/#", "STATE/#")
_PREFIXES: Final = (f"{NAMESPACE}/", "STATE/")

_ID: Final = r"[^/+#\x00-\x1f\x7f-\x9f]{1,128}"
_MESSAGE: Final = re.compile(
    rf"{NAMESPACE}/(?P<group>{_ID})/(?P<type>[ND](?:BIRTH|DATA|DEATH|CMD))/(?P<node>{_ID})(?:/(?P<device>{_ID}))?"
)
_STATE: Final = re.compile(rf"(?:{NAMESPACE}/)?STATE/(?P<host>{_ID})")


class MessageType(Enum):
    """What a message does; N of an edge node, D of a device behind it."""

    NBIRTH = "NBIRTH"
    NDATA = "NDATA"
    NDEATH = "NDEATH"
    NCMD = "NCMD"
    DBIRTH = "DBIRTH"
    DDATA = "DDATA"
    DDEATH = "DDEATH"
    DCMD = "DCMD"
    STATE = "STATE"

    @property
    def is_birth(self) -> bool:
        """Whether it names every metric."""
        return self in {MessageType.NBIRTH, MessageType.DBIRTH}

    @property
    def is_death(self) -> bool:
        """Whether what was said before is stale."""
        return self in {MessageType.NDEATH, MessageType.DDEATH}

    @property
    def is_ours(self) -> bool:
        """Whether a read-only host has anything to do with it; commands and other hosts' states are not."""
        return self not in {MessageType.NCMD, MessageType.DCMD, MessageType.STATE}


@dataclass(frozen=True)
class SparkplugTopic:
    """A parsed topic.

    Attributes:
        type: of the message.
        group: empty for STATE.
        node: the edge node, unique within its group; of STATE the host.
        device: unique within its edge node; empty for the edge node itself.
    """

    type: MessageType
    group: str
    node: str
    device: str = ""

    @property
    def edge_node(self) -> str:
        """The edge node as the register names it."""
        return f"{self.group}/{self.node}"

    def __str__(self) -> str:
        if self.type is MessageType.STATE:
            return f"{NAMESPACE}/STATE/{self.node}"
        device = f"/{self.device}" if self.device else ""
        return f"{NAMESPACE}/{self.group}/{self.type.value}/{self.node}{device}"


def is_sparkplug(topic: str) -> bool:
    """Whether a topic is one that Sparkplug is subscribed with."""
    return topic.startswith(_PREFIXES)


@lru_cache(maxsize=65_536)
def parse_sparkplug(topic: str) -> SparkplugTopic | None:
    """Read a topic; None where the grammar does not know it."""
    state = _STATE.fullmatch(topic)
    if state is not None:
        return SparkplugTopic(MessageType.STATE, "", state["host"])
    match = _MESSAGE.fullmatch(topic)
    if match is None or match["type"].startswith("D") != (match["device"] is not None):
        return None
    return SparkplugTopic(MessageType(match["type"]), match["group"], match["node"], match["device"] or "")
