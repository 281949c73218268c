"""Uids that were once pushed and are no more, for ever: leaving a thing out deletes nothing in a Grafana that has it.

Whoever removes or renames a thing with a uid adds the old uid here; tests/dashboards/uids.txt makes it noticed.
"""

DATA_SOURCES: tuple[str, ...] = ()
BOARDS: tuple[str, ...] = ()
RULES: tuple[str, ...] = ()
CONTACT_POINTS: tuple[str, ...] = ()
