import time
from pathlib import Path
from typing import Any

import pytest
from identity import Provider, new_key

from api.access import jwks
from api.access.oidc import Tokens
from api.errors import ApiError


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Provider:
    return Provider(tmp_path_factory.mktemp("identity") / "jwks.json")


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Seconds that have passed, for the keys alone."""
    passed, began = [0.0], time.monotonic()

    class Time:
        @staticmethod
        def monotonic() -> float:
            return began + passed[0]

    monkeypatch.setattr(jwks, "time", Time)
    return passed


def _status(tokens: Tokens, token: str) -> int:
    try:
        tokens.caller(token)
    except ApiError as error:
        return error.status
    return 200


def test_token_is_who_its_claims_say(provider: Provider) -> None:
    tokens = Tokens(provider.options())
    caller, left_s = tokens.caller(provider.token(roles=["rd-viewer", "rd-area", "x"], areas=["district:310115"]))
    assert (caller.role, caller.who, caller.areas) == ("area", "oidc u-1", {"district:310115"})
    assert 500 < left_s <= 600
    nested = Tokens(provider.options(role_claim="realm_access.roles"))
    assert nested.caller(provider.token(roles=None, realm_access={"roles": ["rd-admin"]}))[0].role == "admin"


@pytest.mark.parametrize("changes", [{"roles": []}, {"roles": None}, {"roles": ["rd-area"]}, {"roles": 7}])
def test_token_without_a_role_opens_nothing(provider: Provider, changes: dict[str, Any]) -> None:
    assert _status(Tokens(provider.options()), provider.token(**changes)) == 403


def test_forged_tokens_are_refused_each(provider: Provider) -> None:
    tokens = Tokens(provider.options())
    assert {name: _status(tokens, token) for name, token in provider.forged().items()} == dict.fromkeys(
        provider.forged(), 401
    )


def test_algorithm_with_a_shared_secret_is_no_setting(provider: Provider) -> None:
    with pytest.raises(ValueError, match="HS256 is no algorithm with a public key"):
        Tokens(provider.options(algorithm="HS256"))


def test_rotated_key_is_found_after_a_pause(provider: Provider, now: list[float]) -> None:
    tokens = Tokens(provider.options())
    assert _status(tokens, provider.token()) == 200
    provider.keys["k2"] = new_key()
    provider.publish()
    assert _status(tokens, provider.token(kid="k2")) == 401  # fetched a moment ago
    now[0] += jwks.PAUSE_S
    assert _status(tokens, provider.token(kid="k2")) == 200
    del provider.keys["k2"]
    provider.publish()


def test_fetch_that_fails_waits_and_lets_nobody_in(provider: Provider, now: list[float], tmp_path: Path) -> None:
    path = tmp_path / "jwks.json"
    tokens = Tokens(provider.options(jwks=str(path)))
    assert _status(tokens, provider.token()) == 503
    path.write_text("{}")
    now[0] += jwks.PAUSE_S
    assert _status(tokens, provider.token()) == 503
    path.write_text(provider.path.read_text())
    assert _status(tokens, provider.token()) == 503  # not before the pause is over
    now[0] += jwks.PAUSE_S
    assert _status(tokens, provider.token()) == 200
    path.unlink()
    now[0] += jwks.FRESH_S + 1
    assert _status(tokens, provider.token()) == 200  # the keys are young enough
    now[0] += jwks.LIFETIME_S
    assert _status(tokens, provider.token()) == 503
