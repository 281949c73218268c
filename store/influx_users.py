"""Users of InfluxDB 1 and openGemini that read what their holder needs and no more, each in a file of its own.

The servers must ask for passwords (`auth-enabled`): without that whoever reaches one may do anything.
"""

import secrets
from collections.abc import Sequence
from typing import Any

import httpx

from store.errors import StoreUnavailable
from store.influx_tokens import Grant, Outcome, write_private
from store.influxql import literal, quoted


class UserOffice:
    """Makes users with the rights of an administrator's.

    Args:
        url: of the server.
        account: name and password of its administrator, or a token of what stands before it.
    """

    def __init__(self, url: str, account: str) -> None:
        name, colon, password = account.partition(":")
        self._url = url
        headers = {} if colon else {"Authorization": f"Token {account}"}
        auth = httpx.BasicAuth(name, password) if colon else None
        self._http = httpx.Client(base_url=url, auth=auth, headers=headers, timeout=30, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def issue(self, grants: Sequence[Grant]) -> dict[str, Outcome]:
        """Make each user that is not there, or that may read other things than it should.

        A file, which holds `name:password`, is kept while it opens the server; one that is lost gets another password.

        Raises:
            StoreUnavailable: the server does not answer, refuses, or asks nobody for a password.
        """
        try:
            self._demand_guarded()
            known = {str(row[0]) for row in self._asked("SHOW USERS")}
            return {grant.name: self._issued(grant, known) for grant in grants}
        except httpx.HTTPError as error:
            raise StoreUnavailable(f"InfluxDB at {self._url} makes no users: {error}. Check that it runs.") from error

    def _demand_guarded(self) -> None:
        if _opens(self._url, "nobody", secrets.token_hex(8)):
            raise StoreUnavailable(
                f"InfluxDB at {self._url} asks nobody for a password, so that its users protect nothing: "
                "set auth-enabled = true in [http] of its configuration."
            )

    def _issued(self, grant: Grant, known: set[str]) -> Outcome:
        user = grant.description.replace(" ", "-")
        password = grant.file.read_text().strip().partition(":")[2] if grant.file.is_file() else ""
        kept = user in known and _opens(self._url, user, password)
        if not kept:
            password = secrets.token_urlsafe(32)
            action = "SET PASSWORD FOR {} = {}" if user in known else "CREATE USER {} WITH PASSWORD {}"
            self._asked(action.format(quoted(user), literal(password)))
            write_private(grant.file, f"{user}:{password}")
        changed = self._settle_rights(user, grant.reads)
        return "kept" if kept and not changed else "made"

    def _settle_rights(self, user: str, wanted: frozenset[str]) -> bool:
        """Let a user read these databases and no other; answers whether anything changed."""
        rights = {str(name): right for name, right in self._asked(f"SHOW GRANTS FOR {quoted(user)}")}
        reads = {name for name, right in rights.items() if right == "READ"}
        for name in sorted(rights.keys() - reads | reads - wanted):
            self._asked(f"REVOKE ALL PRIVILEGES ON {quoted(name)} FROM {quoted(user)}")
        for name in sorted(wanted - reads):
            self._asked(f"GRANT READ ON {quoted(name)} TO {quoted(user)}")
        return reads != wanted

    def _asked(self, statement: str) -> list[list[object]]:
        answer = self._http.post("/query", data={"q": statement})
        result: dict[str, Any] = {"error": answer.text.strip()} if answer.is_error else answer.json()["results"][0]
        if "error" in result:
            raise StoreUnavailable(
                f"InfluxDB at {self._url} makes no users: {result['error']}. "
                "Check that ROBODENSITY_INFLUX_TOKEN is its administrator's."
            )
        return [row for series in result.get("series", []) for row in series.get("values", [])]


def _opens(url: str, user: str, password: str) -> bool:
    query = {"q": "SHOW DATABASES"}
    answer = httpx.get(f"{url}/query", params=query, auth=(user, password), timeout=30, trust_env=False)
    return answer.is_success
