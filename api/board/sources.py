"""Where the pages read from."""

from dataclasses import dataclass

from api.accounts import Accounts
from api.disclosure.decisions import Decisions
from api.evidence import Evidence
from api.figures import Shelf
from api.ledger import Ledger
from api.options import ApiOptions
from api.plans import Plans
from api.sensitivity import SensitivityTable
from density.definition import Definition
from density.register import Reference
from store.base import Store


@dataclass(frozen=True)
class Sources:
    """Everything that a page may be made of; every read raises StoreUnavailable when the store does not answer."""

    store: Store
    shelf: Shelf
    decisions: Decisions
    accounts: Accounts
    ledger: Ledger
    plans: Plans
    evidence: Evidence
    sensitivity: SensitivityTable
    reference: Reference
    definition: Definition
    options: ApiOptions
