"""Filters of lists: a name that there is none of is refused as figures refuse it, and never finds nothing."""

from collections.abc import Collection
from difflib import get_close_matches

from api.errors import ApiError
from api.scopes import find_scope
from api.service import Service


def check_figure(name: str, known: Collection[str]) -> None:
    """Refuse a figure that there is none of.

    Raises:
        ApiError: 404 `unknown_figure`.
    """
    if name not in known:
        near = get_close_matches(name, sorted(known), n=1)
        hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(known))}."
        raise ApiError(404, "unknown_figure", f"There is no figure {name!r}; {hint}", path="figure")


def check_area(kind: str, name: str | None, service: Service) -> None:
    """Refuse a district or park that there is none of; no name is any.

    Raises:
        ApiError: 404 `unknown_scope`, at the parameter that is called like the kind.
    """
    if name is not None:
        find_scope(f"{kind}:{name}", service.reference, service.ledger.registry(), path=kind)
