"""The command API for people: a page made from the document that programs get."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from flask import Blueprint, current_app, render_template, request
from flask_babel import pgettext

blueprint = Blueprint("api", __name__)


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a command is given. `choices` are the only values there are, if any."""

    name: str
    kind: str
    required: bool
    text: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A command as the page shows it; `line` is how it is said over a WebSocket."""

    name: str
    admins: bool
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    example: str | None  # an answer, as JSON
    errors: tuple[tuple[str, str], ...]  # status and text

    @property
    def line(self) -> str:
        words = [p.name if p.required else f"[{p.name}]" for p in self.parameters]
        return " ".join([self.name, *words])


@blueprint.get("/api", strict_slashes=False)
def page() -> str:
    """Every command: what it takes, what it answers, and how to try it."""
    document = current_app.extensions["api_document"]
    commands = list(entries(document))
    return render_template(
        "api/index.html",
        commands=[entry for entry in commands if not entry.admins],
        admin_commands=[entry for entry in commands if entry.admins],
        url=request.url_root.rstrip("/"),
        ws_url=f"{'wss' if request.is_secure else 'ws'}://{request.host}",
    )


def entries(document: dict[str, Any]) -> Iterator[Entry]:
    """The commands of an OpenAPI document, in its order."""
    for path, item in document["paths"].items():
        operation = item["get"]
        errors = [
            (status, example["value"]["error"])
            for status, response in operation["responses"].items()
            if status != "200"
            for example in _content(response).get("examples", {}).values()
        ]
        yield Entry(
            name=path.removeprefix("/"),
            admins="admins" in operation["tags"],
            summary=_translated(operation["summary"]),
            text=_translated(operation.get("description", "")),
            parameters=tuple(_parameter(p) for p in operation["parameters"]),
            example=_example(_content(operation["responses"]["200"])),
            errors=tuple(errors),
        )


def _parameter(parameter: dict[str, Any]) -> Parameter:
    schema = parameter["schema"]
    return Parameter(
        name=parameter["name"],
        kind=schema.get("type", "string"),
        required=parameter["required"],
        text=_translated(parameter.get("description", "")),
        choices=tuple(schema.get("enum", ())),
    )


def _translated(text: str) -> str:
    """What is said of the API, in the reader's language; scripts/messages.py collects it."""
    return pgettext("api", text) if text else ""


def _content(response: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = next(iter(response["content"].values()))
    return content


def _example(content: dict[str, Any]) -> str | None:
    if "example" not in content:
        return None
    return msgspec.json.format(msgspec.json.encode(content["example"]), indent=0).decode()
