"""The shapes of the files in seeds/, checked by pydantic; what they mean together is `robodensity.seeds`'s."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from robodensity.seed_lines import located

Text = Annotated[str, Field(min_length=1)]
Adcode = Annotated[str, Field(pattern=r"^310[0-9]{3}$")]
IndustryCode = Annotated[str, Field(pattern=r"^(1[3-9]|2[0-9]|3[0-9]|4[0-3])[0-9]{0,2}$")]
ParkId = Annotated[str, Field(pattern=r"^P[0-9]{2}$")]


class SeedError(ValueError):
    """A seed file is missing, cannot be read, or says something impossible; names file, line and item."""


class Row(BaseModel):
    """One thing in a seed file; a misspelt key is an error."""

    model_config = ConfigDict(extra="forbid", strict=True, coerce_numbers_to_str=False)


class NameRow(Row):
    """A name in both languages."""

    zh: Text
    en: Text


class UnitRow(Row):
    """A unit in both languages; empty where a term is only a word."""

    zh: str
    en: str


class DistrictRow(Row):
    """A district; `tile` is its column and row in the tile grid of the board."""

    id: Adcode
    name: NameRow
    tile: tuple[int, int] = Field(strict=False)
    source: Text
    en_source: Text


class DistrictsFile(Row):
    """districts.yaml."""

    districts: tuple[DistrictRow, ...]


class ParkRow(Row):
    """A park."""

    id: ParkId
    name: NameRow
    district: Adcode
    note: str = ""
    administering_body: Text
    known_for: NameRow
    source: Text
    en_source: Text
    body_source: Text


class ParksFile(Row):
    """parks.yaml."""

    parks: tuple[ParkRow, ...]


class ZoneRow(Row):
    """A zone of whole parks."""

    id: Text
    name: NameRow
    parks: tuple[ParkId, ...]
    source: Text


class ZonesFile(Row):
    """zones.yaml."""

    zones: tuple[ZoneRow, ...]


class IndustryRow(Row):
    """A division, group or class of GB/T 4754-2017."""

    code: IndustryCode
    name: NameRow
    source: Text


class IndustriesFile(Row):
    """industries.yaml."""

    industries: tuple[IndustryRow, ...]


class KeyIndustryRow(Row):
    """One key industry by prefixes."""

    name: NameRow
    include: tuple[IndustryCode, ...] = Field(min_length=1)
    exclude: tuple[IndustryCode, ...] = ()


class KeySetRow(Row):
    """A set of key industries, in force from a day."""

    id: Text
    name: NameRow
    from_: date = Field(alias="from")
    source: Text
    industries: tuple[KeyIndustryRow, ...] = Field(min_length=1)


class KeySetsFile(Row):
    """key_sets.yaml."""

    default: Text
    key_sets: tuple[KeySetRow, ...]


class ManufacturerRow(Row):
    """A maker with the names that plates carry."""

    name: NameRow
    aliases: tuple[Text, ...] = Field(min_length=1)
    subsidiaries: tuple[Text, ...] = ()
    source: Text


class ManufacturersFile(Row):
    """manufacturers.yaml."""

    manufacturers: tuple[ManufacturerRow, ...]


class TermRow(Row):
    """What a figure or word is called."""

    name: NameRow
    unit: UnitRow
    definition: NameRow


class TermsFile(Row):
    """terms.yaml."""

    terms: Mapping[str, TermRow]


class CrosswalkRow(Row):
    """Whether a grade counts toward the plan, from a day."""

    scheme: Text
    grade: Text
    counts: bool
    from_: date = Field(alias="from")
    source: Text


class CrosswalkFile(Row):
    """crosswalk.yaml."""

    official: Literal[False]
    version: date
    rows: tuple[CrosswalkRow, ...]


class HolidayRow(Row):
    """A public holiday with the days of rest around it and the weekend days that are worked for it."""

    id: Text
    name: NameRow
    first_day: date
    last_day: date
    working_days: tuple[date, ...] = ()
    source: Text


class HolidaysFile(Row):
    """holidays.yaml."""

    holidays: tuple[HolidayRow, ...]


File = TypeVar("File", bound=BaseModel)


def read_seed(path: Path, shape: type[File]) -> File:
    """A seed file in its shape.

    Raises:
        SeedError: the file is missing, is not YAML, or an item has the wrong shape.
    """
    content = _content(path)
    try:
        return shape.model_validate(_tuples(content))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        where = located(path, *first["loc"])
        raise SeedError(f"The seed file {where} is wrong at {place}: {first['msg']}; correct it.") from None


def _content(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader underneath
    except (OSError, UnicodeDecodeError) as error:
        raise SeedError(f"The seed file {path} cannot be read ({error}); restore it from the repository.") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SeedError(f"The seed file {path} (line {line}) is not YAML: {error.problem}; correct it.") from None
    except yaml.YAMLError as error:
        raise SeedError(f"The seed file {path} is not YAML: {' '.join(str(error).split())}; correct it.") from None


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # the C one is 8 times as fast
    """YAML's safe loader, which also refuses a key that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:  # noqa: FBT001, FBT002
        """A mapping.

        Raises:
            ConstructorError: a key stands twice.
        """
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {key.value} stands twice", key.start_mark)
            seen.add(str(key.value))
        return dict(super().construct_mapping(node, deep=deep))


def _tuples(content: object) -> object:
    """Lists as tuples, which is what strict pydantic takes for a tuple."""
    if isinstance(content, list):
        return tuple(_tuples(each) for each in content)
    return {key: _tuples(each) for key, each in content.items()} if isinstance(content, dict) else content
