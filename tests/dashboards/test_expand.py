import pytest

from dashboards.expand import Choice, UnknownVariableError, View, expand, interval

ONE = Choice(("a.b/c",))
TWO = Choice(("x.1", "y"), several=True)


def view(**choices: Choice) -> View:
    return View(1_000, 61_000, 900_000, choices)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("WHERE $timeFilter", "WHERE time >= 1000ms and time <= 61000ms"),
        ("time($__interval) $interval", "time(15m) 15m"),
        ("$__interval_ms", "900000"),
        ("$__from..$__to", "1000..61000"),
        ("$__range_ms $__range_s $__range", "60000 60 60s"),
        ("'$one' '${one}' '[[one]]'", "'a.b/c' 'a.b/c' 'a.b/c'"),
        ("${one:raw} ${one:regex}", "a.b/c a\\.b\\/c"),
        ("/^$two$/", "/^(x\\.1|y)$/"),
        ("/^${two:regex}$/", "/^(x\\.1|y)$/"),
        ("${two:pipe} ${two:csv}", "x.1|y x.1,y"),
        ("${two:doublequote} ${two:singlequote}", "\"x.1\",\"y\" 'x.1','y'"),
        ("/${all:regex}/", "/.*/"),
        ("/${every:regex}/", "/(x|y)/"),
        ("a $ sign, /x$/", "a $ sign, /x$/"),
    ],
)
def test_expand_writes_what_the_store_is_sent(written: str, sent: str) -> None:
    choices = {
        "one": ONE,
        "two": TWO,
        "all": Choice(("x", "y"), all_value=".*", several=True),
        "every": Choice(("x", "y"), several=True),
    }
    assert expand(written, view(**choices)) == sent


def test_expand_leaves_dollars_in_values_alone() -> None:
    assert expand("${one:raw}", view(one=Choice(("$timeFilter",)))) == "$timeFilter"


def test_expand_escapes_quotes_in_quoted_values() -> None:
    assert expand("${one:singlequote}", view(one=Choice(("O'1",)))) == "'O\\'1'"


def test_expand_refuses_a_variable_that_nobody_chooses() -> None:
    with pytest.raises(UnknownVariableError, match="no variable is called so"):
        expand("WHERE scope = '$park'", view())


def test_expand_refuses_an_unknown_format() -> None:
    with pytest.raises(UnknownVariableError, match="choose one of"):
        expand("${one:shout}", view(one=ONE))


@pytest.mark.parametrize(
    ("milliseconds", "text"), [(86_400_000, "1d"), (900_000, "15m"), (7_200_000, "2h"), (30_000, "30s"), (250, "250ms")]
)
def test_interval_is_written_in_the_largest_whole_unit(milliseconds: int, text: str) -> None:
    assert interval(milliseconds) == text
