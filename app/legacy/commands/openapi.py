"""The commands as an OpenAPI 3.1 document, made from the table that dispatches them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import msgspec

from app.legacy.commands.answers import JSON, TEXT, Answer
from app.legacy.commands.shapes import Failure
from app.legacy.commands.table import COMMANDS, Command, Problem

VERSION: Final = "1.0.0"
_REF: Final = "#/components/schemas/{name}"
_FORM: Final = "application/x-www-form-urlencoded"
_ABOUT: Final = (
    "Every command is given with GET or POST; POST keeps tokens out of logs. Parameters come in "
    "the query, as a form or as a JSON object, numbers and booleans as such or as strings. Every "
    "answer is one JSON value, but for that of `logs`. The same commands are taken over a "
    "WebSocket at `/api/ws`, one a text frame, its words split as a shell splits them: "
    '`chat TOKEN "well played" 10`. `""` skips an optional one.'
)
# What any command may run into.
_ALWAYS: Final = (
    Problem(400, "nick is missing: register takes nick"),
    Problem(403, "You are banned for good."),
    Problem(413, "A command has at most 65536 bytes"),
    Problem(429, "Too many tries. Try again in a minute."),
)
_WITH_TOKEN: Final = (
    Problem(401, "Invalid or non-existence token!"),
    Problem(409, "Somebody was faster."),
)
_ADMINS: Final = (Problem(403, "You are not an admin"),)
_MEANINGS: Final = {
    400: "The command cannot be read, or asks for what cannot be.",
    401: "The token is nobody's.",
    403: "Not allowed.",
    404: "There is no such thing.",
    409: "Not as things are now.",
    413: "Too long.",
    429: "Too often.",
}


@cache
def document(site_name: str) -> dict[str, Any]:
    """The whole document, as JSON values. It is made once, and nobody changes it."""
    types = [Failure, *(command.takes for command in COMMANDS.values())]
    types += [answer for command in COMMANDS.values() for answer in _json_answers(command)]
    types = list(dict.fromkeys(types))
    schemas, components = msgspec.json.schema_components(types, ref_template=_REF)
    schema_of = dict(zip(types, schemas, strict=True))
    return {
        "openapi": "3.1.0",
        "info": {"title": f"{site_name}: the commands", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": "/api"}],
        "tags": [
            {"name": "players", "description": "Finding a game, playing it, talking."},
            {"name": "admins", "description": "With ADMIN_TOKEN, or the token of an admin."},
        ],
        "paths": {
            f"/{command.name}": {
                "get": _by_get(command, schema_of, components),
                "post": _by_post(command, schema_of),
            }
            for command in COMMANDS.values()
        },
        "components": {"schemas": components},
    }


def described() -> Iterator[str]:
    """What is said of the commands and of their parameters, for people: each text once."""
    said: dict[str, None] = {}
    for path in document("")["paths"].values():
        operation = path["get"]
        told = [operation["summary"], operation.get("description")]
        told += [parameter.get("description") for parameter in operation["parameters"]]
        said |= dict.fromkeys(text for text in told if text)
    return iter(said)


@cache
def encoded(site_name: str) -> bytes:
    """The document as it is served."""
    return msgspec.json.encode(document(site_name))


def _by_get(
    command: Command, schema_of: dict[Any, Any], components: dict[str, Any]
) -> dict[str, Any]:
    shape = components[command.takes.__name__]
    required = shape.get("required", [])
    parameters = []
    for name in command.words:
        schema = dict(shape["properties"][name])
        described = {"description": _description(schema)} if _description(schema) else {}
        parameters.append(
            {
                "name": name,
                "in": "query",
                "required": name in required,
                **described,
                "schema": _without_null(schema),
            }
        )
    return {**_both(command, schema_of, "get"), "parameters": parameters}


def _by_post(command: Command, schema_of: dict[Any, Any]) -> dict[str, Any]:
    schema = schema_of[command.takes]
    body = {"required": True, "content": {JSON: {"schema": schema}, _FORM: {"schema": schema}}}
    return {**_both(command, schema_of, "post"), "requestBody": body}


def _both(command: Command, schema_of: dict[Any, Any], method: str) -> dict[str, Any]:
    return {
        "operationId": f"{command.name}_{method}",
        "tags": ["admins" if command.admin else "players"],
        "summary": command.summary,
        **({"description": command.notes} if command.notes else {}),
        "responses": {
            "200": _success(command, schema_of),
            **_failures(command, schema_of[Failure]),
        },
    }


def _success(command: Command, schema_of: dict[Any, Any]) -> dict[str, Any]:
    if Answer in command.answers:
        content: dict[str, Any] = {TEXT: {"schema": {"type": "string"}}}
    else:
        schemas = [schema_of[answer] for answer in command.answers]
        schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
        content = {JSON: {"schema": schema, "example": command.example}}
    return {"description": "Done.", "content": content}


def _failures(command: Command, schema: Any) -> dict[str, Any]:
    """The errors a command may answer, by status, each with the texts it may have."""
    problems = [*command.problems, *_ALWAYS]
    if command.needs_token:
        problems += _WITH_TOKEN
    if command.admin:
        problems += _ADMINS
    texts: dict[int, list[str]] = defaultdict(list)
    for problem in problems:
        if problem.text not in texts[problem.status]:
            texts[problem.status].append(problem.text)
    return {
        str(status): {
            "description": _MEANINGS[status],
            "content": {
                JSON: {
                    "schema": schema,
                    "examples": {
                        f"{number}": {"value": {"error": text}}
                        for number, text in enumerate(texts[status], 1)
                    },
                }
            },
        }
        for status in sorted(texts)
    }


def _json_answers(command: Command) -> list[Any]:
    return [answer for answer in command.answers if answer is not Answer]


def _description(schema: dict[str, Any]) -> str | None:
    """What a parameter means: said of its own type where it may be null as well."""
    for part in (schema, *schema.get("anyOf", ())):
        if "description" in part:
            text: str = part["description"]
            return text
    return None


def _without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """A parameter of a query is there or not there, but never null."""
    kinds = [part for part in schema.get("anyOf", ()) if part.get("type") != "null"]
    plain = kinds[0] if len(kinds) == 1 else schema
    if "enum" in plain:
        plain = plain | {"enum": [value for value in plain["enum"] if value is not None]}
    return {k: v for k, v in plain.items() if k not in ("description", "default") or v is not None}
