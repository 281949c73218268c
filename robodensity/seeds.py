"""The reference data from seeds/, its files checked against each other; plans are in `robodensity.plans`."""

from collections.abc import Iterable, Mapping
from itertools import combinations, pairwise
from pathlib import Path

from density.identity import normalised
from density.register import Crosswalk, District, Holiday, KeyIndustry, KeySet, Name, Park, Reference, Term, Zone
from robodensity.seed_files import (
    CrosswalkFile,
    DistrictsFile,
    HolidaysFile,
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
from robodensity.seed_lines import Key, located

SEEDS = Path(__file__).parent.parent / "seeds"

_DIVISIONS = tuple(str(division) for division in range(13, 44))


def load_reference(seeds: Path = SEEDS) -> Reference:
    """Everything that figures are counted by.

    Raises:
        SeedError: a file is missing or wrong; names the file, the line and the item.
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
        holidays=_holidays(seeds / "holidays.yaml"),
    )


def default_key_set(seeds: Path = SEEDS) -> str:
    """The id of the key set that is used unless another is asked for."""
    return read_seed(seeds / "key_sets.yaml", KeySetsFile).default


def _name(row: NameRow | UnitRow) -> Name:
    return Name(row.zh, row.en)


def _fault(path: Path, *keys: Key, says: str) -> SeedError:
    return SeedError(f"The seed file {located(path, *keys)} {says}.")


def _unique(path: Path, rows: str, what: str, ids: Iterable[str]) -> None:
    seen: set[str] = set()
    for place, each in enumerate(ids):
        if each in seen:
            raise _fault(path, rows, place, says=f"names the {what} {each} twice; remove one")
        seen.add(each)


def _districts(path: Path) -> dict[str, District]:
    rows = read_seed(path, DistrictsFile).districts
    _unique(path, "districts", "district", (row.id for row in rows))
    _unique(path, "districts", "tile", (str(list(row.tile)) for row in rows))
    return {row.id: District(row.id, _name(row.name), row.tile) for row in rows}


def _parks(path: Path, districts: Mapping[str, District]) -> dict[str, Park]:
    rows = read_seed(path, ParksFile).parks
    _unique(path, "parks", "park", (row.id for row in rows))
    for place, row in enumerate(rows):
        if row.district not in districts:
            says = f"puts the park {row.id} in the district {row.district}, which districts.yaml does not hold"
            raise _fault(path, "parks", place, "district", says=f"{says}; correct one of them")
    return {row.id: Park(row.id, _name(row.name), row.district, row.administering_body) for row in rows}


def _zones(path: Path, parks: Mapping[str, Park]) -> dict[str, Zone]:
    rows = read_seed(path, ZonesFile).zones
    _unique(path, "zones", "zone", (row.id for row in rows))
    for place, row in enumerate(rows):
        for nth, park in enumerate(row.parks):
            if park not in parks:
                says = f"names the park {park} in the zone {row.id}, which parks.yaml does not hold"
                raise _fault(path, "zones", place, "parks", nth, says=f"{says}; correct one of them")
    return {row.id: Zone(row.id, _name(row.name), row.parks) for row in rows}


def _industries(path: Path) -> dict[str, Name]:
    rows = read_seed(path, IndustriesFile).industries
    _unique(path, "industries", "industry", (row.code for row in rows))
    names = {row.code: _name(row.name) for row in rows}
    for division in _DIVISIONS:
        if division not in names:
            raise _fault(path, "industries", says=f"lacks the division {division}; add it")
    return names


def _key_sets(path: Path, industries: Mapping[str, Name]) -> dict[str, KeySet]:
    file = read_seed(path, KeySetsFile)
    _unique(path, "key_sets", "key set", (row.id for row in file.key_sets))
    sets = {row.id: _key_set(path, place, row, industries) for place, row in enumerate(file.key_sets)}
    if file.default not in sets:
        raise _fault(path, "default", says=f"has the default {file.default}, which is no key set of it; correct it")
    return sets


def _key_set(path: Path, place: int, row: KeySetRow, industries: Mapping[str, Name]) -> KeySet:
    at: tuple[Key, ...] = ("key_sets", place, "industries")
    for nth, industry in enumerate(row.industries):
        for code in (*industry.include, *industry.exclude):
            if code not in industries:
                says = f"uses the industry {code} in the key set {row.id}, which industries.yaml does not hold"
                raise _fault(path, *at, nth, says=f"{says}; correct one of them")
        for code in industry.exclude:
            if not code.startswith(industry.include):
                says = f"excludes {code} from {industry.name.en} in the key set {row.id}, which does not include it"
                raise _fault(path, *at, nth, "exclude", says=f"{says}; remove it")
    made = tuple(_key_industry(each) for each in row.industries)
    for (_, one), (nth, two) in combinations(enumerate(made), 2):
        if shared := _shared(one, two):
            says = f"puts {shared} into {one.name.en} and {two.name.en} of the key set {row.id}"
            raise _fault(path, *at, nth, says=f"{says}; leave it in one")
    return KeySet(row.id, _name(row.name), made, row.from_)


def _key_industry(row: KeyIndustryRow) -> KeyIndustry:
    return KeyIndustry(_name(row.name), row.include, row.exclude)


def _shared(one: KeyIndustry, two: KeyIndustry) -> str | None:
    """A prefix whose classes both hold."""
    for mine in one.include:
        for yours in two.include:
            longer = max(mine, yours, key=len)
            if longer.startswith((mine, yours)) and one.holds(longer) and two.holds(longer):
                return longer
    return None


def _manufacturers(path: Path) -> dict[str, str]:
    standing: dict[str, str] = {}
    for place, row in enumerate(read_seed(path, ManufacturersFile).manufacturers):
        for alias in (row.name.zh, row.name.en, *row.aliases, *row.subsidiaries):
            other = standing.setdefault(normalised(alias), row.name.en)
            if other != row.name.en:
                says = f"gives the name {alias} to {other} and to {row.name.en}; remove one"
                raise _fault(path, "manufacturers", place, says=says)
    return standing


def _terms(path: Path) -> dict[str, Term]:
    rows = read_seed(path, TermsFile).terms
    for key, row in rows.items():
        if bool(row.unit.zh) != bool(row.unit.en):
            raise _fault(path, "terms", key, "unit", says=f"gives the unit of {key} in one language; add the other")
    return {key: Term(_name(row.name), _name(row.unit), _name(row.definition)) for key, row in rows.items()}


def _crosswalk(path: Path) -> Crosswalk:
    rows = read_seed(path, CrosswalkFile).rows
    _unique(path, "rows", "grade", (f"{row.scheme} {row.grade}" for row in rows))
    return Crosswalk({(row.scheme, row.grade): row.from_ for row in rows if row.counts})


def _holidays(path: Path) -> tuple[Holiday, ...]:
    rows = read_seed(path, HolidaysFile).holidays
    for place, row in enumerate(rows):
        if row.last_day < row.first_day:
            raise _fault(path, "holidays", place, says=f"ends {row.id} on {row.last_day}, before it begins; correct it")
        for day in row.working_days:
            if day.weekday() < 5 or row.first_day <= day <= row.last_day:
                says = f"lets {day} be worked for {row.id}, which is no weekend day outside it; correct it"
                raise _fault(path, "holidays", place, "working_days", says=says)
    for place, (before, after) in enumerate(pairwise(rows), 1):
        if after.first_day <= before.last_day:
            raise _fault(path, "holidays", place, says=f"begins {after.id} on {after.first_day}, out of order; move it")
    return tuple(
        Holiday(row.id, _name(row.name), row.first_day, row.last_day, row.working_days, "inferred" not in row.source)
        for row in rows
    )
