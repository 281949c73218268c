"""Pushing organisations to a running Grafana: everything is read, compared and checked before the first write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboards.provisioning.organisation import Organisation
from dashboards.push.changes import Change, changes
from dashboards.push.connection import Connection, said
from dashboards.push.errors import PushInterrupted, PushRefused
from dashboards.push.present import Present
from dashboards.push.reading import read
from dashboards.push.writing import write


@dataclass(frozen=True)
class Plan:
    """What is done to one organisation; `number` is None where it has to be made, or where it is the token's own."""

    organisation: Organisation
    number: int | None
    made: bool
    changes: tuple[Change, ...]


Tell = Callable[[str, int, int], None]


def push(
    connection: Connection, wanted: Sequence[Organisation], *, dry_run: bool, force: bool, tell: Tell
) -> list[Plan]:
    """Make Grafana hold what is wanted.

    Args:
        connection: to that Grafana.
        wanted: organisations.
        dry_run: whether nothing is written.
        force: whether what was changed by hand is replaced.
        tell: called after each change with the organisation, how many are done and of how many.

    Returns:
        What was done, or would be.

    Raises:
        PushRefused: something stands in the way, and nothing was written.
        PushInterrupted: a write failed after others; the next push goes on from there.
    """
    connection.check()
    plans = _plans(connection, wanted)
    _demand_free(plans, force=force)
    if not dry_run:
        _carry_out(connection, plans, tell)
    return plans


def _plans(connection: Connection, wanted: Sequence[Organisation]) -> list[Plan]:
    known: dict[str, int] = {}
    if connection.access.may_make_organisations:
        with said(connection.access, "its organisations"):
            rows = connection.organisation(None).organizations.list_organization()
        known = {row["name"]: row["id"] for row in rows}
    return [_plan(connection, each, known) for each in wanted]


def _plan(connection: Connection, wanted: Organisation, known: dict[str, int]) -> Plan:
    own = not connection.access.may_make_organisations
    number = None if own else wanted.number or known.get(wanted.name)
    if number is None and not own:
        return Plan(wanted, None, True, tuple(changes(wanted, Present())))
    with said(connection.access, f"the organisation {wanted.name}"):
        present = read(connection.organisation(number), wanted)
    return Plan(wanted, number, False, tuple(changes(wanted, present)))


def _demand_free(plans: Sequence[Plan], *, force: bool) -> None:
    """See that nothing stands in the way of any write."""
    every = [(each.organisation.name, change) for each in plans for change in each.changes]
    barred = [f"The {each.kind} {each.key} of {name} {each.barred}." for name, each in every if each.barred]
    if barred:
        raise PushRefused("\n".join([*barred, "Nothing was changed."]))
    by_hand = [f"The {each.kind} {each.key} of {name} {each.hand}." for name, each in every if each.hand]
    if by_hand and not force:
        next_step = "Nothing was changed. Keep what is good of it under another uid, then push with --force."
        raise PushRefused("\n".join([*by_hand, next_step]))


def _carry_out(connection: Connection, plans: Sequence[Plan], tell: Tell) -> None:
    total, done = sum(len(each.changes) for each in plans), 0
    written = 0
    try:
        for each in plans:
            number = _make(connection, each) if each.made else each.number
            written += each.made
            for change in each.changes:
                _write(connection, number, each, change)
                written += change.action != "unchanged"
                done += 1
                tell(each.organisation.name, done, total)
    except PushRefused as error:
        if not written:
            raise
        raise PushInterrupted(
            f"{error} {done} of {total} things are as they should be and stay so: push again, it does what is left."
        ) from error


def _make(connection: Connection, plan: Plan) -> int:
    name = plan.organisation.name
    with said(connection.access, f"the organisation {name}"):
        return int(connection.organisation(None).organization.create_organization(name)["orgId"])


def _write(connection: Connection, number: int | None, plan: Plan, change: Change) -> None:
    with said(connection.access, f"the {change.kind} {change.key} of {plan.organisation.name}"):
        write(connection.organisation(number), change)
