"""Who may not go on waiting: the banned, the deleted, and everybody when the server stops.

And who may have missed what they wait for.
"""

from __future__ import annotations

from typing import Any

from app.legacy.commands.answers import BAD_TOKEN, Answer, Refused, refusal
from app.legacy.commands.desk import Desk
from app.live.names import MISSED
from app.live.orders import Orders
from app.services import bans


def obey(orders: Orders, desk: Desk) -> None:
    """Have this worker's waiting commands answered where an order asks for that."""
    house = desk.house

    def from_banned(address: str, _user_id: int) -> Answer | None:
        ban = bans.on(house, address)
        return None if ban is None else refusal(ban)

    def user_gone(data: Any) -> None:
        gone = data["user"]
        # An account that was deleted is not banned, but its token is nobody's any more.
        answer = refusal(bans.user_ban(house, gone) or Refused(401, BAD_TOKEN))
        desk.waits.cut(lambda _, user_id: answer if user_id == gone else None)

    orders.on(MISSED, lambda _: desk.waits.wake_all())
    orders.on("bans_changed", lambda _: desk.waits.cut(from_banned))
    orders.on("user_banned", user_gone)
    orders.on("closing", lambda _: desk.waits.close())
