"""Commands for the host: `flask --app app housekeeping` and its like."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app.services import accounts, bans, housekeeping, moderation, programs
from app.services.audit import HOST
from app.services.errors import ServiceError
from app.services.house import House


def init_app(app: Flask) -> None:
    """Add the house's commands to `flask`.

    Each brings the database up to date first, as every start of the server does, and is safe
    beside a server.
    """
    house: House = app.extensions["house"]
    for command in (
        _housekeeping,
        _create_admin,
        _revoke_admin,
        _unban,
        _mark_bot,
        _delete_account,
    ):
        app.cli.add_command(command(house))


def _housekeeping(house: House) -> click.Command:
    @click.command("housekeeping")
    def run() -> None:
        """Do what is due: expire matches and sessions, release guests."""
        upgrade()
        for what, count in housekeeping.run(house).items():
            click.echo(f"{what}: {count}")

    return _in_app(run)


def _create_admin(house: House) -> click.Command:
    @click.command("create-admin")
    @click.argument("name")
    @click.option("--password-stdin", is_flag=True, help="Read a new account's password there.")
    def run(name: str, password_stdin: bool) -> None:
        """Make the account NAME an admin's; one that is not there yet gets a password."""
        upgrade()
        with _plainly():
            name = accounts.clean_name(name)
            password = None
            if not moderation.is_known(house, name):
                password = _password(from_stdin=password_stdin)
            made = moderation.create_admin(house, HOST, name, password)
        click.echo(f"{name} is an admin now" + (", and has an account." if made else "."))

    return _in_app(run)


def _revoke_admin(house: House) -> click.Command:
    @click.command("revoke-admin")
    @click.argument("name")
    def run(name: str) -> None:
        """Make the admin NAME a player like all others."""
        upgrade()
        with _plainly():
            moderation.revoke_admin(house, HOST, name.strip().lower())
        click.echo(f"{name} is no admin any more.")

    return _in_app(run)


def _unban(house: House) -> click.Command:
    @click.command("unban")
    @click.argument("whom", metavar="NETWORK|NAME")
    def run(whom: str) -> None:
        """Let an address, a range or a player in again: for who has locked themselves out.

        A server that is running learns of it through Redis, or else at its next housekeeping.
        """
        upgrade()
        with _plainly():
            if accounts.NAME.fullmatch(whom.strip().lower()):
                bans.unban_user(house, HOST, whom.strip().lower())
            else:
                bans.unban(house, HOST, bans.split(whom))
        click.echo(f"{whom} may come in again.")

    return _in_app(run)


def _mark_bot(house: House) -> click.Command:
    @click.command("mark-bot")
    @click.argument("name")
    @click.option("--undo", is_flag=True, help="It was a mistake: a person plays.")
    def run(name: str, undo: bool) -> None:
        """Say that a program plays under the account NAME, whether it has been rated or not."""
        upgrade()
        with _plainly():
            programs.put(house, HOST, name.strip().lower(), automatic=not undo)
        click.echo(f"{name} is {'no bot any more' if undo else 'a bot now'}.")

    return _in_app(run)


def _delete_account(house: House) -> click.Command:
    @click.command("delete-account")
    @click.argument("name")
    @click.option("--yes", is_flag=True, help="Do not ask.")
    def run(name: str, yes: bool) -> None:
        """Delete the account, or the guest, NAME for good, with everything that is theirs.

        An admin must be one no more first. A server that is running learns of it through Redis, or
        else at its next housekeeping.
        """
        upgrade()
        name = name.strip().lower()
        with _plainly():
            if not moderation.is_known(house, name):
                raise ServiceError("unknown_user", "Nobody plays here under that name.")
            if not yes:
                click.confirm(f"Delete {name} for good?", abort=True)
            moderation.delete_user(house, HOST, name)
        click.echo(f"{name} is deleted.")

    return _in_app(run)


def _in_app(command: click.Command) -> click.Command:
    """The command within the application's context, as Flask's own are."""
    assert command.callback is not None
    command.callback = with_appcontext(command.callback)
    return command


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    prompt: Callable[..., str] = click.prompt
    return prompt("Password", hide_input=True, confirmation_prompt=True)


@contextmanager
def _plainly() -> Iterator[None]:
    """A refusal as a line, not as a traceback."""
    try:
        yield
    except ServiceError as error:
        raise click.ClickException(error.msg) from None
