"""Plans and their quotas from seeds/plans/; the form and its checks are those of POST /v1/plans."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from density.plan import Plan, Quotas
from density.plan_check import PlanFaultError, checked_plan, checked_quotas
from density.plan_form import PlanForm, QuotasForm
from density.register import Reference
from robodensity.seed_files import SeedError, read_seed
from robodensity.seed_lines import located
from robodensity.seeds import SEEDS

DEFAULT_PLAN = "shanghai-2027"
DEMO_QUOTAS = "shanghai-2027-demo-quotas"


class QuotasFile(QuotasForm):
    """Quotas in a file of their own, with the plan that they belong to."""

    plan: str


def load_plan(
    reference: Reference, *, seeds: Path = SEEDS, plan: str = DEFAULT_PLAN, quotas: str | None = None
) -> Plan:
    """A plan, with the quotas of a second file where one is named.

    Args:
        reference: what its figures and scopes are checked against.
        seeds: the folder.
        plan: the name of a file in plans/, without `.yaml`.
        quotas: the name of a file of quotas in plans/; the demo's is `DEMO_QUOTAS`.

    Raises:
        SeedError: a file is missing or wrong; names the file, the line and the item.
    """
    path = seeds / "plans" / f"{plan}.yaml"
    form = read_seed(path, PlanForm)
    with _lines_of(path):
        loaded = checked_plan(form, reference)
    if quotas is None:
        return loaded
    return replace(loaded, quotas=_quotas(seeds / "plans" / f"{quotas}.yaml", loaded, reference))


def _quotas(path: Path, plan: Plan, reference: Reference) -> Quotas:
    file = read_seed(path, QuotasFile)
    with _lines_of(path):
        _demand_plan(file.plan, plan.id)
        return checked_quotas(file, plan.targets, plan.id, reference)


def _demand_plan(named: str, plan: str) -> None:
    if named != plan:
        raise PlanFaultError(("plan",), f"assigns quotas of the plan {named}, not of {plan}; name another")


@contextmanager
def _lines_of(path: Path) -> Iterator[None]:
    """Tell a fault of a form with the line of the file that it was read from."""
    try:
        yield
    except PlanFaultError as fault:
        raise SeedError(f"The seed file {located(path, *fault.path)} {fault.sentence}.") from None
