"""What the benchmarks ran on."""

import platform
from importlib.metadata import version
from pathlib import Path

import psutil


def describe() -> str:
    """Processor, memory, system and the versions that matter, in one line."""
    versions = ", ".join(f"{name} {version(name)}" for name in ("polars", "duckdb", "numpy", "paho-mqtt", "fastapi"))
    memory_gib = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores of {_processor()}, {memory_gib:.0f} GiB, "
        f"{platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}"
    )


def others_load(seconds: float = 3.0) -> float:
    """Cores that other work keeps busy, measured while the benchmarks rest."""
    return psutil.cpu_percent(interval=seconds) / 100 * (psutil.cpu_count() or 1)


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or "an unnamed processor"
