"""The page, drawn once for each version of the figures and language, ahead of whoever asks."""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import dataclass

from api.accounts import Accounts
from api.board.artist import Artist
from api.board.drawings import drawings
from api.board.facts import ARRIVING, FactFinder
from api.board.language import Language
from api.board.templates import Templates
from api.board.words import words
from api.figures import Shelf
from api.ledger import Ledger
from api.options import ApiOptions
from api.plans import Plans
from density.plan import Plan
from density.register import Reference
from store.errors import StoreUnavailable

PATIENCE_S = 0.3  # how long a reader waits for a newer page before the older one is given


@dataclass(frozen=True)
class Part:
    """The part of the page that changes; `version` differs whenever it does."""

    version: str
    html: str


class Board:
    """Gives the newest part that is drawn, and has a newer one drawn when the figures moved on."""

    def __init__(
        self,
        shelf: Shelf,
        accounts: Accounts,
        ledger: Ledger,
        *,
        reference: Reference,
        plan: Plan,
        plans: Plans,
        options: ApiOptions,
    ) -> None:
        self._finder = FactFinder(shelf, accounts, ledger, reference=reference, plans=plans, options=options)
        self._templates = Templates(reference, plan, options)
        self._artist = Artist()
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="board")
        self._lock = threading.Lock()
        self._drawn: dict[Language, Part] = {}
        self._jobs: dict[Language, Future[Part]] = {}

    def start(self) -> None:
        """Have the first page drawn before anybody asks."""
        self._job("zh")

    def close(self) -> None:
        """End drawing; no call may follow."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._artist.close()

    def page(self, language: Language, part: Part) -> str:
        """The whole page around a part."""
        return self._templates.page(language, part.html, part.version)

    def part(self, language: Language, *, patience_s: float = PATIENCE_S) -> Part:
        """The newest part, or the one before while a newer one takes longer than the patience."""
        kept = self._drawn.get(language)
        try:
            if kept is not None and kept.version == self._finder.version():
                return kept
            return self._job(language).result(patience_s)
        except NotYetError:
            return kept or self._arriving(language)
        except StoreUnavailable:
            return self._away(language, kept)

    def _job(self, language: Language) -> "Future[Part]":
        with self._lock:
            job = self._jobs.get(language)
            if job is None or job.done():
                self._jobs[language] = job = self._executor.submit(self._draw, language)
            return job

    def _draw(self, language: Language) -> Part:
        version = self._finder.version()
        facts = self._finder.find()
        if facts is None:
            return self._keep(language, self._arriving(language))
        pictures = self._artist.draw(drawings(facts, words(language), language))
        part = self._keep(language, Part(version, self._templates.figures(language, facts, pictures)))
        other: Language = "en" if language == "zh" else "zh"
        if not self._has_figures(other):
            self._job(other)
        return part

    def _has_figures(self, language: Language) -> bool:
        kept = self._drawn.get(language)
        return kept is not None and not kept.version.startswith(ARRIVING)

    def _keep(self, language: Language, part: Part) -> Part:
        self._drawn[language] = part
        return part

    def _arriving(self, language: Language) -> Part:
        accounted = self._finder.accounted()
        return Part(f"{ARRIVING}{accounted['arrived']}", self._templates.arriving(language, accounted))

    def _away(self, language: Language, kept: Part | None) -> Part:
        notice = self._templates.away(language, with_figures=kept is not None)
        return Part(f"away-{kept.version if kept else 0}", notice + (kept.html if kept else ""))
