"""A posted factory against the register: new, the same again, or a contradiction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.bodies import FactoryBody
from api.registration import Registration
from api.registry import Registry, with_spell
from density.days import to_day

CREATED, UNCHANGED, CONTRADICTS = 201, 200, 409


@dataclass(frozen=True)
class Verdict:
    """What came of one item: 201 stored, 200 nothing new, 409 with the reason."""

    status: int
    registration: Registration
    reason: str = ""


def completed(item: object, registry: Registry) -> object:
    """An edit or a closing of a known factory, with what it leaves out taken from what is in force."""
    if not isinstance(item, Mapping) or not isinstance(item.get("factory"), str):
        return item
    begins = item.get("from") or item.get("closed")
    if not isinstance(begins, str) or item["factory"] not in registry:
        return item
    try:
        day = to_day(date.fromisoformat(begins))
    except ValueError:
        return item
    standing_row = registry.in_force(item["factory"], day)
    if standing_row is None:
        return item
    kept = standing_row.to_json()
    del kept["from"]
    if standing_row.closed_day is not None and standing_row.closed_day <= day:
        del kept["closed"]  # an edit after the end opens the factory again
    return {**kept, **item}


def judge(bodies: Sequence[FactoryBody], registry: Registry) -> list[Verdict]:
    """What comes of each item, each seeing those before it."""
    begun: dict[str, tuple[Registration, ...]] = {}
    verdicts = []
    for body in bodies:
        spells = begun.get(body.factory, registry.spells(body.factory))
        verdict = _verdict(_registration(body), spells)
        if verdict.status == CREATED:
            begun[body.factory] = with_spell(spells, verdict.registration)
        verdicts.append(verdict)
    return verdicts


def _verdict(row: Registration, spells: tuple[Registration, ...]) -> Verdict:
    if not spells:
        return Verdict(CREATED, row)
    if row.from_day is None:
        first = spells[0]
        if row.starting(first.from_day) == first:
            return Verdict(UNCHANGED, first)
        if row.closed_day is None:
            return Verdict(CONTRADICTS, first, _contradiction(row, first))
        row = row.starting(row.closed_day)
    same_day = next((each for each in spells if each.from_day == row.from_day), None)
    if same_day == row:
        return Verdict(UNCHANGED, row)
    if same_day is not None:
        return Verdict(CONTRADICTS, same_day, _contradiction(row, same_day))
    return Verdict(CREATED, row)


def _contradiction(row: Registration, stored: Registration) -> str:
    ours, theirs = stored.to_json(), row.to_json()
    names = ", ".join(name for name in {**ours, **theirs} if name != "from" and ours.get(name) != theirs.get(name))
    return f'{row.factory} is registered with another {names}; a change carries "from", the day it holds from.'


def _registration(body: FactoryBody) -> Registration:
    return Registration(
        factory=body.factory,
        from_day=None if body.from_ is None else to_day(body.from_),
        name_zh=body.name.zh,
        name_en=body.name.en,
        credit_code=body.credit_code,
        district=body.district,
        park=body.park,
        industry=body.industry,
        above_scale=body.above_scale,
        edge_nodes=tuple(body.edge_nodes),
        metric_paths=body.metric_paths,
        closed_day=None if body.closed is None else to_day(body.closed),
    )
