"""What tokens may be signed with: a private key alone.

With HS256 the identity provider's public key would do as the secret.
"""

from typing import Literal, get_args

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
ALGORITHMS: tuple[Algorithm, ...] = get_args(Algorithm)
