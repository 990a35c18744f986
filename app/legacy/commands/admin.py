"""What admins do."""

from __future__ import annotations

from app.legacy.commands.answers import NO_SUCH_GAME, Answer, Refused, text
from app.legacy.commands.desk import Call
from app.legacy.commands.shapes import Done, GivenToken
from app.services import bans, moderation
from app.services.errors import ServiceError


def ban(call: Call) -> Done:
    banned = bans.ban(call.house, call.admin, bans.split(call.args.IPs))
    return Done(f"Banned {', '.join(banned)}")


def unban(call: Call) -> Done:
    free = bans.unban(call.house, call.admin, bans.split(call.args.IPs))
    return Done(f"Unbanned {', '.join(free)}")


def shutdown(call: Call) -> Done:
    moderation.stop(call.house, call.admin, restart=False)
    return Done("The server shuts down")


def restart(call: Call) -> Done:
    moderation.stop(call.house, call.admin, restart=True)
    return Done("The server restarts")


def token(call: Call) -> GivenToken:
    name = _name(call)
    if call.args.new:
        return GivenToken(moderation.renew_token(call.house, call.admin, name))
    found = moderation.show_token(call.house, call.admin, name)
    if found is None:
        raise Refused(404, f"{call.args.nick} has no token")
    return GivenToken(found)


def end(call: Call) -> Done:
    try:
        moderation.end_game_of(call.house, call.admin, _name(call))
    except ServiceError as error:
        if error.code not in ("game_over", "no_such_table"):  # it has ended by itself just now
            raise
        raise Refused(404, NO_SUCH_GAME) from None
    return Done(f"The game of {call.args.nick} has ended")


def broadcast(call: Call) -> None:
    moderation.broadcast(call.house, call.admin, call.args.msg)


def delete(call: Call) -> Done:
    moderation.delete_user(call.house, call.admin, _name(call))
    return Done(f"Deleted {call.args.nick}")


def logs(call: Call) -> Answer:
    lines = moderation.read_log(call.house, call.admin, call.args.X)
    return text("".join(f"{line}\n" for line in lines))


def _name(call: Call) -> str:
    name: str = call.args.nick
    return name.strip().lower()
