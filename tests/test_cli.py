"""Commands on the host: who is an admin, and who may come in again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from app.services import accounts, audit, bans, moderation, oversight
from app.services.audit import HOST
from app.services.house import House
from app.services.sessions import Client

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs a command: `run("create-admin", "ann", input="pw")`."""
    runner = app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=list(words), **options)


def test_an_admin_is_created_with_a_prompted_password(run: Run, house: House) -> None:
    said = run("create-admin", "Ann", input="secret\nsecret\n")
    assert said.exit_code == 0, said.output
    assert "secret" not in said.output
    assert "ann is an admin now, and has an account." in said.output
    assert accounts.sign_in(house, "ann", "secret", client=Client("", "")).caller.admin
    entries = audit.entries(house).entries
    assert [entry.action for entry in entries] == ["make_admin", "create_account"]
    assert {(entry.who, entry.address) for entry in entries} == {("command line", "")}
    assert "secret" not in str(entries)


def test_an_admin_is_created_with_a_password_from_a_pipe(run: Run, house: House) -> None:
    assert run("create-admin", "ann", "--password-stdin", input="two words \n").exit_code == 0
    assert accounts.sign_in(house, "ann", "two words ", client=Client("", "")).caller.admin


def test_whoever_has_an_account_keeps_their_password(run: Run, house: House) -> None:
    accounts.register(house, "ann", "old", client=Client("", ""))
    said = run("create-admin", "ann")
    assert (said.exit_code, said.output) == (0, "ann is an admin now.\n")
    assert accounts.sign_in(house, "ann", "old", client=Client("", "")).caller.admin


@pytest.mark.parametrize("name", ["admin", "cpu", "cpu7", "a", "no spaces", "x" * 17])
def test_what_can_be_nobodys_name_is_no_admins(run: Run, name: str) -> None:
    said = run("create-admin", name, "--password-stdin", input="pw\n")
    assert said.exit_code == 1
    assert said.output.startswith("Error: ")
    assert "Traceback" not in said.output


@pytest.mark.parametrize("password", ["", "x" * 129])
def test_a_password_that_is_none_makes_no_account(run: Run, house: House, password: str) -> None:
    said = run("create-admin", "ann", "--password-stdin", input=f"{password}\n")
    assert said.exit_code == 1
    assert oversight.players(house).total == 0


def test_an_admin_is_one_no_more(run: Run, house: House) -> None:
    run("create-admin", "ann", "--password-stdin", input="pw\n")
    assert run("revoke-admin", "ann").exit_code == 0
    assert not oversight.player(house, "ann").admin
    assert run("revoke-admin", "ann").output == "Error: ann is no admin.\n"
    assert run("revoke-admin", "nobody").exit_code == 1


def test_who_has_locked_themselves_out_is_let_in_again(run: Run, house: House) -> None:
    accounts.register(house, "ann", "pw", client=Client("", ""))
    bans.ban_user(house, HOST, "ann")
    bans.ban(house, HOST, ["192.0.2.0/24", "2001:db8::1"])
    for whom in ("192.0.2.0/24", "2001:db8::1", "Ann"):
        said = run("unban", whom)
        assert said.output == f"{whom} may come in again.\n"
    assert bans.listed(house).rows == []
    assert run("unban", "192.0.2.0/24").output == "Error: 192.0.2.0/24 is not banned.\n"
    assert run("unban", "ann").exit_code == 1
    assert "is no address" in run("unban", "192.0.2.300").output


def test_an_account_is_deleted_for_good(run: Run, house: House) -> None:
    accounts.register(house, "ann", "pw", client=Client("", ""))
    assert run("delete-account", "ann", input="n\n").exit_code == 1
    assert moderation.is_known(house, "ann")
    said = run("delete-account", "Ann", input="y\n")
    assert said.output.endswith("ann is deleted.\n")
    assert not moderation.is_known(house, "ann")
    (entry,) = audit.entries(house).entries
    assert (entry.who, entry.action, entry.target) == ("command line", "delete_player", "ann")
    assert run("delete-account", "ann", "--yes").output.startswith("Error: Nobody")


def test_no_admin_is_deleted_from_the_host(run: Run, house: House) -> None:
    run("create-admin", "ann", "--password-stdin", input="pw\n")
    assert run("delete-account", "ann", "--yes").output == "Error: ann is an admin.\n"
