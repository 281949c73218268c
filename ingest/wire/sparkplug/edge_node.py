"""The session of one edge node and the devices behind it, as a read-only host sees it. No I/O, no clock.

                NBIRTH                      NBIRTH (again: bdSeq may rise, aliases are new)
    unborn ───────────────▶ born ───────────────────────────────────────────────▶ born
      ▲  any other message:   │  DBIRTH, DDATA, NDATA, DDEATH: in the order of seq
      │  heard as far as it   │  NDEATH of an older bdSeq: ignored
      │  names its metrics    │
      └────────── NDEATH of this bdSeq ──────────┘

A death ends no knowledge of aliases: only the next birth does, and the host's own restart does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from ingest.wire.sparkplug.births import NO_BIRTH, Birth, birth_number, death_number
from ingest.wire.sparkplug.payloads import SEQUENCE, Metric, Payload
from ingest.wire.sparkplug.sequence import REORDER_S, Sequence, Turn
from ingest.wire.sparkplug.topics import MessageType, SparkplugTopic


@dataclass(frozen=True)
class Told:
    """A message as it arrived.

    Attributes:
        origin: what the caller knows it by; handed back.
        size: bytes of the payload.
        may_wait: whether it may be held for those before it; what is acknowledged may not.
    """

    topic: SparkplugTopic
    payload: Payload
    origin: object = None
    size: int = 0
    may_wait: bool = True


@dataclass(frozen=True)
class Heard:
    """A message in its turn.

    Attributes:
        metrics: each with its name, and its datatype where a birth or the message says it.
        unnamed: those whose alias no birth named.
        count: its place among the messages of its session, from 0; None where its number tells none.
        session_ms: when the session began, as its birth says; 0 where none was heard.
    """

    told: Told
    metrics: tuple[Metric, ...]
    unnamed: tuple[Metric, ...] = ()
    count: int | None = None
    session_ms: int = 0

    @property
    def topic(self) -> SparkplugTopic:
        """Where it was published."""
        return self.told.topic


class EdgeNode:
    """One edge node.

    Attributes:
        sequence: the count of its messages.
        births: by device; that of the node itself under the empty name.
        metrics: how many metrics it is remembered with; a device counts as one more.
        fresh: devices whose birth was told since this was last emptied, for keeping it.
        session_ms: when the session began, as the birth says; 0 before a birth was heard.
        bd_seq: of the current session; None where it is not known.
        is_born: between a birth and its death.
        lacks: why its births are wanted again: `before_birth`, `gap` or `unknown_alias`; None while they are not.
        deaths_ignored: deaths of another session.
    """

    def __init__(self, name: str, *, reorder_s: float = REORDER_S) -> None:
        self.name = name
        self.sequence: Sequence[Told] = Sequence(reorder_s=reorder_s)
        self.births: dict[str, Birth] = {}
        self.metrics = 0
        self.fresh: set[str] = set()
        self.session_ms = 0
        self.bd_seq: int | None = None
        self.is_born = False
        self.lacks: str | None = None
        self.deaths_ignored = 0
        self._missed = 0

    def take(self, told: Told, now_s: float) -> list[Heard]:
        """Take a message and return those whose turn it is."""
        if told.topic.type is MessageType.NBIRTH:
            return self._begin(told, now_s)
        if told.topic.type is MessageType.NDEATH:
            return self._end(told)
        return self._hear(self.sequence.place(told.payload.place, told, now_s, may_wait=told.may_wait))

    def bear(self, device: str, birth: Birth) -> None:
        """Put a birth in the place of the last one of this device."""
        last = self.births.get(device)
        self.metrics += len(birth) + 1 - (0 if last is None else len(last) + 1)
        self.births[device] = birth
        self.fresh.add(device)

    def drop_earlier(self) -> None:
        """Keep of the devices' births only those of the node's session; one may have overtaken the node's."""
        born = self.births.get("")
        if born is not None:
            earlier = [name for name, birth in self.births.items() if name and _before(birth.told_ms, born.told_ms)]
            for device in earlier:
                self.metrics -= len(self.births.pop(device)) + 1

    def expire(self, now_s: float) -> list[Heard]:
        """Messages that have waited long enough for those before them."""
        return self._hear(self.sequence.expire(now_s))

    def release(self) -> list[Heard]:
        """Every message that waits."""
        return self._hear(self.sequence.give_up())

    def _begin(self, told: Told, now_s: float) -> list[Heard]:
        born_ms = told.payload.timestamp_ms
        waiting = self.sequence.take_all()
        earlier = [(number, each) for number, each in waiting if _before(each.payload.timestamp_ms, born_ms)]
        heard = self._last_words(earlier, now_s)
        self.bear("", Birth.read(told.payload))
        self.drop_earlier()
        self.bd_seq, self.is_born, self.lacks = birth_number(told.payload), True, None
        self.session_ms = born_ms or 0
        self.sequence.begin(told.payload.place)
        heard.append(_named(told, 0, self.session_ms))
        for number, each in waiting:
            if (number, each) not in earlier:
                heard += self._hear(self.sequence.place(number, each, now_s))
        return heard

    def _last_words(self, earlier: Iterable[tuple[int, Told]], now_s: float) -> list[Heard]:
        ready = [turn for number, each in earlier for turn in self.sequence.place(number, each, now_s)]
        return self._hear([*ready, *self.sequence.give_up()])

    def _end(self, told: Told) -> list[Heard]:
        number = death_number(told.payload, self.births.get("", NO_BIRTH))
        if self.bd_seq is not None and (number is None or number % SEQUENCE != self.bd_seq % SEQUENCE):
            self.deaths_ignored += 1
            return []
        heard = [*self.release(), _named(told)]
        self.is_born = False
        self.sequence.stop()
        return heard

    def _hear(self, ready: Iterable[Turn[Told]]) -> list[Heard]:
        heard = [self._resolved(told, count) for count, told in ready]
        if heard and not self.is_born:
            self.lacks = self.lacks or "before_birth"
        if self.sequence.missing > self._missed:
            self._missed, self.lacks = self.sequence.missing, "gap"
        return heard

    def _resolved(self, told: Told, count: int | None) -> Heard:
        device = told.topic.device
        if told.topic.type is MessageType.DBIRTH:
            self.bear(device, Birth.read(told.payload))
            return _named(told, count, self.session_ms)
        birth = self.births.get(device, NO_BIRTH)
        metrics = [(metric, birth.resolve(metric)) for metric in told.payload.metrics]
        unnamed = tuple(metric for metric, resolved in metrics if resolved is None)
        if unnamed:
            self.lacks = "unknown_alias"
        return Heard(
            told, tuple(resolved for _, resolved in metrics if resolved is not None), unnamed, count, self.session_ms
        )


def _named(told: Told, count: int | None = None, session_ms: int = 0) -> Heard:
    named = tuple(metric for metric in told.payload.metrics if metric.name)
    unnamed = tuple(metric for metric in told.payload.metrics if not metric.name)
    return Heard(told, named, unnamed, count, session_ms)


def _before(told_ms: int | None, born_ms: int | None) -> bool:
    return told_ms is None or born_ms is None or told_ms < born_ms
