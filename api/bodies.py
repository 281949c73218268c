"""What is posted: checked field by field, and against the reference data."""

import json
import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from api.credit_code import is_credit_code
from api.errors import ApiError, invalid
from density.register import Reference

MAX_ITEMS = 1_000

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NODE = re.compile(r"[^/+#]{1,128}/[^/+#]{1,128}")
_METRIC = re.compile(
    r"([A-Za-z0-9_.:-]{1,64}/)?(Nameplate|Lifecycle|Status|Counter|Alarm|Workforce|Inventory)/[A-Za-z]{1,32}"
)
_PATHS_BYTES = 48 * 1024


def printable(text: str) -> str:
    """A text for people.

    Raises:
        ValueError: it is blank or holds control characters.
    """
    if any(ord(each) < 0x20 or 0x7F <= ord(each) < 0xA0 or 0xD800 <= ord(each) < 0xE000 for each in text):
        raise ValueError("holds control characters")
    if not text.strip():
        raise ValueError("is blank")
    return text


def _iso_day(value: object) -> object:
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("is no day of the form YYYY-MM-DD")


Text = Annotated[str, Field(min_length=1, max_length=128), AfterValidator(printable)]
Day = Annotated[date, BeforeValidator(_iso_day)]
FactoryId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


class PostedBody(BaseModel):
    """What is posted; a misspelt member is an error."""

    model_config = ConfigDict(extra="forbid", strict=True)


class NameBody(PostedBody):
    """A name; the Chinese one is required."""

    zh: Text
    en: Text | None = None


class FactoryBody(PostedBody):
    """One factory. `from` makes it an edit, `closed` ends the factory on that day."""

    factory: FactoryId
    name: NameBody
    credit_code: str | None = None
    district: str
    park: str | None = None
    industry: Annotated[str, Field(pattern=r"^[0-9]{4}$", description="4 digits of GB/T 4754-2017, divisions 13–43")]
    above_scale: Annotated[bool, Field(description="规上")]
    edge_nodes: Annotated[list[Text], Field(max_length=1_000)] = []
    metric_paths: Annotated[
        dict[str, dict[Text, str]],
        Field(
            description="Sparkplug: by group/node, how the plant calls a metric (<device>/<name>, or <name> of the "
            "edge node) and the metric of the contract that it is, such as R-0001/Status/Operation"
        ),
    ] = {}
    from_: Annotated[Day | None, Field(alias="from")] = None
    closed: Day | None = None

    @field_validator("credit_code")
    @classmethod
    def _check_credit_code(cls, code: str | None) -> str | None:
        if code is not None and not is_credit_code(code):
            raise ValueError(
                f"{code[:32]!r} is no unified social credit code of GB 32100-2015 (check its last character)"
            )
        return code

    @field_validator("district")
    @classmethod
    def _check_district(cls, district: str, info: ValidationInfo) -> str:
        if district not in _reference(info).districts:
            raise ValueError(f"there is no district {district[:32]!r}; it is named by its adcode, such as 310115")
        return district

    @field_validator("park")
    @classmethod
    def _check_park(cls, park: str | None, info: ValidationInfo) -> str | None:
        if park is not None and park not in _reference(info).parks:
            raise ValueError(f"there is no park {park[:32]!r}; outside the parks it is null")
        return park

    @field_validator("industry")
    @classmethod
    def _check_industry(cls, industry: str, info: ValidationInfo) -> str:
        if not 13 <= int(industry[:2]) <= 43 or industry[:2] not in _reference(info).industries:
            raise ValueError(f"{industry} lies in no division 13–43 of GB/T 4754-2017")
        return industry

    @field_validator("edge_nodes")
    @classmethod
    def _check_nodes(cls, nodes: list[str]) -> list[str]:
        for node in nodes:
            if not _NODE.fullmatch(node):
                raise ValueError(f"{node[:64]!r} is no Sparkplug group/node")
        return nodes

    @field_validator("metric_paths")
    @classmethod
    def _check_paths(cls, paths: dict[str, dict[str, str]], info: ValidationInfo) -> dict[str, dict[str, str]]:
        for node, metrics in paths.items():
            if node not in info.data.get("edge_nodes", []):
                raise ValueError(f"{node[:64]!r} is not among edge_nodes")
            for ours in metrics.values():
                if not _METRIC.fullmatch(ours):
                    raise ValueError(f"{ours[:64]!r} is no metric of the contract, such as R-0001/Status/Operation")
        if len(json.dumps(paths, ensure_ascii=False).encode()) > _PATHS_BYTES:
            raise ValueError(f"it is larger than {_PATHS_BYTES} bytes; shorten the names in the gateway")
        return paths


