"""Where boards and alert rules lie: one folder for each language, one for the rules."""

from collections.abc import Mapping

from dashboards.provisioning.organisation import Json
from dashboards.uids import LANGUAGES, alert_folder_uid, folder_uid
from density.register import Term


def folders(terms: Mapping[str, Term]) -> tuple[Json, ...]:
    """One folder for the boards of each language, Chinese first."""
    return tuple({"uid": folder_uid(each), "title": getattr(terms["boards"].name, each)} for each in LANGUAGES)


def alert_folder(terms: Mapping[str, Term]) -> Json:
    """The folder of the alert rules, which speak both languages."""
    name = terms["alert_rules"].name
    return {"uid": alert_folder_uid(), "title": f"{name.zh} · {name.en}"}
