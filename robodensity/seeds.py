"""The reference data from seeds/, its files checked against each other; plans are in `robodensity.plans`."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from density.identity import normalised
from density.register import Crosswalk, District, KeyIndustry, KeySet, Name, Park, Reference, Term, Zone
from robodensity.seed_files import (
    CrosswalkFile,
    DistrictsFile,
    IndustriesFile,
    KeyIndustryRow,
    KeySetRow,
    KeySetsFile,
    ManufacturersFile,
    NameRow,
    ParksFile,
    SeedError,
    TermsFile,
    UnitRow,
    ZonesFile,
    read_seed,
)

SEEDS = Path(__file__).parent.parent / "seeds"

_DIVISIONS = tuple(str(division) for division in range(13, 44))


def load_reference(seeds: Path = SEEDS) -> Reference:
    """Everything that figures are counted by.

    Raises:
        SeedError: a file is missing or wrong; names the file and the item.
    """
    industries = _industries(seeds / "industries.yaml")
    districts = _districts(seeds / "districts.yaml")
    parks = _parks(seeds / "parks.yaml", districts)
    return Reference(
        districts=districts,
        parks=parks,
        industries=industries,
        key_sets=_key_sets(seeds / "key_sets.yaml", industries),
        manufacturers=_manufacturers(seeds / "manufacturers.yaml"),
        terms=_terms(seeds / "terms.yaml"),
        crosswalk=_crosswalk(seeds / "crosswalk.yaml"),
        zones=_zones(seeds / "zones.yaml", parks),
    )


def default_key_set(seeds: Path = SEEDS) -> str:
    """The id of the key set that is used unless another is asked for."""
    return read_seed(seeds / "key_sets.yaml", KeySetsFile).default


def _name(row: NameRow | UnitRow) -> Name:
    return Name(row.zh, row.en)


def _unique(path: Path, what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for each in ids:
        if each in seen:
            raise SeedError(f"The seed file {path} names the {what} {each} twice; remove one.")
        seen.add(each)


def _districts(path: Path) -> dict[str, District]:
    rows = read_seed(path, DistrictsFile).districts
    _unique(path, "district", (row.id for row in rows))
    return {row.id: District(row.id, _name(row.name)) for row in rows}


def _parks(path: Path, districts: Mapping[str, District]) -> dict[str, Park]:
    rows = read_seed(path, ParksFile).parks
    _unique(path, "park", (row.id for row in rows))
    for row in rows:
        if row.district not in districts:
            raise SeedError(
                f"The seed file {path} puts the park {row.id} in the district {row.district}, "
                "which districts.yaml does not hold; correct one of them."
            )
    return {row.id: Park(row.id, _name(row.name), row.district, row.administering_body) for row in rows}


def _zones(path: Path, parks: Mapping[str, Park]) -> dict[str, Zone]:
    rows = read_seed(path, ZonesFile).zones
    _unique(path, "zone", (row.id for row in rows))
    for row in rows:
        for park in row.parks:
            if park not in parks:
                raise SeedError(
                    f"The seed file {path} names the park {park} in the zone {row.id}, "
                    "which parks.yaml does not hold; correct one of them."
                )
    return {row.id: Zone(row.id, _name(row.name), row.parks) for row in rows}


def _industries(path: Path) -> dict[str, Name]:
    rows = read_seed(path, IndustriesFile).industries
    _unique(path, "industry", (row.code for row in rows))
    names = {row.code: _name(row.name) for row in rows}
    for division in _DIVISIONS:
        if division not in names:
            raise SeedError(f"The seed file {path} lacks the division {division}; add it.")
    return names


def _key_sets(path: Path, industries: Mapping[str, Name]) -> dict[str, KeySet]:
    file = read_seed(path, KeySetsFile)
    _unique(path, "key set", (row.id for row in file.key_sets))
    sets = {row.id: _key_set(path, row, industries) for row in file.key_sets}
    if file.default not in sets:
        raise SeedError(f"The seed file {path} has the default {file.default}, which is no key set of it; correct it.")
    return sets


def _key_set(path: Path, row: KeySetRow, industries: Mapping[str, Name]) -> KeySet:
    for code in (code for industry in row.industries for code in (*industry.include, *industry.exclude)):
        if code not in industries:
            raise SeedError(
                f"The seed file {path} uses the industry {code} in the key set {row.id}, "
                "which industries.yaml does not hold; correct one of them."
            )
    return KeySet(row.id, _name(row.name), tuple(_key_industry(each) for each in row.industries), row.from_)


def _key_industry(row: KeyIndustryRow) -> KeyIndustry:
    return KeyIndustry(_name(row.name), row.include, row.exclude)


def _manufacturers(path: Path) -> dict[str, str]:
    standing: dict[str, str] = {}
    for row in read_seed(path, ManufacturersFile).manufacturers:
        for alias in (row.name.zh, row.name.en, *row.aliases, *row.subsidiaries):
            other = standing.setdefault(normalised(alias), row.name.en)
            if other != row.name.en:
                raise SeedError(
                    f"The seed file {path} gives the name {alias} to {other} and to {row.name.en}; remove one."
                )
    return standing


def _terms(path: Path) -> dict[str, Term]:
    rows = read_seed(path, TermsFile).terms
    return {key: Term(_name(row.name), _name(row.unit), _name(row.definition)) for key, row in rows.items()}


def _crosswalk(path: Path) -> Crosswalk:
    rows = read_seed(path, CrosswalkFile).rows
    _unique(path, "grade", (f"{row.scheme} {row.grade}" for row in rows))
    return Crosswalk({(row.scheme, row.grade): row.from_ for row in rows if row.counts})
