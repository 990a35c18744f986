"""A house of every version there has been comes up with all that was in it."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

from config import ROOT, Config
from tests.conftest import database_file, settings_for_tests
from tests.support.old_houses import OLD, check_upgraded, put_into_file


@pytest.fixture
def empty(tmp_path: Path) -> Config:
    """Settings of a house on SQLite whose database is still to be made."""
    config = settings_for_tests(tmp_path / "instance")
    if config.DATABASE_URL:
        pytest.skip("about SQLite; PostgreSQL's upgrades are in tests/cluster")
    database_file(config).parent.mkdir()
    return config


def test_there_is_a_house_of_every_version() -> None:
    """With a new migration, one of the last before it is to be kept."""
    script = ScriptDirectory(str(ROOT / "migrations"))
    revisions = {each.revision for each in script.walk_revisions()}
    (head,) = script.get_heads()
    assert revisions - {head} <= set(OLD) <= revisions


@pytest.mark.parametrize("revision", OLD)
def test_what_was_there_is_there_after_the_upgrade(empty: Config, revision: str) -> None:
    put_into_file(revision, database_file(empty))
    check_upgraded(empty, revision)
