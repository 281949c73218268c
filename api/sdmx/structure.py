"""The structure of the published data as an SDMX-JSON 2.0 structure message."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from api.sdmx.names import (
    AGENCY,
    ATTRIBUTES,
    DIMENSIONS,
    FLOW,
    INDICATORS,
    MEASURE,
    MISSING,
    MONTHLY,
    NORMAL,
    SERIES,
    TIME,
    UNITS,
    VERSION,
)
from density.register import Term

MEDIA_TYPE = "application/vnd.sdmx.structure+json;version=2.0.0"

Json = dict[str, Any]
Names = tuple[str, str]  # Chinese, English

_SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)
_CONCEPTS: Mapping[str, Names] = {
    "FREQ": ("频率", "Frequency"),
    "REF_AREA": ("地区", "Area"),
    "SERIES": ("口径范围", "Series"),
    "INDICATOR": ("指标", "Indicator"),
    TIME: ("月份，取月末日", "Month; its last day is what counts"),
    MEASURE: ("数值", "Value"),
    "OBS_STATUS": ("数值状态", "Status of the value"),
    "UNIT_MEASURE": ("单位", "Unit"),
    "DEFINITION": ("口径版本", "Version of the definition and set of key industries"),
    "SIMULATED": ("模拟数据", "Simulated data"),
    "NOTICE": ("说明", "Notice"),
    "DATA_UNTIL": ("数据截至", "Arrival of the newest report in the figures"),
}
_CODED = {
    "FREQ": "CL_FREQ", "REF_AREA": "CL_AREA", "SERIES": "CL_SERIES", "INDICATOR": "CL_INDICATOR",
    "OBS_STATUS": "CL_OBS_STATUS", "UNIT_MEASURE": "CL_UNIT",
}  # fmt: skip
_SERIES_TERMS = {"TOTAL": "total", "ALL": "all", "KEY": "key"}


def structure_message(terms: Mapping[str, Term], areas: Mapping[str, Names], *, prepared: datetime) -> Json:
    """The message: code lists, concepts, the data structure and the dataflow.

    Args:
        terms: what indicators and series are called.
        areas: names by code of REF_AREA.
        prepared: when.
    """
    return {
        "meta": {
            "schema": _SCHEMA,
            "id": f"{AGENCY}_{FLOW}",
            "prepared": prepared.isoformat(),
            "test": False,
            "contentLanguages": ["zh", "en"],
            "sender": {"id": AGENCY},
        },
        "data": {
            "codelists": _codelists(terms, areas),
            "conceptSchemes": [_concepts()],
            "dataStructures": [_data_structure()],
            "dataflows": [_dataflow()],
        },
    }


def _codelists(terms: Mapping[str, Term], areas: Mapping[str, Names]) -> list[Json]:
    lists: Mapping[str, Mapping[str, Names]] = {
        "CL_FREQ": {MONTHLY: ("月", "Monthly")},
        "CL_AREA": areas,
        "CL_SERIES": {code: _term(terms, _SERIES_TERMS[code]) for code in SERIES},
        "CL_INDICATOR": {code: _term(terms, each.term) for code, each in INDICATORS.items()},
        "CL_OBS_STATUS": {NORMAL: ("正常值", "Normal value"), MISSING: ("缺失值", "Missing value")},
        "CL_UNIT": UNITS,
    }
    return [
        {**_artefact(name, (name, name)), "codes": [{"id": code, **_named(names)} for code, names in codes.items()]}
        for name, codes in lists.items()
    ]


def _term(terms: Mapping[str, Term], name: str) -> Names:
    return (terms[name].name.zh, terms[name].name.en)


def _concepts() -> Json:
    concepts = [{"id": name, **_named(names)} for name, names in _CONCEPTS.items()]
    return {**_artefact("CONCEPTS", ("概念", "Concepts")), "concepts": concepts}


def _data_structure() -> Json:
    dimensions = [{**_component(name), "position": place} for place, name in enumerate(DIMENSIONS)]
    time = {**_component(TIME), "localRepresentation": {"format": {"dataType": "ObservationalTimePeriod"}}}
    value = {**_component(MEASURE), "localRepresentation": {"format": {"dataType": "Double"}}}
    attributes = [
        {**_component(name), "usage": "mandatory", "attributeRelationship": {"observation": {}}} for name in ATTRIBUTES
    ]
    return {
        **_artefact(FLOW, ("机器人密度（监测口径）", "Robot density (monitoring)")),
        "dataStructureComponents": {
            "dimensionList": {"id": "DimensionDescriptor", "dimensions": dimensions, "timeDimension": time},
            "measureList": {"id": "MeasureDescriptor", "measures": [value]},
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        },
    }


def _component(name: str) -> Json:
    codes = _CODED.get(name)
    held = {"format": {"dataType": "String"}} if codes is None else {"enumeration": _urn("codelist.Codelist", codes)}
    concept = f"{_urn('conceptscheme.Concept', 'CONCEPTS')}.{name}"
    return {"id": name, "conceptIdentity": concept, "localRepresentation": held}


def _dataflow() -> Json:
    names = ("机器人密度已发布月度数据", "Published months of robot density")
    return {**_artefact(FLOW, names), "structure": _urn("datastructure.DataStructure", FLOW)}


def _artefact(name: str, names: Names) -> Json:
    return {"id": name, "agencyID": AGENCY, "version": VERSION, **_named(names)}


def _named(names: Names) -> Json:
    return {"name": names[0], "names": {"zh": names[0], "en": names[1]}}


def _urn(kind: str, name: str) -> str:
    return f"urn:sdmx:org.sdmx.infomodel.{kind}={AGENCY}:{name}({VERSION})"
