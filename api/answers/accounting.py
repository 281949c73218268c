"""收发账 as it is answered."""

from typing import Literal

from api.answers.form import SOMETIMES, Answered, Day, Moment, Next
from ingest.wire.refusals import Code
from ingest.wire.topics import Kind


class Counted(Answered):
    """What arrived and what came of it: arrived = stored + refused, always."""

    messages: int
    """[messages]"""
    arrived: int
    """[items]"""
    stored: int
    """[items]"""
    refused: int
    """退回 [items]."""
    redelivered: int
    """That came with DUP [items]."""


class CountedKind(Counted):
    """The same of one kind of message."""

    kind: str
    """`?` is of no known topic."""


class CountedDay(CountedKind):
    """The same of one day of arrival."""

    day: Day


class Accounting(Answered):
    """The account of all that is asked for."""

    totals: Counted
    days: list[CountedDay] = SOMETIMES
    """The oldest first; where anything is asked for."""
    next: str | None = SOMETIMES
    """Send it back as `cursor`; null on the last page."""


class DeliveredDay(CountedDay):
    """What came of one factory's messages of a kind on a day of arrival."""

    factory: str
    """`?` is what the register does not know."""
    numbered: int
    """Different numbers that arrived first on this day [messages]."""
    missing: int
    """Numbers that never arrived, noticed on this day [messages]."""
    unnumbered: int
    """[messages]"""
    repeated: int
    """That said what another report said [items]."""
    skew_s: float | None
    """Of status: median of arrival − device time [s]."""
    sent: int | None
    """numbered + missing [messages]; null where any carries no number."""


class DeliveredDays(Answered):
    """The newest first."""

    days: list[DeliveredDay]
    next: Next


class FactoryAccounts(Answered):
    """What came of all that a factory sent."""

    totals: Counted
    by_kind: list[CountedKind]


class Contact(Answered):
    """How a factory is heard."""

    day: Day
    last_heard: Moment
    silent_since: Moment | None
    """静默; null while it is heard."""
    silent_after_s: int
    """So long after it was heard last it counts as silent [s]."""
    skew_s: float | None
    """Median of arrival − device time of the day [s]."""
    live_messages: int
    """Of status, taken at most 30 min before arrival [messages]."""
    late_messages: int
    """Of status, older ones alone [messages]."""


class Verdict(Answered):
    """Why something would be refused."""

    reason: Code
    detail: str
    """A sentence."""
    path: str
    """Such as `robots.3.state`; empty for the whole message."""


class Checked(Answered):
    """What would come of a message."""

    kind: Kind
    ok: bool
    items: int
    """[items]"""
    good: int
    """[items]"""
    refused: int
    """[items]"""
    verdicts: list[Verdict]
    factory: str | None
    register_: str
    """`asked`, or why the register was not."""


class Refused(Answered):
    """退回: a message or an element that was not taken in, and why."""

    arrived: Moment
    settled: Moment | None
    """When a replay settled it."""
    writer: str
    reason: str
    topic: str | None
    factory: str | None
    """As in the topic."""
    kind: str | None
    detail: str | None
    """A sentence."""
    path: str | None
    payload: str | None
    """Base64, cut at 64 KiB."""
    sha256: str | None
    """Of the whole payload."""
    length: int | None
    """Of the whole payload [bytes]."""
    whole: bool | None
    """True for a whole message, false for one element of a batch."""
    items: int | None
    """That it stands for [items]."""
    restored: int | None
    """Of these, stored by the replay that settled it [items]."""


class RefusedRows(Answered):
    """The newest first."""

    refused: list[Refused]
    next: Next


class Replay(Answered):
    """Refused rows judged again by the register of now."""

    replay: str
    factory: str | None
    """Null is every factory."""
    reason: str | None
    """Null is every reason."""
    state: Literal["asked", "running", "done"]
    rows: int
    """Judged again [rows]."""
    settled: int
    """Of them [rows]."""
    cut: int
    """That cannot be judged: their payload is cut [rows]."""
    stored: int
    """[items]"""
    refused: int
    """Again, each with its reason [items]."""
    asked: Moment
    finished: Moment | None
    note: str | None


class OneReplay(Answered):
    """How a replay goes."""

    replay: Replay


class Replays(Answered):
    """The newest first."""

    replays: list[Replay]
    next: Next
