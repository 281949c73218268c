"""What the simulated city is like: all of it inferred, none of it a statistic, but for the two published densities.

The published figures are 260 robots per 10,000 persons in 2022 and 383 in the key industries in January 2023; the
city is calibrated to both at 2023-12-31.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FACTORIES = 10_000
PERSONS_KEY, PERSONS_OTHER = 1_230_000, 770_000  # above scale, of factories that send a headcount
DENSITY_ALL, DENSITY_KEY = 260.0, 383.0
GROSS_NEW, GROSS_NEW_KEY_SHARE = 14_300, 0.80  # from 2024-01-01 through 2026-11-24
DESIGNATED = ((2023, 6, 60), (2024, 7, 115), (2024, 12, 160), (2025, 7, 215), (2025, 12, 270), (2026, 7, 330),
              (2026, 12, 370), (2027, 7, 420), (2027, 12, 470))  # fmt: skip  # year, month, counting sites from then on

BELOW_SCALE, IN_PARKS = 0.04, 0.60
NO_HEADCOUNT, NO_ROBOT_REPORT, MAX_SILENT_PERSONS = 0.04, 0.03, 400  # large plants answer
DECOMMISSIONED_A_YEAR, DECLINE_A_YEAR = 0.015, 0.01
MOVES_A_YEAR = 150
EXTRAS = 2_400  # AGVs, humanoids, and arms for research or training; over the whole timeline


@dataclass(frozen=True)
class IndustryShape:
    """One class of GB/T 4754-2017 in the city.

    Attributes:
        weight: how common its factories are.
        size: their headcount against the mean.
        density: robots per 10,000 persons before calibration.
    """

    weight: float
    size: float
    density: float


_CLASSES: Mapping[str, tuple[float, float, float]] = {
    "1353": (0.6, 0.9, 60), "1411": (1.6, 0.9, 70), "1521": (0.4, 1.2, 90), "1620": (0.02, 3, 150),
    "1781": (1.2, 0.7, 40), "1819": (2.5, 0.9, 15), "1922": (0.5, 0.7, 15), "2034": (0.6, 0.6, 40),
    "2110": (1.2, 0.8, 70), "2231": (1.5, 0.7, 60), "2319": (1.5, 0.7, 60), "2451": (0.8, 0.8, 50),
    "2511": (0.15, 3, 40), "2614": (1.6, 0.9, 50), "2651": (1.2, 0.9, 60), "2682": (0.9, 1.1, 90),
    "2720": (1.2, 1.4, 110), "2761": (1.0, 1.3, 120), "2822": (0.2, 0.8, 40), "2929": (5.0, 0.8, 130),
    "3042": (1.2, 0.8, 70), "3130": (0.25, 3.5, 160), "3252": (0.7, 0.8, 90), "3311": (3.2, 0.7, 80),
    "3393": (2.0, 0.7, 110), "3421": (1.8, 0.9, 250), "3435": (1.2, 1.3, 280), "3441": (2.5, 0.9, 180),
    "3491": (1.0, 1.0, 320), "3525": (2.4, 0.7, 220), "3562": (1.6, 1.0, 260), "3581": (1.6, 1.0, 120),
    "3611": (0.06, 14, 1500), "3612": (0.1, 14, 1700), "3670": (6.0, 1.4, 900), "3731": (0.25, 4, 200),
    "3741": (0.15, 5, 220), "3812": (1.6, 1.1, 300), "3823": (3.0, 0.9, 260), "3825": (0.5, 1.5, 420),
    "3841": (0.5, 1.8, 500), "3911": (0.3, 8, 300), "3922": (0.8, 3.5, 320), "3973": (0.5, 5, 1100),
    "3974": (0.15, 5, 600), "3982": (1.6, 1.3, 350), "3983": (1.6, 0.9, 260), "3985": (1.2, 0.9, 240),
    "4011": (2.4, 0.9, 130), "4190": (0.8, 0.7, 40), "4210": (0.3, 0.6, 20), "4330": (0.5, 0.8, 20),
}  # fmt: skip
INDUSTRIES = {code: IndustryShape(*numbers) for code, numbers in _CLASSES.items()}

# What a park is known for (its words in seeds/parks.yaml) makes these classes this many times as common there.
KNOWN_FOR_BOOST = 7.0
KNOWN_FOR: Mapping[str, tuple[str, ...]] = {
    "集成电路": ("3973", "3562", "3985"), "医药": ("2720", "2761"), "生物": ("2761",), "医疗": ("3581",),
    "汽车": ("3670", "3612"), "零部件": ("3670", "3393"), "机器人": ("3491",), "电子": ("3922", "3982", "3911"),
    "装备": ("3421", "3441", "3435"), "光伏": ("3825",), "航空": ("3741",), "航天": ("3741",), "客机": ("3741",),
    "船舶": ("3731",), "海洋": ("3731", "3441"), "钢铁": ("3130",), "金属": ("3252", "3311"),
    "化工": ("2614", "2511", "2651"), "材料": ("3985", "2651", "3042"), "化妆品": ("2682",), "传感器": ("3983",),
    "燃料电池": ("3841",), "新能源": ("3841", "3825"), "显示": ("3974",), "碳纤维": ("2822",), "无人机": ("3741",),
    "控制": ("4011",), "工业互联网": ("4011",), "软件": ("4011",), "人工智能": ("4011", "3983"), "通信": ("3922",),
    "机电": ("3812", "3823"), "轻工": ("1819", "2110"), "北斗": ("3983",), "数据": ("4011",),
}  # fmt: skip

PARK_WEIGHTS: Mapping[str, float] = {
    **dict.fromkeys(("P05", "P12", "P18", "P24", "P28", "P29", "P33", "P35", "P39", "P43", "P49"), 3.0),
    **dict.fromkeys(("P01", "P06", "P07", "P20", "P25", "P44", "P46"), 2.0),
    **dict.fromkeys(("P02", "P03", "P17", "P26", "P40", "P41", "P42", "P57"), 0.25),
}  # the others 1

# Installations against the park's share of the city's persons.
PARK_PACE: Mapping[str, float] = {
    **dict.fromkeys(("P06", "P18", "P33", "P39", "P46", "P55"), 0.35),
    **dict.fromkeys(("P08", "P20", "P31", "P37", "P50"), 0.6),
    **dict.fromkeys(("P01", "P05", "P12", "P23", "P28", "P32", "P44"), 1.45),
}
USUAL_PACE = 1.05

OUTSIDE_WEIGHTS: Mapping[str, float] = {
    "310115": 22, "310112": 13, "310114": 14, "310117": 15, "310113": 8, "310118": 9, "310120": 11, "310116": 8,
    "310151": 2, "310107": 1, "310104": 0.8, "310106": 0.6, "310110": 0.7, "310105": 0.4, "310109": 0.3, "310101": 0.2,
}  # fmt: skip
