"""How a request is refused: a status, and one sentence that says why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from monazite.errors import BusyError, LimitError, MonaziteError, NotKnownError
from monazite.pages.entity.page import missing_html
from monazite.safe_text import escape_hidden, plain
from monazite.serve.answers import page_response
from monazite.serve.negotiation import negotiate
from monazite.spoken_commands import for_page

PROBLEM = "application/problem+json"
_PAGE = "text/html"
_HEADINGS = {404: "Not here", 503: "Busy now"}
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take this method.",
}


def refusal(
    request: Request, status: int, sentence: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return a refusal: a sentence to who asks SPARQL, a page to a browser, JSON to all others.

    References:
        Problem Details for HTTP APIs, RFC 9457.
    """
    sentence = for_page(sentence)
    if request.url.path == "/sparql":
        return PlainTextResponse(f"{sentence}\n", status, dict(headers or {}))
    told = {**(headers or {}), "Vary": "Accept"}
    if negotiate(request.headers.get("accept", ""), [PROBLEM, _PAGE]) == _PAGE:
        heading = _HEADINGS.get(status, "Not possible")
        return page_response(missing_html(sentence, heading=heading), status, told)
    problem = {"title": HTTPStatus(status).phrase, "status": status, "detail": sentence}
    text = escape_hidden(json.dumps(problem, ensure_ascii=False)) + "\n"
    return Response(text, status, told, PROBLEM)


async def refuse_error(request: Request, error: Exception) -> Response:
    """Answer an error of Monazite.

    503 to come again, 404 if it is not known, 500 if it goes beyond what work may take, else 400.

    References:
        SPARQL 1.1 Protocol, section 2.1.7: 400 is of a query that is none, 500 of one not done.
    """
    assert isinstance(error, MonaziteError)
    if isinstance(error, BusyError):
        return refusal(request, 503, str(error), {"Retry-After": str(error.seconds)})
    if isinstance(error, NotKnownError):
        return refusal(request, 404, plain(str(error)))
    return refusal(request, 500 if isinstance(error, LimitError) else 400, str(error))


async def refuse_status(request: Request, error: Exception) -> Response:
    """Answer what the routes refuse, in words of ours."""
    assert isinstance(error, HTTPException)
    is_bare = error.detail == HTTPStatus(error.status_code).phrase
    said = _SENTENCES.get(error.status_code, error.detail) if is_bare else error.detail
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
    return refusal(request, error.status_code, said, headers)
