"""The robots that can be bought in the simulated city: real makers and models, made-up serials."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CATEGORIES: Final = (
    "articulated", "scara", "cartesian", "parallel", "wafer_handler", "panel_handler", "agv_amr", "humanoid",
)  # fmt: skip
WAFER, PANEL, AGV, HUMANOID = 4, 5, 6, 7

MAKERS: Final = {
    "FANUC": ("FANUC", "发那科", "上海发那科机器人有限公司", "Fanuc"),
    "ABB": ("ABB", "ABB Robotics", "ABB工程（上海）有限公司"),
    "KUKA": ("KUKA", "库卡", "库卡机器人（上海）有限公司"),
    "YASKAWA": ("YASKAWA", "安川电机", "安川首钢机器人有限公司"),
    "EPSON": ("EPSON", "爱普生"),
    "ESTUN": ("ESTUN", "埃斯顿"),
    "SIASUN": ("SIASUN", "新松"),
    "STEP": ("STEP", "新时达"),
    "INOVANCE": ("INOVANCE", "汇川技术"),
    "JAKA": ("JAKA", "节卡"),
    "BROOKS": ("Brooks", "Brooks Automation"),
    "RORZE": ("RORZE", "乐孜"),
}


@dataclass(frozen=True)
class Model:
    """A model, its category (an index into CATEGORIES) and how often it is chosen within it."""

    maker: str
    name: str
    category: int
    weight: float


MODELS: Final = tuple(
    Model(*row)
    for row in (
        ("FANUC", "M-20iD/25", 0, 14), ("FANUC", "R-2000iC/210F", 0, 14), ("ABB", "IRB 6700-200/2.60", 0, 12),
        ("ABB", "IRB 2600-20/1.65", 0, 7), ("KUKA", "KR 210 R2700-2", 0, 9), ("YASKAWA", "GP25", 0, 9),
        ("ESTUN", "ER20-1780", 0, 6), ("STEP", "SA1400", 0, 4), ("SIASUN", "SR10C", 0, 4), ("JAKA", "Zu 12", 0, 7),
        ("EPSON", "LS6-B602S", 1, 10), ("INOVANCE", "IRS111-6-60Z20TS3", 1, 8), ("YASKAWA", "SG650", 1, 3),
        ("INOVANCE", "IRCA10", 2, 4), ("STEP", "AR-XYZ4", 2, 4), ("FANUC", "M-1iA/0.5A", 3, 5),
        ("ABB", "IRB 360-1/1130", 3, 5), ("BROOKS", "MagnaTran 7", WAFER, 6), ("RORZE", "RR754", WAFER, 6),
        ("SIASUN", "SRV-W300", WAFER, 2), ("YASKAWA", "MFL2400D", PANEL, 4), ("SIASUN", "SRP-G6", PANEL, 2),
        ("SIASUN", "AGV-600", AGV, 1), ("ESTUN", "Codroid 01", HUMANOID, 1),
    )
)  # fmt: skip

# Shares of the categories 0 to 5 by industry; the longest prefix holds.
_MIXES: Final = {
    "": (0.66, 0.10, 0.20, 0.04, 0.0, 0.0),
    "14": (0.45, 0.15, 0.10, 0.30, 0.0, 0.0),
    "27": (0.45, 0.30, 0.12, 0.13, 0.0, 0.0),
    "3562": (0.35, 0.10, 0.15, 0.0, 0.40, 0.0),
    "36": (0.93, 0.02, 0.05, 0.0, 0.0, 0.0),
    "38": (0.50, 0.30, 0.15, 0.05, 0.0, 0.0),
    "3825": (0.40, 0.20, 0.15, 0.05, 0.20, 0.0),
    "39": (0.36, 0.44, 0.14, 0.06, 0.0, 0.0),
    "3973": (0.18, 0.10, 0.06, 0.0, 0.66, 0.0),
    "3974": (0.22, 0.12, 0.10, 0.0, 0.0, 0.56),
}

_APPLICATIONS: Final = {
    0: ("arc_welding", "spot_welding", "handling", "assembly", "painting", "palletising"),
    1: ("assembly", "pick_and_place", "dispensing"),
    2: ("handling", "machine_tending", "palletising"),
    3: ("pick_and_place", "packaging"),
    WAFER: ("cleanroom_semiconductors",),
    PANEL: ("cleanroom_panels",),
    AGV: ("transport",),
    HUMANOID: ("trial",),
}


def category_shares(industry: str) -> tuple[float, ...]:
    """How the robots of an industry split over the categories 0 to 5."""
    return _MIXES[max((prefix for prefix in _MIXES if industry.startswith(prefix)), key=len)]


def choose_models(rng: np.random.Generator, categories: NDArray[np.int64]) -> NDArray[np.int64]:
    """A model for each robot, as an index into MODELS."""
    chosen = np.zeros(len(categories), dtype=np.int64)
    for category in range(len(CATEGORIES)):
        options = np.asarray([place for place, model in enumerate(MODELS) if model.category == category])
        weights = np.asarray([MODELS[place].weight for place in options])
        here = categories == category
        chosen[here] = rng.choice(options, int(here.sum()), p=weights / weights.sum())
    return chosen


def application(category: int, number: int) -> str:
    """What a robot does, by its category and number."""
    options = _APPLICATIONS[category]
    return options[number % len(options)]
