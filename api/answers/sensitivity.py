"""口径敏感性表 as it is answered."""

from typing import Literal

from api.answers.figures import Series
from api.answers.form import Answered, Day, Moment, Words

ChoiceName = Literal["key_set", "wafer_handlers", "headcount", "service_life", "stock_begins"]


class Option(Answered):
    """One way to choose."""

    id: str
    name: Words


class Choice(Answered):
    """What is chosen, and the ways to do so."""

    id: ChoiceName
    name: Words
    options: list[Option]
    default: str
    """The platform's own, by its id."""


class ChoiceEffects(Answered):
    """By choice, the mean absolute difference that flipping it makes, in the headline's unit."""

    key_set: float | None
    """In the headline's unit."""
    wafer_handlers: float | None
    """In the headline's unit."""
    headcount: float | None
    """In the headline's unit."""
    service_life: float | None
    """In the headline's unit."""
    stock_begins: float | None
    """In the headline's unit."""


class Combination(Answered):
    """One option of each choice, and what the headline is then."""

    key_set: str
    wafer_handlers: str
    headcount: str
    service_life: str
    stock_begins: str
    value: float | None
    """In the headline's unit."""


class Headline(Answered):
    """A headline of the city under every definition."""

    figure: str
    series: Series
    name: Words
    unit: Words
    default: float | None
    """In `unit`."""
    lowest: float | None
    """In `unit`."""
    highest: float | None
    """In `unit`."""
    effects: ChoiceEffects
    matters_most: ChoiceName | None
    """Null where no choice changes anything."""
    sentence: Words
    combinations: list[Combination]


class Sensitivity(Answered):
    """The table; before the first figures it has no headline."""

    scope: Literal["city"]
    simulated: bool
    """模拟数据."""
    day: Day | None
    data_until: Moment | None
    """Arrival of the newest report in it."""
    choices: list[Choice]
    headlines: list[Headline]
