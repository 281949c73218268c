"""/docs: the API drawn by swagger-ui from this machine alone; /asyncapi.json: what factories send."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from fastapi.staticfiles import StaticFiles
from starlette.responses import HTMLResponse
from swagger_ui_bundle import swagger_ui_path

from api.answer import Answer
from api.asyncapi import asyncapi_document
from api.service import ServiceDep

router = APIRouter(include_in_schema=False)

STATIC = Path(__file__).parent.parent / "static"

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>robodensity API</title>
<link rel="icon" href="/static/icon.svg">
<link rel="stylesheet" href="/swagger/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/swagger/swagger-ui-bundle.js"></script>
<script src="/static/docs.js"></script>
</body>
</html>
"""


@router.get("/docs")
def get_docs() -> HTMLResponse:
    """The page."""
    return HTMLResponse(_PAGE)


@router.get("/asyncapi.json")
def get_asyncapi(service: ServiceDep) -> Answer:
    """The wire contract."""
    return Answer(asyncapi_document(simulated=service.options.simulated))


def mount(app: FastAPI) -> None:
    """Serve the pages' own files and swagger-ui's."""
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/swagger", StaticFiles(directory=swagger_ui_path), name="swagger")
