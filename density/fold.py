"""Reports in, figures out: the same reports always give the same figures, in whatever order they came.

reports ─► sites, robots, headcounts ─► spans ─► changes of sites ─► sums [scope, series, day] ─► ratios ─► figures
                                                         └─────────► factories, crossings
"""

from datetime import date

from density.city import City
from density.definition import Definition
from density.figures import Figures
from density.register import Reference
from density.reports import Reports


def fold(reports: Reports, reference: Reference, definition: Definition, today: date) -> Figures:
    """Compute every figure of every day from the definition's first day to today, both inclusive."""
    return City(reports, reference, definition, today).figures
