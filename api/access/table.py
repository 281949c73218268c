"""Which role may call which route; a route that is not in it is refused to everybody.

A role only opens the door: what an `area` or a `factory` sees behind it is theirs alone (`api.access.reach`), and what
the public may know of a figure is the matter of `api.disclosure`.
"""

from collections.abc import Mapping

from api.access.caller import ROLES, Role

Roles = frozenset[Role]

EVERYBODY: Roles = frozenset(ROLES)
NAMED: Roles = EVERYBODY - {"anonymous"}
CONCERNED: Roles = frozenset({"factory", "area", "admin"})
OFFICIALS: Roles = frozenset({"area", "admin"})
SUBMITTERS: Roles = frozenset({"factory", "admin"})
ADMIN: Roles = frozenset({"admin"})

ROUTES: Mapping[tuple[str, str], Roles] = {
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/asyncapi.json"): EVERYBODY,
    # figures
    ("GET", "/v1/figures"): EVERYBODY,
    ("GET", "/v1/figures/latest"): EVERYBODY,
    ("GET", "/v1/figures/explain"): CONCERNED,
    ("GET", "/v1/events"): EVERYBODY,
    ("GET", "/v1/restatements"): CONCERNED,
    ("GET", "/v1/sensitivity"): EVERYBODY,
    ("GET", "/v1/sdmx/data"): EVERYBODY,
    ("GET", "/v1/sdmx/structure"): EVERYBODY,
    ("GET", "/v1/export/figures.{format_}"): NAMED,
    ("GET", "/v1/export/parks.{format_}"): NAMED,
    ("GET", "/v1/export/reports.{format_}"): ADMIN,
    # the plan
    ("GET", "/v1/targets"): EVERYBODY,
    ("GET", "/v1/parks"): EVERYBODY,
    ("GET", "/v1/parks/{park}"): EVERYBODY,
    ("GET", "/v1/plans"): EVERYBODY,
    ("POST", "/v1/plans"): ADMIN,
    ("GET", "/v1/statistics"): EVERYBODY,
    ("POST", "/v1/statistics"): ADMIN,
    ("GET", "/v1/alerts"): OFFICIALS,
    ("POST", "/v1/alerts/{alert}/ack"): OFFICIALS,
    ("POST", "/v1/alerts/{alert}/mute"): OFFICIALS,
    ("POST", "/v1/alerts/{alert}/explain"): OFFICIALS,
    # the register
    ("GET", "/v1/factories"): CONCERNED,
    ("POST", "/v1/factories"): ADMIN,
    ("GET", "/v1/factories/{factory}"): CONCERNED,
    ("GET", "/v1/factories/{factory}/robots"): CONCERNED,
    ("POST", "/v1/designations"): ADMIN,
    ("POST", "/v1/robots/same"): ADMIN,
    ("POST", "/v1/robots/distinct"): ADMIN,
    ("POST", "/v1/robots/review"): ADMIN,
    # what arrived
    ("POST", "/v1/check/{kind}"): EVERYBODY,
    ("GET", "/v1/accounting"): EVERYBODY,
    ("GET", "/v1/accounting/days"): CONCERNED,
    ("GET", "/v1/accounting/silence"): OFFICIALS,
    ("GET", "/v1/accounting/areas"): OFFICIALS,
    ("GET", "/v1/refused"): CONCERNED,
    ("POST", "/v1/refused/replay"): ADMIN,
    ("GET", "/v1/refused/replays"): ADMIN,
    ("GET", "/v1/refused/replays/{replay}"): ADMIN,
    ("GET", "/v1/export/refused.csv"): ADMIN,
    ("GET", "/v1/export/refused.jsonl"): ADMIN,
    # uploads: a factory's own reports; papers are the administrator's
    ("GET", "/v1/uploads/templates/{kind}.{format_}"): EVERYBODY,
    ("POST", "/v1/uploads/{kind}"): SUBMITTERS,
    ("GET", "/upload"): EVERYBODY,  # says who may upload
    ("POST", "/upload"): SUBMITTERS,
    ("GET", "/v1/uploads/{upload}/marked.xlsx"): SUBMITTERS,
    ("POST", "/v1/uploads/{upload}/confirm"): SUBMITTERS,
    # keys
    ("GET", "/v1/keys"): ADMIN,
    ("POST", "/v1/keys"): ADMIN,
    ("DELETE", "/v1/keys/{key}"): ADMIN,
    # the board
    ("GET", "/"): EVERYBODY,
    ("GET", "/quality"): EVERYBODY,
    ("GET", "/about"): EVERYBODY,
    ("GET", "/district/{area}"): EVERYBODY,
    ("GET", "/zone/{area}"): EVERYBODY,
    ("GET", "/park/{area}"): EVERYBODY,
    ("GET", "/factory/{area}"): EVERYBODY,  # answers 403 with a page that says who may see it
    ("GET", "/board/part"): EVERYBODY,
    ("GET", "/sign-in"): EVERYBODY,
    ("POST", "/sign-in"): EVERYBODY,
    ("POST", "/sign-out"): EVERYBODY,
}
