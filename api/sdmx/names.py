"""What the SDMX messages call things, once for data and structure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

AGENCY: Final = "ROBODENSITY"
VERSION: Final = "1.0.0"
FLOW: Final = "DENSITY"

DIMENSIONS: Final = ("FREQ", "REF_AREA", "SERIES", "INDICATOR")
TIME: Final = "TIME_PERIOD"
MEASURE: Final = "OBS_VALUE"
ATTRIBUTES: Final = ("OBS_STATUS", "UNIT_MEASURE", "DEFINITION", "SIMULATED", "NOTICE", "DATA_UNTIL")

MONTHLY: Final = "M"
NORMAL, MISSING = "A", "M"  # of OBS_STATUS, as SDMX's own code list has them
SERIES: Final[Mapping[str, str]] = {"TOTAL": "total", "ALL": "all", "KEY": "key"}


@dataclass(frozen=True)
class Indicator:
    """A published figure: its field in the store, its term in seeds/terms.yaml and the code of its unit."""

    field: str
    term: str
    unit: str


INDICATORS: Final[Mapping[str, Indicator]] = {
    "DENSITY": Indicator("density", "density", "ROBOTS_PER_10K_PERSONS"),
    "DENSITY_12M": Indicator("density_12m", "density_12m", "ROBOTS_PER_10K_PERSONS"),
    "STOCK_COUNTED": Indicator("stock_counted", "stock_counted", "ROBOTS"),
    "PERSONS_COUNTED": Indicator("persons_counted", "persons_counted", "PERSONS"),
    "STOCK": Indicator("stock", "stock", "ROBOTS"),
    "RESPONSE": Indicator("response_headcount_persons", "response_headcount_persons", "RATIO"),
}
UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "ROBOTS_PER_10K_PERSONS": ("台/万人", "Robots per 10,000 persons"),
    "ROBOTS": ("台", "Robots"),
    "PERSONS": ("人", "Persons"),
    "RATIO": ("1", "Ratio of 0 to 1"),
}
