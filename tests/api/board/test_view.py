import pytest

from api.board.view import View, choose_view


def chosen(**given: str | bool | None) -> View:
    asked = {"lang": None, "theme": None, "type_": None, "wall": False, "cookie": None, "accepted": None}
    return choose_view(**{**asked, **given})


def test_view_without_a_wish_is_chinese_and_as_the_system() -> None:
    assert chosen() == View("zh", "auto", large=False, wall=False)


def test_view_takes_the_switch_then_the_cookie_then_the_browser() -> None:
    assert chosen(accepted="en-GB").language == "en"
    assert chosen(accepted="en-GB", cookie="zh.dark.large") == View("zh", "dark", large=True)
    assert chosen(lang="en", theme="light", type_="normal", cookie="zh.dark.large") == View("en", "light")
    assert chosen(theme="auto", cookie="zh.dark.large").theme == "auto"


@pytest.mark.parametrize("cookie", ["", "zh", "a.b.c", "zh.dark.large.more", "<script>.x.y"])
def test_view_of_a_cookie_that_is_not_ours_is_the_usual_one(cookie: str) -> None:
    assert chosen(cookie=cookie) == View("zh")


def test_view_is_kept_as_it_was_chosen() -> None:
    view = View("en", "dark", large=True)
    assert chosen(cookie=view.cookie) == view


def test_wall_is_never_kept() -> None:
    assert chosen(wall=True).wall
    assert not chosen(cookie=View("zh", wall=True).cookie).wall


def test_switched_gives_the_other_choice_of_each() -> None:
    assert View("zh").switched() == {"lang": "?lang=en", "type": "?type=large", "theme": "?theme=dark"}
    assert View("en", "dark", large=True).switched() == {
        "lang": "?lang=zh", "type": "?type=normal", "theme": "?theme=light"
    }  # fmt: skip
