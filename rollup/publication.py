"""Which months are published: from then on a change of their figures leaves a restatement."""

from datetime import date

from density.days import to_date, to_day
from store.base import Store
from store.schema import PUBLICATION, STATE


class Publication:
    """Follows the calendar: a month is published on a day of the next one.

    History that comes in before the first such day is published on it, with everything else.

    Args:
        store: remembers what is published.
        publish_day: the day of the next month.
    """

    def __init__(self, store: Store, publish_day: int) -> None:
        self._store, self._publish_day = store, publish_day
        stored = store.read(STATE, PUBLICATION)["through_day"]
        self.through: int = stored[0] if stored.len() else to_day(date.min)

    def follow(self, day: int, born: int, now_us: int) -> None:
        """Publish what is due on a day.

        Args:
            day: today.
            born: the day on which the first report arrived.
            now_us: when that is.

        Raises:
            StoreUnavailable: nothing is published.
        """
        due, since = self._due(day)
        if born < since and due > self.through:
            self._publish(due, now_us)

    def publish(self, day: int, now_us: int) -> None:
        """Publish the history that is in, without waiting for the next such day.

        Raises:
            StoreUnavailable: nothing is published.
        """
        self._publish(max(self._due(day)[0], self.through), now_us)

    def _publish(self, through: int, now_us: int) -> None:
        row = {"time": 0, "through_day": through, "published_us": now_us}
        self._store.write(STATE, {PUBLICATION: PUBLICATION.frame([row])})
        self.through = through

    def _due(self, day: int) -> tuple[int, int]:
        """The last day of the newest month that is to be published by a day, and the day since when it is."""
        today = to_date(day)
        month = today.replace(day=1)
        if today.day < self._publish_day:
            month = (to_date(to_day(month) - 1)).replace(day=1)
        return to_day(month) - 1, to_day(month) + self._publish_day - 1
