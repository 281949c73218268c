"""What a board says, in one language: figures by seeds/terms.yaml alone, all else by `dashboards.words`."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.uids import Language
from dashboards.words import WORDS
from density.register import Name, Term


@dataclass(frozen=True)
class Speech:
    """One language.

    Attributes:
        language: zh or en.
        terms: of seeds/terms.yaml.
    """

    language: Language
    terms: Mapping[str, Term]

    def named(self, name: Name) -> str:
        """A name in this language."""
        return name.zh if self.language == "zh" else name.en

    def term(self, term: str) -> str:
        """What a figure, series or status is called."""
        return self.named(self.terms[term].name)

    def unit(self, term: str) -> str:
        """The unit of a figure as people write it."""
        return self.named(self.terms[term].unit)

    def define(self, *terms: str) -> str:
        """The definitions (口径) of figures, a sentence each, and what kind of number they all are."""
        told = [f"{self.term(term)}{self.word('colon')}{self.named(self.terms[term].definition)}" for term in terms]
        return "\n\n".join([*told, self.term("monitoring")])

    def word(self, word: str, **filled: str) -> str:
        """Any other text, with its gaps filled."""
        return WORDS[word][0 if self.language == "zh" else 1].format(**filled)
