"""Test vectors: what a plant sends, message by message, and what becomes of it."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from sparkplug_plant import (
    COMMISSIONED,
    EVENT,
    NOW_MS,
    Listener,
    Message,
    by_alias,
    dbirth,
    ddata,
    metric,
    nbirth,
    ndeath,
    payload,
    told,
    topic,
)  # fmt: skip

from ingest.wire.sparkplug import sparkplug_b_pb2 as pb
from ingest.wire.sparkplug.datatypes import DataType

STATUS = {"Status/Operation": "IDLE", "Counter/PowerOnHours": 10.5, "Alarm/Code": None}
BORN = (nbirth(), dbirth("R-1", STATUS, seq=1))
IDLE = {"robot": "R-1", "at": NOW_MS, "state": "idle"}
STATE, HOURS, CODE = 1, 2, 3  # aliases of STATUS
TEMPLATE = pb.Payload(metrics=[{"name": "Robots/7", "template_value": {"template_ref": "Robot"}}], seq=1)


@dataclass(frozen=True)
class Vector:
    name: str
    description: str
    sent: tuple[Message, ...]
    expected: list[dict[str, Any]]
    missing: int = 0
    lacks: str | None = None
    waited_s: float = 10.0
    paths: dict[str, str] = field(default_factory=dict)


VECTORS = [
    Vector(
        "birth_of_a_device",
        "A birth tells the state that holds when it is sent.",
        BORN,
        [{**IDLE, "power_on_hours": 10.5}],
    ),
    Vector(
        "data_by_alias",
        "Data carries aliases; name and datatype are those of the birth.",
        (*BORN, ddata("R-1", by_alias(STATE, "EXECUTING"), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "state": "executing"}],
    ),
    Vector(
        "data_by_exception",
        "A state holds until another comes: a counter alone is a sample of the same state.",
        (*BORN, ddata("R-1", by_alias(HOURS, 11.0, timestamp_ms=NOW_MS + 7), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "at": NOW_MS + 7, "power_on_hours": 11.0}],
    ),
    Vector(
        "data_without_birth",
        "The platform heard no birth: names are read, aliases cannot be, and births are wanted.",
        (ddata("R-1", metric("Status/Operation", "ready"), by_alias(2, 11.0), seq=77),),
        [{"refused": "1 metrics have aliases that no birth named (2): have the edge node publish its births again."},
         {**IDLE, "state": "ready"}],
        lacks="unknown_alias",
    ),
    Vector(
        "named_data_without_birth",
        "With names alone all is read; births are wanted all the same.",
        (ddata("R-1", metric("Status/Operation", "ready"), seq=77),),
        [{**IDLE, "state": "ready"}],
        lacks="before_birth",
    ),
    Vector(
        "sequence_wraps",
        "After 255 comes 0, which an encoder may leave out.",
        (nbirth(seq=254), dbirth("R-1", STATUS, seq=255), ddata("R-1", by_alias(STATE, "ready"), seq=None),
         ddata("R-1", by_alias(STATE, "fault"), seq=1)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "state": "ready"}, {**IDLE, "state": "fault"}],
    ),
    Vector(
        "sequence_gap",
        "Numbers 2 to 4 never come: after the time to wait they are missing, and the rest goes on.",
        (*BORN, ddata("R-1", by_alias(STATE, "ready"), seq=5), ddata("R-1", by_alias(STATE, "fault"), seq=6)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "state": "ready"}, {**IDLE, "state": "fault"}],
        missing=3, lacks="gap",
    ),
    Vector(
        "sequence_disorder",
        "Messages out of order wait for those before them.",
        (*BORN, ddata("R-1", by_alias(STATE, "fault"), seq=4), ddata("R-1", by_alias(STATE, "executing"), seq=3),
         ddata("R-1", by_alias(STATE, "ready"), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "state": "ready"}, {**IDLE, "state": "executing"},
         {**IDLE, "state": "fault"}],
        waited_s=0.0,
    ),
    Vector(
        "sequence_repeated",
        "Gateways repeat numbers for different data: nothing is dropped for its number.",
        (*BORN, ddata("R-1", by_alias(STATE, "ready"), seq=2), ddata("R-1", by_alias(STATE, "fault"), seq=2),
         ddata("R-1", by_alias(STATE, "off"), seq=3)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "state": "ready"}, {**IDLE, "state": "fault"},
         {**IDLE, "state": "off"}],
    ),
    Vector(
        "death_makes_stale",
        "After a death a state is unknown until it is told again; nothing says that a robot left.",
        (*BORN, ndeath(), ddata("R-1", by_alias(HOURS, 12.0), seq=9)),
        [{**IDLE, "power_on_hours": 10.5}, {"robot": "R-1", "at": NOW_MS, "power_on_hours": 12.0}],
        lacks="before_birth",
    ),
    Vector(
        "death_of_an_older_session",
        "The will of the connection before arrives late: its bdSeq is another, and it ends nothing.",
        (nbirth(bd_seq=4), dbirth("R-1", STATUS, seq=1), ndeath(3), ddata("R-1", by_alias(HOURS, 12.0), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "power_on_hours": 12.0}],
    ),
    Vector(
        "death_number_by_alias",
        "A death may name bdSeq by the alias of the birth.",
        ((topic("NBIRTH"), payload(metric("bdSeq", 4, 900), seq=0)), dbirth("R-1", STATUS, seq=1),
         (topic("NDEATH"), payload(by_alias(7, "x"), by_alias(900, 3))),
         ddata("R-1", by_alias(HOURS, 12.0), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "power_on_hours": 12.0}],
    ),
    Vector(
        "death_number_by_position",
        "A death whose one metric has an alias that nobody named is still that of its session.",
        (nbirth(bd_seq=4), dbirth("R-1", STATUS, seq=1), (topic("NDEATH"), payload(by_alias(900, 4))),
         ddata("R-1", by_alias(HOURS, 12.0), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {"robot": "R-1", "at": NOW_MS, "power_on_hours": 12.0}],
        lacks="before_birth",
    ),
    Vector(
        "death_of_a_device",
        "The device's robots are stale, those of others are not.",
        (*BORN, dbirth("R-2", STATUS, seq=2, first_alias=11), (topic("DDEATH", "R-1"), payload(seq=3)),
         ddata("R-1", by_alias(HOURS, 12.0), seq=4), ddata("R-2", by_alias(12, 12.0), seq=5)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "robot": "R-2", "power_on_hours": 10.5},
         {"robot": "R-1", "at": NOW_MS, "power_on_hours": 12.0}, {**IDLE, "robot": "R-2", "power_on_hours": 12.0}],
    ),
    Vector(
        "birth_repeated",
        "A birth again is the same event again, to the letter.",
        (nbirth(), dbirth("R-1", COMMISSIONED, seq=1), nbirth(at_ms=NOW_MS + 60_000),
         dbirth("R-1", COMMISSIONED, seq=1, at_ms=NOW_MS + 60_001)),
        [EVENT, EVENT],
    ),
    Vector(
        "birth_of_a_device_overtakes_its_node",
        "A device's birth that arrives before the node's belongs to the new session.",
        (dbirth("R-1", STATUS, seq=1, at_ms=NOW_MS + 1), nbirth(), ddata("R-1", by_alias(STATE, "off"), seq=2)),
        [{**IDLE, "at": NOW_MS + 1, "power_on_hours": 10.5}, {**IDLE, "state": "off"}],
        missing=1, lacks="gap",
    ),
    Vector(
        "aliases_end_with_their_session",
        "After a new birth of the node, what its devices called 1 is not known any more.",
        (*BORN, nbirth(at_ms=NOW_MS + 60_000), ddata("R-1", by_alias(STATE, "off"), seq=1)),
        [{**IDLE, "power_on_hours": 10.5},
         {"refused": "1 metrics have aliases that no birth named (1): have the edge node publish its births again."}],
        lacks="unknown_alias",
    ),
    Vector(
        "aliases_of_each_device",
        "A gateway that numbers each device anew is read all the same.",
        (*BORN, dbirth("R-2", {"Status/Mode": "AUTOMATIC", "Status/Operation": "ready"}, seq=2),
         ddata("R-2", by_alias(1, "manual"), seq=3)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "robot": "R-2", "state": "ready", "mode": "automatic"},
         {**IDLE, "robot": "R-2", "state": "ready", "mode": "manual"}],
    ),
    Vector(
        "signed_integer",
        "-12 stands on the wire as 4294967284; the birth's datatype says which it is.",
        (nbirth(), (topic("DBIRTH", "R-1"), payload(
            metric("Status/Operation", "idle", 1), metric("Counter/PowerOnHours", 5, 2, datatype=DataType.INT32),
            seq=1)),
         (topic("DDATA", "R-1"), pb.Payload(
             timestamp=NOW_MS, seq=2, metrics=[{"alias": 2, "int_value": 4294967284}]).SerializeToString())),
        [{**IDLE, "power_on_hours": 5}, {**IDLE, "power_on_hours": -12}],
    ),
    Vector(
        "unsigned_integer",
        "The same bits of a UInt32 are a large number.",
        (nbirth(), (topic("DBIRTH", "R-1"), payload(
            metric("Status/Operation", "idle", 1), metric("Counter/EnergyKWh", 5, 2, datatype=DataType.UINT32), seq=1)),
         (topic("DDATA", "R-1"), pb.Payload(
             timestamp=NOW_MS, seq=2, metrics=[{"alias": 2, "int_value": 4294967284}]).SerializeToString())),
        [{**IDLE, "energy_kwh": 5}, {**IDLE, "energy_kwh": 4294967284}],
    ),
    Vector(
        "historical",
        "What was stored and forwarded is of its own time and leaves the latest as it is.",
        (*BORN,
         ddata("R-1", by_alias(STATE, "fault", timestamp_ms=NOW_MS - 900, is_historical=True),
               by_alias(HOURS, 9.0, timestamp_ms=NOW_MS - 500, is_historical=True), seq=2),
         ddata("R-1", by_alias(HOURS, 11.0), seq=3)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "at": NOW_MS - 900, "state": "fault"},
         {**IDLE, "at": NOW_MS - 500, "state": "fault", "power_on_hours": 9.0}, {**IDLE, "power_on_hours": 11.0}],
    ),
    Vector(
        "null",
        "A null is no value: the state is unknown from then on.",
        (*BORN, ddata("R-1", by_alias(STATE, None), seq=2), ddata("R-1", by_alias(HOURS, 11.0), seq=3)),
        [{**IDLE, "power_on_hours": 10.5}, {"robot": "R-1", "at": NOW_MS, "power_on_hours": 11.0}],
    ),
    Vector(
        "stale",
        "A value of quality 500 is none.",
        (*BORN, ddata("R-1", by_alias(STATE, "executing", quality=500), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}],
    ),
    Vector(
        "several_moments",
        "A payload with values of several moments is a sample of each.",
        (*BORN, ddata("R-1", by_alias(STATE, "ready", timestamp_ms=NOW_MS - 2000),
                      by_alias(STATE, "executing", timestamp_ms=NOW_MS - 1000), seq=2)),
        [{**IDLE, "power_on_hours": 10.5}, {**IDLE, "at": NOW_MS - 2000, "state": "ready"},
         {**IDLE, "at": NOW_MS - 1000, "state": "executing"}],
    ),
    Vector(
        "no_time",
        "Without any timestamp a sample has none, and the arrival stands for it.",
        (nbirth(), (topic("DBIRTH", "R-1"), payload(metric("Status/Operation", "ready"), seq=1, at_ms=None))),
        [{"robot": "R-1", "state": "ready"}],
    ),
    Vector(
        "decommissioned",
        "A robot leaves by its state and the moment; who it is, its asset number says.",
        (nbirth(), dbirth("R-1", {**COMMISSIONED, "Lifecycle/DecommissionedAt": None}, seq=1),
         ddata("R-1", metric("Lifecycle/State", "DECOMMISSIONED"), metric("Lifecycle/DecommissionedAt", NOW_MS),
               seq=2)),
        [EVENT, {"robot": "R-1", "event": "decommissioned", "at": NOW_MS}],
    ),
    Vector(
        "installed",
        "A state whose moment no metric tells is sent back with advice.",
        (nbirth(), dbirth("R-1", {"Lifecycle/State": "installed"}, seq=1)),
        [{"refused": 'Lifecycle/State is "installed"'}],
    ),
    Vector(
        "cell_with_two_arms",
        "A metric may name its robot itself, under a device or at the node.",
        (nbirth(metric("R-8/Status/Operation", 3)),
         dbirth("cell", {"R-1/Status/Operation": 1, "R-2/Status/Operation": 2}, seq=1)),
        [{**IDLE, "robot": "R-8", "state": "executing"}, IDLE, {**IDLE, "robot": "R-2", "state": "ready"}],
    ),
    Vector(
        "paths_of_the_register",
        "The register's table maps what a plant calls its metrics.",
        (nbirth(metric("Persons/Avg", 508), metric("Persons/Month", "2026-10")), dbirth("PLC7", {"DB3/Run": 3}, seq=1)),
        [{"period": "2026-10", "average": 508}, {**IDLE, "state": "executing"}],
        paths={"Persons/Avg": "Workforce/Average", "Persons/Month": "Workforce/Period",
               "PLC7/DB3/Run": "R-1/Status/Operation"},
    ),
    Vector(
        "robot_without_a_name",
        "A robot's metric at the node itself names no robot.",
        (nbirth(metric("Status/Operation", "idle")),),
        [{**IDLE, "robot": ""}],
    ),
    Vector(
        "workforce_together",
        "A headcount is one payload; alone, its parts say nothing and are sent back.",
        (nbirth(), (topic("NDATA"), payload(metric("Workforce/Period", "2026-10"), metric("Workforce/Average", 508),
                                            metric("Workforce/EndOfPeriod", 512), seq=1)),
         (topic("NDATA"), payload(metric("Workforce/Average", 509), seq=2))),
        [{"period": "2026-10", "average": 508, "end_of_period": 512}, {"average": 509}],
    ),
    Vector(
        "inventory_together",
        "An inventory is one payload and is of the whole factory; a DateTime is a day in Shanghai.",
        (nbirth(), (topic("NDATA"), payload(metric("Inventory/Stock", 312),
                                            metric("Inventory/AsOf", NOW_MS, datatype=DataType.DATE_TIME), seq=1))),
        [{"as_of": "2026-11-23", "stock": 312, "complete": True}],
    ),
    Vector(
        "template",
        "A template is not read.",
        (nbirth(), (topic("DBIRTH", "R-1"), TEMPLATE.SerializeToString())),
        [{"refused": "1 metrics are templates (Robots/7)"}],
    ),
    Vector(
        "others",
        "What is not ours is ignored, data sets too.",
        (nbirth(metric("Node Control/Rebirth", value=False)),
         (topic("DBIRTH", "R-1"), pb.Payload(seq=1, metrics=[{"name": "Curve", "dataset_value": {}},
                                                             {"name": "R-1/Workforce/Average", "int_value": 4},
                                                             {"name": "Temperature", "float_value": 21.5}],
                                             ).SerializeToString())),
        [],
    ),
]  # fmt: skip


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector.name)
def test_vector(vector: Vector) -> None:
    listener = Listener(paths=vector.paths)
    heard = [*listener.hear(*vector.sent), *listener.wait(vector.waited_s)]
    assert told(heard) == vector.expected
    assert listener.missing == vector.missing
    assert [node.lacks for node in listener.host.nodes.values()] == [vector.lacks]
