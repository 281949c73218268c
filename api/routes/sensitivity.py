"""GET /v1/sensitivity: every headline under all defensible definitions at once."""

from fastapi import APIRouter

from api.answer import Answer
from api.answers.form import answered
from api.answers.sensitivity import Sensitivity
from api.paging import KnownParameters
from api.sensitivity import table_json
from api.service import ServiceDep

# Untagged: the table may be a minute older than the figures, so their version does not name it.
router = APIRouter(prefix="/v1/sensitivity", tags=["figures"], dependencies=[KnownParameters])


@router.get("", responses=answered(Sensitivity))
def get_sensitivity(service: ServiceDep) -> Answer:
    """口径敏感性表: 32 combinations of five choices for each headline of the city, and the choice that matters most.

    `effects` are the mean absolute differences that flipping a choice makes, in the headline's unit.
    """
    told = service.sensitivity.told(service.shelf.folded())
    return Answer({"scope": "city", "simulated": service.options.simulated, **table_json(told, service.reference)})
