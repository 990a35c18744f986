"""Who may be at the data at the same time: servers, backups and commands, or one restore."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from pathlib import Path

import pytest

from app.backup import BackupError, lock, make_backup, restore_backup, restoring
from app.services.house import House
from config import ROOT, Config
from tests.test_backup import ann, config, listing, names

__all__ = ["ann", "config"]

HOLD = """
import sys
from pathlib import Path
from app.backup.lock import hold_for_serving
held = hold_for_serving(Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_no_restore_beside_a_server(config: Config, ann: None) -> None:
    """The lock is a process's own: another one stands for the server."""
    made = make_backup(config)
    command = [sys.executable, "-c", HOLD, config.INSTANCE_PATH]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert server.stdin is not None
    assert server.stdout is not None
    try:
        assert server.stdout.readline() == b"held\n"
        before = listing(Path(config.INSTANCE_PATH))
        with pytest.raises(BackupError, match="A server is running"):
            restore_backup(config, made)
        assert listing(Path(config.INSTANCE_PATH)) == before
        make_backup(config)
    finally:
        server.kill()
        server.wait()
    restore_backup(config, made)  # a killed server is in nobody's way


def test_no_server_beside_a_restore(config: Config) -> None:
    instance = Path(config.INSTANCE_PATH)
    begin = [sys.executable, "-c", HOLD, str(instance)]
    housekeeping = [sys.executable, "-m", "flask", "--app", "app", "housekeeping"]
    environment = {"INSTANCE_PATH": str(instance), "PATH": "/usr/bin:/bin"}
    before = listing(instance) | {lock.NAME}
    with lock.alone(instance):
        for command in (begin, housekeeping):
            tried = subprocess.run(
                command, cwd=ROOT, env=environment, input=b"", capture_output=True, check=False
            )
            assert tried.returncode == 1
            assert b"A restore is under way" in tried.stderr
    assert listing(instance) == before
    lock.hold_for_serving(instance).close()


def test_after_a_restore_that_was_killed_no_server_begins_until_one_has_ended(
    config: Config, ann: None, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, instance = make_backup(config), Path(config.INSTANCE_PATH)
    house.store.engine.dispose()

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(restoring, "_put_secret", die)
        with pytest.raises(KeyboardInterrupt):
            restore_backup(config, made)
    with pytest.raises(BackupError, match="cut short"):
        lock.hold_for_serving(instance)
    with pytest.raises(BackupError, match="cut short"):
        make_backup(config, keep=1)  # of what is not whole, in the place of what is
    assert made.exists()
    restore_backup(config, made)
    lock.hold_for_serving(instance).close()
    assert names(config) == ["ann"]


def test_the_lock_is_not_left_to_those_a_server_starts(tmp_path: Path) -> None:
    """A thinking process may outlive its killed server for a moment."""
    held = lock.hold_for_serving(tmp_path)
    with held, subprocess.Popen(["sleep", "60"], close_fds=False) as child:
        held.close()
        try:
            with (tmp_path / lock.NAME).open("r+") as file:
                fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            child.kill()
