"""A table judged: by its headings, its cells, and row by row as whatever carries the same would be."""

from collections.abc import Mapping, Sequence

from api.checking import KnownFactories
from api.registry import Registry
from api.service import Service
from api.statistics import known_statistics
from api.uploads.columns import FACTORY_NAME, REPORTED, UploadKind, columns_of
from api.uploads.entries import Entries, Entry, read_entries, shown
from api.uploads.faults import Fault
from api.uploads.headings import place_columns
from api.uploads.judged import Allowed, Counts, Judged, Tell, Told, judge_entries, ordered
from api.uploads.papers import designation_teller, factory_teller, statistic_teller
from api.uploads.reports import teller
from api.uploads.sheet import Sheet
from density.register import Name


def judge_sheet(kind: UploadKind, sheet: Sheet, service: Service, registry: Registry, allowed: Allowed) -> Judged:
    """What would come of a table if it were stored now.

    Args:
        kind: of upload.
        sheet: the table.
        service: whose store, register and clock it is judged by.
        registry: the register as it stands now.
        allowed: whose reports may be in it.

    Raises:
        StoreUnavailable: the store does not answer.
    """
    columns = columns_of(kind, service.reference)
    placed, faults = place_columns(sheet, columns)
    if any(each.required and each not in placed.values() for each in columns) or not sheet.rows:
        faults += [] if sheet.rows or faults else [_no_rows()]
        return Judged(Counts(len(sheet.rows), faulty=len(sheet.rows)), ordered(faults), len(faults), ())
    entries = read_entries(sheet, placed, columns)
    tell = _guarded(_teller(kind, entries.good, service, registry), registry, allowed)
    fresh, same, wrong, faulty = judge_entries(entries.good, tell)
    faults += [*entries.faults, *wrong]
    counts = _counts(len(sheet.rows), entries, fresh, len(same), faulty)
    return Judged(counts, ordered(faults), len(faults), tuple(fresh))


def _counts(rows: int, entries: Entries, fresh: Sequence[Told], unchanged: int, faulty: int) -> Counts:
    new = sum(each.held is None for each in fresh)
    return Counts(rows, new, len(fresh) - new, unchanged, entries.faulty + faulty, entries.blank)


def _teller(kind: UploadKind, entries: Sequence[Entry], service: Service, registry: Registry) -> Tell:
    reference = service.reference
    reported = REPORTED.get(kind)
    if reported is not None:
        known = KnownFactories(registry)
        days = service.options.telemetry_days
        return teller(reported, entries, service.holdings, known, now_ns=service.clock_ns(), telemetry_days=days)
    if kind == "designations":
        return designation_teller(registry, reference)
    if kind == "statistics":
        units = known_statistics(plan for _, plan in service.plans.book().entries)
        return statistic_teller(service.ledger.papers(), registry, reference, units, service.today())
    return factory_teller(registry, reference)


def _guarded(tell: Tell, registry: Registry, allowed: Allowed) -> Tell:
    """The same, after a look at whose row it is and whether it names the factory that it means."""

    def guarded(entry: Entry) -> Told | list[Fault]:
        factory = entry.values.get("factory")
        if factory is not None and not allowed(str(factory)):
            return [_not_yours(entry, str(factory))]
        named = entry.values.get(FACTORY_NAME)
        names = _names(registry, str(factory)) if named is not None else {}
        if names and str(named) not in names:
            return [_other_name(entry, str(named), next(iter(names)))]
        return tell(entry)

    return guarded


def _names(registry: Registry, factory: str) -> Mapping[str, None]:
    spells = registry.spells(factory)
    return {name.strip(): None for each in reversed(spells) for name in (each.name_zh, each.name_en) if name}


def _not_yours(entry: Entry, factory: str) -> Fault:
    sentence = Name(
        f"工厂 {shown(factory)} 不在您可报送的范围内；请删去本行，或用有权限的账号上传。",
        f"Factory {shown(factory)} is not yours to report for; remove the row, or upload it with a key that may.",
    )
    return entry.fault("factory", "not_yours", sentence)


def _other_name(entry: Entry, named: str, registered: str) -> Fault:
    sentence = Name(
        f"工厂名称为 {shown(named)}，而该编号登记的是 {shown(registered)}；请核对编号，或删去名称。",
        f"The name is {shown(named)}, but this id is registered as {shown(registered)}; correct the id or leave the "
        "name out.",
    )
    return entry.fault(FACTORY_NAME, "other_name", sentence)


def _no_rows() -> Fault:
    sentence = Name("表头以下没有内容；请从第二行起填写。", "Nothing stands below the headings; fill in from row 2 on.")
    return Fault(2, None, None, "no_rows", sentence)
