"""The process that draws: one JSON line of charts in, one JSON line of SVGs out, until its input ends.

vl-convert holds the interpreter while it draws and near a second at first, so it has an interpreter of its own.
"""

import json
import sys
from typing import BinaryIO

import vl_convert

from api.board.charts import specification


def draw(charts: dict[str, dict[str, object]]) -> dict[str, str]:
    """Every chart as SVG, by its name."""
    return {
        name: vl_convert.vegalite_to_svg(specification(str(chart["kind"]), chart)) for name, chart in charts.items()
    }


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Draw what is ordered until the other side closes."""
    for line in orders:
        answers.write(json.dumps(draw(json.loads(line))).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
