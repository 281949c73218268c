"""How a reader wants the pages: language, type, light, wall. The switch says it, a cookie keeps it."""

from dataclasses import dataclass, replace
from typing import Literal

from api.board.language import Language, choose_language

COOKIE = "robodensity-view"
YEAR_S = 365 * 24 * 3600

Theme = Literal["auto", "light", "dark"]


@dataclass(frozen=True)
class View:
    """One way to see every page.

    Attributes:
        theme: auto follows the reader's system.
        large: larger type.
        wall: one screen without scrolling, for a wall; never kept.
    """

    language: Language
    theme: Theme = "auto"
    large: bool = False
    wall: bool = False

    @property
    def cookie(self) -> str:
        """The view as the cookie keeps it: zh.auto.normal."""
        return f"{self.language}.{self.theme}.{'large' if self.large else 'normal'}"

    def switched(self) -> dict[str, str]:
        """By switch, the query that sets the other choice."""
        themes = {"auto": "dark", "dark": "light", "light": "auto"}
        return {
            "lang": f"?lang={'en' if self.language == 'zh' else 'zh'}",
            "type": f"?type={'normal' if self.large else 'large'}",
            "theme": f"?theme={themes[self.theme]}",
        }


def choose_view(
    *,
    lang: str | None,
    theme: str | None,
    type_: str | None,
    wall: bool,
    cookie: str | None,
    accepted: str | None,
) -> View:
    """What the switches say, else what the cookie kept, else what the browser asks for."""
    kept = (cookie or "").split(".")
    language, look, size = kept if len(kept) == 3 else ("", "", "")
    view = View(choose_language(lang or language or None, accepted))
    if (theme or look) in {"light", "dark"}:
        view = replace(view, theme=theme or look)  # type: ignore[arg-type] # one of them
    return replace(view, large=(type_ or size) == "large", wall=wall)
