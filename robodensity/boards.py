"""`robodensity boards build` and `check`: the JSON of boards and alert rules, made from code and checked in."""

import sys
from collections.abc import Mapping
from pathlib import Path

from robodensity.errors import Refusal

_WELL = "Every board and alert rule is as the code makes it.\n"


def build() -> None:
    """Write what differs; says which files changed.

    Raises:
        Refusal: what makes boards is not installed here.
    """
    wanted = _wanted()
    from dashboards.build import write  # noqa: PLC0415

    sys.stdout.write("".join(f"{each}: written.\n" for each in write(wanted)) or _WELL)


def check() -> None:
    """Compare only.

    Raises:
        Refusal: a file is stale, missing or left over; or what makes boards is not installed here.
    """
    wanted = _wanted()
    from dashboards.build import stale  # noqa: PLC0415

    if found := stale(wanted):
        raise Refusal(f"{'; '.join(found)}: run `robodensity boards build` and commit what it writes.")
    sys.stdout.write(_WELL)


def _wanted() -> Mapping[Path, str]:
    """Every file's text, of the default plan."""
    try:
        from dashboards.build import boards  # noqa: PLC0415
        from dashboards.provisioning.build import provisioned  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refusal(
            f"Boards are made where the project is developed, and {error.name} is not installed here: "
            "run `make check` once, or use the JSON in dashboards/ as it is."
        ) from error
    from robodensity.plans import load_plan  # noqa: PLC0415
    from robodensity.seeds import load_reference  # noqa: PLC0415

    reference = load_reference()
    plan = load_plan(reference)
    return {**boards(reference, plan), **provisioned(reference, {each.id: each.name for each in plan.targets})}
