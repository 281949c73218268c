"""Real servers for tests, on free ports of loopback; each dies with the process that started it."""

import getpass
import socket
import subprocess
import time
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from store.influx import InfluxStore

START_TIMEOUT_S = 30.0
ADMINISTRATOR = ("admin", "of-tests")

INFLUX_CONF = """
reporting-disabled = true
bind-address = "127.0.0.1:{rpc_port}"
[meta]
  dir = "{folder}/meta"
[data]
  dir = "{folder}/data"
  wal-dir = "{folder}/wal"
  query-log-enabled = false
[coordinator]
  query-timeout = "{query_timeout}"
[monitor]
  store-enabled = false
[http]
  bind-address = "127.0.0.1:{influxd_port}"
  log-enabled = false
  auth-enabled = {guarded}
[logging]
  level = "error"
"""

# influxd 1.6 has no /api/v2/write: this rewrites that one path and checks the token, as InfluxDB 2 would.
NGINX_CONF = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log error;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_max_body_size {max_body_bytes};
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  proxy_buffering off;
  map $http_authorization $account {{
    "Token {token}" "{account}";
    default "{others}";
  }}
  map $http_authorization $strange {{
    "Token {token}" 0;
    default {refused};
  }}
  proxy_set_header Authorization $account;
  server {{
    listen 127.0.0.1:{port};
    location = /ping {{ proxy_pass http://127.0.0.1:{influxd_port}; }}
    location = /api/v2/write {{
      if ($strange) {{ return 401; }}
      proxy_pass http://127.0.0.1:{influxd_port}/write?db=$arg_bucket&precision=$arg_precision;
    }}
    location = /query {{
      if ($strange) {{ return 401; }}
      proxy_pass http://127.0.0.1:{influxd_port};
    }}
  }}
}}
"""

MOSQUITTO_CONF = """
user {user}
listener {port} 127.0.0.1
allow_anonymous true
persistence true
persistence_location {folder}/
max_queued_messages 0
max_inflight_messages 1000
max_packet_size 2097152
"""


def free_port() -> int:
    """A port of loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def spawn(command: Sequence[str], log: Path, *, env: Mapping[str, str] | None = None) -> subprocess.Popen[bytes]:
    """Start a server that is killed when the thread that called this ends, whatever ends it."""
    with log.open("ab") as output:
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *command], stdout=output, stderr=output, env=env)


def wait_until(answers: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until a server answers; say what it logged when it ends or stays silent."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} does not answer: {log.read_text()[-2000:]}")
        time.sleep(0.02)


def stop(process: subprocess.Popen[bytes] | None) -> None:
    """End a server in its own way, and after 5 s for good."""
    if process is None:
        return
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def listens(port: int, host: str = "127.0.0.1") -> bool:
    """Whether something accepts connections on this port."""
    with socket.socket() as probe:
        return probe.connect_ex((host, port)) == 0


def pings(port: int) -> bool:
    """Whether an InfluxDB answers on this port of loopback."""
    try:
        return httpx.get(f"http://127.0.0.1:{port}/ping").status_code == 204
    except httpx.TransportError:
        return False


@dataclass
class InfluxServer:
    """Debian's influxd 1.6 with nginx before it, which lets it write as InfluxDB 2 does.

    Guarded, influxd asks for passwords: who brings the token is its administrator, others are passed on as they are.
    """

    folder: Path
    guarded: bool = False
    token: str = "test-token"
    org: str = "test-org"
    query_timeout: str = "0s"
    max_body_bytes: int = 25_000_000
    port: int = field(default_factory=free_port)
    influxd_port: int = field(default_factory=free_port)
    rpc_port: int = field(default_factory=free_port)
    _influxd: subprocess.Popen[bytes] | None = None
    _nginx: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        influx_conf, nginx_conf, log = (self.folder / name for name in ("influx.conf", "nginx.conf", "log"))
        settings: dict[str, object] = {
            name: getattr(self, name)
            for name in ("folder", "token", "query_timeout", "max_body_bytes", "port", "influxd_port", "rpc_port")
        }
        settings["guarded"] = str(self.guarded).lower()
        administrator = b64encode(":".join(ADMINISTRATOR).encode()).decode()
        settings |= {
            "account": f"Basic {administrator}" if self.guarded else "",
            "others": "$http_authorization" if self.guarded else "",
            "refused": int(not self.guarded),
        }
        influx_conf.write_text(INFLUX_CONF.format(**settings))
        nginx_conf.write_text(NGINX_CONF.format(**settings))
        self.start_database()
        self._nginx = spawn(["nginx", "-p", str(self.folder), "-e", str(log), "-c", str(nginx_conf)], log)
        wait_until(lambda: pings(self.port), self._nginx, log)

    def start_database(self) -> None:
        """Start influxd alone, after it was killed."""
        log = self.folder / "log"
        self._influxd = spawn(["influxd", "-config", str(self.folder / "influx.conf")], log)
        wait_until(lambda: pings(self.influxd_port), self._influxd, log)
        if self.guarded:
            name, password = ADMINISTRATOR  # the first user is made without one
            made = f"CREATE USER {name} WITH PASSWORD '{password}' WITH ALL PRIVILEGES"
            httpx.post(f"http://127.0.0.1:{self.influxd_port}/query", data={"q": made}, auth=ADMINISTRATOR)

    def store(self, **settings: object) -> InfluxStore:
        """Open a store in it, which whoever opened it closes."""
        own = {"url": self.url, "token": self.token, "org": self.org, "flavour": "influx1"}
        return InfluxStore(**{**own, **settings})

    def empty(self) -> None:
        """Drop every database."""
        with httpx.Client(base_url=self.url, headers={"Authorization": f"Token {self.token}"}) as client:
            answer = client.post("/query", data={"q": "SHOW DATABASES"}).json()
            for (name,) in answer["results"][0]["series"][0].get("values", []):
                client.post("/query", data={"q": f'DROP DATABASE "{name}"'}).raise_for_status()

    def kill_database(self) -> None:
        """End influxd as a power cut would; nginx goes on and answers 502."""
        assert self._influxd is not None
        self._influxd.kill()
        self._influxd.wait()

    def stop(self) -> None:
        stop(self._nginx)
        stop(self._influxd)


@dataclass
class MosquittoServer:
    """mosquitto as shipped: persistent, no queue limit, no account needed on loopback."""

    folder: Path
    port: int = field(default_factory=free_port)
    host: str = "127.0.0.1"
    _process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        conf, log = self.folder / "mosquitto.conf", self.folder / "log"
        conf.write_text(MOSQUITTO_CONF.format(user=getpass.getuser(), port=self.port, folder=self.folder))
        self._process = spawn(["mosquitto", "-c", str(conf)], log)
        wait_until(lambda: listens(self.port), self._process, log)

    def stop(self) -> None:
        stop(self._process)

    def kill(self) -> None:
        """End it as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
