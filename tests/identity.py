"""An identity provider's keys and the tokens that it signs, and those that others forge."""

import base64
import hashlib
import hmac
import json
import time
from functools import cached_property
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.access.oidc import Oidc

ISSUER, AUDIENCE = "https://identity.example", "robodensity"


class Provider:
    """Signs tokens, and publishes its keys as a file.

    Args:
        path: of the file.
    """

    def __init__(self, path: Path) -> None:
        self.path, self.keys = path, {"k1": new_key()}
        self.publish()

    def publish(self) -> None:
        """Write the public keys of now."""
        self.path.write_text(json.dumps(self.document()))

    def document(self) -> dict[str, Any]:
        """The JWK set."""
        to_jwk = jwt.algorithms.RSAAlgorithm.to_jwk
        return {
            "keys": [
                {**json.loads(to_jwk(key.public_key())), "kid": kid, "use": "sig", "alg": "RS256"}
                for kid, key in self.keys.items()
            ]
        }

    @cached_property
    def stranger(self) -> rsa.RSAPrivateKey:
        """A key that is not its own; to find one takes a tenth of a second."""
        return new_key()

    def options(self, **changes: Any) -> Oidc:
        """How the platform is told of it."""
        roles = {f"rd-{role}": role for role in ("viewer", "factory", "area", "admin")}
        return Oidc(ISSUER, AUDIENCE, **{"jwks": str(self.path), "roles": roles, **changes})

    def claims(self, **changes: Any) -> dict[str, Any]:
        """Those of a good token; a claim that is changed to none is left out."""
        now = int(time.time())
        told = {"iss": ISSUER, "aud": AUDIENCE, "sub": "u-1", "iat": now, "exp": now + 600, "roles": ["rd-viewer"]}
        return {name: value for name, value in {**told, **changes}.items() if value is not None}

    def token(self, *, kid: str = "k1", **changes: Any) -> str:
        """A token that it signs."""
        return jwt.encode(self.claims(**changes), self.keys[kid], algorithm="RS256", headers={"kid": kid})

    def forged(self) -> dict[str, str]:
        """Tokens that nobody may be let in by, by what is wrong with them."""
        claims, now = self.claims(roles=["rd-admin"]), int(time.time())
        head, body, signature = self.token(roles=["rd-admin"]).split(".")
        other = self.token(roles=["rd-viewer"]).split(".")[1]
        public = self.keys["k1"].public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return {
            "expired": self.token(exp=now - 120),
            "not yet": self.token(nbf=now + 600),
            "never ends": self.token(exp=None),
            "other issuer": self.token(iss="https://other.example"),
            "other audience": self.token(aud="somebody-else"),
            "no audience": self.token(aud=None),
            "no subject": self.token(sub=None),
            "signed by another": jwt.encode(claims, self.stranger, algorithm="RS256", headers={"kid": "k1"}),
            "unknown key": jwt.encode(claims, self.stranger, algorithm="RS256", headers={"kid": "k9"}),
            "unsigned": jwt.encode(claims, None, algorithm="none", headers={"kid": "k1"}),  # type: ignore[arg-type]
            "public key as the secret": hs256(claims, public),
            "another algorithm": jwt.encode(claims, self.keys["k1"], algorithm="RS512", headers={"kid": "k1"}),
            "body exchanged": f"{head}.{other}.{signature}",
            "signature cut": f"{head}.{body}.{signature[:-8]}",
            "signature missing": f"{head}.{body}.",
            "no token": "a.b.c",
        }


def new_key() -> rsa.RSAPrivateKey:
    """A private key."""
    return rsa.generate_private_key(65537, 2048)


def hs256(claims: dict[str, Any], secret: bytes) -> str:
    """A token signed with a secret; the library itself refuses to sign with a public key."""

    def part(value: bytes) -> str:
        return base64.urlsafe_b64encode(value).rstrip(b"=").decode()

    head = part(json.dumps({"alg": "HS256", "kid": "k1", "typ": "JWT"}).encode())
    signed = f"{head}.{part(json.dumps(claims).encode())}"
    return f"{signed}.{part(hmac.new(secret, signed.encode(), hashlib.sha256).digest())}"
