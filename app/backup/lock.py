"""Who may be at the data: any number of servers, backups and commands, or one restore.

A lock of the system's on a file in `INSTANCE_PATH`, which ends with its process however that ends.
While a restore is under way the file has something in it as well. So a server does not begin on
what a power cut left half restored.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from app.backup.errors import BackupError

NAME: Final = "house.lock"
_UNDER_WAY: Final = "a restore is under way\n"


def hold_for_serving(instance: Path) -> IO[str]:
    """A server's share of the lock: its for as long as the file that this returns is open.

    Nothing else in the process may open that file: whichever is closed first ends the share.

    Raises BackupError while a restore is under way, or after one that was cut short.
    """
    file = _open(instance)
    # Not flock: a process that this one starts would hold that as well, and outlive it with it.
    if not _locked(file, fcntl.LOCK_SH):
        file.close()
        raise BackupError("A restore is under way: start again once it is done.")
    if file.read():
        file.close()
        raise BackupError(
            "A restore was cut short, and the data is not whole. Run "
            "`flask --app app restore FILE` again; what was there before is in a folder (of "
            "PostgreSQL, a schema) `before-restore-...`."
        )
    return file


@contextmanager
def beside_servers(instance: Path) -> Iterator[None]:
    """Keep a restore away while the block runs. Raises BackupError as `hold_for_serving` does."""
    with hold_for_serving(instance):
        yield


@contextmanager
def alone(instance: Path) -> Iterator[None]:
    """Keep servers away while the block runs, and after it if the process is killed there.

    Raises BackupError while a server runs. A block that ends with a BackupError has put everything
    back where it was; any other exception is as good as a kill.
    """
    with _open(instance) as file:
        if not _locked(file, fcntl.LOCK_EX):
            raise BackupError(
                "A server is running on this data, or one of the house's commands. Stop it first: "
                "nothing was done."
            )
        if not file.read():  # what a restore that was cut short has left stays all the time
            _write(file, _UNDER_WAY)
        try:
            yield
        except BackupError:
            _write(file, "")
            raise
        _write(file, "")


def _open(instance: Path) -> IO[str]:
    try:
        instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (instance / NAME).open("a+", encoding="utf-8")
    except OSError as error:
        raise BackupError(f"Cannot write to {instance}: {error.strerror}.") from None
    file.seek(0)
    return file


def _locked(file: IO[str], kind: int) -> bool:
    try:
        fcntl.lockf(file, kind | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _write(file: IO[str], text: str) -> None:
    file.truncate(0)
    file.write(text)
    file.flush()
    os.fsync(file.fileno())
