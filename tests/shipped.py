"""The broker as it is shipped, on a free port of loopback."""

import getpass
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from services import free_port, listens, spawn, stop, wait_until

CONF = (Path(__file__).parents[1] / "deploy" / "mosquitto.conf").read_text()


@dataclass
class ShippedBroker:
    """A mosquitto with deploy/mosquitto.conf, but for its place and its accounts.

    Attributes:
        folder: where it keeps what it holds.
        more: lines that change the file.
        bind: where it listens.
        host: where it is reached.
        netns: the network namespace that it runs in; none is ours.
    """

    folder: Path
    more: str = ""
    bind: str = "127.0.0.1"
    host: str = "127.0.0.1"
    netns: str | None = None
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def conf(self) -> str:
        """The file that this broker runs with."""
        text = CONF.replace("listener 1883", f"user {getpass.getuser()}\nlistener {self.port} {self.bind}")
        text = text.replace("allow_anonymous false", "allow_anonymous true")
        text = text.replace("/mosquitto/data/", f"{self.folder}/")
        kept = [line for line in text.splitlines() if not line.startswith(("password_file", "acl_file"))]
        changed = {line.split()[0] for line in self.more.splitlines()}
        return "\n".join([*(line for line in kept if line.split(" ")[0] not in changed), self.more, ""])

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        conf, log = self.folder / "mosquitto.conf", self.folder / "log"
        conf.write_text(self.conf())
        inside = ["ip", "netns", "exec", self.netns] if self.netns else []
        self.process = spawn([*inside, "mosquitto", "-c", str(conf)], log)
        wait_until(lambda: listens(self.port, self.host), self.process, log)

    def stop(self) -> None:
        stop(self.process)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()
