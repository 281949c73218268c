"""Every cell of role × route, against the real application."""

from collections.abc import Iterator, Mapping

import httpx
import pytest
from api_city import KEY, Clock, definition_of, running
from fastapi.routing import APIRoute, iter_route_contexts
from identity import Provider
from small_city import fill

from api.access.caller import ROLES
from api.access.table import ROUTES
from api.app import create_app
from api.options import ApiOptions
from density.plan import Plan
from density.register import Reference
from store.embedded import EmbeddedStore

_SAMPLES = {
    "{format_}": "csv", "{park}": "P01", "{alert}": "none", "{factory}": "F00001", "{kind}": "status",
    "{replay}": "none", "{upload}": "none", "{key}": "none", "{area}": "P01",
}  # fmt: skip
_QUERIES = {
    ("GET", "/v1/figures"): "?scope=city&from=2026-11-24",
    ("GET", "/v1/figures/explain"): "?figure=stock&scope=factory:F00001",
    ("GET", "/v1/events"): "?limit=1",
    ("GET", "/v1/export/figures.{format_}"): "?from=2026-11-24",
    ("GET", "/v1/export/reports.{format_}"): "?kind=workforce",
    ("GET", "/v1/accounting/days"): "?factory=F00001",
    ("GET", "/v1/accounting/silence"): "?scope=district:310115",
    ("GET", "/v1/accounting/areas"): "?scope=district:310115",
    ("GET", "/v1/refused"): "?factory=F00001",
}
_OWN = {"area": {"areas": ["district:310115"]}, "factory": {"factories": ["F00001"]}}
_REFUSED = {"key_missing", "key_wrong", "token_wrong", "role_too_low", "not_yours", "no_role"}


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    return Provider(tmp_path_factory.mktemp("identity") / "jwks.json")


@pytest.fixture(scope="module")
def served(
    tmp_path_factory: pytest.TempPathFactory, reference: Reference, plan: Plan, provider: Provider
) -> Iterator[httpx.Client]:
    store = EmbeddedStore(tmp_path_factory.mktemp("city"))
    store.prepare(simulated=True)
    fill(store)
    options = ApiOptions(KEY, simulated=True, oidc=provider.options(), wrong_keys_a_minute=100_000)
    law = {"reference": reference, "plan": plan, "definition": definition_of(reference)}
    app = create_app(store, **law, options=options, clock_ns=Clock())  # type: ignore[arg-type] # by name
    with running(app) as url, httpx.Client(base_url=url, timeout=30, headers={"Sec-Fetch-Site": "same-origin"}) as it:
        it.app = app  # type: ignore[attr-defined] # the routes of what is served
        yield it
    app.state.service.board.close()
    store.close()


@pytest.fixture(scope="module")
def presented(served: httpx.Client, provider: Provider) -> Mapping[str, str]:
    """What each role presents: its key, and its token."""
    keys = {
        role: served.post(
            "/v1/keys", json={"name": role, "role": role, **_OWN.get(role, {})}, headers=_bearer(KEY)
        ).json()["secret"]
        for role in ("viewer", "factory", "area", "admin")
    }
    tokens = {
        f"token of {role}": provider.token(roles=[f"rd-{role}"], **_OWN.get(role, {}))
        for role in ("viewer", "factory", "area", "admin")
    }
    return {**keys, **tokens, "admin.key": KEY}


def _bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}".strip()}


def _ask(client: httpx.Client, route: tuple[str, str], headers: Mapping[str, str]) -> httpx.Response:
    path = route[1].replace("/{kind}.", "/workforce.").replace("uploads/{kind}", "uploads/workforce")
    for name, value in _SAMPLES.items():
        path = path.replace(name, value)
    form = {"key": KEY} if route == ("POST", "/sign-in") else None
    return client.request(route[0], path + _QUERIES.get(route, ""), headers=headers, data=form)


def _code(answer: httpx.Response) -> str:
    told = answer.json() if answer.is_error and answer.headers["Content-Type"] == "application/json" else {}
    return told.get("error", {}).get("code", "")


def test_table_has_every_route_of_the_application_and_no_other(served: httpx.Client) -> None:
    found, others = set(), set()
    for each in iter_route_contexts(served.app.routes):  # type: ignore[attr-defined]
        if isinstance(each.original_route, APIRoute):
            found |= {(method, each.path) for method in each.methods}
        else:
            others.add(getattr(each.original_route, "path", each.path))
    assert found == set(ROUTES)
    assert others == {"/openapi.json", "/static", "/swagger"}  # the description and files, the same for everybody


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_route_opens_to_the_roles_of_its_row_alone(
    served: httpx.Client, presented: Mapping[str, str], route: tuple[str, str]
) -> None:
    bare = _ask(served, route, {})
    assert ("anonymous" in ROUTES[route]) == (bare.status_code != 401), bare.text
    for who, key in presented.items():
        role = next(each for each in ROLES if each in who)
        answer = _ask(served, route, _bearer(key))
        if role in ROUTES[route]:
            assert answer.status_code not in {401, 500}, (who, answer.text)
            assert _code(answer) not in _REFUSED, (who, answer.text)
        else:
            assert (answer.status_code, _code(answer)) == (403, "role_too_low"), who


@pytest.mark.parametrize("route", list(ROUTES), ids=" ".join)
def test_route_opens_to_nothing_that_is_wrong(
    served: httpx.Client, provider: Provider, presented: Mapping[str, str], route: tuple[str, str]
) -> None:
    secret = presented["admin"]
    wrong = ["wrong", "rd_", secret[:-1], secret[:-2] + "xx", KEY + "x", ""]
    for value in (*wrong, provider.token(exp=1), *list(provider.forged().values())[:10]):
        answer = _ask(served, route, _bearer(value))
        assert answer.status_code == 401, value
        assert _code(answer) in {"key_wrong", "token_wrong"}
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_route_that_is_not_in_the_table_is_refused_to_everybody(served: httpx.Client) -> None:
    app = served.app  # type: ignore[attr-defined]
    app.router.add_api_route("/v1/forgotten", lambda: "open", dependencies=app.router.dependencies)
    assert served.get("/v1/forgotten").status_code == 401
    assert _code(served.get("/v1/forgotten", headers=_bearer(KEY))) == "role_too_low"
