"""The ZIP package of a workbook, looked at before it is opened: how large it unpacks, and that it is plain XML.

Office documents hold no document type definition (ECMA-376 part 2), so one with any is refused: entities that expand
come from nowhere else. zipfile reads no more of a part than its directory says, so a directory that lies is an error.
"""

import io
import zipfile
import zlib
from typing import Final

from api.uploads.faults import FileRefused
from api.uploads.limits import Limits

_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_ZIP: Final = b"PK\x03\x04"
_PARTS: Final = 1_000
_XML: Final = (".xml", ".rels", ".vml")


def is_workbook(content: bytes) -> bool:
    """Whether the bytes are a ZIP package, which a workbook is.

    Raises:
        FileRefused: `password_protected` or `old_xls`: a workbook in a form that is not read.
    """
    if content.startswith(_OLE):
        raise _protected() if _ENCRYPTED in content else _old()
    return content.startswith(_ZIP)


def check_package(content: bytes, limits: Limits) -> None:
    """Refuse a package that is no workbook, or that would unpack to more than the limits.

    Raises:
        FileRefused: `not_a_workbook`, `unpacks_too_large` or `unsafe_xml`.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise _protected()
            if len(parts) > _PARTS or sum(part.file_size for part in parts) > limits.unpacked_bytes:
                raise _too_large()
            if "xl/workbook.xml" not in package.namelist():
                raise not_a_workbook()
            _check_parts(package, parts, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise not_a_workbook() from error


def _check_parts(package: zipfile.ZipFile, parts: list[zipfile.ZipInfo], limits: Limits) -> None:
    marks = 0
    for part in parts:
        content = package.read(part)
        if not part.filename.lower().endswith(_XML):
            continue
        if b"\0" in content or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise FileRefused(
                "unsafe_xml",
                "工作簿含有办公软件不会写入的内容（DTD 或实体）；请在表格软件中打开并另存为 XLSX。",
                "The workbook holds what no office program writes (a DTD or entities); "
                "open it in a spreadsheet program and save it as XLSX.",
            )
        marks += content.count(b"<")
        if marks > limits.marks:
            raise _too_large()


def not_a_workbook() -> FileRefused:
    """The refusal of bytes that are no workbook."""
    return FileRefused(
        "not_a_workbook",
        "文件不是有效的 XLSX 工作簿（可能已损坏，或是别的格式改了扩展名）；请在表格软件中另存为 XLSX 或 CSV。",
        "The file is no valid XLSX workbook (damaged, or of another format under that name); save it as XLSX or CSV.",
    )


def _too_large() -> FileRefused:
    return FileRefused(
        "unpacks_too_large",
        "工作簿展开后过大；请只保留要报送的那张表，删去其余工作表、图片和空白格式后再上传。",
        "The workbook unpacks to more than is read; keep the one sheet that is reported and remove other sheets, "
        "pictures and formats of empty cells.",
    )


def _protected() -> FileRefused:
    return FileRefused(
        "password_protected",
        "工作簿有打开密码，无法读取；请取消密码后再上传。",
        "The workbook is protected by a password and cannot be read; remove the password and upload it again.",
    )


def _old() -> FileRefused:
    return FileRefused(
        "old_xls",
        "文件是旧格式 .xls（改扩展名不会改变格式）；请在表格软件中另存为 XLSX 后再上传。",
        "The file is in the old format .xls, whatever its name says; save it as XLSX and upload it again.",
    )
