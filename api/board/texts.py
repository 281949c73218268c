"""What pages say in one language: names of figures from seeds/terms.yaml alone, all other words from words.yaml."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from api.board.language import Language
from density.register import Name, Reference, Term

WORDS = Path(__file__).parent / "words.yaml"


class Texts:
    """Everything that is written on a page, in one language."""

    def __init__(self, reference: Reference, language: Language) -> None:
        self.language = language
        self.words: Mapping[str, str] = {word: self.named(both) for word, both in _words().items()}
        self._terms = reference.terms

    def named(self, name: Name) -> str:
        """A name in this language."""
        return name.zh if self.language == "zh" else name.en

    def term(self, figure: str) -> str:
        """What a figure, series or status is called."""
        return self._of(figure, "name")

    def unit(self, figure: str) -> str:
        """Its unit."""
        return self._of(figure, "unit")

    def define(self, figure: str) -> str:
        """Its definition (口径)."""
        return self._of(figure, "definition")

    def word(self, kind: str, code: str) -> str:
        """The word of words.yaml for a code of some kind; the code itself where there is none."""
        return self.words.get(f"{kind}_{code}", code)

    def brackets(self, text: str) -> str:
        """A remark behind a word, in the brackets of the language."""
        return f"（{text}）" if self.language == "zh" else f" ({text})"

    def _of(self, figure: str, attribute: str) -> str:
        term: Term | None = self._terms.get(figure)
        return figure if term is None else self.named(getattr(term, attribute))


def word(name: str) -> Name:
    """One of the words in both languages."""
    return _words()[name]


@cache
def _words() -> Mapping[str, Name]:
    read: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return {word: Name(*both) for word, both in read.items()}
