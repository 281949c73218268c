"""`robodensity boards push`: settings and reference data in, organisations of a running Grafana out."""

from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from dashboards.push.changes import ACTIONS
from dashboards.push.errors import PushInterrupted, PushRefused
from robodensity.assembly import Law
from robodensity.boards_wanted import credentials, organisations
from robodensity.errors import Refusal
from robodensity.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dashboards.push.push import Plan

WITHOUT = (
    "grafana-client is not installed here, as it brings another urllib3 than the services need: "
    "push with `make push`, which has an environment of its own."
)


def push(settings: Settings, law: Law, console: Console, *, dry_run: bool, force: bool) -> None:
    """Read everything, check everything, then write what differs; says each change.

    Raises:
        Refusal: settings, credentials or that Grafana forbid it; or it broke off, and what was written stands.
    """
    try:
        from dashboards.push.connection import Access, Connection  # noqa: PLC0415 - an extra
        from dashboards.push.push import push as push_to  # noqa: PLC0415
    except ImportError as error:
        raise Refusal(WITHOUT) from error
    access = Access(settings.grafana_url, *credentials(settings))
    wanted = list(organisations(settings, law, alone=not access.may_make_organisations))
    with _progress(console) as progress, closing(Connection(access)) as connection:
        task = progress.add_task(settings.grafana_url, total=None)

        def tell(organisation: str, done: int, total: int) -> None:
            progress.update(task, completed=done, total=total, description=organisation)

        try:
            plans = push_to(connection, wanted, dry_run=dry_run, force=force, tell=tell)
        except (PushRefused, PushInterrupted) as error:
            raise Refusal(str(error)) from error
    _report(plans, console, "Would be pushed to" if dry_run else "Pushed to", settings.grafana_url)
    if not access.may_make_organisations:
        console.print("The districts' organisations were left alone: no token may make them.", highlight=False)


def _progress(console: Console) -> Progress:
    columns = (BarColumn(), MofNCompleteColumn(), TextColumn("{task.description}", markup=False))
    return Progress(*columns, console=console, transient=True)


def _report(plans: "Sequence[Plan]", console: Console, head: str, url: str) -> None:
    """Every change on a line, and the sum; what is unchanged is only counted."""
    every = [(plan.organisation.name, change) for plan in plans for change in plan.changes]
    for organisation, change in every:
        if change.action != "unchanged":
            line = f"{organisation}: {change.kind} {change.key} {change.action}"
            console.print(line, markup=False, highlight=False)
    counts = Counter(change.action for _, change in every)
    told = ", ".join(f"{counts[action]} {action}" for action in ACTIONS if counts[action])
    console.print(f"{head} {url}: {told}.", markup=False, highlight=False)
