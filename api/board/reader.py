"""Who reads a page; pages are drawn once for all who see the same."""

from dataclasses import replace

from api.access.caller import ANONYMOUS, Caller


def reader_of(caller: Caller) -> Caller:
    """A caller without a name: two of equal rights are one reader."""
    return replace(caller, who="")


PUBLIC = reader_of(ANONYMOUS)
