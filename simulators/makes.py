"""Makes of robots: maker by its English name in seeds/manufacturers.yaml, model, category, axes (from memory)."""

from dataclasses import dataclass

import numpy as np

from simulators.arrays import Floats, Ints


@dataclass(frozen=True)
class Make:
    """A type of machine."""

    maker: str
    model: str
    category: str
    axes: int
    application: str


MAKES = tuple(
    Make(*each)
    for each in (
        ("FANUC", "M-20iD/25", "articulated", 6, "arc_welding"),
        ("FANUC", "R-2000iC/210F", "articulated", 6, "spot_welding"),
        ("FANUC", "M-10iD/12", "articulated", 6, "handling"),
        ("ABB", "IRB 6700", "articulated", 6, "spot_welding"),
        ("ABB", "IRB 1200", "articulated", 6, "assembly"),
        ("ABB", "IRB 360", "parallel", 4, "picking"),
        ("KUKA", "KR 210 R2700", "articulated", 6, "spot_welding"),
        ("KUKA", "KR 10 R1100", "articulated", 6, "assembly"),
        ("YASKAWA", "AR1440", "articulated", 6, "arc_welding"),
        ("YASKAWA", "GP25", "articulated", 6, "handling"),
        ("KAWASAKI", "BX200L", "articulated", 6, "spot_welding"),
        ("NACHI", "MZ07", "articulated", 6, "assembly"),
        ("ESTUN", "ER20-1780", "articulated", 6, "handling"),
        ("SIASUN", "SR20A", "articulated", 6, "handling"),
        ("EFORT", "ER50-2100", "articulated", 6, "handling"),
        ("STEP", "SA1400", "articulated", 6, "arc_welding"),
        ("JAKA", "Zu 7", "articulated", 6, "assembly"),
        ("AUBO", "i5", "articulated", 6, "assembly"),
        ("UNIVERSAL ROBOTS", "UR10e", "articulated", 6, "machine_tending"),
        ("EPSON", "LS6-B602S", "scara", 4, "assembly"),
        ("INOVANCE", "IR-S7-60", "scara", 4, "assembly"),
        ("YAMAHA", "YK600XG", "scara", 4, "assembly"),
        ("YAMAHA", "MXYx", "cartesian", 3, "handling"),
        ("OMRON", "Quattro 650H", "parallel", 4, "picking"),
        ("STAUBLI", "TX2-60", "articulated", 6, "assembly"),
        ("BROOKS", "MagnaTran 7", "wafer_handler", 4, "wafer_handling"),
        ("RORZE", "RR754", "wafer_handler", 4, "wafer_handling"),
        ("HIRATA", "AR-W180", "panel_handler", 4, "panel_handling"),
    )
)  # fmt: skip
CATEGORIES = ("articulated", "scara", "cartesian", "parallel", "wafer_handler", "panel_handler")

AGV = Make("SIASUN", "AGV-1500", "agv_amr", 3, "logistics")
HUMANOID = Make("模拟人形", "SIM-H1", "humanoid", 20, "handling")
TAUGHT = Make("ABB", "IRB 120", "articulated", 6, "teaching")
EXTRA_MAKES = (AGV, HUMANOID, TAUGHT)
ALL_MAKES = (*MAKES, *EXTRA_MAKES)

_USUAL = (0.76, 0.1, 0.09, 0.05, 0.0, 0.0)
_MIXES = {
    "3973": (0.2, 0.05, 0.05, 0.0, 0.7, 0.0),
    "3974": (0.3, 0.1, 0.1, 0.0, 0.0, 0.5),
    "36": (0.93, 0.03, 0.03, 0.01, 0.0, 0.0),
    "39": (0.32, 0.48, 0.14, 0.06, 0.0, 0.0),
    "14": (0.5, 0.1, 0.1, 0.3, 0.0, 0.0),
    "27": (0.5, 0.2, 0.15, 0.15, 0.0, 0.0),
}


def category_mix(industry: str) -> tuple[float, ...]:
    """How robots of an industry are spread over CATEGORIES."""
    return _MIXES.get(industry, _MIXES.get(industry[:2], _USUAL))


def draw_makes(mixes: Floats, rng: np.random.Generator) -> Ints:
    """A make, as place in MAKES, for each robot.

    Args:
        mixes: array [robot, category].
        rng: two draws a robot.
    """
    category = (rng.random(len(mixes))[:, None] > np.cumsum(mixes, axis=1)).sum(axis=1).clip(0, len(CATEGORIES) - 1)
    draw = rng.random(len(mixes))
    result = np.zeros(len(mixes), dtype=np.int64)
    for place, name in enumerate(CATEGORIES):
        fitting = np.array([index for index, make in enumerate(MAKES) if make.category == name])
        chosen = category == place
        result[chosen] = fitting[(draw[chosen] * len(fitting)).astype(np.int64)]
    return result
