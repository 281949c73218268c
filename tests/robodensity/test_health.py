from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from api.options import Readiness
from robodensity.health import health_app


def _app(*reasons: str) -> FastAPI:
    return health_app(lambda: Readiness(ready=not reasons, reasons=reasons), lambda: {"rollup_points": 3})


@pytest.mark.parametrize(("reasons", "status"), [((), 200), (("The store does not answer.",), 503)])
def test_health_app_says_whether_it_is_ready_and_why_not(
    reasons: tuple[str, ...], status: int, serve: Callable[[FastAPI], str]
) -> None:
    answer = httpx.get(serve(_app(*reasons)) + "/readyz")
    assert answer.status_code == status
    assert answer.json() == {"ready": not reasons, "reasons": list(reasons)}


def test_health_app_is_alive_even_when_not_ready_and_tells_its_metrics(serve: Callable[[FastAPI], str]) -> None:
    url = serve(_app("The store does not answer."))
    assert httpx.get(f"{url}/healthz").status_code == 200
    assert "\nrobodensity_rollup_points 3.0\n" in httpx.get(f"{url}/metrics").text
