"""Backups: what is in one, what is refused, and that nothing is ever lost by one."""

from __future__ import annotations

import gzip
import io
import sqlite3
import tarfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import Result
from flask import Flask

from app.backup import BackupError, archive, lock, make_backup, making, restore_backup
from app.services import accounts
from app.services.house import House
from app.services.sessions import Client
from config import Config
from tests.conftest import database_file

Run = Callable[..., Result]
SECRET = "0123456789abcdef" * 4


@pytest.fixture
def config(config: Config) -> Config:
    """A house that keeps a key of its own, and ann."""
    (Path(config.INSTANCE_PATH) / "secret_key").write_text(SECRET)
    if config.DATABASE_URL:
        pytest.skip("about SQLite; PostgreSQL's are in tests/cluster")
    return config


@pytest.fixture
def ann(house: House) -> None:
    accounts.register(house, "ann", "pw", client=Client("", ""))


@pytest.fixture
def run(app: Flask) -> Run:
    runner = app.test_cli_runner()
    return lambda *words, **options: runner.invoke(args=list(words), **options)


def names(config: Config) -> list[str]:
    """Who has an account, by the file alone."""
    with closing(sqlite3.connect(database_file(config))) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM user ORDER BY id")]


def listing(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_backup_is_one_file_for_its_owner_alone(config: Config, ann: None) -> None:
    made = make_backup(config)
    assert made.parent == Path(config.INSTANCE_PATH) / "backups"
    assert (made.stat().st_mode & 0o777, made.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    assert listing(made.parent) == {made.name}
    with tarfile.open(made) as tar:
        assert tar.getnames() == ["manifest.json", "parlour.sqlite3", "secret_key"]
        key = tar.extractfile("secret_key")
        assert key is not None
        assert key.read().decode() == SECRET


def test_what_it_says_of_itself_is_so(config: Config, ann: None, tmp_path: Path) -> None:
    made = make_backup(config)
    manifest = archive.unpack(made, tmp_path)
    assert (manifest.database, manifest.accounts, manifest.matches) == ("sqlite", 1, 0)
    assert archive.stamp(manifest.made_at) in made.name
    with closing(sqlite3.connect(tmp_path / "parlour.sqlite3")) as copy:
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (
            manifest.revision,
        )


def test_what_is_only_in_the_log_yet_is_in_it(config: Config, tmp_path: Path) -> None:
    """A server that was killed leaves its last commits beside the database, not in it."""
    with closing(sqlite3.connect(database_file(config), isolation_level=None)) as writer:
        writer.execute("PRAGMA wal_autocheckpoint=0")
        add = "INSERT INTO user (name, registered, active, created_at, seen_at) VALUES"
        writer.execute(f"{add} ('late', 1, 1, '2026-01-01', '2026-01-01')")
        assert archive.unpack(make_backup(config), tmp_path).accounts == 1


def test_a_writer_in_mid_transaction_is_not_waited_for(config: Config, tmp_path: Path) -> None:
    with closing(sqlite3.connect(database_file(config), isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        add = "INSERT INTO user (name, registered, active, created_at, seen_at) VALUES"
        writer.execute(f"{add} ('half', 1, 1, '2026-01-01', '2026-01-01')")
        assert archive.unpack(make_backup(config), tmp_path).accounts == 0


def test_only_the_newest_are_kept_and_nothing_else_is_removed(config: Config) -> None:
    folder = config.backup_path
    folder.mkdir()
    for name in ("parlour-mine.tar.gz", "notes.txt", "parlour-20200101-000000-000.tar.gz"):
        (folder / name).write_text("")
    made = [make_backup(config, keep=2) for _ in range(3)]
    kept = {path.name for path in made[1:]}
    assert listing(folder) == kept | {"parlour-mine.tar.gz", "notes.txt"}
    assert len({make_backup(config, keep=0) for _ in range(2)} | set(made[1:])) == 4
    assert len(listing(folder)) == 6


def test_with_the_clock_set_back_the_new_one_is_kept_all_the_same(config: Config) -> None:
    folder = config.backup_path
    folder.mkdir()
    later = [f"parlour-2099010{day}-000000-000.tar.gz" for day in (1, 2, 3)]
    for name in (*later, "parlour-2020-by-hand.tar.gz"):
        (folder / name).write_text("")
    made = make_backup(config, keep=2)
    assert listing(folder) == {made.name, later[-1], "parlour-2020-by-hand.tar.gz"}
    made = make_backup(config, keep=1)
    assert listing(folder) == {made.name, "parlour-2020-by-hand.tar.gz"}


def test_a_disk_without_links_will_do(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    """exFAT and SMB know none."""

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(making.os, "link", refuse)
    assert make_backup(config).exists()


def test_a_failed_backup_removes_no_older_one(config: Config) -> None:
    for _ in range(2):
        make_backup(config)
    before = listing(config.backup_path)
    damage(database_file(config))
    with pytest.raises(BackupError, match="flask --app app restore FILE"):
        make_backup(config, keep=1)
    assert listing(config.backup_path) == before


def test_what_a_kill_left_is_removed_a_day_later(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = config.backup_path / ".draft-x"
    draft.mkdir(parents=True)
    make_backup(config)
    assert draft.exists()
    later = draft.stat().st_mtime + 86_401
    monkeypatch.setattr(making.time, "time", lambda: later)
    make_backup(config)
    assert not draft.exists()


def test_a_house_that_has_not_begun_has_no_backup(tmp_path: Path) -> None:
    config = Config(INSTANCE_PATH=str(tmp_path))
    with pytest.raises(BackupError, match="nothing to back up yet"):
        make_backup(config)
    assert not (tmp_path / "parlour.sqlite3").exists()


def test_a_restore_brings_back_all_and_keeps_what_was_there(
    config: Config, house: House, ann: None
) -> None:
    made = make_backup(config)
    accounts.register(house, "ben", "pw", client=Client("", ""))
    house.store.engine.dispose()
    secret = Path(config.INSTANCE_PATH) / "secret_key"
    secret.write_text("another")
    done = restore_backup(config, made)
    assert names(config) == ["ann"]
    assert secret.read_text() == SECRET
    assert (secret.stat().st_mode & 0o777, done.manifest.accounts) == (0o600, 1)
    assert done.former is not None
    aside = Path(done.former)
    assert names(replace(config, DATABASE_URL=f"sqlite:///{aside}")) == ["ann", "ben"]
    assert (aside.parent / "secret_key").read_text() == "another"
    assert not list(Path(config.INSTANCE_PATH).glob(".restoring*"))


def test_a_restore_on_a_bare_machine(config: Config, ann: None, tmp_path: Path) -> None:
    made = make_backup(config)
    elsewhere = replace(config, INSTANCE_PATH=str(tmp_path / "new"))
    (tmp_path / "new").mkdir()
    assert restore_backup(elsewhere, made).former is None
    assert names(elsewhere) == ["ann"]
    assert listing(tmp_path / "new") == {"house.lock", "parlour.sqlite3", "secret_key"}


def test_a_damaged_database_is_set_aside_unopened(config: Config, ann: None, house: House) -> None:
    made = make_backup(config)
    house.store.engine.dispose()
    damage(database_file(config))
    beside = database_file(config).with_name("parlour.sqlite3-wal")
    beside.write_bytes(b"what a kill left")
    damaged = database_file(config).read_bytes()
    former = restore_backup(config, made).former
    assert former is not None
    assert Path(former).read_bytes() == damaged
    assert Path(former).with_name("parlour.sqlite3-wal").read_bytes() == b"what a kill left"
    assert names(config) == ["ann"]


def damage(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as data:
        data.seek(4096)
        data.write(b"\xff" * (size - 4096))


def test_a_restore_that_fails_leaves_everything_where_it_was(
    config: Config, ann: None, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, instance = make_backup(config), Path(config.INSTANCE_PATH)
    house.store.engine.dispose()
    before = listing(instance) | {lock.NAME}

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.backup.sqlite._synced_file", full)
    with pytest.raises(BackupError, match="No space left on device"):
        restore_backup(config, made)
    assert listing(instance) == before
    assert names(config) == ["ann"]
    lock.hold_for_serving(instance).close()


def altered(made: Path, change: Callable[[dict[str, bytes]], object]) -> Path:
    """The backup, its members changed, under another name."""
    with tarfile.open(made) as tar:
        members = {name: tar.extractfile(name).read() for name in tar.getnames()}  # type: ignore[union-attr]
    change(members)
    target = made.with_name("altered.tar.gz")
    with tarfile.open(target, "w:gz") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return target


def rewritten(**values: object) -> Callable[[dict[str, bytes]], None]:
    def change(members: dict[str, bytes]) -> None:
        manifest = msgspec.json.decode(members["manifest.json"])
        members["manifest.json"] = msgspec.json.encode(manifest | values)

    return change


REFUSED = [
    (lambda m: m.pop("manifest.json"), "is no backup"),
    (lambda m: m.pop("parlour.sqlite3"), "is no backup"),
    (lambda m: m.update({"../evil": b"x"}), "is no backup"),
    (lambda m: m.update({"manifest.json": b"{"}), "is no backup"),
    (lambda m: m.update({"manifest.json": b"[]"}), "is no backup"),
    (lambda m: m.update({"parlour.sqlite3": m["parlour.sqlite3"] + b"x"}), "is no backup"),
    (lambda m: m.update({"secret_key": m["secret_key"][::-1]}), "checksum is another"),
    (rewritten(format=2), "format 2"),
    (rewritten(files={"../evil": {"size": 1, "sha256": ""}}), "is no backup"),
    (rewritten(revision="9999"), "later version"),
    (rewritten(made_at="yesterday"), "is no backup"),
]


@pytest.mark.parametrize(("change", "why"), REFUSED, ids=range(len(REFUSED)))
def test_what_is_no_whole_backup_is_not_restored(
    config: Config, ann: None, change: Callable[[dict[str, bytes]], object], why: str
) -> None:
    bad = altered(make_backup(config), change)
    with pytest.raises(BackupError, match=why):
        restore_backup(config, bad)
    assert names(config) == ["ann"]
    assert not list(Path(config.INSTANCE_PATH).glob("before-restore*"))
    assert not (Path(config.INSTANCE_PATH).parent / "evil").exists()


def test_a_damaged_or_cut_file_is_not_restored(config: Config, ann: None) -> None:
    made = make_backup(config)
    whole = made.read_bytes()
    flipped = bytearray(whole)
    flipped[len(whole) // 2] ^= 0xFF
    tail = whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:]
    for content in (b"", b"not compressed", whole[:-20], whole[: len(whole) // 2], flipped, tail):
        made.write_bytes(content)
        with pytest.raises(BackupError, match=r"is no backup|Cannot read|checksum"):
            restore_backup(config, made)
    made.write_bytes(gzip.compress(b"no tar"))
    with pytest.raises(BackupError, match="is no backup"):
        restore_backup(config, made)
    assert names(config) == ["ann"]


def test_a_backup_of_the_other_kind_of_database_is_not_restored(config: Config, ann: None) -> None:
    made = make_backup(config)
    other = replace(config, DATABASE_URL="postgresql://nobody@localhost/nothing")
    with pytest.raises(BackupError, match=r"backup of SQLite, but .* uses PostgreSQL"):
        restore_backup(other, made)


def test_another_users_data_is_left_alone(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_backup(config)
    monkeypatch.setattr(making.os, "geteuid", lambda: Path(config.INSTANCE_PATH).stat().st_uid + 1)
    for act in (lambda: make_backup(config), lambda: restore_backup(config, made)):
        with pytest.raises(BackupError, match="sudo -u"):
            act()


def test_the_commands(config: Config, ann: None, run: Run, house: House, tmp_path: Path) -> None:
    said = run("backup", "--to", str(tmp_path / "far"), "--keep", "1")
    assert said.exit_code == 0, said.output
    made = Path(said.stdout.strip())
    assert made.parent == tmp_path / "far"
    house.store.engine.dispose()
    assert run("restore", str(made), input="n\n").exit_code == 1
    assert not list(Path(config.INSTANCE_PATH).glob("before-restore*"))
    said = run("restore", str(made), "--yes")
    assert said.exit_code == 0, said.output
    assert "1 accounts, 0 matches" in said.output
    assert "before-restore-" in said.output
    refused = run("restore", str(tmp_path / "nothing"), "--yes")
    assert refused.exit_code == 1
    assert refused.output == f"Error: There is no file {tmp_path / 'nothing'}.\n"


def test_the_command_takes_the_database_as_it_is(tmp_path: Path, run: Run, config: Config) -> None:
    """What is to be gone back to is the state before an upgrade."""
    file = database_file(config)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    made = Path(run("backup").stdout.strip())
    assert archive.unpack(made, tmp_path).revision == "0001"


def test_a_key_in_the_settings_is_the_hosts_to_keep(
    run: Run, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "SECRET_KEY" not in run("backup").stderr
    monkeypatch.setenv("SECRET_KEY", SECRET)
    assert "SECRET_KEY comes from the settings" in run("backup").stderr
