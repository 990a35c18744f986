"""The file that a backup is: a compressed tar with `manifest.json` first, and what it lists.

| member | |
|---|---|
| `manifest.json` | a `Manifest`: what the rest is, and how to tell that it is whole |
| `parlour.sqlite3` or `parlour.pgdump` | the database |
| `secret_key` | where the house keeps its own |
"""

from __future__ import annotations

import hashlib
import os
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Final, Literal

import msgspec

from app.backup.errors import BackupError

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
SECRET: Final = "secret_key"
DUMPS: Final = {"sqlite": "parlour.sqlite3", "postgresql": "parlour.pgdump"}
_LARGEST_MANIFEST: Final = 64 * 1024
_CHUNK: Final = 1024 * 1024


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of the archive: its size in bytes, and the SHA-256 of what is in it, in hex."""

    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """What a backup holds. `revision`: the migration that its database stands at."""

    format: int
    made_at: datetime
    site: str
    database: Literal["sqlite", "postgresql"]
    revision: str
    accounts: int
    matches: int
    files: dict[str, Entry]


class _Head(msgspec.Struct, frozen=True):
    format: int


def entry_of(path: Path) -> Entry:
    """What the manifest says of a file."""
    with path.open("rb") as file:
        return Entry(path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest())


def pack(target: Path, manifest: Manifest, folder: Path) -> None:
    """Write the archive `target`, for its owner alone, of the manifest's files in `folder`.

    It is on the disk when this returns. Raises OSError.
    """
    (folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest), indent=2))
    with _private(target) as file:
        # The fastest: most of a large backup's time would go into the last few per cent.
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as tar:
            for name in (MANIFEST, *manifest.files):
                tar.add(folder / name, name, filter=_plain)
        file.flush()
        os.fsync(file.fileno())


def unpack(source: Path, folder: Path) -> Manifest:
    """Write the files of the archive `source` into `folder`, each checked, for their owner alone.

    Raises BackupError for what is no backup, is not whole, or was made by a later version.
    """
    try:
        with tarfile.open(source, "r:gz") as tar:
            manifest = _manifest(tar)
            missing = dict(manifest.files)
            while member := tar.next():
                # Only what the manifest names, which is of known names: nothing lands elsewhere.
                _extract(tar, member, missing.pop(member.name), folder)
            if missing:
                raise KeyError(*missing)
            _to_its_end(tar)
    except FileNotFoundError:
        raise BackupError(f"There is no file {source}.") from None
    except (tarfile.TarError, EOFError, zlib.error, msgspec.MsgspecError, KeyError) as error:
        raise BackupError(f"{source} is no backup of a house, or is damaged: {error}.") from None
    except OSError as error:
        # Damaged compression is one of these, too.
        raise BackupError(f"Cannot read {source}: {error.strerror or error}.") from None
    return manifest


def synced(folder: Path) -> None:
    """Have what was made, renamed or removed in `folder` on the disk when this returns."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _manifest(tar: tarfile.TarFile) -> Manifest:
    member = tar.next()
    if member is None or member.name != MANIFEST or member.size > _LARGEST_MANIFEST:
        raise KeyError(MANIFEST)
    raw = _reader(tar, member).read()
    head = msgspec.json.decode(raw, type=_Head)
    if head.format != FORMAT:
        raise BackupError(f"This version cannot read backups of format {head.format}.")
    manifest = msgspec.json.decode(raw, type=Manifest)
    if manifest.files.keys() - {SECRET} != {DUMPS[manifest.database]}:
        raise KeyError(DUMPS[manifest.database])
    return manifest


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, entry: Entry, folder: Path) -> None:
    if member.size != entry.size:
        raise KeyError(member.name)
    digest = hashlib.sha256()
    with _private(folder / member.name) as file:
        reader = _reader(tar, member)
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    if digest.hexdigest() != entry.sha256:
        raise BackupError(f"{member.name} in the backup is damaged: its checksum is another.")


def _to_its_end(tar: tarfile.TarFile) -> None:
    """The compression's own checksum stands at the very end."""
    assert tar.fileobj is not None
    while tar.fileobj.read(_CHUNK):
        pass


def _reader(tar: tarfile.TarFile, member: tarfile.TarInfo) -> IO[bytes]:
    reader = tar.extractfile(member)
    if reader is None:
        raise KeyError(member.name)
    return reader


@contextmanager
def _private(path: Path) -> Iterator[IO[bytes]]:
    """A new file that nobody else may read at any moment."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """Without the names and numbers of this machine's users."""
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def stamp(moment: datetime) -> str:
    """A time as names of files have it: UTC, to the millisecond, in order when sorted."""
    return moment.astimezone(UTC).strftime("%Y%m%d-%H%M%S-%f")[:-3]
