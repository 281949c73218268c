#!/usr/bin/env python3
"""Makes the secrets of docker-compose.yml on the first run: `.env` and the broker's accounts. Needs Python alone.

deploy/secrets.py                      what the platform needs
deploy/secrets.py --simulated          the same, for a store that is born simulated
deploy/secrets.py --factory F00042     one more account at the broker; its password is printed once
"""

import argparse
import base64
import hashlib
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCOUNTS = ("ingest", "simulator", "health")
ITERATIONS = 101  # mosquitto's own number


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


def first_run(folder: Path, *, simulated: bool) -> None:
    """Make `.env` and `deploy/passwords`; refuses to replace either."""
    environment, passwords = folder / ".env", folder / "deploy" / "passwords"
    for path in (environment, passwords):
        if path.exists():
            sys.exit(f"{path} is there already and is not replaced: remove it if you want new secrets.")
    chosen = {account: secrets.token_urlsafe(24) for account in ACCOUNTS}
    lines = [
        "# Made by deploy/secrets.py; keep it to yourself. Further settings: .env.example.",
        f"ROBODENSITY_SIMULATED={str(simulated).lower()}",
        *(["ROBODENSITY_QUOTAS=shanghai-2027-demo-quotas"] if simulated else []),
        f"ROBODENSITY_ADMIN_KEY={secrets.token_urlsafe(32)}",
        f"ROBODENSITY_INFLUX_TOKEN={secrets.token_urlsafe(48)}",
        f"INFLUX_ADMIN_PASSWORD={secrets.token_urlsafe(24)}",
        f"GRAFANA_ADMIN_PASSWORD={secrets.token_urlsafe(24)}",
        *(f"MQTT_{account.upper()}_PASSWORD={password}" for account, password in chosen.items()),
    ]
    write_private(environment, "\n".join(lines) + "\n")
    # The broker's user is another than ours; what it reads is hashed.
    write_private(passwords, "".join(f"{name}:{hashed(word)}\n" for name, word in chosen.items()), 0o644)
    print(f"Made {environment} and {passwords}. Next: docker compose up -d", file=sys.stderr)  # noqa: T201


def add_factory(folder: Path, factory: str) -> None:
    """Give a factory an account at the broker, or a new password for it."""
    passwords = folder / "deploy" / "passwords"
    if not passwords.exists():
        sys.exit(f"{passwords} is missing: run deploy/secrets.py without --factory first.")
    password = secrets.token_urlsafe(24)
    others = [line for line in passwords.read_text().splitlines() if not line.startswith(f"{factory}:")]
    write_private(passwords, "\n".join([*others, f"{factory}:{hashed(password)}"]) + "\n", 0o644)
    print(password)  # noqa: T201
    print("Next: docker compose kill -s HUP mosquitto", file=sys.stderr)  # noqa: T201


def main() -> None:
    """Read the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--simulated", action="store_true", help="for the simulator profile")
    parser.add_argument("--factory", help="add an account for this factory")
    parser.add_argument("--folder", type=Path, default=ROOT, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.factory:
        add_factory(options.folder, options.factory)
    else:
        first_run(options.folder, simulated=options.simulated)


if __name__ == "__main__":
    main()
