"""What can be measured, part by part; the demo is played once for all parts that need its data."""

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path

from bench.api import time_api
from bench.board import time_board
from bench.boards import time_boards
from bench.demo import follow_events, play
from bench.figures import time_figures
from bench.ingest import time_ingest
from bench.platform_process import Demo
from bench.result import Result


class Bench:
    """One run of benchmarks.

    Args:
        folder: for everything that they leave; removed by the caller.
        scale: size of the simulated city; limits are for 1.0.
    """

    def __init__(self, folder: Path, scale: float) -> None:
        self.folder, self.scale = folder, scale

    @cached_property
    def played(self) -> tuple[Demo, list[Result]]:
        """The demo with mosquitto, whose data others are measured on, and its results."""
        return play(self.folder, "mosquitto", self.scale)


PARTS: Mapping[str, Callable[[Bench], list[Result]]] = {
    "demo": lambda bench: bench.played[1],
    "figures": lambda bench: time_figures(bench.played[0].data, whole=bench.scale >= 1),
    "boards": lambda bench: time_boards(bench.played[0].data, whole=bench.scale >= 1),
    "events": lambda bench: follow_events(bench.played[0]),
    "board": lambda bench: time_board(bench.played[0]),
    "amqtt": lambda bench: play(bench.folder, "amqtt", bench.scale)[1],
    "api": lambda bench: time_api(bench.folder / "api"),
    "ingest": lambda bench: time_ingest(bench.folder / "ingest"),
}
