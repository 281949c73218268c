"""A store is born simulated or real, in one schema version, and stays so."""

from store.base import Store
from store.errors import StoreMismatch
from store.schema import IDENTITY, SCHEMA_VERSION, STATE

_WORDS = {True: "simulated", False: "real"}


def claim(store: Store, *, simulated: bool) -> None:
    """Write the identity of a new store, or compare that of an old one.

    Raises:
        StoreMismatch: the store is of the other kind, or of another schema version.
    """
    known = store.read(STATE, IDENTITY)
    if known.is_empty():
        identity = {"time": 0, "schema_version": SCHEMA_VERSION, "simulated": simulated}
        store.write(STATE, {IDENTITY: IDENTITY.frame([identity])})
        return
    version, kind = known.select("schema_version", "simulated").row(-1)
    if version != SCHEMA_VERSION:
        raise StoreMismatch(
            f"The store has schema version {version} and this program writes {SCHEMA_VERSION}: "
            "use the program's version that made the store, or another store."
        )
    if kind != simulated:
        raise StoreMismatch(
            f"The store holds {_WORDS[kind]} data and {_WORDS[simulated]} data is to be written: "
            "name another data folder or another server."
        )
