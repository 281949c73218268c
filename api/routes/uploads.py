"""/v1/uploads: tables of reports and papers as XLSX or CSV, previewed before anything of them is stored."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from starlette.responses import Response

from api.access.caller import Caller
from api.answer import Answer, shanghai_time
from api.answers.form import answered
from api.answers.uploads import Upload
from api.errors import ApiError
from api.guard import CallerDep
from api.paging import KnownParameters
from api.registry import Registry
from api.service import Service, ServiceDep
from api.uploads.columns import REPORTED, UploadKind, columns_of
from api.uploads.form import Form, read_form
from api.uploads.held import held_lines
from api.uploads.judged import Allowed
from api.uploads.previews import Preview
from api.uploads.sheet import FileKind
from api.uploads.template import MEDIA_TYPES, Language, template
from api.uploads.uploading import confirm, marked, preview_file
from density.days import to_day

router = APIRouter(prefix="/v1/uploads", tags=["uploads"], dependencies=[KnownParameters])

KindName = Annotated[UploadKind, Path(description="of what is uploaded")]
FormatName = Annotated[FileKind, Path(description="xlsx or csv")]
UploadId = Annotated[str, Path(max_length=64, description="as the preview gave it out")]

_FILES: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {each.partition(";")[0]: {} for each in MEDIA_TYPES.values()}}
}
_BOOK: dict[int | str, dict[str, Any]] = {200: {"description": "The workbook.", "content": {MEDIA_TYPES["xlsx"]: {}}}}
_IN_ERROR: dict[int | str, dict[str, Any]] = {
    409: {
        "description": "Rows are in error, perhaps only since the preview; nothing was stored.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}},
    }
}
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary", "description": "XLSX or CSV"}},
                }
            }
        },
    }
}


async def _posted_form(request: Request, service: ServiceDep) -> Form:
    return await read_form(request, service.options.uploads.file_bytes)


@router.get("/templates/{kind}.{format_}", responses=_FILES, response_class=Response)
def get_template(
    service: ServiceDep,
    caller: CallerDep,
    kind: KindName,
    format_: FormatName,
    lang: Annotated[Language, Query(description="of headings and words; an upload takes either")] = "zh",
    factory: Annotated[str | None, Query(max_length=64, description="its rows alone")] = None,
    district: Annotated[str | None, Query(max_length=64, description="rows of its factories alone, by adcode")] = None,
) -> Response:
    """A table to fill in; with a key what its factories reported last, and a blank row for what is due."""
    asked = chosen(service.ledger.registry(), factory, district, to_day(service.today()))
    theirs = submits(service, caller)
    filled = may_submit(caller, kind)
    return template_file(service, kind, format_, lang, (lambda each: asked(each) and theirs(each)) if filled else None)


def template_file(
    service: Service, kind: UploadKind, format_: FileKind, language: Language, allowed: Allowed | None
) -> Response:
    """A template as a download; without anybody that its reader may report for it is empty."""
    lines = [] if allowed is None else held_lines(kind, service, allowed)
    most = service.options.uploads.rows
    if len(lines) > most:
        sentence = f"The template would have more than {most} rows; ask for those of a district or a factory."
        raise ApiError(422, "too_many_rows", sentence, path="district")
    content = template(kind, format_, columns_of(kind, service.reference), lines, language)
    return download(content, f"{kind}.{format_}", MEDIA_TYPES[format_])


def chosen(registry: Registry, factory: str | None, district: str | None, day: int) -> Allowed:
    """Which factories are asked for."""

    def is_chosen(each: str) -> bool:
        row = registry.in_force(each, day)
        return factory in {None, each} and (district is None or (row is not None and row.district == district))

    return is_chosen


def download(content: bytes, name: str, media_type: str) -> Response:
    """A file that a browser saves."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(content, headers=headers, media_type=media_type)


@router.post("/{kind}", responses=answered(Upload), openapi_extra=_FORM)
def post_upload(
    request: Request,
    service: ServiceDep,
    caller: CallerDep,
    kind: KindName,
    form: Annotated[Form, Depends(_posted_form)],
) -> Answer:
    """Preview a table: what is new, what changes, and every error by cell. Nothing is stored."""
    demand_kind(caller, kind)
    preview = preview_file(
        kind, form.name, form.content, service, who=request.state.who, allowed=submits(service, caller)
    )
    note(request, preview, "previewed")
    return Answer(told(preview, service))


@router.get("/{upload}/marked.xlsx", responses=_BOOK, response_class=Response)
def get_marked(request: Request, service: ServiceDep, upload: UploadId) -> Response:
    """The workbook of a preview with its wrong cells marked; of a CSV file a workbook of the same rows."""
    preview = service.previews.get(upload, request.state.who)
    return download(marked(preview, service), "marked.xlsx", MEDIA_TYPES["xlsx"])


@router.post("/{upload}/confirm", responses=answered(Upload) | _IN_ERROR)
def post_confirm(request: Request, service: ServiceDep, upload: UploadId) -> Answer:
    """Store what was previewed: all of it, or 409 and nothing. Repeated it stores nothing more."""
    preview = service.previews.get(upload, request.state.who)
    note(request, preview, "refused: rows are in error")
    stored = confirm(preview, service)
    note(request, preview, f"{stored} of {preview.judged.counts.rows} rows stored")
    return Answer(told(preview, service))


def submits(service: Service, caller: Caller) -> Allowed:
    """The factories that a caller reports for."""
    return service.reach(caller).holds_factory


def may_submit(caller: Caller, kind: UploadKind) -> bool:
    """Whether a caller may upload a kind: a factory what it reports of itself, papers the administrator alone."""
    return caller.role == "admin" or (caller.role == "factory" and kind in REPORTED)


def demand_kind(caller: Caller, kind: UploadKind) -> None:
    """Refuse a kind that is not the caller's to upload.

    Raises:
        ApiError: 403 `not_yours`.
    """
    if not may_submit(caller, kind):
        sentence = f"A factory uploads {', '.join(REPORTED)}; {kind} are the administrator's."
        raise ApiError(403, "not_yours", sentence, path="kind")


def note(request: Request, preview: Preview, outcome: str) -> None:
    """For the audit log: which file, and what came of it."""
    request.state.subjects = [preview.kind, f"sha256:{preview.sha256}", preview.name]
    request.state.outcome = outcome


def told(preview: Preview, service: Service) -> dict[str, object]:
    """A preview as the API answers it."""
    judged, sheet = preview.judged, preview.sheet
    place = f"/v1/uploads/{preview.id}"
    return {
        "id": preview.id,
        "kind": preview.kind,
        "file": {
            "name": preview.name, "bytes": len(preview.content), "sha256": preview.sha256, "format": sheet.kind,
            "sheet": sheet.title or None, "encoding": sheet.encoding or None,
        },
        "ok": judged.ok,
        "stored": preview.stored,
        "counts": {**vars(judged.counts), "errors": judged.errors},
        "errors": [each.to_json() for each in judged.faults],
        "expires": expires(preview, service),
        "confirm": f"{place}/confirm",
        "marked": f"{place}/marked.xlsx",
    }  # fmt: skip


def expires(preview: Preview, service: Service) -> datetime | None:
    """Until when it can be confirmed, Shanghai time."""
    left_us = int((preview.expires_s - service.previews.now_s()) * 1_000_000)
    return shanghai_time(service.clock_ns() // 1_000 + left_us)
