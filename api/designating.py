"""A posted designation against the register: as the ledger keeps it, and whether it is news."""

from collections.abc import Sequence

from api.bodies import DesignationBody
from api.registry import Designation, Registry
from density.days import to_day


def designation_of(body: DesignationBody) -> Designation:
    """A designation as the ledger keeps it."""
    return Designation(
        kind=body.kind,
        scheme=body.scheme,
        grade=body.grade,
        subject_factory=body.subject.factory,
        subject_name=body.subject.name,
        subject_district=body.subject.district,
        record=body.record,
        from_day=to_day(body.from_),
        to_day=None if body.to is None else to_day(body.to),
    )


def is_unregistered(row: Designation, registry: Registry) -> bool:
    """Whether the subject is a factory that the register does not know."""
    return row.subject_factory is not None and row.subject_factory not in registry


def unregistered(factory: str | None) -> str:
    """The sentence about a subject that the register does not know."""
    return f"No factory {factory!r} is registered; register it first. Nothing was stored."


def fresh(rows: Sequence[Designation], registry: Registry) -> list[bool]:
    """Which rows change what stands, each seeing those before it."""
    standing: dict[tuple[object, ...], Designation] = {}
    news = []
    for row in rows:
        news.append(standing.get(row.slot, registry.designations.get(row.slot)) != row)
        standing[row.slot] = row
    return news
