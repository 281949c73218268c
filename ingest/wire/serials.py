"""Serials that name no robot."""

import re
import unicodedata

_SEPARATORS = re.compile(r"[\s\-/_.]+")
_WORDS = frozenset({
    "na", "none", "null", "nil", "nan", "unknown", "test", "tbd", "serial", "serialnumber", "sn", "default",
    "无", "没有", "暂无", "未知", "不详", "不明", "待定", "待补", "空", "测试",
})  # fmt: skip
_DIGITS = "01234567890"
_COUNTED_LENGTHS = range(3, 11)


def is_placeholder(serial: str) -> bool:
    """Whether a serial is filler: a word for none, too short, one character repeated, or digits counted up or down."""
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", serial).casefold())
    return plain in _WORDS or len(plain) < 3 or len(set(plain)) == 1 or _is_counted(plain)


def _is_counted(plain: str) -> bool:
    if len(plain) not in _COUNTED_LENGTHS:
        return False
    upward = plain if plain[0] in "01" else plain[::-1]
    return upward[0] in "01" and upward in _DIGITS
