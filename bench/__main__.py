"""Run the benchmarks and write bench/results.md: `python -m bench [--scale 1.0] [--only demo figures …]`."""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

from bench.machine import others_load
from bench.parts import PARTS, Bench
from bench.report import put, section
from bench.result import Result

RESULTS = Path(__file__).parent / "results.md"


def main(arguments: list[str]) -> int:
    """Measure, and say with the exit code whether every limit holds."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="size of the simulated city; limits are for 1.0")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="the parts to measure")
    parser.add_argument("--output", type=Path, default=RESULTS)
    chosen = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended; the parts that were measured are written."))
    results: list[Result] = []
    with tempfile.TemporaryDirectory(prefix="robodensity-bench-") as folder:
        bench = Bench(Path(folder), chosen.scale)
        for part in chosen.only:
            results += _measured(bench, part, chosen.output)
    return int(any(result.limit is not None and result.value > result.limit for result in results))


def _measured(bench: Bench, part: str, output: Path) -> list[Result]:
    before = others_load()
    results = PARTS[part](bench)
    text = section(part, results, scale=bench.scale, before=before, after=others_load())
    put(output, part, text, list(PARTS))
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
    return results


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
