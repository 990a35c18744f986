"""Saying and reading, for the tests of chat."""

from __future__ import annotations

from typing import Any

from app.services import chat
from app.services.access import Viewer
from app.services.house import House
from app.services.sessions import Caller


def eyes(caller: Caller, code: str | None = None) -> Viewer:
    return Viewer(caller.user_id, "192.0.2.1", code)


def say(house: House, caller: Caller, room: str, text: str, code: str | None = None) -> int:
    return chat.say(house, caller, eyes(caller, code), room, text).id


def texts(house: House, viewer: Caller | Viewer, room: str, **how: Any) -> list[str]:
    viewer = viewer if isinstance(viewer, Viewer) else eyes(viewer)
    return [line.text for line in chat.history(house, viewer, room, **how)]
