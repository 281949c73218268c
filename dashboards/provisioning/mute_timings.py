"""When messages wait: at night and over Spring Festival; what still stands is sent when the time is over."""

from collections.abc import Iterable
from datetime import timedelta

from dashboards.provisioning.organisation import Json
from density.register import Holiday

NIGHT = "robodensity-night"
SPRING_FESTIVAL = "robodensity-spring-festival"
ZONE = "Asia/Shanghai"


def mute_timings(holidays: Iterable[Holiday]) -> tuple[Json, ...]:
    """The night, and the days off of every Spring Festival that seeds/holidays.yaml knows."""
    festivals = [each for each in holidays if each.id.startswith("spring-festival-")]
    return (
        {
            "name": NIGHT,
            "time_intervals": [{"times": [_times("00:00", "07:30"), _times("21:00", "24:00")], "location": ZONE}],
        },
        {"name": SPRING_FESTIVAL, "time_intervals": [span for each in festivals for span in _days(each)]},
    )


def _times(start: str, end: str) -> Json:
    return {"start_time": start, "end_time": end}


def _days(holiday: Holiday) -> list[Json]:
    """Grafana has no span of dates, but days of months of years: one entry for each month that the holiday touches."""
    length = (holiday.last_day - holiday.first_day).days + 1
    days = [holiday.first_day + timedelta(days=each) for each in range(length)]
    months = sorted({(day.year, day.month) for day in days})
    return [
        {
            "years": [str(year)],
            "months": [str(month)],
            "days_of_month": [_span([day.day for day in days if (day.year, day.month) == (year, month)])],
            "location": ZONE,
        }
        for year, month in months
    ]


def _span(days: list[int]) -> str:
    return f"{days[0]}:{days[-1]}"
