"""The structure message, SDMX-JSON 2.0, as far as it is answered."""

from typing import Literal

from api.answers.form import SOMETIMES, Answered, Moment, Words


class Sender(Answered):
    """Who sends it."""

    id: str


class Meta(Answered):
    """Of the message."""

    schema_: str
    """Where the schema of the message stands."""
    id: str
    prepared: Moment
    test: bool
    contentLanguages: list[str]  # noqa: N815 - SDMX's own name
    sender: Sender


class Code(Answered):
    """One code."""

    id: str
    name: str
    names: Words


class Artefact(Code):
    """What is maintained by an agency."""

    agencyID: str  # noqa: N815
    version: str


class CodeList(Artefact):
    """A list of codes."""

    codes: list[Code]


class ConceptScheme(Artefact):
    """What columns mean."""

    concepts: list[Code]


class Format(Answered):
    """A value that is no code."""

    dataType: str  # noqa: N815


class Representation(Answered):
    """A code list by its URN, or a format."""

    enumeration: str = SOMETIMES
    format: Format = SOMETIMES


class Component(Answered):
    """A column of the data."""

    id: str
    conceptIdentity: str  # noqa: N815
    localRepresentation: Representation  # noqa: N815


class Dimension(Component):
    """A column that names an observation."""

    position: int


class Relationship(Answered):
    """What an attribute is of: an observation."""

    observation: dict[str, str]


class Attribute(Component):
    """A column beside the value."""

    usage: Literal["mandatory"]
    attributeRelationship: Relationship  # noqa: N815


class DimensionList(Answered):
    """The columns that name an observation."""

    id: str
    dimensions: list[Dimension]
    timeDimension: Component  # noqa: N815


class MeasureList(Answered):
    """The value."""

    id: str
    measures: list[Component]


class AttributeList(Answered):
    """The columns beside it."""

    id: str
    attributes: list[Attribute]


class Components(Answered):
    """Every column of the data."""

    dimensionList: DimensionList  # noqa: N815
    measureList: MeasureList  # noqa: N815
    attributeList: AttributeList  # noqa: N815


class DataStructure(Artefact):
    """What an observation is made of."""

    dataStructureComponents: Components  # noqa: N815


class Dataflow(Artefact):
    """What is published by a structure."""

    structure: str


class Structures(Answered):
    """What the message holds."""

    codelists: list[CodeList]
    conceptSchemes: list[ConceptScheme]  # noqa: N815
    dataStructures: list[DataStructure]  # noqa: N815
    dataflows: list[Dataflow]


class StructureMessage(Answered):
    """What the data's columns and codes mean."""

    meta: Meta
    data: Structures
