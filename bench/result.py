"""One measured number beside what it must reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """A measurement.

    Attributes:
        limit: what it may be at most; None where nothing is demanded.
        note: how it came about.
    """

    what: str
    value: float
    unit: str
    limit: float | None = None
    note: str = ""

    @property
    def row(self) -> str:
        """A row of the table: the ratio of 1.00 is exactly the limit."""
        limit = "–" if self.limit is None else f"≤ {self.limit:g} {self.unit}"
        ratio = "–" if self.limit is None else f"{self.value / self.limit:.2f}"
        holds = "–" if self.limit is None else "yes" if self.value <= self.limit else "**no**"
        return f"| {self.what} | {self.value:,.2f} {self.unit} | {limit} | {ratio} | {holds} | {self.note} |"


HEAD = "| what | measured | must reach | ratio | holds | how |\n|---|--:|--:|--:|---|---|"


def table(results: list[Result]) -> str:
    """The results as a table of Markdown."""
    return "\n".join([HEAD, *(result.row for result in results)])
