"""/upload: the form of uploads, for people with a session; it works without JavaScript."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.access.caller import Caller
from api.board.routes import Seen, form_page
from api.board.view import View
from api.errors import ApiError
from api.guard import CallerDep
from api.routes.uploads import demand_kind, download, expires, may_submit, note, submits, template_file
from api.service import Service, ServiceDep
from api.uploads.columns import KINDS, UploadKind, kind_name
from api.uploads.form import Form, read_form
from api.uploads.previews import Preview
from api.uploads.template import MEDIA_TYPES
from api.uploads.uploading import confirm, marked, preview_file
from store.errors import StoreUnavailable

router = APIRouter(include_in_schema=False)

SHOWN = 200  # errors on the page; all are marked in the workbook
_AWAY = "数据库暂时没有应答；请稍后再试，不会重复计数。 The store does not answer; try again, nothing is counted twice."


@dataclass(frozen=True)
class _Asked:
    """One request of the page, and who makes it in which view."""

    request: Request
    service: Service
    view: View
    caller: Caller

    def page(
        self, kind: UploadKind = KINDS[0], *, preview: Preview | None = None, refusal: str = "", status: int = 200
    ) -> Response:
        """The page, with what came of an upload or why nothing did."""
        names = {each: getattr(kind_name(each), self.view.language) for each in KINDS}
        told = {
            "kinds": names,
            "theirs": {each: name for each, name in names.items() if may_submit(self.caller, each)},
            "named_caller": self.caller.named,
            "chosen": kind,
            "preview": preview,
            "refusal": refusal,
            "until": expires(preview, self.service) if preview else None,
            "most": SHOWN,
        }
        part = self.service.board.upload(self.view.language, told)
        return form_page(self.request, self.service, self.view, self.caller, part, kind="upload", status=status)


def _asked(request: Request, service: ServiceDep, view: Seen, caller: CallerDep) -> _Asked:
    return _Asked(request, service, view, caller)


async def _posted(request: Request, service: ServiceDep) -> Form | ApiError:
    """The form, or why it cannot be read, which the page says."""
    try:
        return await read_form(request, service.options.uploads.file_bytes)
    except ApiError as refused:
        return refused


AskedDep = Annotated[_Asked, Depends(_asked)]


@router.get("/upload")
def get_upload_page(asked: AskedDep) -> Response:
    """The empty form."""
    return asked.page()


@router.post("/upload")
def post_upload_page(asked: AskedDep, form: Annotated[Form | ApiError, Depends(_posted)]) -> Response:
    """Whatever a button of the form asks for, as a page or a file."""
    if isinstance(form, ApiError):
        return asked.page(refusal=form.message, status=form.status)
    try:
        kind = _kind(form)
    except ApiError as refused:
        return asked.page(refusal=refused.message, status=refused.status)
    try:
        return _done(asked, form, kind)
    except ApiError as refused:
        return asked.page(kind, refusal=refused.message, status=refused.status)
    except StoreUnavailable:
        return asked.page(kind, refusal=_AWAY, status=503)


def _kind(form: Form) -> UploadKind:
    kind = form.fields.get("kind", KINDS[0])
    if kind not in KINDS:
        sentence = f"没有“{kind[:32]}”这类上传。 There is no upload of this kind."
        raise ApiError(422, "unknown_kind", sentence, path="kind")
    return kind


def _done(asked: _Asked, form: Form, kind: UploadKind) -> Response:
    service, caller, wanted = asked.service, asked.caller, form.fields.get("do", "preview")
    if wanted in {"marked", "confirm"}:
        preview = service.previews.get(form.fields.get("upload", ""), caller.who)
        return _marked(asked, preview) if wanted == "marked" else _confirmed(asked, preview)
    demand_kind(caller, kind)
    if wanted == "template":
        return template_file(service, kind, "xlsx", asked.view.language, submits(service, caller))
    if not form.content:
        raise ApiError(422, "no_file", "请选择要上传的文件。 Choose the file to upload.", path="file")
    preview = preview_file(kind, form.name, form.content, service, who=caller.who, allowed=submits(service, caller))
    note(asked.request, preview, "previewed")
    return asked.page(kind, preview=preview)


def _marked(asked: _Asked, preview: Preview) -> Response:
    note(asked.request, preview, "marked")
    return download(marked(preview, asked.service), "marked.xlsx", MEDIA_TYPES["xlsx"])


def _confirmed(asked: _Asked, preview: Preview) -> Response:
    note(asked.request, preview, "refused")
    try:
        stored = confirm(preview, asked.service)
    except ApiError as refused:
        return asked.page(preview.kind, preview=preview, refusal=refused.message, status=refused.status)
    except StoreUnavailable:
        return asked.page(preview.kind, preview=preview, refusal=_AWAY, status=503)
    note(asked.request, preview, f"{stored} of {preview.judged.counts.rows} rows stored")
    return asked.page(preview.kind, preview=preview)
