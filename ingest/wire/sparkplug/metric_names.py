"""The metrics that are read, and what their values mean: words of the JSON contract or integers of OPC 40010-1."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final, Literal

from ingest.wire.sparkplug.datatypes import DataType, Value

Group = Literal["nameplate", "lifecycle", "status", "workforce", "inventory"]

STATE: Final = "Lifecycle/State"
COMMISSIONED_AT: Final = "Lifecycle/CommissionedAt"
DECOMMISSIONED_AT: Final = "Lifecycle/DecommissionedAt"
OPERATION: Final = "Status/Operation"

GROUPS: Final[Mapping[str, Group]] = {
    "Nameplate/Manufacturer": "nameplate", "Nameplate/Model": "nameplate", "Nameplate/ArmSerial": "nameplate",
    "Nameplate/Category": "nameplate",
    STATE: "lifecycle", COMMISSIONED_AT: "lifecycle", DECOMMISSIONED_AT: "lifecycle", "Lifecycle/Purpose": "lifecycle",
    "Lifecycle/Record": "lifecycle",
    OPERATION: "status", "Status/Mode": "status", "Counter/PowerOnHours": "status", "Counter/EnergyKWh": "status",
    "Alarm/Code": "status",
    "Workforce/Average": "workforce", "Workforce/EndOfPeriod": "workforce", "Workforce/Period": "workforce",
    "Inventory/Stock": "inventory", "Inventory/AsOf": "inventory",
}  # fmt: skip
_SHANGHAI: Final = timezone(timedelta(hours=8))
OF_FACTORY: Final = frozenset({"workforce", "inventory"})

# OPC 40010-1: states of the SystemOperation machine, OperationalModeEnumeration, MotionDeviceCategoryEnumeration.
_WORDS: Final[Mapping[str, Mapping[int, str]]] = {
    OPERATION: {1: "idle", 2: "ready", 3: "executing"},
    "Status/Mode": {0: "unknown", 1: "manual", 2: "manual", 3: "automatic", 4: "automatic"},
    "Nameplate/Category": {
        0: "other", 1: "articulated", 2: "scara", 3: "cartesian", 4: "spherical", 5: "parallel", 6: "cylindrical",
    },
    STATE: {},
    "Lifecycle/Purpose": {},
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """What a metric is: one of ours, of a robot or of the factory itself.

    Attributes:
        robot: the asset number; empty where the metric is the factory's, or names no robot.
        name: a key of GROUPS.
    """

    robot: str
    name: str

    @property
    def group(self) -> Group:
        """What it belongs to."""
        return GROUPS[self.name]


def locate(device: str, name: str, paths: Mapping[str, str]) -> Place | None:
    """Which of ours a metric is; None where it is none.

    Args:
        device: empty for the edge node.
        name: of the metric, such as `Status/Operation` or `R-0001/Status/Operation`.
        paths: the register's table for this edge node, from `<device>/<name>` or `<name>` to such a name.
    """
    name = paths.get(f"{device}/{name}" if device else name, name)
    robot, _, rest = name.rpartition("/")
    robot, _, folder = robot.rpartition("/")
    ours = f"{folder}/{rest}"
    group = GROUPS.get(ours)
    if group is None or (group in OF_FACTORY and robot):
        return None
    return Place("" if group in OF_FACTORY else robot or device, ours)


def contract_value(name: str, value: Value, datatype: int) -> object:
    """A metric's value as the JSON contract has it; what it cannot have is an object, which is no field's type."""
    if isinstance(value, str):
        return value.strip().lower() if name in _WORDS else value
    if isinstance(value, int) and not isinstance(value, bool):
        if name == "Inventory/AsOf" and datatype == DataType.DATE_TIME:
            return _day(value)
        return _WORDS.get(name, {}).get(value, value)
    return value if isinstance(value, (bool, float)) else {}


def _day(instant_ms: int) -> object:
    try:
        return datetime.fromtimestamp(instant_ms / 1000, _SHANGHAI).date().isoformat()
    except (ValueError, OverflowError, OSError):
        return instant_ms  # which is no day, and refused
