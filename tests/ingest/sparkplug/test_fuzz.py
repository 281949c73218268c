"""Whatever is published under spBv1.0 is stored, refused with a reason, or none of ours; nothing stops the worker."""

import random
from collections.abc import Iterator

import polars as pl
import pytest
from sparkplug_plant import COMMISSIONED, NOW_MS, Message, metric
from workers import register_nodes

from ingest.arrival import Arrival
from ingest.batch import MEASUREMENT_OF, Batch
from ingest.register import Register
from ingest.sparkplug.intake import SparkplugIntake
from ingest.sparkplug.keeping import frames_of
from ingest.wire.sparkplug import sparkplug_b_pb2 as pb
from ingest.wire.sparkplug.host import Host
from ingest.wire.sparkplug.metric_names import GROUPS
from ingest.wire.sparkplug.payloads import Metric, Payload, encode_payload
from ingest.wire.sparkplug.rebirth import Rebirths
from ingest.wire.sparkplug.sequence import MOST_HELD
from ingest.wire.sparkplug.topics import MessageType
from store.embedded import EmbeddedStore
from store.points import checked
from store.schema import REFUSAL

NAMES = [*GROUPS, *(f"R-1/{name}" for name in GROUPS), "bdSeq", "Temperature", "R 1/Status/Operation", "", "a/b/c/d"]
VALUES = [
    None, True, 0, 1, 3, -12, 2**31, 2**63 - 1, -(2**63), 1.5, float("nan"), float("inf"), "", "idle", "EXECUTING",
    "commissioned", "decommissioned", "2026-11-02", "2026-10", "before:2020-01-01", "n/a", "\x00", "人", "x" * 200, b"",
    b"\xff", NOW_MS, *COMMISSIONED.values(),
]  # fmt: skip
NODES = ["F00001/line1", "F00001/线", "F9/line1"]
NUMBERS = [0, 1, 2, 3, 5, 77, 254, 255, 256, 2**63, 2**64 - 1]


class Gateway:
    """A gateway gone mad: mostly right, sometimes anything."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def messages(self, count: int) -> Iterator[Message]:
        for _ in range(count):
            raw = self._template() if self.chance.random() < 0.03 else encode_payload(self._payload())
            if self.chance.random() < 0.1:
                raw = self._scratched(raw)
            yield self._topic(), raw

    def _topic(self) -> str:
        if self.chance.random() < 0.03:
            return self.chance.choice(["spBv1.0/", "STATE/x", "spBv1.0/a/NDATA", "spBv1.0/\x00/NDATA/b"])
        type_ = self.chance.choice(list(MessageType)).value
        group, node = self.chance.choice(NODES).split("/")
        device = f"/{self.chance.choice(['R-1', 'cell', '臂'])}" if type_.startswith("D") else ""
        return f"spBv1.0/{group}/{type_}/{node}{device}"

    def _payload(self) -> Payload:
        pick = self.chance.choice
        metrics = tuple(self._metric() for _ in range(self.chance.randrange(6)))
        seq = self.chance.randrange(8) if self.chance.random() < 0.8 else pick([None, *NUMBERS])
        return Payload(metrics, pick([None, NOW_MS, NOW_MS - 5, 0, 2**64 - 1, NOW_MS + 10**9]), seq)

    def _metric(self) -> Metric:
        pick = self.chance.choice
        made = metric(pick([None, *NAMES]), pick(VALUES), pick([None, None, 0, 1, 2, 3, 2**64 - 1]))
        return Metric(
            made.name, made.value, made.alias, pick([made.datatype, made.datatype, 0, 1, 7, 99]),
            pick([None, NOW_MS, NOW_MS - 1000, *NUMBERS]), self.chance.random() < 0.2, pick([None, None, 0, 192, 500]),
        )  # fmt: skip

    def _template(self) -> bytes:
        template = {"name": "T", "template_value": {"metrics": [{"name": "Status/Operation"}]}}
        return bytes(pb.Payload(metrics=[template, {"name": "Alarm/Code", "dataset_value": {}}]).SerializeToString())

    def _scratched(self, raw: bytes) -> bytes:
        scratched = bytearray(raw or b"\x12")
        for _ in range(self.chance.randrange(1, 4)):
            scratched[self.chance.randrange(len(scratched))] = self.chance.randrange(256)
        return bytes(scratched[: self.chance.choice([None, self.chance.randrange(len(scratched) + 1)])])


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory) -> Register:
    store = EmbeddedStore(tmp_path_factory.mktemp("fuzz"))
    store.prepare(simulated=True)
    register_nodes(store, "F00001", *NODES[:2], paths={NODES[0]: {"Temperature": "R-1/Alarm/Code"}})
    read = Register(store)
    read.refresh(0.0)
    store.close()
    return read


def _hold(register: Register, seed: int, messages: int) -> None:
    chance = random.Random(seed)
    intake = SparkplugIntake(
        register, 90, rebirths=Rebirths(chance.random), host=Host(most_nodes=chance.choice([1, 2, 9]))
    )
    now_s = 0.0
    for _ in range(messages // 10):
        batch = Batch()
        for name, raw in Gateway(chance.randrange(2**32)).messages(10):
            now_s += chance.choice([0.0, 0.01, 1.0])
            mid = chance.choice([0, 0, 0, 5])
            intake.take(Arrival(name, raw, NOW_MS * 10**6, dup=False, mid=mid, generation=0, received_s=now_s), batch)
        intake.release(now_s, batch, finishing=chance.random() < 0.1)
        _check(batch)
        intake.keep(batch, 1)
        for measurement, frame in batch.state.items():
            assert checked(measurement, frame)[1].is_empty()
        intake.requests(now_s, NOW_MS)
    for node in intake._host.nodes.values():
        assert len(node.sequence.take_all()) <= 2 * MOST_HELD
    assert frames_of([], 1) == {}


def _check(batch: Batch) -> None:
    frames = batch.frames()
    stored = {kind: frames[each].height for kind, each in MEASUREMENT_OF.items() if each in frames}
    for (_, kind, _), totals in batch.tally.items():
        assert totals.arrived == totals.stored + totals.refused
        stored[kind] = stored.get(kind, 0) - totals.stored  # type: ignore[index, call-overload]
    assert not any(stored.values())
    for measurement, frame in frames.items():
        keys = [pl.lit(1 if key == "time" else "w").alias(key) for key in measurement.key if key not in frame]
        assert checked(measurement, frame.with_columns(keys))[1].is_empty()
    if REFUSAL in frames:
        assert sum(totals.refused for totals in batch.tally.values()) == frames[REFUSAL]["items"].sum()
        for detail in frames[REFUSAL]["detail"]:
            assert detail.endswith(".")
            assert not detail.startswith("The platform failed")


@pytest.mark.parametrize("seed", range(4))
def test_take_of_a_gateway_gone_mad_is_stored_or_refused(register: Register, seed: int) -> None:
    _hold(register, seed, 500)


@pytest.mark.chaos
@pytest.mark.parametrize("seed", range(100, 200))
def test_take_of_many_gateways_gone_mad_is_stored_or_refused(register: Register, seed: int) -> None:
    _hold(register, seed, 1_000)
