"""Health, readiness and metrics of a process that serves nothing else."""

from collections.abc import Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

from api.exposition import exposition
from api.options import Readiness


def health_app(readiness: Callable[[], Readiness], metrics: Callable[[], Mapping[str, float]]) -> FastAPI:
    """An application with /healthz, /readyz and /metrics alone."""
    app = FastAPI(openapi_url=None)

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        state = readiness()
        return JSONResponse(
            {"ready": state.ready, "reasons": list(state.reasons)}, status_code=200 if state.ready else 503
        )

    @app.get("/metrics")
    def numbers() -> Response:
        return exposition(metrics())

    return app
