"""Commands for the host: `flask --app app housekeeping` and its like."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from app.backup import BackupError, make_backup, restore_backup
from app.backup.lock import beside_servers
from app.fitness import Unfit, in_words
from app.migrating import upgrade
from app.services import accounts, bans, housekeeping, moderation, programs
from app.services.audit import HOST
from app.services.errors import ServiceError
from app.services.house import House


def init_app(app: Flask) -> None:
    """Add the house's commands to `flask`.

    Each brings the database up to date first, as every start of the server does, and is safe
    beside a server; but for `backup`, which takes the database as it is, and `restore`, which needs
    the house to itself.
    """
    house: House = app.extensions["house"]
    for command in (
        _housekeeping,
        _create_admin,
        _revoke_admin,
        _unban,
        _mark_bot,
        _delete_account,
        _backup,
        _restore,
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


def _backup(house: House) -> click.Command:
    @click.command("backup")
    @click.option("--to", type=click.Path(path_type=Path), help="The folder; else BACKUP_PATH.")
    @click.option("--keep", type=click.IntRange(0), help="How many; else BACKUP_KEEP. 0: all.")
    def run(to: Path | None, keep: int | None) -> None:
        """Write all the house has into one file, while it serves; keep the newest ones.

        The file's path is all that goes to standard output.
        """
        with _plainly():
            click.echo(make_backup(house.config, to, keep))
        if os.environ.get("SECRET_KEY"):
            click.echo("SECRET_KEY comes from the settings: keep it beside the backup.", err=True)

    return run


def _restore(house: House) -> click.Command:
    @click.command("restore")
    @click.argument("file", type=click.Path(path_type=Path))
    @click.option("--yes", is_flag=True, help="Do not ask.")
    def run(file: Path, yes: bool) -> None:
        """Put the backup FILE in the place of all the house has, while no server runs.

        What is there now is kept, and you are told where.
        """
        if not yes:
            click.confirm(f"Put {file} in the place of the present data?", abort=True)
        with _plainly():
            done = restore_backup(house.config, file)
        told = done.manifest
        click.echo(
            f"Restored: {told.site} as of {told.made_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"{told.accounts} accounts, {told.matches} matches."
        )
        if done.former:
            click.echo(f"What was there before: {done.former}")

    return run


def _in_app(command: click.Command) -> click.Command:
    """The command within the application's context, as Flask's own are."""
    assert command.callback is not None
    command.callback = with_appcontext(_fit(command.callback))
    return command


def _fit(run: Callable[..., None]) -> Callable[..., None]:
    """The same, beside servers and never beside a restore; where a fault of the database ends in
    a line that says what to do about it."""

    @wraps(run)
    def fitted(*args: Any, **options: Any) -> None:
        instance = Path(current_app.config["INSTANCE_PATH"])
        try:
            with _plainly(), beside_servers(instance), in_words():
                run(*args, **options)
        except Unfit as error:
            raise click.ClickException(str(error)) from None

    return fitted


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
    except BackupError as error:
        raise click.ClickException(str(error)) from None
