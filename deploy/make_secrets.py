#!/usr/bin/env python3
"""Makes the secrets of docker-compose.yml on the first run: `.env` and the broker's accounts. Needs Python alone.

deploy/make_secrets.py                                     what the platform needs
deploy/make_secrets.py --simulated                         the same, for a store that is born simulated
deploy/make_secrets.py --factory F00042                    an account at the broker; its password is printed once
deploy/make_secrets.py --factory F00042 --gateway hall-2   one more account of the same factory, F00042.hall-2
"""

import argparse
import base64
import hashlib
import os
import re
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCOUNTS = ("ingest", "simulator", "health")
ITERATIONS = 101  # mosquitto's own number
FACTORY, GATEWAY = (
    re.compile(r"[A-Za-z0-9_-]{1,64}"),
    re.compile(r"[A-Za-z0-9_-]{1,32}"),
)  # as the wire contract has them


def hashed(password: str) -> str:
    """A password as mosquitto keeps it: PBKDF2 of SHA-512."""
    salt = os.urandom(12)
    digest = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, ITERATIONS)
    return f"$7${ITERATIONS}${base64.b64encode(salt).decode()}${base64.b64encode(digest).decode()}"


def write_private(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file that others cannot read while it is being written."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    path.chmod(mode)


def write_rights(folder: Path, accounts: list[str]) -> None:
    """Write `deploy/acl`: the rights of deploy/mosquitto.acl, and those of every account that is one of several.

    mosquitto's patterns know the whole user name and no part of it, so each `<factory>.<gateway>` gets the lines of
    the factory's own patterns.
    """
    shipped = (folder / "deploy" / "mosquitto.acl").read_text()
    patterns = re.findall(r"^pattern (.*%u.*)$", shipped, re.MULTILINE)
    blocks = [
        "\n".join([f"user {name}", *(f"topic {line.replace('%u', name.partition('.')[0])}" for line in patterns)])
        for name in accounts
        if "." in name
    ]
    head = "# Made by deploy/make_secrets.py from mosquitto.acl and the accounts; change that file and not this one.\n"
    write_private(folder / "deploy" / "acl", "\n\n".join([head + shipped.rstrip(), *blocks]) + "\n", 0o644)


def first_run(folder: Path, *, simulated: bool) -> None:
    """Make `.env` and `deploy/passwords`; refuses to replace either."""
    environment, passwords = folder / ".env", folder / "deploy" / "passwords"
    for path in (environment, passwords):
        if path.exists():
            sys.exit(f"{path} is there already and is not replaced: remove it if you want new secrets.")
    chosen = {account: secrets.token_urlsafe(24) for account in ACCOUNTS}
    lines = [
        "# Made by deploy/make_secrets.py; keep it to yourself. Further settings: .env.example.",
        f"ROBODENSITY_SIMULATED={str(simulated).lower()}",
        *(["ROBODENSITY_QUOTAS=shanghai-2027-demo-quotas"] if simulated else []),
        f"ROBODENSITY_ADMIN_KEY={secrets.token_urlsafe(32)}",
        f"INFLUX_ADMIN_TOKEN={secrets.token_urlsafe(48)}",
        f"INFLUX_ADMIN_PASSWORD={secrets.token_urlsafe(24)}",
        f"GRAFANA_ADMIN_PASSWORD={secrets.token_urlsafe(24)}",
        *(f"MQTT_{account.upper()}_PASSWORD={password}" for account, password in chosen.items()),
    ]
    write_private(environment, "\n".join(lines) + "\n")
    # The broker's user is another than ours; what it reads is hashed.
    write_private(passwords, "".join(f"{name}:{hashed(word)}\n" for name, word in chosen.items()), 0o644)
    write_rights(folder, list(chosen))
    print(f"Made {environment} and {passwords}. Next: docker compose up -d", file=sys.stderr)  # noqa: T201


def add_account(folder: Path, factory: str, gateway: str | None) -> None:
    """Give a factory an account at the broker, or a new password for it."""
    passwords = folder / "deploy" / "passwords"
    if not passwords.exists():
        sys.exit(f"{passwords} is missing: run deploy/make_secrets.py without --factory first.")
    if not FACTORY.fullmatch(factory) or (gateway is not None and not GATEWAY.fullmatch(gateway)):
        sys.exit(f"{factory} {gateway or ''} is no name: letters, digits, _ and -, 64 for a factory, 32 for a gateway.")
    if factory in ACCOUNTS:
        sys.exit(f"{factory} is an account of the platform itself: give the factory another id.")
    account = f"{factory}.{gateway}" if gateway else factory
    password = secrets.token_urlsafe(24)
    others = [line for line in passwords.read_text().splitlines() if not line.startswith(f"{account}:")]
    lines = [*others, f"{account}:{hashed(password)}"]
    write_rights(folder, [line.partition(":")[0] for line in lines])
    write_private(passwords, "\n".join(lines) + "\n", 0o644)
    print(password)  # noqa: T201
    print("Next: docker compose kill -s HUP mosquitto", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulated", action="store_true", help="for the simulator profile")
    parser.add_argument("--factory", help="add an account for this factory")
    parser.add_argument("--gateway", help="of that factory: an account beside its first")
    parser.add_argument("--folder", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.gateway and not options.factory:
        sys.exit("--gateway names an account of a factory: say --factory too.")
    if options.factory:
        add_account(options.folder, options.factory, options.gateway)
    else:
        first_run(options.folder, simulated=options.simulated)


if __name__ == "__main__":
    main()
