"""Tables that several boards have: parks by lead, divisions, factories."""

from collections.abc import Mapping

from grafana_foundation_sdk.models.dashboard import DashboardRegexMapOptions, RegexMap, ValueMap, ValueMappingResult

from dashboards.columns import Column, column, names, status, tag, text
from dashboards.influxql import Regex, Value, newest
from dashboards.kit import Kit
from dashboards.panels import rows
from dashboards.sheet import Sheet
from store.schema import CROSSING, FACTORY_CARD, FACTORY_FIGURE, FIGURE, PLAN_STATUS, RANKING, Measurement

HEADLINE = "gross_new"


def parks_behind(kit: Kit, sheet: Sheet, path: str, *, district: str | None = None) -> None:
    """Parks by lead, the lowest first: only those with enough persons and firms to be ranked.

    Args:
        kit: what boards are made with.
        sheet: of the board.
        path: of the twin page.
        district: only parks that are run from this one.
    """
    speech = kit.speech
    target = next(each for each in kit.plan.targets if each.figure == HEADLINE)
    unit, standing = speech.named(target.unit), {"kind": "park", "target": target.id}
    area = speech.word("area_id")
    link = kit.board_link("park", park=cell(area))
    park = tag("scope", speech.word("park"), [names({f"park:{each}": name for each, name in kit.parks().items()})],
               [(speech.word("board_park"), link)])  # fmt: skip
    lead, gap, actual, goal, pace = (
        column(speech, PLAN_STATUS, field, unit=unit if field in {"gap", "actual", "goal"} else None)
        for field in ("lead", "gap", "actual", "goal", "progress")
    )
    state, persons = status(speech), column(speech, RANKING, "persons")
    response = column(speech, FIGURE, "response_headcount_persons")
    holding: dict[str, Value | Regex] = {"ranked": True}
    if district:
        holding["district"] = district
    shown = [park, state, lead, gap, pace, actual, goal, persons, response]
    sheet.put(
        rows(
            kit.frame(
                speech.word("parks_behind"), "lead", "gap", "progress", "status", "response_headcount_persons",
                path=path, also=speech.word("rank_note"), nothing="no_ranked",
            ),
            [
                newest(PLAN_STATUS, _titled(state, lead, gap, pace, actual, goal), standing, by=("scope",)),
                newest(RANKING, {"persons": persons.title, "area": area}, {"kind": "park"},
                       by=("scope",), holding=holding),
                newest(FIGURE, _titled(response), {"kind": "park", "series": "total"}, by=("scope",)),
            ],
            shown,
            key="scope",
            sort=(lead.title, False),
            hidden=(area,),
        ),
        24, 11,
    )  # fmt: skip


def key_industries(kit: Kit, sheet: Sheet, path: str, *, within: str | None = None) -> None:
    """Divisions with key factories, by density.

    Args:
        kit: what boards are made with.
        sheet: of the board.
        path: of the twin page.
        within: a district's or park's scope instead of the city.
    """
    speech, kind = kit.speech, CROSSING if within else FIGURE
    pattern = f"^{within}\\/industry:[0-9][0-9]$" if within else "^industry:[0-9][0-9]$"
    spoken = [
        RegexMap(DashboardRegexMapOptions(f"/^(.*\\/)?{scope}$/", ValueMappingResult(name, index=place)))
        for place, (scope, name) in enumerate(kit.industries().items())
    ]
    division = tag("scope", speech.word("division"), spoken)
    fields = ("density_12m", "stock", "gross_new", "persons", "factories", "response_headcount_factories")
    shown = [column(speech, kind, field) for field in fields]
    sheet.put(
        rows(
            kit.frame(speech.word("key_industries"), "key", *fields, path=path),
            [newest(kind, _titled(*shown), {"scope": Regex(pattern), "series": "key"}, by=("scope",))],
            [division, *shown],
            sort=(shown[0].title, True),
        ),
        24, 10,
    )  # fmt: skip


def factories(
    kit: Kit, sheet: Sheet, path: str, *, holding: Mapping[str, Value | Regex] | None = None, note: str = ""
) -> None:
    """The open factories of the chosen district, by stock.

    Args:
        kit: what boards are made with.
        sheet: of the board.
        path: of the twin page.
        holding: what their cards must say, such as a park.
        note: what else is to be known of the list.
    """
    speech, database = kit.speech, "figures_${district:raw}"
    link = kit.board_link("factory", district="${district:raw}", factory=cell("factory"))
    factory = tag("factory", speech.word("factory_id"), links=[(speech.word("board_factory"), link)])
    name = text(f"name_{speech.language}", speech.word("name"))
    industry = text("industry", speech.word("class"))
    fields = ("stock", "gross_new", "persons")
    figures = [column(speech, FACTORY_FIGURE, field) for field in fields]
    cards = {name.field: name.title, industry.field: industry.title}
    sheet.put(
        rows(
            kit.frame(speech.word("factories_of"), *fields, path=path, also=note, nothing="no_factories"),
            [
                newest(FACTORY_CARD, cards, {}, by=("factory",), holding={"here": True, **(holding or {})},
                       database=database),
                newest(FACTORY_FIGURE, _titled(*figures), {}, by=("factory",), database=database),
            ],
            [factory, name, industry, *figures],
            key="factory",
            sort=(figures[0].title, True),
        ),
        24, 11,
    )  # fmt: skip


def by_district(kit: Kit, sheet: Sheet, path: str, title: str, parts: list[tuple[Measurement, str]]) -> None:
    """Some figures of every district beside each other, in the series of all registered factories."""
    speech = kit.speech
    district = tag(
        "scope", speech.word("district"), [names({f"district:{each}": name for each, name in kit.districts().items()})]
    )
    shown = [column(speech, kind, field) for kind, field in parts]
    statements = [
        newest(kind, {field: each.title}, {"kind": "district", "series": "total"}, by=("scope",))
        for each, (kind, field) in zip(shown, parts, strict=True)
    ]
    sheet.put(
        rows(
            kit.frame(title, *(field for _, field in parts), path=path),
            statements,
            [district, *shown],
            key="scope",
            sort=(shown[0].title, False),
        ),
        24, 11,
    )  # fmt: skip


def district_names(kit: Kit) -> ValueMap:
    """Districts' names for their scopes."""
    return names({f"district:{each}": name for each, name in kit.districts().items()})


def _titled(*columns: Column) -> dict[str, str]:
    return {each.field: each.title for each in columns}


def cell(name: str) -> str:
    """A cell of the row that is clicked."""
    return f'${{__data.fields["{name}"]}}'
