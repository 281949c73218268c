import pytest

from api.board.language import choose_language


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "zh"),
        (None, "", "zh"),
        (None, "fr-FR,de;q=0.5", "zh"),
        (None, "en-GB,en;q=0.9", "en"),
        (None, "en;q=0.5,zh-CN;q=0.9", "zh"),
        (None, "zh;q=0.5,en;q=0.5", "zh"),
        (None, "zh;q=0,en;q=0.1", "en"),
        (None, "en;q=x", "zh"),
        ("en", "zh-CN", "en"),
        ("zh", "en", "zh"),
        ("fr", "en", "en"),
    ],
)
def test_choose_language_takes_the_switch_then_the_browser_then_chinese(
    asked: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(asked, accepted) == language
