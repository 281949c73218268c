"""Uids that were once pushed and are no more, for ever: leaving a thing out deletes nothing in a Grafana that has it.

Whoever removes or renames a thing with a uid adds the old uid here: a test knows every uid that ever was.
"""

DATA_SOURCES: tuple[str, ...] = ()
FOLDERS: tuple[str, ...] = ()
BOARDS: tuple[str, ...] = ()
RULES: tuple[str, ...] = ()
CONTACT_POINTS: tuple[str, ...] = ()
TEMPLATES: tuple[str, ...] = ()  # by name, as Grafana knows them
MUTE_TIMINGS: tuple[str, ...] = ()  # by name
