import shutil
import socket
import subprocess
import sys
import textwrap
from pathlib import Path

import psutil
import pytest
from services import free_port, listens
from workers import wait_for

from robodensity.errors import Refusal
from robodensity.up import broker, children


@pytest.mark.broker
def test_start_prefers_mosquitto_and_keeps_what_it_holds(tmp_path: Path) -> None:
    port = free_port()
    running = broker.start(tmp_path / "broker", port)
    try:
        assert (running.name, running.protocol, running.port) == ("mosquitto", "5", port)
        assert listens(port)
    finally:
        children.stop(running.process)
    assert not listens(port)
    assert (tmp_path / "broker" / "mosquitto.db").exists()


def test_start_takes_amqtt_where_mosquitto_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    running = broker.start(tmp_path / "broker", free_port())
    try:
        assert (running.name, running.protocol) == ("amqtt", "3.1.1")
        assert listens(running.port)
    finally:
        children.stop(running.process)


@pytest.mark.broker
def test_start_refuses_when_the_broker_ends_and_says_where_to_look(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Refusal, match=rf"mosquitto did not start on port {port}: .*--mqtt-port or --data-dir"):
            broker.start(tmp_path / "broker", port)


def test_start_refuses_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "broker").write_text("no folder")
    with pytest.raises(Refusal, match=r"The broker's folder .*/broker cannot be written: File exists\..*--data-dir"):
        broker.start(tmp_path / "broker", free_port())


def test_child_ends_with_the_process_that_started_it() -> None:
    program = textwrap.dedent("""
        import subprocess, sys, time
        from robodensity.up import children
        child = children.start(["sleep", "60"], stdout=subprocess.DEVNULL)
        print(child.pid, flush=True)
        time.sleep(60)
    """)
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        wait_for(lambda: psutil.Process(child).name() == "sleep", "the child has become what was asked for")
        parent.kill()
    wait_for(lambda: not _lives(child), "the child is gone")


def _lives(number: int) -> bool:
    return psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE
