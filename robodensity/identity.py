"""The identity provider that the settings name."""

from api.access.oidc import Oidc
from robodensity.errors import Refusal
from robodensity.settings import Settings


def oidc_of(settings: Settings) -> Oidc | None:
    """How tokens are judged; none where no provider is named.

    Raises:
        Refusal: one is named without its keys, or without any role: then nobody could come in.
    """
    if settings.oidc_issuer is None:
        return None
    if settings.oidc_jwks is None or not settings.oidc_roles:
        raise Refusal("ROBODENSITY_OIDC_ISSUER needs ROBODENSITY_OIDC_JWKS and _OIDC_ROLES; see .env.example.")
    return Oidc(
        issuer=settings.oidc_issuer,
        audience=settings.oidc_audience,
        jwks=settings.oidc_jwks,
        algorithm=settings.oidc_algorithm,
        role_claim=settings.oidc_role_claim,
        roles=settings.oidc_roles,
        areas_claim=settings.oidc_areas_claim,
        factories_claim=settings.oidc_factories_claim,
    )
