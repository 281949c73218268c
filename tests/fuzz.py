"""Messages that no factory should send: valid ones, mutated by their structure or by their bytes, and noise."""

import json
import random
import string
from copy import deepcopy
from typing import Any

from sender import Message
from sparkplug_plant import dbirth, ddata, nbirth

FACTORY = "F00001"
AT = "2026-11-02T09:00:00+08:00"
VALID: dict[str, Any] = {
    "status": {
        "at": AT,
        "seq": 17,
        "boot": "a1",
        "robots": [
            {"robot": "R-1", "state": "executing", "mode": "automatic", "power_on_hours": 12.5, "fault_code": None},
            {"robot": "R-2", "state": "fault", "at": 1_793_000_000_000, "energy_kwh": 3, "fault_code": "E7"},
        ],
    },
    "lifecycle": {
        "reported_at": AT,
        "events": [
            {
                "robot": "R-1",
                "event": "commissioned",
                "at": "2025-03",
                "nameplate": {"manufacturer": "FANUC", "model": "M-20iD/25", "serial": "E21503127"},
                "category": "articulated",
                "axes": 6,
                "ext": {"line": 4},
            },
            {"robot": "R-1", "event": "void", "at": AT, "voids": {"event": "commissioned", "at": "2025-03"}},
        ],
    },
    "workforce": {"periods": [{"period": "2026-10", "average": 508, "end_of_period": 512}], "basis": "site"},
    "inventory": {"as_of": "2026-10-31", "stock": 312, "complete": True},
    "assessment": {"standard": "GB/T 39116-2020", "level": 3, "score": 2.94, "on": "2026-05-01"},
}
STRANGE: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, 10**400, -0.0, 1e308, float("nan"), float("inf"), "", " ", "\x00", "\ud800",
    "机器人", "𝕽", "R-1\n", "=cmd|'/c calc'!A1", "a" * 129, "a" * 20_000, "\\", '"', "before:2020-01-01", "2026-13",
    "0000-00-00", "9999-12-31T23:59:60Z", [], {}, [[]], [None], {"": 0}, ["R-1"] * 50, {"a": {"b": {"c": {}}}},
)  # fmt: skip


def fuzzed(noise: random.Random) -> Message:
    """One message; nine of ten go to a topic of the registered factory."""
    if noise.random() < 0.1:
        return _sparkplug(noise)
    kind = noise.choice(list(VALID))
    how = noise.choice((_by_structure, _by_structure, _by_bytes, _noise))
    return _topic(noise, kind), how(noise, VALID[kind])


def _topic(noise: random.Random, kind: str) -> str:
    chance = noise.random()
    if chance < 0.8:
        return f"robodensity/v1/{FACTORY}/{kind}"
    letters = string.ascii_letters + string.digits + "/-_. $机𝕽"
    noisy = "".join(noise.choices(letters, k=noise.randrange(1, 40)))
    return noise.choice(
        (
            f"robodensity/v1/{FACTORY}/check/{kind}",
            f"robodensity/v1/{FACTORY}/{noisy}",
            f"robodensity/v1/{noisy}/{kind}",
            f"robodensity/{noisy}/{FACTORY}/{kind}",
            f"robodensity/{noisy}",
            f"robodensity/v1/F99999/{kind}",
        )
    )


def _by_structure(noise: random.Random, valid: Any) -> bytes:
    """Change, drop, double or add something at any depth, once to three times."""
    message = json.loads(json.dumps(valid))
    for _ in range(noise.randrange(1, 4)):
        _mutate(noise, noise.choice(list(_containers(message))))
    text = json.dumps(message, ensure_ascii=noise.random() < 0.5)
    if noise.random() < 0.1:  # a key twice
        text = text.replace("{", '{"robot":"R-9",', 1) if noise.random() < 0.5 else text[:-1] + ',"seq":1,"seq":2}'
    return text.encode("utf-8", "surrogatepass")


def _containers(value: Any) -> Any:
    if isinstance(value, dict | list):
        yield value
        for each in value.values() if isinstance(value, dict) else value:
            yield from _containers(each)


def _mutate(noise: random.Random, inside: Any) -> None:
    strange = deepcopy(noise.choice(STRANGE))  # it may be mutated next
    if isinstance(inside, list):
        change = noise.randrange(3)
        if change == 0 or not inside:
            inside.append(strange)
        elif change == 1:
            inside.extend(deepcopy([inside[0]] * noise.choice((1,) * 39 + (1_001,))))
        else:
            inside[noise.randrange(len(inside))] = strange
        return
    name = noise.choice([*inside, "robott", "", "ext", "reported_at"])
    if noise.random() < 0.25:
        inside.pop(name, None)
    else:
        inside[name] = strange


def _by_bytes(noise: random.Random, valid: Any) -> bytes:
    return _mutated(noise, json.dumps(valid).encode())


def _mutated(noise: random.Random, valid: bytes) -> bytes:
    raw = bytearray(valid)
    for _ in range(noise.randrange(1, 6)):
        place = noise.randrange(len(raw) + 1)
        change = noise.randrange(4)
        if change == 0:
            raw[place : place + 1] = noise.randbytes(1)
        elif change == 1:
            del raw[place : place + noise.randrange(1, 9)]
        elif change == 2:
            raw[place:place] = noise.randbytes(noise.randrange(1, 9))
        else:
            raw[place:place] = raw[: noise.randrange(64)]
    return bytes(raw)


def _noise(noise: random.Random, _valid: Any) -> bytes:
    some, deep = noise.randbytes(noise.randrange(200)), b"[" * noise.choice((10, 5_000))
    return noise.choice((some, deep, b"", b"\xef\xbb\xbf{}"))


def _sparkplug(noise: random.Random) -> Message:
    begin = nbirth()
    topic, payload = noise.choice(
        (begin, dbirth("R-1", {"Status/Operation": "executing"}, seq=1), ddata("R-1", seq=noise.randrange(256)))
    )
    if noise.random() < 0.2:
        topic = topic.replace("BIRTH", noise.choice(("DATA", "DEATH", "XDATA", "CMD")))
    return topic, _mutated(noise, payload) if noise.random() < 0.7 else noise.randbytes(noise.randrange(100))
