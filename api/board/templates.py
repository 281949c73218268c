"""The Jinja pages, with every name of a figure from the terms."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from api.access.caller import Caller
from api.board import numbers
from api.board.address import Address
from api.board.charting.targets import amount
from api.board.language import Language
from api.board.pages.frame import Asked, Found, Line
from api.board.part import Part
from api.board.sources import Sources
from api.board.status import KEY_SIGNS, SIGNS
from api.board.texts import Texts
from api.board.view import View
from api.errors import ApiError
from density.days import to_day
from density.register import Name
from density.wording import date_name

FOLDER = Path(__file__).parent.parent / "templates"

_SHOWN = (
    numbers.count, numbers.number, numbers.percent, numbers.signed, numbers.signed_count, numbers.large,
)  # fmt: skip


class Templates:
    """Renders the pages and their parts in either language."""

    def __init__(self, sources: Sources) -> None:
        self._options = sources.options
        self._texts: Mapping[Language, Texts] = {
            "zh": Texts(sources.reference, "zh"),
            "en": Texts(sources.reference, "en"),
        }
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {each.__name__: each for each in _SHOWN}
        self._environment.globals |= {
            "amount": amount,
            "signs": SIGNS,
            "key_signs": KEY_SIGNS,
            "address": Address,
            "month_ends": _month_ends,
            "day_name": _day_name,
        }

    def texts(self, language: Language) -> Texts:
        """Everything that is written in a language."""
        return self._texts[language]

    def page(self, address: Address, view: View, part: Part, *, named: bool) -> str:
        """The whole page around a part that is already HTML."""
        inner = Markup(part.html)  # noqa: S704 - rendered here
        return self._render(
            "page.html",
            view.language,
            here=address,
            view=view,
            title=part.title,
            part=inner,
            version=part.version,
            still=part.still,
            waits=part.waits,
            known=named,
        )

    def part(self, template: str, language: Language, asked: Asked, found: Found, pictures: Mapping[str, str]) -> str:
        """The part of a page that shows figures."""
        # The SVGs come from vl-convert, which escapes every text in them.
        drawn = {name: Markup(svg) for name, svg in pictures.items()}  # noqa: S704
        return self._render(template, language, asked=asked, found=found, pictures=drawn, **found.facts)

    def arriving(self, language: Language, accounted: Mapping[str, int]) -> str:
        """The part before the first figures."""
        return self._render("arriving.html", language, accounted=accounted)

    def notice(self, language: Language, name: str) -> str:
        """A part of words alone: `drawing`."""
        return self._render("notice.html", language, name=name)

    def failure(self, language: Language, error: ApiError) -> str:
        """The part in place of what could not be given; in words where there are some, else in the error's own."""
        return self._render("failure.html", language, error=error)

    def away(self, language: Language, *, with_figures: bool) -> str:
        """The notice while the store does not answer."""
        return self._render("away.html", language, with_figures=with_figures)

    def refusal(self, language: Language, name: str) -> str:
        """The part of a page that is not there, or not for this reader: `unknown_page` or `not_public`."""
        return self._render("refusal.html", language, name=name)

    def sign_in(self, language: Language, caller: Caller, *, refusal: str | None) -> str:
        """The form, or who is signed in."""
        return self._render("sign_in.html", language, caller=caller, refusal=refusal)

    def upload(self, language: Language, told: Mapping[str, object]) -> str:
        """The form of uploads."""
        return self._render("upload.html", language, **told)

    def _render(self, template: str, language: Language, **values: object) -> str:
        texts = self._texts[language]
        return self._environment.get_template(template).render(
            **values,
            language=language,
            w=texts.words,
            term=texts.term,
            unit=texts.unit,
            define=texts.define,
            named=texts.named,
            brackets=texts.brackets,
            word=texts.word,
            simulated=self._options.simulated,
        )


def _day_name(day: date) -> Name:
    return date_name(to_day(day))


def _month_ends(days: list[Line]) -> list[Line]:
    """The last drawn day of each month, newest first: the table beside a trend."""
    last = {each["day"].replace(day=1): each for each in days}
    return list(reversed(last.values()))
