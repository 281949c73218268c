"""results.md: a section for each part, which a run of that part replaces and others leave as it is."""

import re
from datetime import date
from pathlib import Path

from bench.machine import describe
from bench.result import Result, table

_HEAD = """\
# Benchmarks

Measured by `make bench`, on simulated data; scale 1 is the whole of Shanghai. A ratio of 1.00 is exactly what must be
reached; smaller is better. Broker, store, load and platform share the machine; times mean something only where other
work kept 0.0 of its cores busy. `make bench ARGS="--only figures"` measures one part and leaves the others as they are.
"""
_SECTION = """\
## {part}

{day}, scale {scale:g}, {machine}.
Other work kept {before:.1f} of its cores busy just before and {after:.1f} just after.

{table}
"""


def section(part: str, results: list[Result], *, scale: float, before: float, after: float) -> str:
    """One part as Markdown.

    Args:
        part: its name.
        results: what was measured.
        scale: of the simulated city.
        before: cores that other work kept busy before.
        after: the same, after.
    """
    day = date.today().isoformat()  # noqa: DTZ011 - the day on this machine
    return _SECTION.format(
        part=part, day=day, scale=scale, machine=describe(), before=before, after=after, table=table(results)
    )


def put(path: Path, part: str, text: str, parts: list[str]) -> None:
    """Replace a part's section in a file of results, or add it; sections stand in the order of `parts`."""
    kept = {}
    if path.exists():
        for found in re.split(r"^(?=## )", path.read_text(), flags=re.MULTILINE)[1:]:
            kept[found.partition("\n")[0].removeprefix("## ").strip()] = found.strip() + "\n"
    kept[part] = text
    path.write_text("\n".join([_HEAD, *(kept[name] for name in parts if name in kept)]))
