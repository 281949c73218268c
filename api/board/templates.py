"""The Jinja pages, with every name of a figure from the terms."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.board import numbers
from api.board.drawings import month_ends, named
from api.board.facts import Facts
from api.board.language import Language
from api.board.words import words
from api.options import ApiOptions
from density.plan import Plan
from density.register import Reference

FOLDER = Path(__file__).parent.parent / "templates"

SIGNS = {
    "met": "✓", "missed": "✕", "lagging": "▼", "at_risk": "△", "on_track": "●", "at_reference": "●",
    "below_reference": "▽", "too_early": "…", "no_data": "○", "no_quota": "○",
}  # fmt: skip


class Templates:
    """Renders the page and its parts in either language."""

    def __init__(self, reference: Reference, plan: Plan, options: ApiOptions) -> None:
        self._reference, self._plan, self._options = reference, plan, options
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        shown = (numbers.count, numbers.number, numbers.percent, numbers.signed, numbers.signed_count)
        self._environment.filters |= {each.__name__: each for each in shown}

    def page(self, language: Language, part: str, version: str) -> str:
        """The whole page around a part that is already HTML."""
        return self._render("page.html", language, part=Markup(part), version=version)  # noqa: S704 - rendered here

    def figures(self, language: Language, facts: Facts, pictures: Mapping[str, str]) -> str:
        """The part of the page that shows the figures."""
        # The SVGs come from vl-convert, which escapes every text in them.
        drawn = {name: Markup(svg) for name, svg in pictures.items()}  # noqa: S704
        return self._render(
            "figures.html", language, facts=facts, plan=facts.plan, pictures=drawn, month_ends=month_ends
        )

    def arriving(self, language: Language, accounted: Mapping[str, int]) -> str:
        """The part before the first figures."""
        return self._render("arriving.html", language, accounted=accounted)

    def away(self, language: Language, *, with_figures: bool) -> str:
        """The notice while the store does not answer."""
        return self._render("away.html", language, with_figures=with_figures)

    def _render(self, template: str, language: Language, **values: object) -> str:
        return self._environment.get_template(template).render(
            **{"plan": self._plan, **values},
            language=language,
            w=words(language),
            term=lambda name: self._term(name, language, "name"),
            unit=lambda name: self._term(name, language, "unit"),
            define=lambda name: self._term(name, language, "definition"),
            named=lambda name: named(name, language),
            sign=lambda status: SIGNS.get(status, ""),
            simulated=self._options.simulated,
        )

    def _term(self, name: str, language: Language, attribute: str) -> str:
        term: Any = self._reference.terms.get(name)
        return named(getattr(term, attribute), language) if term else name
