import re
from pathlib import Path
from typing import get_args

import pytest

from api.board.pages.about import DEFINED
from api.board.texts import WORDS, Texts
from api.uploads.columns import choice_name
from density.definition import ROBOTS
from density.register import Reference
from ingest.wire.refusals import Code

TEMPLATES = Path(__file__).parents[3] / "api" / "templates"


@pytest.fixture(scope="module")
def both(reference: Reference) -> tuple[Texts, Texts]:
    return Texts(reference, "zh"), Texts(reference, "en")


def test_words_stand_in_both_languages(both: tuple[Texts, Texts]) -> None:
    chinese, english = both
    for word in chinese.words:
        assert chinese.words[word].strip(), word
        assert english.words[word].strip(), word
        assert not re.search("[\u4e00-\u9fff]", english.words[word].replace("中文", "")), word


def test_words_name_no_figure(both: tuple[Texts, Texts], reference: Reference) -> None:
    names = {getattr(term.name, language) for term in reference.terms.values() for language in ("zh", "en")}
    for texts in both:
        assert set(texts.words.values()) & names == set()


def test_every_word_is_used() -> None:
    written = "".join(path.read_text() for path in TEMPLATES.glob("*.html"))
    code = "".join(path.read_text() for path in Path(WORDS.parent).rglob("*.py"))
    named = set(re.findall(r"^\"?([a-z_]+)\"?:", WORDS.read_text(), re.MULTILINE))
    built = (
        "measured_",
        "why_",
        "funnel_",
        "theme_",
        "counted_",
        "role_",
        "closed_",
        "failed_",
        "refusal_",
        "scheme_",
        "key_",
    )
    unused = {
        word
        for word in named
        if not re.search(rf"\bw\.{word}\b|['\"]{word}['\"]", written + code) and not word.startswith(built)
    }
    assert {word.removesuffix("_text") for word in unused} <= {"unknown_page", "not_public", "drawing"}


def test_terms_of_the_page_about_the_figures_exist(reference: Reference) -> None:
    assert {name for names in DEFINED.values() for name in names} <= set(reference.terms)


def test_term_that_there_is_none_of_is_told_by_its_name(both: tuple[Texts, Texts]) -> None:
    assert both[0].term("no_such_figure") == "no_such_figure"


def test_code_of_the_contract_is_told_in_chinese(both: tuple[Texts, Texts], reference: Reference) -> None:
    chinese = re.compile("[\u4e00-\u9fff]")
    for code in get_args(Code):
        assert chinese.search(both[0].word("refusal", code)), code
    for scheme, _ in reference.crosswalk.counts_from:
        assert chinese.search(both[0].word("scheme", scheme)), scheme
    assert {robot for robot in ROBOTS if not chinese.search(choice_name("category", robot).zh)} == {"scara"}
    assert choice_name("designated", "chain_leader").zh == "工赋链主"
    assert choice_name("category", "unheard_of").zh == "unheard_of"
