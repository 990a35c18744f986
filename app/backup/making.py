"""A backup is made: beside servers that go on, whole or not at all."""

from __future__ import annotations

import os
import pwd
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from app.backup.archive import DUMPS, FORMAT, SECRET, Manifest, entry_of, pack, stamp, synced
from app.backup.errors import BackupError
from app.backup.lock import beside_servers
from app.backup.sqlite import SqliteData
from config import Config

_PREFIX, _SUFFIX = "parlour-", ".tar.gz"
_DRAFT: Final = ".draft-"
_STALE_SECONDS: Final = 86_400  # after so long, a draft is one that a kill has left
_DIGIT: Final = "[0-9]"
_PATTERN: Final = f"{_PREFIX}{_DIGIT * 8}-{_DIGIT * 6}-{_DIGIT * 3}{_SUFFIX}"


class Data(Protocol):
    """A database that can be copied and put back. See SqliteData and PostgresData."""

    @property
    def kind(self) -> str: ...
    def copy(self, target: Path) -> None: ...
    def facts(self, dump: Path) -> tuple[str, dict[str, int]]: ...
    def check(self, dump: Path) -> None: ...
    def replace(self, dump: Path, aside: Path) -> str | None: ...


def data_of(config: Config) -> Data:
    """The database of the house that has these settings."""
    url = config.database_url
    if url.startswith("sqlite:///"):
        return SqliteData(Path(url.removeprefix("sqlite:///")))
    # Not before it is needed: the driver takes 8 MiB, and a server imports this room's lock.
    from app.backup.postgres import PostgresData

    return PostgresData(url)


def make_backup(config: Config, folder: Path | None = None, keep: int | None = None) -> Path:
    """Write a backup into `folder` and remove those beyond the newest `keep`; the file.

    None: as the settings say; `keep` 0 removes none. Raises BackupError, during a restore and
    after one that was cut short for one; then nothing was removed, and nothing half made is left.
    """
    folder = folder or config.backup_path
    keep = config.BACKUP_KEEP if keep is None else keep
    as_owner(config)
    data = data_of(config)
    # What is half restored is not to drive good backups out.
    with beside_servers(Path(config.INSTANCE_PATH)):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _forget_drafts(folder)
            with _draft(folder) as draft:
                target = _make(config, data, draft)
            synced(folder)
            if keep:
                _forget_old(folder, target, keep)
        except OSError as error:
            raise BackupError(f"Cannot write to {folder}: {error.strerror or error}.") from None
    return target


def _make(config: Config, data: Data, draft: Path) -> Path:
    """The backup, made in `draft` and whole when it is put beside that."""
    now = datetime.now(UTC)
    dump = draft / DUMPS[data.kind]
    data.copy(dump)
    pack(draft / "done", _describe(config, data, draft, dump, now), draft)
    # Not a link: a disk for backups may be of a kind that has none.
    return (draft / "done").rename(draft.with_name(f"{_PREFIX}{stamp(now)}{_SUFFIX}"))


def _forget_old(folder: Path, made: Path, keep: int) -> None:
    """Remove all but the newest `keep`. The one just made is one of them, whatever its name says:
    the clock may have been set back."""
    others = sorted(set(folder.glob(_PATTERN)) - {made})
    for old in others[: max(0, len(others) - keep + 1)]:
        old.unlink()


def as_owner(config: Config) -> None:
    """Refuse another user than the data's owner, whose server could not read what came of it."""
    instance = Path(config.INSTANCE_PATH)
    if instance.exists() and os.geteuid() != instance.stat().st_uid:
        owner = _name_of(instance.stat().st_uid)
        raise BackupError(f"{instance} belongs to {owner}: run this as {owner} (sudo -u {owner}).")


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:  # a container's, seen from outside
        return f"#{user}"


def _describe(config: Config, data: Data, draft: Path, dump: Path, now: datetime) -> Manifest:
    revision, counts = data.facts(dump)
    files = {dump.name: entry_of(dump)}
    secret = Path(config.INSTANCE_PATH) / SECRET
    if secret.exists():
        shutil.copyfile(secret, draft / SECRET)
        files[SECRET] = entry_of(draft / SECRET)
    return Manifest(FORMAT, now, config.SITE_NAME, data.kind, revision, **counts, files=files)  # type: ignore[arg-type]


@contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=folder) as name:
        yield Path(name)


def _forget_drafts(folder: Path) -> None:
    for draft in folder.glob(f"{_DRAFT}*"):
        if time.time() - draft.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(draft, ignore_errors=True)
