"""A house's SQLite database, copied while it is written to, and put back."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from typing import Final

from app.backup.archive import DUMPS, synced
from app.backup.errors import BackupError

NAME: Final = DUMPS["sqlite"]
_BESIDE: Final = ("-wal", "-shm", "-journal")
_BUSY_SECONDS: Final = 30
_COUNTS: Final = {
    "accounts": "SELECT count(*) FROM user WHERE registered AND active",
    "matches": "SELECT count(*) FROM match",
}


class SqliteData:
    """The database in the file `path`; everything raises BackupError."""

    kind: Final = "sqlite"

    def __init__(self, path: Path) -> None:
        self._path = path

    def copy(self, target: Path) -> None:
        """Write all of it, as it stands at one moment, into the new file `target`.

        Whoever writes meanwhile does not wait, and what they write is not in the copy.
        """
        if not self._path.exists():
            raise BackupError(f"There is no database at {self._path}: nothing to back up yet.")
        target.touch(mode=0o600)
        try:
            with (
                # Not read-only: what a killed server left in the log must be read with the file.
                closing(_connect(self._path)) as source,
                closing(sqlite3.connect(target)) as copy,
            ):
                source.backup(copy)  # in one step: in several, each write would begin it anew
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, whole by itself
        except sqlite3.Error as error:
            raise BackupError(
                f"The database cannot be copied: {error}. If it is damaged, "
                "`flask --app app restore FILE` puts a backup in its place."
            ) from None
        _check(target, "integrity_check")

    def facts(self, dump: Path) -> tuple[str, dict[str, int]]:
        """The migration that a copy stands at, and how many accounts and matches it has."""
        try:
            with closing(_connect(dump)) as copy:
                revision = copy.execute("SELECT version_num FROM alembic_version").fetchone()
                counts = {name: copy.execute(sql).fetchone()[0] for name, sql in _COUNTS.items()}
        except sqlite3.Error as error:
            raise BackupError(f"That is no database of a house: {error}.") from None
        if revision is None:
            raise BackupError("The database has no tables yet: nothing to back up.")
        return revision[0], counts

    def check(self, dump: Path) -> None:
        """Look whether a copy is whole."""
        _check(dump, "quick_check")

    def replace(self, dump: Path, aside: Path) -> str | None:
        """Put a copy in the place of what is there, and that into the folder `aside`, unopened.

        Where the former went, in words; None when there was none.
        """
        there = [self._path.with_name(self._path.name + end) for end in ("", *_BESIDE)]
        moved: list[tuple[Path, Path]] = []
        try:
            for path in there:
                if path.exists():
                    shutil.move(path, aside / path.name)
                    moved.append((aside / path.name, path))
            self._path.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(dump, self._path)
            _synced_file(self._path)
            synced(self._path.parent)
        except OSError as error:
            if moved:
                self._path.unlink(missing_ok=True)
            for kept, path in moved:
                with suppress(OSError):
                    shutil.move(kept, path)
            raise BackupError(f"Cannot replace {self._path}: {error.strerror}.") from None
        return str(aside / self._path.name) if moved else None


def _check(path: Path, how: str) -> None:
    try:
        with closing(_connect(path)) as copy:
            found = [row[0] for row in copy.execute(f"PRAGMA {how}(3)")]
    except sqlite3.Error as error:
        found = [str(error)]
    if found != ["ok"]:
        raise BackupError(
            f"The database is damaged: {'; '.join(found)}. "
            "`flask --app app restore FILE` puts a backup in its place."
        )


def _connect(path: Path) -> sqlite3.Connection:
    uri = f"{path.absolute().as_uri()}?mode=rw"  # never makes a database where there is none
    return sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS)


def _synced_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
