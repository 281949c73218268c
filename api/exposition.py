"""Numbers as Prometheus reads them."""

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.responses import Response

PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class _Gauges(Collector):
    def __init__(self, numbers: Mapping[str, float]) -> None:
        self._numbers = numbers

    def collect(self) -> Iterable[Metric]:
        for name, value in self._numbers.items():
            yield GaugeMetricFamily(f"robodensity_{name}", name.replace("_", " "), value=value)


def exposition(numbers: Mapping[str, float]) -> Response:
    """Gauges in Prometheus' text format, each named `robodensity_<name>`."""
    registry = CollectorRegistry()
    registry.register(_Gauges(numbers))
    return Response(generate_latest(registry), media_type=PROMETHEUS)
