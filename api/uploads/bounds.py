"""A table has something in it, and no more than is read."""

from api.uploads.faults import FileRefused
from api.uploads.limits import Limits


def empty() -> FileRefused:
    """The refusal of a file without a table."""
    return FileRefused(
        "empty_file",
        "文件是空的；请下载模板，从第二行起填写后再上传。",
        "The file is empty; take a template, fill it in from the second row on and upload it.",
    )


def check_size(row: int, columns: int, limits: Limits) -> None:
    """Refuse a table that has grown beyond the limits.

    Raises:
        FileRefused: `too_many_rows` or `too_many_columns`.
    """
    if row - 1 > limits.rows:
        raise FileRefused(
            "too_many_rows",
            f"表格超过 {limits.rows} 行；请分成几个文件上传。",
            f"The table has more than {limits.rows} rows; upload it in several files.",
        )
    if columns > limits.columns:
        raise FileRefused(
            "too_many_columns",
            f"表格超过 {limits.columns} 列；请使用模板的列。",
            f"The table has more than {limits.columns} columns; keep to those of the template.",
        )
