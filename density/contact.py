"""How a factory is heard: its rhythm, whether it is silent, and how far its clock is off.

The rhythm is learned from the longest gap between arrivals that ended on each of the last WINDOW_DAYS days: the nine
in ten of these that are shortest are ordinary, and the longest of them is the rhythm. A factory that rests at weekends
has the weekend in it; one outage has not. It is silent when it was quiet for longer than FACTOR times its rhythm, and
never before FLOOR_S, for which a state of the contract holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Any, Final

WINDOW_DAYS: Final = 28
ORDINARY: Final = 0.9
FACTOR: Final = 1.5
FLOOR_S: Final = 1_800
LEARNED_DAYS: Final = 3  # with fewer days there is no rhythm yet
STATUS_S: Final = 86_400  # until then: one that sends status is to do so every 15 minutes
MONTHLY_S: Final = 40 * 86_400  # and any other reports its headcount every month

_FINE_S: Final = 10.0


@dataclass
class ContactDay:
    """Status messages of one day.

    Attributes:
        live: taken at most half an hour before they arrived.
        late: with older samples alone.
        lags: how often each lag of live ones came, in tenths of a second.
    """

    live: int = 0
    late: int = 0
    lags: dict[int, int] = field(default_factory=dict)

    @property
    def skew_s(self) -> float | None:
        """The median of arrival − device time over the live ones, to 0.1 s, beyond 10 s to 1 s; None without any."""
        ordered, half = sorted(self.lags.items()), sum(self.lags.values()) / 2
        for lag, count in ordered:
            half -= count
            if half <= 0:
                return lag / 10
        return None


@dataclass
class Contact:
    """One factory, as it was heard so far.

    Attributes:
        last_us: its last arrival.
        gaps_s: by day, the longest gap that ended on it.
        days: by day, its status messages.
    """

    last_us: int = 0
    gaps_s: dict[int, int] = field(default_factory=dict)
    days: dict[int, ContactDay] = field(default_factory=dict)
    sends_status: bool = False

    def hear(self, kind: str, first_us: int, last_us: int, day: int) -> None:
        """Take arrivals of a kind within one batch; those that lie before the last one change no gap."""
        self.sends_status |= kind == "status"
        if self.last_us and first_us > self.last_us:
            gap_s = (first_us - self.last_us) // 10**6
            self.gaps_s[day] = max(gap_s, self.gaps_s.get(day, 0))
        self.last_us = max(self.last_us, last_us)

    def time(self, day: int, *, live: int, late: int, skew_s: float | None) -> None:
        """Take how late status messages of a day were: the median of the live ones."""
        of_day = self.days.setdefault(day, ContactDay())
        of_day.live += live
        of_day.late += late
        if skew_s is not None:
            lag = round(10 * skew_s) if abs(skew_s) < _FINE_S else 10 * round(skew_s)
            of_day.lags[lag] = of_day.lags.get(lag, 0) + live

    @property
    def silent_after_s(self) -> int:
        """So long after its last arrival it counts as silent."""
        gaps = sorted(self.gaps_s.values())
        if len(gaps) < LEARNED_DAYS:
            return STATUS_S if self.sends_status else MONTHLY_S
        rhythm_s = gaps[ceil(ORDINARY * len(gaps)) - 1]
        return max(FLOOR_S, int(FACTOR * rhythm_s))

    def is_silent(self, now_us: int) -> bool:
        """Whether it has been quiet for longer than its rhythm lets expect."""
        return now_us - self.last_us > self.silent_after_s * 10**6

    def forget(self, today: int) -> None:
        """Let go of days that no figure is made of any more."""
        self.gaps_s = {day: gap for day, gap in self.gaps_s.items() if day > today - WINDOW_DAYS}
        self.days = {day: each for day, each in self.days.items() if day >= today - 1}

    def to_json(self) -> dict[str, Any]:
        """All of it, as `from_json` takes it."""
        days = {day: [each.live, each.late, list(each.lags.items())] for day, each in self.days.items()}
        return {"last_us": self.last_us, "gaps_s": self.gaps_s, "days": days, "sends_status": self.sends_status}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Contact":
        """What `to_json` gave, after JSON has made texts of the days."""
        days = {int(day): ContactDay(live, late, dict(lags)) for day, (live, late, lags) in value["days"].items()}
        gaps = {int(day): gap for day, gap in value["gaps_s"].items()}
        return cls(value["last_us"], gaps, days, value["sends_status"])
