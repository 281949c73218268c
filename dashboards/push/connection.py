"""A running Grafana, asked through grafana-client; every failure is said as a sentence with its next step."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import niquests
from grafana_client import GrafanaApi
from grafana_client.client import GrafanaClientError, GrafanaException, GrafanaTimeoutError

from dashboards.push.errors import PushRefused

OLDEST = (12, 0)  # the SDK that the boards are made with is made for Grafana 12
TIMEOUT_S = 20.0

UNAUTHORIZED, FORBIDDEN, NOT_FOUND = 401, 403, 404


@dataclass(frozen=True)
class Access:
    """Where Grafana answers, and who asks: a server administrator, or a token of one organisation."""

    url: str
    user: str | None = None
    password: str | None = None
    token: str | None = None

    @property
    def may_make_organisations(self) -> bool:
        """Grafana lets no token make or list organisations."""
        return self.token is None


class Connection:
    """Grafana at one address, with one session for each organisation that is asked."""

    def __init__(self, access: Access) -> None:
        self.access = access
        self._apis: dict[int | None, Any] = {}

    def check(self) -> None:
        """Ask who answers there, and whether it knows who asks.

        Raises:
            PushRefused: nobody, no Grafana, one that is too old, or one that refuses the credentials.
        """
        own = self.organisation(None)
        with said(self.access, "its health"):
            health = own.client.GET("/health")
        _demand_version(self.access, health)
        with said(self.access, "who asks"):
            own.organization.get_current_organization()

    def organisation(self, number: int | None) -> Any:  # noqa: ANN401 - grafana-client is not there where types are checked
        """The API as it answers for one organisation; None is the credentials' own."""
        if number not in self._apis:
            self._apis[number] = _api(self.access, number)
        return self._apis[number]

    def close(self) -> None:
        """Close the sessions."""
        for api in self._apis.values():
            api.client.s.close()


def _api(access: Access, organisation: int | None) -> Any:  # noqa: ANN401 - as above
    parts = urlsplit(access.url)
    path = parts.path.strip("/")
    return GrafanaApi(
        access.token or (access.user, access.password),
        protocol=parts.scheme,
        host=parts.hostname,
        port=parts.port,
        url_path_prefix=f"{path}/" if path else "",
        timeout=TIMEOUT_S,
        organization_id=organisation,
    )


def _demand_version(access: Access, health: Any) -> None:  # noqa: ANN401 - whatever answered
    version = health.get("version") if isinstance(health, dict) else None
    numbers = str(version or "").split("-")[0].split("+")[0].split(".")
    if not all(number.isdecimal() for number in numbers[:2]):
        raise PushRefused(f"What answers at {access.url} is no Grafana: correct ROBODENSITY_GRAFANA_URL.")
    if tuple(int(number) for number in numbers[:2]) < OLDEST:
        oldest = ".".join(str(number) for number in OLDEST)
        raise PushRefused(
            f"Grafana at {access.url} is {version}, and the boards need {oldest} or later: update Grafana, then push."
        )


@contextmanager
def said(access: Access, what: str) -> Iterator[None]:
    """Turn what a call raises into a sentence.

    Raises:
        PushRefused: the call failed.
    """
    try:
        yield
    except GrafanaTimeoutError as error:
        raise PushRefused(
            f"Grafana at {access.url} is silent on {what}: see whether it is overloaded, then push again."
        ) from error
    except GrafanaClientError as error:
        raise PushRefused(_refused(access, what, error)) from error
    except GrafanaException as error:
        raise PushRefused(
            f"Grafana at {access.url} fails on {what} ({error.message}): see its log, then push again."
        ) from error
    except niquests.exceptions.JSONDecodeError as error:
        raise PushRefused(f"What answers at {access.url} is no Grafana: correct ROBODENSITY_GRAFANA_URL.") from error
    except niquests.exceptions.RequestException as error:
        raise PushRefused(
            f"No Grafana answers at {access.url} ({type(error).__name__}): "
            "start it, or correct ROBODENSITY_GRAFANA_URL."
        ) from error


def _refused(access: Access, what: str, error: GrafanaClientError) -> str:
    who = "ROBODENSITY_GRAFANA_TOKEN" if access.token else "ROBODENSITY_GRAFANA_USER and _PASSWORD"
    if error.status_code == UNAUTHORIZED:
        return f"Grafana at {access.url} does not know who asks (401): correct {who}."
    if error.status_code == FORBIDDEN:
        return f"Grafana at {access.url} does not let this account see or change {what} (403): make {who} its Admin."
    if error.status_code == NOT_FOUND and what == "its health":
        return f"What answers at {access.url} is no Grafana (404): correct ROBODENSITY_GRAFANA_URL."
    return f"Grafana at {access.url} refuses {what} ({error.status_code}: {error.message})."
