"""The whole API against its own description: every check of schemathesis, on a small city, in this process."""

from collections.abc import Mapping
from typing import Any

import pytest
import schemathesis
from api_city import KEY
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import one_of
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance
from small_city import fill, small_app

from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

BEARER = {"Authorization": f"Bearer {KEY}"}
SHORT = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
FEW = settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
LONG = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def filled(quiet_store: EmbeddedStore) -> EmbeddedStore:
    fill(quiet_store)
    return quiet_store


@pytest.fixture
def described(filled: EmbeddedStore, reference: Reference, plan: Plan) -> schemathesis.BaseSchema:
    """Of an application of its own: schemathesis ends the one that it asked."""
    return schemathesis.openapi.from_asgi("/openapi.json", small_app(filled, reference, plan, fresh_s=0.2))


# A stream of events ends only when it is told to: tests/api/routes/test_events.py holds it.
_ENDLESS = "GET /v1/events"
# What a description can not say: rules between parameters, and what there are figures of.
_BETWEEN = {"bad_span", "bad_as_of", "before_first_report", "no_figures", "day_without_figures", "not_exported"}


def _hold(described: schemathesis.BaseSchema, tries: settings, *, headers: Mapping[str, str] = BEARER) -> None:
    """Ask every operation what its description allows, and what it does not."""
    failures = []
    for result in described.get_all_operations():
        operation = result.ok()
        if operation.label == _ENDLESS:
            continue
        positive, negative = (operation.as_strategy(generation_mode=mode) for mode in GenerationMode)

        @tries
        @given(case=one_of(positive, negative))
        def ask(case: schemathesis.Case) -> None:
            answer = case.call(headers=headers, timeout=60)
            case.validate_response(answer, excluded_checks=_beyond(case, answer), headers=headers)

        try:
            ask()
        except BaseExceptionGroup as error:
            failures += [f"{operation.label}: {each!r} {error!r}" for each in error.exceptions]
    assert not failures, "\n\n".join(failures)


def _beyond(case: schemathesis.Case, answer: schemathesis.Response) -> list[Any]:
    """Checks that ask more than a description can say of this answer."""
    if case.method == "POST":
        # bodies are judged by the register and the plan too; a check judges whatever comes
        judged = [negative_data_rejection] if case.path.startswith("/v1/check/") else []
        return [positive_data_acceptance, *judged]
    if answer.status_code == 422 and answer.json()["error"]["code"] in _BETWEEN:
        return [positive_data_acceptance]
    return []


def test_api_keeps_to_its_description(described: schemathesis.BaseSchema) -> None:
    _hold(described, SHORT)


def test_api_keeps_to_its_description_for_whoever_has_no_key(described: schemathesis.BaseSchema) -> None:
    _hold(described, FEW, headers={})


@pytest.mark.chaos
def test_api_keeps_to_its_description_for_long(described: schemathesis.BaseSchema) -> None:
    _hold(described, LONG)
