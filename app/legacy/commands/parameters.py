"""A command's parameters as they come: in a query, a form or a JSON body, or as words."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import msgspec
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Request

from app.legacy.commands.answers import Refused

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_FIELDS: Final = 50
MOST_TEXT: Final = 16 * 1024  # characters of a command in words: it takes a while to split them

_FORM: Final = "application/x-www-form-urlencoded"
_PARTS: Final = "multipart/form-data"
_JSON: Final = "application/json"


def of_request(environ: WSGIEnvironment, most_bytes: int) -> dict[str, Any]:
    """The parameters of an HTTP request; its body's count more than its query's.

    Raises Refused for what cannot be read.
    """
    given = _pairs(environ.get("QUERY_STRING", "").encode("latin-1"))
    if environ.get("HTTP_TRANSFER_ENCODING", "").lower() == "chunked":
        environ["wsgi.input_terminated"] = True  # the servers here end it themselves
    request = Request(environ)
    request.max_content_length = most_bytes
    request.max_form_memory_size = most_bytes
    request.max_form_parts = MOST_FIELDS
    try:
        return given | _body(request)
    except RequestEntityTooLarge:
        raise Refused(413, f"A command has at most {most_bytes} bytes") from None
    except HTTPException as error:
        raise Refused(400, str(error.description)) from None


def of_words(text: str) -> tuple[str, list[str]]:
    """A command's name and its parameters from a line of text, split as a shell splits words.

    >>> of_words('chat TOKEN "well played" 10')
    ('chat', ['TOKEN', 'well played', '10'])

    Raises Refused.
    """
    if len(text) > MOST_TEXT:
        raise Refused(400, f"A command has at most {MOST_TEXT} characters")
    try:
        name, *words = shlex.split(text)
    except ValueError as problem:
        if not text.strip():
            raise Refused(400, "Say a command") from None
        raise Refused(400, f"That is no line of words: {problem}") from None
    return name, words


def _body(request: Request) -> dict[str, Any]:
    if request.mimetype == _PARTS:
        return {name: _text(value) for name, value in request.form.items()}
    raw = request.get_data(cache=False)
    if not raw:
        return {}
    if request.mimetype == _FORM:
        return _pairs(raw)
    if request.mimetype != _JSON:
        raise Refused(400, f"Send parameters as {_FORM} or as {_JSON}")
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise Refused(400, f"That is not JSON: {problem}") from None
    if not isinstance(value, dict):
        raise Refused(400, "The JSON of a command is an object of its parameters")
    return value


def _pairs(raw: bytes) -> dict[str, Any]:
    """What a query or a form holds; of a name that comes twice, the last."""
    try:
        text = raw.decode()
        return dict(
            parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        )
    except UnicodeDecodeError:
        raise Refused(400, "Parameters are UTF-8") from None
    except ValueError:
        raise Refused(400, f"A command has at most {MOST_FIELDS} fields") from None


def _text(value: str) -> str:
    if "\N{REPLACEMENT CHARACTER}" in value:  # what is put in the place of broken UTF-8
        raise Refused(400, "Parameters are UTF-8")
    return value