class SubjectBody(PostedBody):
    """Who is recognised: a registered factory, or a body by name and district."""

    factory: FactoryId | None = None
    name: Text | None = None
    district: str | None = None

    @model_validator(mode="after")
    def _one_of_two(self, info: ValidationInfo) -> "SubjectBody":
        if (self.factory is None) == (self.name is None):
            raise ValueError("give either factory, or name and district")
        if (self.name is None) != (self.district is None):
            raise ValueError("name and district stand together")
        if self.district is not None and self.district not in _reference(info).districts:
            raise ValueError(f"there is no district {self.district[:32]!r}")
        return self


class DesignationBody(PostedBody):
    """What a body recognised from a day on; `to` is the first day on which it no longer holds."""

    kind: Literal["smart_factory", "chain_leader", "service_provider", "innovation_centre"]
    scheme: Text
    grade: Text | None = None
    subject: SubjectBody
    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None
    record: Text | None = None

    @model_validator(mode="after")
    def _check(self) -> "DesignationBody":
        if self.kind == "smart_factory" and (self.grade is None or self.subject.factory is None):
            raise ValueError("a smart_factory has a grade and the subject is a registered factory")
        if self.to is not None and self.to <= self.from_:
            raise ValueError("to must lie after from")
        return self


Body = TypeVar("Body", bound=PostedBody)


def _reference(info: ValidationInfo) -> Reference:
    return cast("Reference", info.context)


_FACTORIES = TypeAdapter(list[FactoryBody])
_DESIGNATIONS = TypeAdapter(list[DesignationBody])


def check_factories(items: list[Any], reference: Reference, *, single: bool) -> list[FactoryBody]:
    """The factories of a body.

    Raises:
        ApiError: 422 with the path of every fault; of one bad item nothing of the list is stored.
    """
    return checked(_FACTORIES, items, reference, single=single)


def check_designations(items: list[Any], reference: Reference, *, single: bool) -> list[DesignationBody]:
    """The designations of a body.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    return checked(_DESIGNATIONS, items, reference, single=single)


def checked(adapter: TypeAdapter[list[Body]], items: list[Any], reference: Reference, *, single: bool) -> list[Body]:
    """The items in the form of an adapter.

    Raises:
        ApiError: 422 with the path of every fault.
    """
    try:
        return adapter.validate_python(items, context=reference)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False, include_context=False)
        raise invalid([_named(fault, single=single) for fault in faults]) from error


def _named(fault: ErrorDetails, *, single: bool) -> dict[str, object]:
    """A fault whose path begins with the item's place in a list, and with the field of a single item."""
    return {"loc": fault["loc"][1:] if single else fault["loc"], "msg": fault["msg"].removeprefix("Value error, ")}


def parse_items(body: bytes) -> tuple[list[Any], bool]:
    """The items of a posted JSON object or list, and whether it was a single one.

    Raises:
        ApiError: 422 when it is no JSON, holds a key twice, is neither, is empty or too long.
    """
    try:
        content = json.loads(body, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise ApiError(422, "not_json", f"The body is no JSON: {str(error)[:200]}.") from error
    items = content if isinstance(content, list) else [content]
    if not 1 <= len(items) <= MAX_ITEMS:
        raise ApiError(422, "bad_length", f"A list holds 1 to {MAX_ITEMS} items, this one {len(items)}.")
    return items, not isinstance(content, list)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found
