"""Commands over HTTP, and their answers."""

from __future__ import annotations

import json
from typing import Any

from tests.transcripts.recorder import Scene, session


class Terminal:
    """Gives commands with POST, and writes down what they answer."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._client = scene.app.test_client()

    def do(self, command: str, **given: Any) -> Any:
        said = " ".join(f"{name}={value}" for name, value in given.items())
        answer = self._client.post(f"/api/{command}", data=given)
        value = json.loads(answer.data)
        self._scene.lines.append(f"POST /api/{command} {said}".rstrip())
        self._scene.note(f"{answer.status_code}", value)
        return value


@session("commands")
def commands(scene: Scene) -> None:
    here = Terminal(scene)
    far = here.do("register", nick="far")["token"]
    here.do("register", nick="far")
    near = here.do("register", nick="near")["token"]
    here.do("join", token=far, nick="far", variant="standard")
    here.do("lobby", token=near)
    here.do("join", token=near, nick="far")
    here.do("state", token=near)
    here.do("play", token=far, type="place", coordinates="5,1")
    here.do("play", token=far, type="place", coordinates="1,1")
    here.do("chat", token=near, msg="Hi!")
    here.do("leave", token=near)
    here.do("state", token=far)
    here.do("lobby", token="nobodys12345")
    here.do("tea", token=far)
