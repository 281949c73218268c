"""Is it alive, does it take work, and how much does it do."""

from typing import Any

import structlog
from fastapi import APIRouter
from starlette.responses import Response

from api.answer import Answer
from api.answers.form import answered
from api.answers.operation import Health, Ready
from api.exposition import exposition
from api.options import Readiness
from api.service import Service, ServiceDep
from store.errors import StoreUnavailable

router = APIRouter(tags=["operation"])

_NUMBERS: dict[int | str, dict[str, Any]] = {200: {"description": "Gauges.", "content": {"text/plain": {}}}}


@router.get("/healthz", responses=answered(Health))
def get_health() -> Answer:
    """200 while the process answers."""
    return Answer({"alive": True})


@router.get("/readyz", responses=answered(Ready) | answered(Ready, 503))
def get_readiness(service: ServiceDep) -> Answer:
    """200 only when the system takes work; else 503 with the reasons."""
    try:
        readiness = service.readiness()
    except Exception as error:  # noqa: BLE001 - a probe that fails is an answer, and it is logged
        structlog.get_logger("api").error("the readiness probe failed", reason=repr(error))
        readiness = Readiness(ready=False, reasons=(f"The readiness probe failed: {type(error).__name__}.",))
    status = 200 if readiness.ready else 503
    return Answer({"ready": readiness.ready, "reasons": list(readiness.reasons)}, status_code=status)


@router.get("/metrics", responses=_NUMBERS, response_class=Response)
def get_metrics(service: ServiceDep) -> Response:
    """Gauges in Prometheus' text format."""
    return exposition({**service.metrics(), **_own(service)})


def _own(service: Service) -> dict[str, float]:
    try:
        until = service.shelf.folded().data_until
    except StoreUnavailable:
        return {"api_store_available": 0.0}
    age = {} if until is None else {"figures_age_seconds": service.clock_ns() / 1e9 - until.timestamp()}
    return {"api_store_available": 1.0, **age}
