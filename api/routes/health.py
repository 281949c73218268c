"""Is it alive, does it take work, and how much does it do."""

from collections.abc import Iterable

import structlog
from fastapi import APIRouter
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

from api.answer import Answer
from api.options import Readiness
from api.service import Service, ServiceDep
from store.errors import StoreUnavailable

router = APIRouter(tags=["operation"])

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/healthz")
def get_health() -> Answer:
    """200 while the process answers."""
    return Answer({"alive": True})


@router.get("/readyz")
def get_readiness(service: ServiceDep) -> Answer:
    """200 only when the system takes work; else 503 with the reasons."""
    try:
        readiness = service.readiness()
    except Exception as error:  # noqa: BLE001 - a probe that fails is an answer, and it is logged
        structlog.get_logger("api").exception("the readiness probe failed")
        readiness = Readiness(ready=False, reasons=(f"The readiness probe failed: {type(error).__name__}.",))
    status = 200 if readiness.ready else 503
    return Answer({"ready": readiness.ready, "reasons": list(readiness.reasons)}, status_code=status)


@router.get("/metrics")
def get_metrics(service: ServiceDep) -> Response:
    """Gauges in Prometheus' text format."""
    registry = CollectorRegistry()
    registry.register(_Gauges(service))
    return Response(generate_latest(registry), media_type=PROMETHEUS)


class _Gauges(Collector):
    def __init__(self, service: Service) -> None:
        self._service = service

    def collect(self) -> Iterable[Metric]:
        """Every gauge, named `robodensity_<name>`."""
        for name, value in {**self._service.metrics(), **_own(self._service)}.items():
            metric = name if name.startswith("robodensity_") else f"robodensity_{name}"
            yield GaugeMetricFamily(metric, name.replace("_", " "), value=value)


def _own(service: Service) -> dict[str, float]:
    try:
        until = service.shelf.folded().data_until
    except StoreUnavailable:
        return {"api_store_available": 0.0}
    age = {} if until is None else {"figures_age_seconds": service.clock_ns() / 1e9 - until.timestamp()}
    return {"api_store_available": 1.0, **age}
