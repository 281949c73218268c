"""ETag: an answer stays what it is until figures, ledger or day move on, so it need not be read to say so."""

import hashlib
from typing import Annotated

from fastapi import Depends, Header, Request
from starlette.responses import Response
from starlette.types import Scope

from api.service import ServiceDep


class NotModifiedError(Exception):
    """The reader has the answer already."""

    def __init__(self, tag: str) -> None:
        super().__init__(tag)
        self.tag = tag


def entity_tag(scope: Scope, version: str) -> str:
    """The ETag of what is asked for, by whoever asks: what one reader may see tells nothing of another's answer."""
    asked = hashlib.blake2s(scope["path"].encode("utf-8", "replace"), digest_size=8)
    asked.update(b"?" + scope["query_string"] + b"\0" + scope["state"]["rights"].encode())
    return f'"{version}-{asked.hexdigest()}"'


def matches(tag: str, known: str | None) -> bool:
    """Whether If-None-Match names a tag."""
    return known is not None and tag in {each.strip().removeprefix("W/") for each in known.split(",")}


def not_modified(_: Request, error: Exception) -> Response:
    """The answer to a reader who has it already."""
    assert isinstance(error, NotModifiedError)  # noqa: S101 - registered for this class
    return Response(status_code=304, headers={"ETag": error.tag, "Cache-Control": "no-cache"})


Known = Annotated[str | None, Header(alias="If-None-Match", description="ETags of answers that are known already")]


def tag_answer(request: Request, service: ServiceDep, known: Known = None) -> None:
    """Name the version that the answer will be read from, before anything is read.

    Figures as of a day are made of reports, which come before the figures move on: they have no such name.

    Raises:
        NotModifiedError: the reader has it.
    """
    if "as_of" in request.query_params:
        return
    version = service.versions.tag()
    tag = entity_tag(request.scope, version)
    if matches(tag, known):
        raise NotModifiedError(tag)
    request.state.version, request.state.tag = version, tag


Tagged = Depends(tag_answer)
