"""Plans and their quotas from seeds/plans/; the form and its checks are those of POST /v1/plans."""

from pathlib import Path

from density.plan import Plan, Quotas, Target
from density.plan_check import PlanFault, checked_plan, checked_quotas
from density.plan_form import PlanForm, QuotasForm
from density.register import Reference
from robodensity.seed_files import SeedError, read_seed
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
    try:
        loaded = checked_plan(form, reference)
    except PlanFault as fault:
        raise _refused(path, fault) from None
    if quotas is None:
        return loaded
    assigned = _quotas(seeds / "plans" / f"{quotas}.yaml", loaded.targets, loaded.id, reference)
    return Plan(loaded.id, loaded.name, loaded.source, loaded.targets, assigned)


def _quotas(path: Path, targets: tuple[Target, ...], plan: str, reference: Reference) -> Quotas:
    file = read_seed(path, QuotasFile)
    try:
        if file.plan != plan:
            raise PlanFault(("plan",), f"assigns quotas of the plan {file.plan}, not of {plan}; name another")
        return checked_quotas(file, targets, plan, reference)
    except PlanFault as fault:
        raise _refused(path, fault) from None


def _refused(path: Path, fault: PlanFault) -> SeedError:
    return SeedError(f"The seed file {path} {fault.sentence}.")
