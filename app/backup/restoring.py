"""A backup is put back: checked first, in nobody's way, and what was there is kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.backup.archive import DUMPS, SECRET, Manifest, stamp, synced, unpack
from app.backup.errors import BackupError
from app.backup.lock import alone
from app.backup.making import Data, as_owner, data_of
from app.migrating import revisions
from config import Config

_NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back, and where to find what was there before (in words; None: nothing)."""

    manifest: Manifest
    former: str | None


def restore_backup(config: Config, source: Path) -> Restored:
    """Put the backup `source` in the place of the house's data.

    The database may be of an earlier version: the next start brings it up to date. Raises
    BackupError, and then everything is as it was; or, where the disk failed in the middle, no
    server begins on it until a restore has come to its end.
    """
    as_owner(config)
    data, instance = data_of(config), Path(config.INSTANCE_PATH)
    with _workshop(instance) as draft:
        manifest = unpack(source, draft)
        _fits(manifest, data)
        dump = draft / DUMPS[data.kind]
        data.check(dump)
        with alone(instance):
            aside = _new_folder(instance / f"before-restore-{stamp(datetime.now(UTC))}")
            try:
                former = data.replace(dump, aside)
            except BackupError:
                aside.rmdir()
                raise
            _put_secret(draft, instance, aside)
            if not any(aside.iterdir()):
                aside.rmdir()
            synced(instance)
    return Restored(manifest, former)


@contextmanager
def _workshop(instance: Path) -> Iterator[Path]:
    try:
        with tempfile.TemporaryDirectory(prefix=".restoring-", dir=instance) as name:
            yield Path(name)
    except OSError as error:
        raise BackupError(f"Cannot write to {instance}: {error.strerror or error}.") from None


def _fits(manifest: Manifest, data: Data) -> None:
    if manifest.database != data.kind:
        raise BackupError(
            f"This is a backup of {_NAMES[manifest.database]}, but by its settings the house uses "
            f"{_NAMES[data.kind]} (DATABASE_URL)."
        )
    if manifest.revision not in revisions():
        raise BackupError(
            f"This backup was made by a later version (its database stands at "
            f"{manifest.revision}): install that first."
        )


def _new_folder(path: Path) -> Path:
    try:
        path.mkdir(mode=0o700)
    except OSError as error:
        raise BackupError(f"Cannot make {path}: {error.strerror}.") from None
    return path


def _put_secret(draft: Path, instance: Path, aside: Path) -> None:
    """The key that goes with the data: cookies and stored tokens are made with it."""
    if not (draft / SECRET).exists():
        return
    if (instance / SECRET).exists():
        shutil.copy2(instance / SECRET, aside / SECRET)
    (draft / SECRET).replace(instance / SECRET)
