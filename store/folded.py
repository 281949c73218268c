"""The kinds and columns of the ledger that figures are made of; the others stay in the store."""

from dataclasses import fields, replace

from density.reports import Reports
from store.schema import LEDGER, Measurement

# No figure and no list of robots is made of them.
_UNUSED = {
    "ext", "at", "serial_source", "manufactured", "application", "acquisition", "owner", "integrator", "record",
    "payload_kg", "collaborative", "basis", "complete", "edge_nodes",
    "metric_paths",
}  # fmt: skip


def _narrowed(kind: Measurement) -> Measurement:
    return replace(kind, fields=tuple(each for each in kind.fields if each.name not in _UNUSED))


FOLDED = tuple(_narrowed(kind) for kind in LEDGER if kind.name in {each.name for each in fields(Reports)})


def no_reports() -> Reports:
    """Reports before the first one."""
    return Reports(**{kind.name: kind.frame() for kind in FOLDED})
