"""A file of either kind as a table."""

from api.uploads.bounds import empty
from api.uploads.delimited import read_csv
from api.uploads.limits import Limits
from api.uploads.package import is_workbook
from api.uploads.sheet import Sheet


def read_sheet(content: bytes, limits: Limits) -> Sheet:
    """The table that a file holds; what the file is, its bytes say and never its name.

    Raises:
        FileRefused: it cannot be read as a table.
    """
    if not content.strip():
        raise empty()
    if not is_workbook(content):
        return read_csv(content, limits)
    from api.uploads.workbook import read_xlsx  # noqa: PLC0415 - openpyxl takes long to load, and the first page waits

    return read_xlsx(content, limits)
