import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import WITHOUT_RIGHTS_OF_ROOT, refusal, robodensity, running_robodensity, said
from rich.console import Console
from services import free_port

from robodensity.errors import Refusal
from robodensity.up.run import UpOptions, up
from store.embedded import EmbeddedStore


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def _free_ports() -> tuple[str, ...]:
    return ("--port", str(free_port()), "--mqtt-port", str(free_port()))


def test_up_refuses_a_port_that_was_asked_for_and_is_taken(taken: int, tmp_path: Path) -> None:
    done = robodensity("up", "--data-dir", "data", "--port", str(taken), folder=tmp_path)
    assert refusal(done) == (
        f"Port {taken} on 127.0.0.1, asked for the web page and the API, is taken: "
        "stop what listens there, or name another port."
    )
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]  # the attempt's own; nothing was begun


def test_up_refuses_a_taken_mqtt_port_before_anything_is_begun(taken: int, tmp_path: Path) -> None:
    options = UpOptions(False, 1.0, tmp_path / "data", "127.0.0.1", free_port(), taken, False, False)
    with pytest.raises(Refusal, match=f"Port {taken} on 127.0.0.1, asked for MQTT, is taken"):
        up(options, Console(stderr=True))
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["lock"]


def test_up_refuses_an_unwritable_folder(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    done = robodensity("up", "--data-dir", "closed/data", folder=tmp_path, before=WITHOUT_RIGHTS_OF_ROOT)
    assert refusal(done) == (
        "The data folder closed/data cannot be written: Permission denied. Name another with --data-dir."
    )
    assert not list(closed.iterdir())


@pytest.mark.parametrize(
    ("options", "reason"),
    [({"host": "0.0.0.0"}, "would open this machine to the network"), ({"once": True}, "needs --demo")],
)
def test_up_refuses_what_it_was_not_made_for(options: dict[str, object], reason: str, tmp_path: Path) -> None:
    asked = {
        "demo": False, "scale": 1.0, "data_dir": tmp_path / "data", "host": "127.0.0.1", "port": None,
        "mqtt_port": None, "once": False, "as_json": False, **options,
    }  # fmt: skip
    with pytest.raises(Refusal, match=reason):
        up(UpOptions(**asked), Console(stderr=True))
    assert not (tmp_path / "data").exists()


def test_up_refuses_a_store_of_the_other_kind(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path)
    store.prepare(simulated=True)
    store.close()
    sentence = refusal(robodensity("up", "--data-dir", ".", *_free_ports(), folder=tmp_path))
    assert sentence.startswith(
        "The store holds simulated data and real data is to be written: name another data folder"
    )
    assert not (tmp_path / "broker").exists()


@pytest.mark.broker
def test_up_holds_its_folder_and_ends_cleanly(tmp_path: Path) -> None:
    with running_robodensity("up", "--data-dir", "data", *_free_ports(), folder=tmp_path) as first:
        said(first, "administrator's key")
        second = refusal(robodensity("up", "--data-dir", "data", folder=tmp_path))
        assert f"in use by `robodensity up` (process {first.pid})" in second
        first.send_signal(signal.SIGINT)
        said(first, "Stopped.")
        assert first.wait(20) == 0
        assert first.stdout is not None
        assert first.stdout.read() == ""
