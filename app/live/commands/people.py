"""Friends."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec

from app.live.commands.base import Reply, Result, Vocabulary
from app.live.links import Link
from app.services import friends, trouble
from app.services.house import House
from app.services.sessions import Caller

words = Vocabulary()


class UserName(msgspec.Struct):
    user: str


@words.handles("friend_request", UserName)
def _friend_request(house: House, link: Link, request: UserName, _: Any) -> Result:
    return _befriend(house, link.caller, request.user, "friend_request_response", friends.add,
                     "added '{}' as a friend")  # fmt: skip


@words.handles("unfriend_request", UserName)
def _unfriend_request(house: House, link: Link, request: UserName, _: Any) -> Result:
    return _befriend(house, link.caller, request.user, "unfriend_request_response", friends.remove,
                     "removed '{}' from your friend list")  # fmt: skip


def _befriend(
    house: House,
    caller: Caller | None,
    name: str,
    answer: str,
    action: Callable[[House, Caller, str], list[int]],
    done: str,
) -> Result:
    assert caller is not None
    try:
        changed = action(house, caller, name)
    except trouble.REFUSALS as failed:
        error = trouble.said(failed)
        return Result([Reply(answer, {"success": False, "msg": error.msg})], error)
    msg = done.format(name.strip().lower())
    answered = Reply(answer, {"success": True, "msg": msg})
    return Result([answered], then=partial(friends.tell, house, changed))
