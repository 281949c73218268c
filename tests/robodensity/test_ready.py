from collections.abc import Callable

import pytest
from fastapi import FastAPI
from services import free_port

from api.options import Readiness
from robodensity.errors import Refusal
from robodensity.health import health_app
from robodensity.ready import ask_ready


def _app(*reasons: str) -> FastAPI:
    return health_app(lambda: Readiness(ready=not reasons, reasons=reasons), dict)


def test_ask_ready_is_content_with_what_is_ready(serve: Callable[[FastAPI], str]) -> None:
    ask_ready(serve(_app()) + "/readyz")


def test_ask_ready_tells_the_reasons_of_what_is_not(serve: Callable[[FastAPI], str]) -> None:
    with pytest.raises(Refusal, match=r"readyz says it is not ready: .*The store does not answer\."):
        ask_ready(serve(_app("The store does not answer.")) + "/readyz")


def test_ask_ready_refuses_an_address_where_nothing_answers() -> None:
    nowhere = f"http://127.0.0.1:{free_port()}/readyz"
    with pytest.raises(Refusal, match=rf"^{nowhere} does not answer \(.*\): is the process running\?"):
        ask_ready(nowhere)
