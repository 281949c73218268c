"""The process that draws: one JSON line of charts in, one JSON line of SVGs out, until its input ends.

vl-convert holds the interpreter while it draws and near a second at first, so it has an interpreter of its own.
"""

import json
import sys
from typing import BinaryIO

import vl_convert

from api.board.charts.kinds import specification
from api.board.charts.sheet import HOST


def picture(chart: dict[str, object]) -> str:
    """A chart as SVG whose links stay within the board."""
    svg: str = vl_convert.vegalite_to_svg(specification(str(chart["kind"]), chart))
    return svg.replace(f'xlink:href="{HOST}/', 'href="/').replace(' xmlns:xlink="http://www.w3.org/1999/xlink"', "")


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Draw what is ordered until the other side closes."""
    for line in orders:
        charts: dict[str, dict[str, object]] = json.loads(line)
        answers.write(json.dumps({name: picture(chart) for name, chart in charts.items()}).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
