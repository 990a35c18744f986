"""What is logged when something fails: where, and nobody's secrets."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app.services.house import House
from config import ROOT

FAILING = """
import structlog
from app import logs
from config import Config

def check(token):
    raise ValueError("wrong")

logs.set_up(Config(INSTANCE_PATH={instance!r}))
try:
    check("open sesame")
except ValueError:
    structlog.get_logger("test").exception("a check failed")
"""


def test_a_traceback_shows_no_values(tmp_path: Path) -> None:
    program = FAILING.format(instance=str(tmp_path))
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for written in (done.stderr, (tmp_path / "server.log").read_text()):
        assert "a check failed" in written
        assert "ValueError: wrong" in written
        assert "open sesame" not in written.replace('check("open sesame")', "")


def test_a_failed_statement_shows_no_values(house: House) -> None:
    statement = text("INSERT INTO open_table (id, code) VALUES (:id, :code)")
    with pytest.raises(IntegrityError) as failed, house.store.write() as unit:
        unit.execute(statement, {"id": "0" * 32, "code": "open sesame"})
    assert "open_table" in str(failed.value)
    assert "open sesame" not in str(failed.value)
