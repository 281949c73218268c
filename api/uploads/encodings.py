"""Bytes of a CSV file to text: UTF-8 with and without a byte-order mark, GB18030, and nothing by guessing further.

Bytes that are valid UTF-8 are UTF-8, whatever else they might be: a text of GB18030 of more than a few characters is
practically never valid UTF-8, whereas every UTF-8 text is some valid nonsense in GB18030.
"""

import codecs
from typing import Final

from api.uploads.faults import FileRefused

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def decode(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding: utf-8, utf-8-sig, utf-16 or gb18030.

    Raises:
        FileRefused: `encoding_unknown`: it is none of these, or no text at all.
    """
    named = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    for name in [named] if named else ["utf-8", "gb18030"]:
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text, name
    raise FileRefused(
        "encoding_unknown",
        "文件既不是 UTF-8 也不是 GB18030（GBK）编码的文本；请在表格软件中另存为“CSV UTF-8”或 XLSX 后再上传。",
        "The file is text neither in UTF-8 nor in GB18030; save it as CSV UTF-8 or as XLSX and upload it again.",
    )
