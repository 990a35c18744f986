"""The published description of the API: that it is one, that it is true, and its page."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import msgspec
import pytest
import requests
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.legacy.commands import openapi
from app.legacy.commands.table import COMMANDS
from tests.legacy.commanders import ByForm, http
from tests.legacy.players import new_name
from tests.support import cluster
from tests.support.server import Server

ADMIN = "the admin's own token, which nobody guesses"
CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
EXAMPLES = 25  # requests of each kind for each command
DESTROYS = {"shutdown", "restart", "ban", "unban"}  # never with a token that may


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi.document("Parlour")


def test_it_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate(document)


def test_it_is_served_as_it_is(server: Server, document: dict[str, Any]) -> None:
    answer = http(server, "GET", "openapi.json")
    assert answer.status == 200
    assert answer.value == msgspec.json.decode(msgspec.json.encode(document))


def test_it_has_every_command_and_no_other(document: dict[str, Any]) -> None:
    assert list(document["paths"]) == [f"/{name}" for name in COMMANDS]
    for name, command in COMMANDS.items():
        operations = document["paths"][f"/{name}"]
        assert [p["name"] for p in operations["get"]["parameters"]] == list(command.words)
        assert ("401" in operations["get"]["responses"]) == command.needs_token
        for problem in command.problems:
            examples = operations["post"]["responses"][str(problem.status)]["content"]
            texts = [e["value"]["error"] for e in examples["application/json"]["examples"].values()]
            assert problem.text in texts


def test_its_examples_are_of_its_schemas(document: dict[str, Any]) -> None:
    for path, operations in document["paths"].items():
        for status, response in operations["post"]["responses"].items():
            for media, content in response["content"].items():
                if media != "application/json":
                    continue
                schema = content["schema"] | {"components": document["components"]}
                values = [e["value"] for e in content.get("examples", {}).values()]
                if status == "200":
                    values.append(content["example"])
                assert values, (path, status)
                for value in values:
                    Draft202012Validator(schema).validate(value)


def test_the_page_shows_it_all(app: Flask, document: dict[str, Any]) -> None:
    page = app.test_client().get("/api").text
    for name, command in COMMANDS.items():
        assert f'id="{name}"' in page
        assert command.summary in page.replace("&#39;", "'")
    assert "curl" in page
    assert "ws://localhost/api/ws" in page
    assert "openapi.json" in page


# Driven by it


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    instance = tmp_path_factory.mktemp("driven") / "instance"
    with cluster.serve(instance, {"ADMIN_TOKEN": ADMIN}) as server:
        yield server


@pytest.fixture(scope="module")
def tokens(driven: Server) -> list[str]:
    """Somebody who has joined nothing, two who play each other, an admin, and nobody."""
    client = ByForm(driven)
    names = [new_name() for _ in range(3)]
    found = [client.register(name) for name in names]
    client.ok("join", token=found[1], nick=names[1])
    client.ok("join", token=found[2], nick=names[1])
    return [*found, ADMIN, "nobodys12345"]


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_answers_as_it_says(
    driven: Server, tokens: list[str], document: dict[str, Any], name: str, method: str
) -> None:
    """Whatever is asked that the description allows, and much that it does not."""
    schema = schemathesis.openapi.from_dict(document)
    operation = schema[f"/{name}"][method]
    number = iter(range(10**6))

    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: schemathesis.Case) -> None:
        fill_in(case, tokens[next(number) % len(tokens)], name)
        case.call_and_validate(base_url=f"{driven.url}/api", checks=CHECKS, timeout=60)

    ask()
    assert requests.get(driven.url, timeout=30).ok  # the house stands


def fill_in(case: schemathesis.Case, token: str, name: str) -> None:
    """A token that leads somewhere, and no waiting for a minute."""
    if name in DESTROYS and token == ADMIN:
        token = "nobodys12345"
    given = case.query if case.method == "GET" else case.body
    if not isinstance(given, dict):
        return
    if "token" in COMMANDS[name].words:
        given["token"] = token
    if "timeout" in COMMANDS[name].words:
        given["timeout"] = 0.01


def test_the_driver_can_fail(driven: Server, tokens: list[str]) -> None:
    """With a description that promises something else, it does."""
    wrong = deepcopy(openapi.document("Parlour"))
    wrong["components"]["schemas"]["GivenToken"]["required"] = ["token", "colour"]
    operation = schemathesis.openapi.from_dict(wrong)["/register"]["POST"]
    case = operation.Case(body={"nick": new_name()}, media_type="application/json")
    with pytest.raises(FailureGroup) as failed:
        case.call_and_validate(base_url=f"{driven.url}/api", checks=CHECKS)
    assert "colour" in str(failed.value.exceptions[0])
