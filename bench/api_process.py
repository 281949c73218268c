"""The API, or an application with one empty route, on the same server: `python -m bench.api_process PORT [FOLDER]`."""

import sys
import threading
from pathlib import Path

from fastapi import FastAPI
from starlette.types import ASGIApp

from api.app import create_app
from api.options import ApiOptions
from bench.api_city import LAST_DAY
from density.days import start_ns
from robodensity.assembly import load_law
from robodensity.server import Server
from robodensity.settings import Settings
from robodensity.up.ports import claim
from robodensity.vitals.answers import CountedAnswers
from store.embedded import EmbeddedStore

KEY = "bench-admin-key-0123456789"


def empty() -> FastAPI:
    """What the rates are compared with."""
    app = FastAPI()

    @app.get("/")
    async def get_nothing() -> dict[str, str]:
        return {}

    return app


def api(folder: Path) -> ASGIApp:
    """The API on a store, on the last of its days, counted as it is where it runs."""
    law = load_law(Settings(_env_file=None, simulated=True))
    app = create_app(
        EmbeddedStore(folder),
        reference=law.reference,
        definition=law.definition,
        plan=law.plan,
        options=ApiOptions(admin_key=KEY, simulated=True),
        clock_ns=lambda: start_ns(LAST_DAY) + 1,
    )
    return CountedAnswers(app)


def main(port: str, *folder: str) -> None:
    """Serve until the process is ended."""
    bound, _ = claim("127.0.0.1", int(port), 0, purpose="the benchmark")
    Server(api(Path(folder[0])) if folder else empty(), bound).run(threading.Event())


if __name__ == "__main__":
    main(*sys.argv[1:])
