"""Run the benchmarks and write bench/results.md: `python -m bench [--scale 1.0] [--only demo fold events amqtt]`."""

import argparse
import signal
import sys
import tempfile
from datetime import date
from pathlib import Path

from bench.demo import follow_events, play
from bench.figures import time_figures
from bench.machine import describe, others_load
from bench.result import Result, table

PARTS = ("fold", "events", "amqtt")
RESULTS = Path(__file__).parent / "results.md"

HEADER = """\
# Benchmarks

Measured on {day} by `make bench`, on simulated data of scale {scale:g}; 1.0 is the whole of Shanghai.

Machine: {machine}.
Other work kept {before:.1f} of its cores busy just before and {after:.1f} just after; times mean something at 0.0 only.

A ratio of 1.00 is exactly what must be reached; smaller is better. Broker, store, simulator and platform share the
machine.

{table}
"""


def main(arguments: list[str]) -> int:
    """Measure, and say with the exit code whether every limit holds."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the simulated city; limits are for 1.0")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="beside the demo with mosquitto")
    parser.add_argument("--output", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended before everything was measured; nothing is written."))
    before = others_load()
    with tempfile.TemporaryDirectory(prefix="robodensity-bench-") as folder:
        results = measured(Path(folder), chosen.scale, chosen.only)
    text = HEADER.format(
        day=date.today().isoformat(),  # noqa: DTZ011 - the day on this machine
        scale=chosen.scale,
        machine=describe(),
        before=before,
        after=others_load(),
        table=table(results),
    )
    chosen.output.write_text(text)
    sys.stdout.write(text)
    return int(any(result.limit is not None and result.value > result.limit for result in results))


def measured(folder: Path, scale: float, parts: list[str]) -> list[Result]:
    """Every result; the demo comes first, since the fold is timed on its reports and the events on its data."""
    demo, results = play(folder, "mosquitto", scale)
    if "fold" in parts:
        results += time_figures(demo.data, whole=scale >= 1)
    if "events" in parts:
        results += follow_events(demo)
    if "amqtt" in parts:
        results += play(folder, "amqtt", scale)[1]
    return results


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
