"""The columns of each kind of upload: what they are called, which field of the report they fill, how they are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, get_args

import yaml

from api.uploads import values
from api.uploads.values import Reading
from density.register import Name, Reference
from ingest.wire.topics import Kind

UploadKind = Literal["workforce", "inventory", "lifecycle", "designations", "statistics", "factories"]
KINDS: Final[tuple[UploadKind, ...]] = get_args(UploadKind)
REPORTED: Final[Mapping[UploadKind, Kind]] = {
    "workforce": "workforce", "inventory": "inventory", "lifecycle": "lifecycle",
}  # fmt: skip
"""Kinds that are reports of the wire contract; the others are what officials enter."""

FACTORY_NAME: Final = "factory_name"

_WORDS: Final = Path(__file__).parent / "words.yaml"


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        field: where its value goes, such as nameplate.serial.
        name: the heading.
        takes: what may stand in it, for a sentence.
        read: from a cell to the value.
        required: of every row.
        identifies: a row in which nothing else is filled in is an empty line of a template.
        choices: the names of the words that it takes, by word; empty where it takes others.
    """

    field: str
    name: Name
    takes: Name
    read: Reading
    required: bool
    identifies: bool
    choices: Mapping[str, Name]


def columns_of(kind: UploadKind, reference: Reference) -> tuple[Column, ...]:
    """The columns of a kind, in the order of its template."""
    return tuple(_column(told, reference) for told in _FIELDS[kind])


def kind_name(kind: UploadKind) -> Name:
    """What a kind is called."""
    return Name(*_words()["kinds"][kind])


def choice_name(field: str, word: str) -> Name:
    """What a word of the contract is called, such as articulated of the field category; itself where it has no name."""
    return Name(*_words()["choices"][field].get(word, (word, word)))


# A field with * is required, one with ! identifies its row. After : the words of words.yaml or the reading.
_FIELDS: Final[Mapping[UploadKind, tuple[str, ...]]] = {
    "workforce": (
        "factory*!:code", "factory_name!:text", "period*!:period", "average:whole", "end_of_period:whole",
        "basis:basis",
    ),
    "inventory": (
        "factory*!:code", "factory_name!:text", "as_of*!:day", "stock*:whole", "complete*:yes",
    ),
    "lifecycle": (
        "factory*!:code", "factory_name!:text", "robot*:code", "event*:event", "at*:moment",
        "nameplate.manufacturer:text", "nameplate.model:text", "nameplate.serial:text",
        "nameplate.serial_source:serial_source", "nameplate.manufactured:made", "category:category", "axes:whole",
        "payload_kg:number", "collaborative:yes", "purpose:purpose", "application:text", "acquisition:acquisition",
        "owner:text", "integrator:text", "record:text", "voids.event:event", "voids.at:moment",
    ),
    "designations": (
        "kind*:designated", "scheme*:text", "grade:text", "subject.factory:code", "subject.name:text",
        "subject.district:district", "from*:day", "to:day", "record:text",
    ),
    "statistics": (
        "figure*:code", "scope*:code", "period*:period", "value*:number", "unit*:text", "source*:text",
        "published*:day",
    ),
    "factories": (
        "factory*:code", "name.zh*:text", "name.en:text", "credit_code:code", "district*:district", "park:park",
        "industry*:code", "above_scale*:yes", "edge_nodes:codes", "registered_from:day", "closed:day",
    ),
}  # fmt: skip
_READINGS: Final[Mapping[str, Reading]] = {
    each.__name__: each
    for each in (
        values.text, values.code, values.codes, values.whole, values.number, values.yes, values.period, values.day,
        values.made, values.moment,
    )
}  # fmt: skip


def _column(told: str, reference: Reference) -> Column:
    marked, _, reading = told.partition(":")
    field = marked.rstrip("*!")
    words: Mapping[str, Any] = _words()["columns"][field]
    term = reference.terms.get(words.get("term", ""))
    choices = _choices(reading, reference)
    return Column(
        field=field,
        name=term.name if term else Name(*words["name"]),
        takes=Name(*words["takes"]),
        read=_READINGS[reading] if reading in _READINGS else values.choice(_by_name(choices)),
        required="*" in marked,
        identifies="!" in marked,
        choices=choices,
    )


def _choices(reading: str, reference: Reference) -> Mapping[str, Name]:
    if reading == "district":
        return {each.id: each.name for each in reference.districts.values()}
    if reading == "park":
        return {each.id: each.name for each in reference.parks.values()}
    return {word: Name(*names) for word, names in _words()["choices"].get(reading, {}).items()}


def _by_name(choices: Mapping[str, Name]) -> Mapping[str, str]:
    """The words by every name, as a cell is read: lower case, without blanks."""
    named = ((name, word) for word, both in choices.items() for name in (both.en, both.zh, word))
    return {name.lower().replace(" ", ""): word for name, word in named}


@cache
def _words() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return read
