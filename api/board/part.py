"""The part of a page that changes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """The part of a page that changes, and its title; `version` differs whenever it does.

    Attributes:
        still: nothing in it follows the figures.
        waits: the page itself is about to follow.
    """

    version: str
    title: str
    html: str
    still: bool = False
    waits: bool = False
