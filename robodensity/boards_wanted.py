"""What a push is to make: settings, tokens and reference data turned into organisations of Grafana."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from dashboards.provisioning.checked_in import Made, checked_in
from dashboards.provisioning.city import city_organisation
from dashboards.provisioning.contact_points import CITY, Contact
from dashboards.provisioning.district import district_organisation
from dashboards.provisioning.organisation import Organisation
from dashboards.settled import addressed
from density.register import Reference
from robodensity.assembly import Law
from robodensity.errors import Refusal
from robodensity.settings import Settings, secret


def organisations(settings: Settings, law: Law, *, alone: bool) -> Iterator[Organisation]:
    """The city's organisation, and one for each district that has a token.

    Raises:
        Refusal: a token is missing, or a district gets alerts and the city does not.
    """
    reference, targets = law.reference, {target.id: target.name for target in law.plan.targets}
    url = settings.grafana_influx_url or settings.influx_url
    tokens = _tokens(settings, reference)
    contacts = _contacts(settings, reference)
    made = _addressed(checked_in(), settings.board_url)
    yield city_organisation(
        reference, targets, made, url=url, token=tokens[CITY], contacts=contacts, board_url=settings.board_url
    )
    if not alone:
        for adcode in reference.districts:
            if adcode in tokens:
                yield district_organisation(adcode, made, reference, url=url, token=tokens[adcode])


def _addressed(made: Made, board_url: str) -> Made:
    """Boards whose links lead to this web board."""
    return replace(made, boards=tuple((folder, addressed(board, board_url)) for folder, board in made.boards))


def credentials(settings: Settings) -> tuple[str | None, str | None, str | None]:
    """User, password and token that Grafana is asked with.

    Raises:
        Refusal: neither an account nor a token is set.
    """
    user, password, token = settings.grafana_user, secret(settings.grafana_password), secret(settings.grafana_token)
    if token is None and not (user and password):
        raise Refusal(
            "No account of Grafana is set: set ROBODENSITY_GRAFANA_USER and ROBODENSITY_GRAFANA_PASSWORD of its server "
            "administrator, or ROBODENSITY_GRAFANA_TOKEN for the city's organisation alone."
        )
    return user, password, token


def _tokens(settings: Settings, reference: Reference) -> Mapping[str, str]:
    folder = settings.read_tokens
    if folder is None:
        raise Refusal(
            "ROBODENSITY_READ_TOKENS is not set: name the folder that `robodensity prepare --read-tokens` has written."
        )
    tokens = {place: _token(folder / place) for place in (CITY, *reference.districts) if (folder / place).is_file()}
    if CITY not in tokens:
        raise Refusal(f"{folder / CITY} is missing: make it with `robodensity prepare --read-tokens {folder}`.")
    return tokens


def _token(path: Path) -> str:
    token = path.read_text().strip()
    if not token:
        raise Refusal(f"{path} is empty: remove it, and make it anew with `robodensity prepare`.")
    return token


def _contacts(settings: Settings, reference: Reference) -> Mapping[str, Contact]:
    given = settings.grafana_district_contacts
    strange = sorted(set(given) - set(reference.districts))
    if strange:
        raise Refusal(
            f"ROBODENSITY_GRAFANA_DISTRICT_CONTACTS names {strange[0]}, which is no district of seeds/districts.yaml."
        )
    city = Contact(
        webhook=secret(settings.grafana_webhook_url) or "",
        dingtalk=secret(settings.grafana_dingtalk_url) or "",
        wecom=secret(settings.grafana_wecom_url) or "",
        email=settings.grafana_email or "",
    )
    if given and city == Contact():
        raise Refusal(
            "ROBODENSITY_GRAFANA_DISTRICT_CONTACTS tells districts of alerts that nobody in the city is told of: "
            "set one of ROBODENSITY_GRAFANA_WEBHOOK_URL, _DINGTALK_URL, _WECOM_URL and _EMAIL too."
        )
    ways = {
        place: {way: each.get_secret_value() for way, each in given.get(place, {}).items()}
        for place in reference.districts
    }
    return {CITY: city, **{place: Contact(**each) for place, each in ways.items()}}
