"""The process that draws: one JSON line of charts in, one JSON line of SVGs out, until its input ends.

vl-convert holds the interpreter while it draws and near a second at first, so it has an interpreter of its own.
"""

import json
import re
import sys
from typing import BinaryIO

import vl_convert

from api.board.charts.kinds import specification
from api.board.charts.ordered import HOST

# What Vega says of its own parts helps no reader: the page names the chart, and each link has a name of its own.
_PARTS = re.compile(r' (?:class|role|aria-roledescription|xmlns:xlink)="[^"]*"')
_NAMED = re.compile(r'(<a href="[^"]*">)<path aria-label=')
_UNLINKED = re.compile(r'(?<!role="img") aria-label="[^"]*"')


def picture(chart: dict[str, object]) -> str:
    """A chart as SVG whose links stay within the board and are named."""
    svg: str = vl_convert.vegalite_to_svg(specification(str(chart["kind"]), chart))
    linked = _PARTS.sub("", svg).replace(f'xlink:href="{HOST}/', 'href="/')
    return _UNLINKED.sub("", _NAMED.sub(r'\1<path role="img" aria-label=', linked))


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Draw what is ordered until the other side closes."""
    for line in orders:
        charts: dict[str, dict[str, object]] = json.loads(line)
        answers.write(json.dumps({name: picture(chart) for name, chart in charts.items()}).encode() + b"\n")
        answers.flush()


def warm() -> None:
    """Draw nothing much: the first picture of a process takes near a second longer than the others."""
    vl_convert.vegalite_to_svg({"mark": "point", "data": {"values": []}})


if __name__ == "__main__":
    warm()
    serve(sys.stdin.buffer, sys.stdout.buffer)
