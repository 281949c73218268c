"""What `robodensity doctor` asks of the running system: its store, and the factories in its register."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import httpx

from api.credit_code import is_credit_code
from density.register import Reference
from robodensity.assembly import influx_token
from robodensity.finding import Finding, Mark, listed
from robodensity.settings import Settings

STORE, SYSTEM, REGISTER = "store", "system", "register"
TIMEOUT_S = 10.0
PAGE = 1_000

Registered = dict[str, Any]


def examine_store(settings: Settings) -> Finding:
    """Which server answers where the settings say that the store is."""
    url, token = settings.influx_url, influx_token(settings)
    headers = {"Authorization": f"Token {token}"} if token else {}
    try:
        answer = httpx.get(f"{url}/ping", headers=headers, timeout=TIMEOUT_S, trust_env=False)
    except httpx.HTTPError as error:
        sentence = f"No InfluxDB answers at {url} ({type(error).__name__}); `robodensity up` needs none, all else does."
        return Finding("warn", STORE, sentence)
    if answer.status_code in {httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN}:
        sentence = f"{url} refuses a ping ({answer.status_code}), as InfluxDB 3 does without its token"
        return Finding("error", STORE, f"{sentence}: check ROBODENSITY_INFLUX_TOKEN and which server that is.")
    return _server(url, settings.influx_flavour, answer.headers)


def _server(url: str, flavour: str, headers: httpx.Headers) -> Finding:
    version, build = headers.get("x-influxdb-version", ""), headers.get("x-influxdb-build", "")
    numbers = [int(each) for each in re.findall(r"\d+", version)[:2]]
    if build.casefold() == "core":
        sentence = f"{url} is InfluxDB 3 Core {version}, which reads 72 hours back where figures need years"
        return Finding("error", STORE, f"{sentence}: use InfluxDB 1.8 or 2, or openGemini 1.5.")
    if not numbers:
        mark: Mark = "ok" if flavour == "opengemini" else "warn"
        return Finding(mark, STORE, f"{url} answers and names no version; ROBODENSITY_INFLUX_FLAVOUR is {flavour}.")
    if not [1, 8] <= numbers < [3]:
        sentence = f"{url} is InfluxDB {version}, with which this was not tried"
        return Finding("warn", STORE, f"{sentence}: use InfluxDB 1.8 or 2, or openGemini 1.5.")
    if (flavour == "influx2") != (numbers[0] == 2):
        return Finding("warn", STORE, f"{url} is InfluxDB {version}, but ROBODENSITY_INFLUX_FLAVOUR is {flavour}.")
    return Finding("ok", STORE, f"{url} is InfluxDB {version}.")


def examine_register(url: str, key: str | None, reference: Reference) -> Iterator[Finding]:
    """Whether the system that answers at an address is ready, and what is wrong with the factories that it knows.

    Args:
        url: of the API.
        key: of its administrator.
        reference: what codes are looked up in.
    """
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        with httpx.Client(base_url=url, timeout=TIMEOUT_S, headers=headers) as client:
            yield _readiness(url, client.get("/readyz"))
            if key is None:
                sentence = "The register was not looked at: set ROBODENSITY_ADMIN_KEY or name --admin-key-file."
                yield Finding("warn", REGISTER, sentence)
                return
            factories = _factories(client)
    except httpx.HTTPStatusError as error:
        sentence = f"{url} answers {error.response.status_code} for its factories: {error.response.text[:200]}"
        yield Finding("error", REGISTER, f"{sentence}; check the key.")
    except httpx.HTTPError as error:
        sentence = f"No API answers at {url} ({type(error).__name__}); start the system to have its register checked."
        yield Finding("warn", SYSTEM, sentence)
    except (ValueError, KeyError):
        sentence = f"What answers at {url} is not this platform's API: correct ROBODENSITY_API_URL."
        yield Finding("error", SYSTEM, sentence)
    else:
        yield from examine_factories(factories, reference)


def _readiness(url: str, answer: httpx.Response) -> Finding:
    if answer.status_code == httpx.codes.OK:
        return Finding("ok", SYSTEM, f"The system at {url} is ready.")
    return Finding("error", SYSTEM, f"The system at {url} is not ready ({answer.status_code}): {answer.text[:200]}")


def _factories(client: httpx.Client) -> list[Registered]:
    factories: list[Registered] = []
    after: str | None = None
    while True:
        answer = client.get("/v1/factories", params={"limit": PAGE, **({"cursor": after} if after else {})})
        page = answer.raise_for_status().json()
        factories += page["factories"]
        after = page["next"]
        if after is None:
            return factories


def examine_factories(factories: Sequence[Registered], reference: Reference) -> Iterator[Finding]:
    """What is wrong with registrations, in the form that the API answers them in."""
    yield Finding("ok", REGISTER, f"{len(factories)} factories are registered.")
    wrong = [each for each in factories if each["credit_code"] and not is_credit_code(each["credit_code"])]
    yield from _unless_none("error", wrong, "a credit code whose check character is wrong (GB 32100-2015)")
    yield from _unless_none("warn", [each for each in factories if not each["credit_code"]], "no credit code")
    known = reference.industries
    strange = sorted({each["industry"] for each in factories} - set(known))
    if strange:
        sentence = f"industries.yaml does not name {listed(strange)}, which factories are registered in; add them"
        yield Finding("warn", REGISTER, f"{sentence} when they are classes of GB/T 4754-2017.")
    elsewhere = [
        each for each in factories if each["district"] not in reference.districts or
        (each["park"] is not None and each["park"] not in reference.parks)
    ]  # fmt: skip
    yield from _unless_none("error", elsewhere, "a district or park that seeds/ does not hold")


def _unless_none(mark: Mark, factories: Sequence[Registered], have: str) -> Iterator[Finding]:
    if factories:
        names = listed([each["factory"] for each in factories])
        yield Finding(mark, REGISTER, f"{len(factories)} factories have {have}: {names}; correct their registrations.")
