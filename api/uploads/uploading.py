"""An upload from its file to the ledger: read, previewed, confirmed."""

import hashlib

from api.errors import ApiError
from api.service import Service
from api.uploads.columns import UploadKind
from api.uploads.faults import FileRefused
from api.uploads.judged import Allowed
from api.uploads.judging import judge_sheet
from api.uploads.previews import Preview
from api.uploads.reading import read_sheet
from api.uploads.storing import store_rows


def preview_file(
    kind: UploadKind, name: str, content: bytes, service: Service, *, who: str, allowed: Allowed
) -> Preview:
    """Read and judge a file, and keep it to be confirmed; nothing is stored.

    Raises:
        ApiError: 422: the file cannot be read as a table.
        StoreUnavailable: the store does not answer.
    """
    previews = service.previews
    try:
        sheet = read_sheet(content, previews.limits)
    except FileRefused as refused:
        sentence = f"{refused.sentence.zh} {refused.sentence.en}"
        raise ApiError(422, refused.code, sentence, path="file") from refused
    preview = Preview(
        id=previews.new_id(),
        kind=kind,
        who=who,
        allowed=allowed,
        name=name,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        sheet=sheet,
        judged=judge_sheet(kind, sheet, service, service.ledger.registry(), allowed),
        expires_s=previews.now_s() + previews.limits.preview_s,
    )
    previews.keep(preview)
    return preview


def confirm(preview: Preview, service: Service) -> int:
    """Store what was previewed, judged anew; answers how many rows were, and a second time the same.

    Raises:
        ApiError: 409: rows are in error, perhaps only since the preview; nothing was stored.
        StoreUnavailable: confirm again; nothing is counted twice.
    """
    with preview.lock, service.ledger.writing() as registry:
        if preview.stored is None:
            judged = judge_sheet(preview.kind, preview.sheet, service, registry, preview.allowed)
            preview.judged = judged
            if not judged.ok:
                raise _has_errors(judged.errors)
            store_rows(preview.kind, judged.fresh, service)
            preview.stored = len(judged.fresh)
        return preview.stored


def marked(preview: Preview, service: Service) -> bytes:
    """The uploaded workbook with its wrong cells marked."""
    from api.uploads.marking import marked_workbook  # noqa: PLC0415 - openpyxl takes long to load

    return marked_workbook(preview.content, preview.sheet, preview.judged.faults, service.previews.limits)


def _has_errors(count: int) -> ApiError:
    sentence = (
        f"表中有 {count} 处错误，没有存入任何内容；请改正后重新上传。"
        f" The table has {count} errors and nothing of it was stored; correct them and upload it again."
    )
    return ApiError(409, "has_errors", sentence, path="file")
