"""`robodensity prepare`: databases and tokens of least privilege, before anything else runs, as often as one likes."""

from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from rich.console import Console

from robodensity.assembly import influx_token, open_influx
from robodensity.errors import Refusal
from robodensity.seeds import load_reference
from robodensity.settings import Settings
from store.errors import StoreUnavailable
from store.influx import InfluxStore
from store.influx_tokens import Grant, TokenOffice
from store.influx_users import UserOffice
from store.schema import FIGURES_SHARED, MEASUREMENTS, district_database

CITY = "city"


def prepare(settings: Settings, console: Console, *, write_token: Path | None, read_tokens: Path | None) -> None:
    """Create what is missing; `settings` hold the administrator's token.

    Raises:
        Refusal: the store does not answer or forbids it, or makes no tokens.
    """
    districts = sorted(load_reference().districts)
    with closing(open_influx(settings)) as store:
        _make_databases(store, districts)
    if write_token is not None and settings.influx_flavour != "influx2":
        raise Refusal(
            f"In {settings.influx_flavour} only an administrator makes databases, so ingest, rollup and API need that "
            "account: leave --write-token out, and give them ROBODENSITY_INFLUX_TOKEN as name:password."
        )
    grants = list(_grants(districts, write_token, read_tokens))
    for name, outcome in _issue(settings, grants).items():
        console.print(f"token {name} {outcome}", markup=False, highlight=False)


def _make_databases(store: InfluxStore, districts: Iterable[str]) -> None:
    """Those of districts too, which the rollup would make when it first writes them."""
    try:
        for database in (FIGURES_SHARED, *map(district_database, districts)):
            store.ensure(database)
    except StoreUnavailable as error:
        raise Refusal(str(error)) from error


def _grants(districts: Iterable[str], write_token: Path | None, read_tokens: Path | None) -> Iterator[Grant]:
    whole = {measurement.database for measurement in MEASUREMENTS}
    every = frozenset(whole | {FIGURES_SHARED, *map(district_database, districts)})
    if write_token is not None:
        yield Grant("write", write_token, every, every)
    if read_tokens is not None:
        yield Grant(CITY, read_tokens / CITY, every)
        for adcode in districts:
            yield Grant(adcode, read_tokens / adcode, frozenset({FIGURES_SHARED, district_database(adcode)}))


def _issue(settings: Settings, grants: list[Grant]) -> dict[str, str]:
    if not grants:
        return {}
    with closing(_office(settings)) as office:
        try:
            return dict(office.issue(grants))
        except StoreUnavailable as error:
            raise Refusal(str(error)) from error


def _office(settings: Settings) -> TokenOffice | UserOffice:
    """Tokens of InfluxDB 2; of the others, which have none, users."""
    account = influx_token(settings) or ""
    if settings.influx_flavour == "influx2":
        return TokenOffice(settings.influx_url, account, settings.influx_org)
    return UserOffice(settings.influx_url, account)
