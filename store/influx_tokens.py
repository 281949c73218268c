"""Tokens of InfluxDB 2 that may do what their holder needs and no more, each in a file of its own."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
from influxdb_client import Authorization, Bucket, InfluxDBClient, Permission, PermissionResource
from influxdb_client.rest import ApiException
from urllib3.exceptions import HTTPError

from store.errors import StoreUnavailable

Outcome = Literal["kept", "made"]
_MODE = 0o600


@dataclass(frozen=True)
class Grant:
    """What a token may do, and the file that holds it.

    Args:
        name: who it is for; InfluxDB shows it as the token's description, by which it is found again.
        file: where the token lies, alone in the file.
        reads: databases.
        writes: databases.
    """

    name: str
    file: Path
    reads: frozenset[str]
    writes: frozenset[str] = frozenset()

    @property
    def description(self) -> str:
        """As InfluxDB lists it."""
        return f"robodensity {self.name}"


class TokenOffice:
    """Makes tokens with the rights of an administrator's.

    Args:
        url: of InfluxDB 2.
        token: of its administrator.
        org: the organisation.
    """

    def __init__(self, url: str, token: str, org: str) -> None:
        self._url, self._org = url, org
        self._client = InfluxDBClient(url=url, token=token, org=org)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def issue(self, grants: Sequence[Grant]) -> dict[str, Outcome]:
        """Make each token that is not there, or that may do other things than it should.

        A file is kept when its token still works and its rights are the wanted ones. InfluxDB tells a token once, when
        it is made; one whose file is lost is made anew, and the old one deleted once the new one is written.

        Raises:
            StoreUnavailable: InfluxDB does not answer, refuses, or lacks a database.
        """
        try:
            buckets = self._buckets(frozenset().union(*(grant.reads | grant.writes for grant in grants)))
            known = self._client.authorizations_api().find_authorizations(org=self._org)
            return {grant.name: self._issued(grant, buckets, known) for grant in grants}
        except (ApiException, HTTPError) as error:
            raise StoreUnavailable(
                f"InfluxDB at {self._url} makes no tokens: {error}. "
                "Check that ROBODENSITY_INFLUX_TOKEN is its administrator's."
            ) from error

    def _buckets(self, databases: frozenset[str]) -> dict[str, Bucket]:
        found = {name: self._client.buckets_api().find_bucket_by_name(name) for name in sorted(databases)}
        for name, bucket in found.items():
            if bucket is None:
                raise StoreUnavailable(f"InfluxDB at {self._url} lacks the bucket {name}: run `robodensity prepare`.")
        return found

    def _issued(self, grant: Grant, buckets: Mapping[str, Bucket], known: Sequence[Authorization]) -> Outcome:
        wanted = _permissions(grant, buckets)
        older = [each for each in known if each.description == grant.description]
        if any(_rights(each.permissions) == _rights(wanted) for each in older) and self._works(grant.file):
            return "kept"
        authorizations = self._client.authorizations_api()
        org_id = next(iter(wanted)).resource.org_id
        made = authorizations.create_authorization(
            authorization=Authorization(org_id=org_id, permissions=wanted, description=grant.description)
        )
        write_private(grant.file, made.token)
        for each in older:
            authorizations.delete_authorization(each)
        return "made"

    def _works(self, file: Path) -> bool:
        if not file.is_file():
            return False
        headers = {"Authorization": f"Token {file.read_text().strip()}"}
        answer = httpx.get(f"{self._url}/api/v2/buckets", params={"limit": 1}, headers=headers, trust_env=False)
        return answer.status_code == httpx.codes.OK


def _permissions(grant: Grant, buckets: Mapping[str, Bucket]) -> list[Permission]:
    return [
        Permission(
            action=action,
            resource=PermissionResource(type="buckets", id=buckets[name].id, org_id=buckets[name].org_id),
        )
        for action, names in (("read", grant.reads), ("write", grant.writes))
        for name in sorted(names)
    ]


def _rights(permissions: Iterable[Permission]) -> set[tuple[str, str]]:
    return {(each.action, each.resource.id) for each in permissions}


def write_private(path: Path, token: str) -> None:
    """Put the token in place whole, so that nobody reads half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(handle, "w") as file:
        file.write(token + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
