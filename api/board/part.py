"""The part of a page that changes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """The part of a page that changes, and its title; `version` differs whenever it does."""

    version: str
    title: str
    html: str
