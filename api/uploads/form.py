"""A posted form with a file, read no further than the bound."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import PurePosixPath, PureWindowsPath

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from api.errors import ApiError

_FIELDS = 8
_FIELD_BYTES = 4_096
_READ_ON = 32  # times the bound
_AROUND_BYTES = 64 * 1024  # boundaries, headers and fields beside the file


@dataclass(frozen=True)
class Form:
    """What a form carried; no file is an empty one without a name."""

    fields: dict[str, str]
    name: str
    content: bytes


async def read_form(request: Request, file_bytes: int) -> Form:
    """The fields and the one file of a multipart form.

    Raises:
        ApiError: 413 beyond the bound, 415 for another kind of body, 422 where it is malformed.
    """
    if not request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        sentence = "The body is no multipart/form-data; send the file as its field `file`: curl -F file=@x.xlsx."
        raise ApiError(415, "not_a_form", sentence, headers={"Connection": "close"})
    bounded = _bounded(request, file_bytes)
    parser = MultiPartParser(
        request.headers,
        bounded,  # type: ignore[arg-type] # it is iterated and no more
        max_files=1,
        max_fields=_FIELDS,
        max_part_size=_FIELD_BYTES,
    )
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise ApiError(422, "malformed_form", f"The form cannot be read: {error.message}") from error
    try:
        return await _form(form.multi_items())
    finally:
        await form.close()


async def _form(items: list[tuple[str, UploadFile | str]]) -> Form:
    fields = {name: value for name, value in items if isinstance(value, str)}
    name, content = "", b""
    for field, value in items:
        if field == "file" and isinstance(value, UploadFile):
            name, content = file_name(value.filename or ""), await value.read()
    return Form(fields, name, content)


def file_name(told: str) -> str:
    """The last part of a path of either kind, without what cannot be shown."""
    last = PurePosixPath(PureWindowsPath(told).name).name
    return "".join(each for each in last if each.isprintable())[:100] or "-"


async def _bounded(request: Request, file_bytes: int) -> AsyncIterator[bytes]:
    read, most = 0, file_bytes + _AROUND_BYTES
    async for chunk in request.stream():
        read += len(chunk)
        if read <= most:
            yield chunk
        elif read > most * _READ_ON:
            break
    # A browser shows the answer only once it has sent everything, so what is too much is read on and thrown away.
    if read > most:
        limit = f"{file_bytes / 1024**2:g} MiB"
        sentence = (
            f"文件超过 {limit}；请分成几个文件上传。 The file is larger than {limit}; upload it in several files."
        )
        raise ApiError(413, "too_large", sentence, path="file", headers={"Connection": "close"})
