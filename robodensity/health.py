"""Health, readiness and metrics of a process that serves nothing else."""

from collections.abc import Callable, Mapping

from api.exposition import exposition
from fastapi import FastAPI
from fastapi.responses import JSONResponse, PlainTextResponse

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
    def numbers() -> PlainTextResponse:
        return PlainTextResponse(exposition(metrics()), media_type="text/plain; version=0.0.4")

    return app
