"""The reference data and the plan from seeds/, checked against each other."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from density.identity import normalised
from density.plan import Plan, Quotas, Target
from density.quota import OUTSIDE
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
    PlanFile,
    QuotasFile,
    SeedError,
    TargetRow,
    TermsFile,
    UnitRow,
    ZonesFile,
    read_seed,
)

SEEDS = Path(__file__).parent.parent / "seeds"
DEFAULT_PLAN = "shanghai-2027"
DEMO_QUOTAS = "shanghai-2027-demo-quotas"

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


def load_plan(
    reference: Reference, *, seeds: Path = SEEDS, plan: str = DEFAULT_PLAN, quotas: str | None = None
) -> Plan:
    """A plan, with the quotas of a second file where one is named.

    Args:
        reference: what its figures and scopes are checked against.
        seeds: the folder.
        plan: the name of a file in plans/, without `.yaml`.
        quotas: the name of a file of quotas in plans/; the demo's is `DEMO_QUOTAS`.

    Raises:
        SeedError: a file is missing or wrong; names the file and the item.
    """
    path = seeds / "plans" / f"{plan}.yaml"
    file = read_seed(path, PlanFile)
    _unique(path, "target", (target.id for target in file.targets))
    targets = tuple(_target(path, row, reference) for row in file.targets)
    assigned = _quotas(seeds / "plans" / f"{quotas}.yaml", targets, file.id, reference) if quotas else None
    return Plan(file.id, _name(file.name), file.source, targets, assigned)


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
    return KeySet(row.id, _name(row.name), tuple(_key_industry(industry) for industry in row.industries))


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
    return Crosswalk(frozenset((row.scheme, row.grade) for row in rows if row.counts))


def _target(path: Path, row: TargetRow, reference: Reference) -> Target:
    if row.figure not in reference.terms:
        raise SeedError(f"The seed file {path} measures {row.id} by {row.figure}, which terms.yaml does not hold.")
    if row.deadline <= row.baseline_day:
        raise SeedError(f"The seed file {path} ends {row.id} on {row.deadline}, not after its baseline; correct it.")
    unit = reference.terms[row.figure].unit
    if row.unit.zh != unit.zh:
        raise SeedError(f"The seed file {path} gives {row.id} in {row.unit.zh}, but {row.figure} is in {unit.zh}.")
    return Target(
        id=row.id,
        name=_name(row.name),
        sentence=row.sentence,
        figure=row.figure,
        series=row.series,
        kind=row.kind,
        unit=_name(row.unit),
        value=row.value,
        baseline_day=row.baseline_day,
        deadline=row.deadline,
        published_baseline=row.published_baseline,
        published_source=row.published_source,
        inferred=row.inferred,
    )


def _quotas(path: Path, targets: tuple[Target, ...], plan: str, reference: Reference) -> Quotas:
    file = read_seed(path, QuotasFile)
    if file.plan != plan:
        raise SeedError(f"The seed file {path} assigns quotas of the plan {file.plan}, not of {plan}; name another.")
    counts = {target.id: target.value for target in targets if target.kind == "count"}
    for target, values in file.quotas.items():
        if target not in counts:
            raise SeedError(f"The seed file {path} splits {target}, which is no count of the plan {plan}; remove it.")
        _check_allocation(path, target, counts[target], values, reference)
    return Quotas(file.document, file.simulated, file.quotas)


def _check_allocation(path: Path, target: str, value: float, values: Mapping[str, float], reference: Reference) -> None:
    """Parks with what lies outside them, and districts, are two allocations; each sums to the target."""
    parks = {*(f"park:{park}" for park in reference.parks), OUTSIDE}
    districts = {f"district:{district}" for district in reference.districts}
    for scope in values:
        if scope not in parks | districts:
            raise SeedError(f"The seed file {path} gives a quota of {target} to {scope}, an unknown scope; correct it.")
    for name, scopes in (("parks", parks), ("districts", districts)):
        quotas = [quota for scope, quota in values.items() if scope in scopes]
        if quotas and sum(quotas) != value:
            raise SeedError(
                f"The seed file {path} gives the {name} {sum(quotas):g} of {target}, not {value:g}; correct the shares."
            )
