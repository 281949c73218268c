"""The pages, drawn once for each version of the figures, language and reader; the city ahead of whoever asks."""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from dataclasses import replace

from api.access.caller import Caller
from api.access.reach import Reach
from api.accounts import totals
from api.board.address import CITY, Address
from api.board.artist import Artist
from api.board.language import Language
from api.board.pages.frame import Asked
from api.board.pages.kinds import PAGES
from api.board.part import Part
from api.board.reader import PUBLIC
from api.board.sources import Sources
from api.board.templates import Templates
from api.board.view import View
from api.disclosure.shelf import shelf_of
from api.errors import ApiError
from api.figures import Folded
from density.plan import Plan
from store.errors import StoreUnavailable

PATIENCE_S = 0.3  # how long a reader waits for a newer page before the older one is given
FIRST_PATIENCE_S = 20.0  # and for a page that was never drawn
KEPT = 200
DRAWN_AT_ONCE = 2  # so that a page that takes long keeps no other waiting
ARRIVING = "0-"  # how the version of a page without figures begins
GONE = "gone"
DRAWING = "drawing"

Wanted = tuple[Address, Language, Caller]


class Board:
    """Gives the newest part that is drawn, and has a newer one drawn when the figures moved on."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._templates = Templates(sources)
        self._artist = Artist()
        self._executor = ThreadPoolExecutor(DRAWN_AT_ONCE, thread_name_prefix="board")
        self._lock = threading.Lock()
        self._drawn: OrderedDict[Wanted, Part] = OrderedDict()
        self._jobs: dict[Wanted, Future[Part]] = {}
        self.opened = threading.Event()
        """Set once the first page of the city is drawn, or could not be."""

    def start(self) -> None:
        """Have the first page drawn before anybody asks."""
        self._job((CITY, "zh", PUBLIC)).add_done_callback(lambda _: self.opened.set())

    def close(self) -> None:
        """End drawing; no call may follow."""
        self._executor.shutdown(wait=False, cancel_futures=True)
        self._artist.close()

    def version(self, address: Address) -> str:
        """Differs whenever the page would; before the first figures it follows what has arrived.

        Raises:
            StoreUnavailable: the store does not answer.
        """
        folded = self._sources.shelf.folded()
        if folded.day is None:
            return f"{ARRIVING}{self._accounted()['arrived']}"
        return f"{folded.day}-{folded.definition_version}" if PAGES[address.kind].of_day else folded.version

    def is_fresh(self, address: Address, part: Part) -> bool:
        """Whether a part shows the newest figures; while it does not, a newer one is being drawn."""
        try:
            return part.version == self.version(address)
        except StoreUnavailable:
            return False

    def part(self, address: Address, language: Language, reader: Caller, *, patience_s: float = PATIENCE_S) -> Part:
        """The newest part, or the one before while a newer one takes longer than the patience."""
        wanted = (address, language, reader)
        kept = self._drawn.get(wanted)
        try:
            if kept is not None and kept.version == self.version(address):
                return kept
            return self._job(wanted).result(patience_s if kept or address == CITY else FIRST_PATIENCE_S)
        except NotYetError:
            return kept or self._not_yet(language)
        except StoreUnavailable:
            return self._away(language, kept)

    def _job(self, wanted: Wanted) -> "Future[Part]":
        with self._lock:
            job = self._jobs.get(wanted)
            if job is None:
                self._jobs[wanted] = job = self._executor.submit(self._draw, wanted)
                job.add_done_callback(lambda _: self._jobs.pop(wanted, None))
            return job

    def _draw(self, wanted: Wanted) -> Part:
        address, language, reader = wanted
        version, folded = self.version(address), self._sources.shelf.folded()
        if folded.day is None:
            return self._keep(wanted, self._arriving(language))
        self._artist.begin()  # while the page is read
        plan, page = self._sources.plans.book().on(folded.day), PAGES[address.kind]
        asked = self._asked(address, reader, folded, folded.day, plan)
        found = page.find(asked)
        if found is None:
            return Part(GONE, "", "")
        texts = self._templates.texts(language)
        pictures = self._artist.draw(page.charts(found, texts))
        html = self._templates.part(page.template, language, asked, found, pictures)
        part = self._keep(wanted, Part(version, texts.named(found.title), html))
        self._draw_twin(wanted)
        return part

    def _asked(self, address: Address, reader: Caller, folded: Folded, day: int, plan: Plan) -> Asked:
        """What is drawn, on the figures that its reader may see."""
        own = self._sources
        reach = Reach(reader, own.reference, own.ledger.registry(), day)
        shelf = shelf_of(reach, own.shelf, own.store, own.decisions, plan)
        told = shelf.day_of(address.name, day)
        return Asked(replace(own, shelf=shelf), address, reader, folded, day if told is None else told, plan)

    def _draw_twin(self, wanted: Wanted) -> None:
        """Have the first page of the city drawn in the other language, too."""
        address, language, reader = wanted
        twin: Wanted = (address, "en" if language == "zh" else "zh", reader)
        kept = self._drawn.get(twin)
        if address == CITY and (kept is None or kept.version.startswith(ARRIVING)):
            self._job(twin)

    def _keep(self, wanted: Wanted, part: Part) -> Part:
        with self._lock:
            self._drawn[wanted] = part
            self._drawn.move_to_end(wanted)
            while len(self._drawn) > KEPT:
                self._drawn.popitem(last=False)
        return part

    def _accounted(self) -> dict[str, int]:
        return totals(self._sources.accounts.sums())

    def _arriving(self, language: Language) -> Part:
        accounted, texts = self._accounted(), self._templates.texts(language)
        html = self._templates.arriving(language, accounted)
        return Part(f"{ARRIVING}{accounted['arrived']}", texts.words["arriving"], html)

    def _not_yet(self, language: Language) -> Part:
        """In place of a page that is still being drawn, or that there are no figures for."""
        if self._sources.shelf.folded().day is None:
            return self._arriving(language)
        title = self._templates.texts(language).words["drawing"]
        return Part(DRAWING, title, self._templates.notice(language, "drawing"), waits=True)

    def _away(self, language: Language, kept: Part | None) -> Part:
        notice = self._templates.away(language, with_figures=kept is not None)
        title = kept.title if kept else self._templates.texts(language).words["away"]
        return Part(f"away-{kept.version if kept else 0}", title, notice + (kept.html if kept else ""))

    def refusal(self, language: Language, name: str) -> Part:
        """In place of a page that is not there, or not for this reader: `unknown_page` or `not_public`."""
        return Part(
            name, self._templates.texts(language).words[name], self._templates.refusal(language, name), still=True
        )

    def sign_in(self, language: Language, caller: Caller, *, refusal: str | None = None) -> Part:
        """The form that a session begins and ends with.

        Args:
            language: of the page.
            caller: who has come.
            refusal: what is wrong with what was presented: `key_wrong`, `too_many_wrong_keys` …
        """
        html = self._templates.sign_in(language, caller, refusal=refusal)
        return Part("sign-in", self._templates.texts(language).words["sign_in"], html, still=True)

    def upload(self, language: Language, told: Mapping[str, object]) -> Part:
        """The form of uploads, and what came of one; `told` is what its template asks for."""
        html = self._templates.upload(language, told)
        return Part("upload", self._templates.texts(language).words["upload"], html, still=True)

    def failure(self, language: Language, error: ApiError) -> Part:
        """In place of whatever a person asked for and could not be given."""
        words = self._templates.texts(language).words
        html = self._templates.failure(language, error)
        return Part(error.code, words["failed"], html, still=True)

    def page(self, address: Address, view: View, part: Part, *, named: bool) -> str:
        """The whole page around a part; it says whether its reader is known by name."""
        return self._templates.page(address, view, part, named=named)
