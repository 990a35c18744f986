"""`make upgrade`: a backup first, then the new version, then the services; and how to go back.

git, bash, the backup and the database are real. make and systemctl are stand-ins that write down
what they are asked for: set-up takes long, and services are the machine's.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from app.backup import archive
from config import ROOT
from tests.support.old_houses import OLD, put_into_file

SYSTEMCTL = """#!/bin/sh
echo "systemctl $*" >>"$CALLS"
case "$1" in
    list-units) for unit in $UNITS; do echo "$unit loaded active running A house"; done ;;
esac
"""
MAKE = """#!/bin/sh
echo "make $*" >>"$CALLS"
exit "${MAKE_FAILS:-0}"
"""
# Says "ready" for every worker: the last words of its arguments are port and address.
PYTHON = """#!/bin/sh
echo "ready? $2 $3" >>"$CALLS"
"""


# Root's, unless the test says whose.
ID = """#!/bin/sh
if [ "$1" = -u ]; then echo "${WHO:-0}"; else PATH=/usr/bin:/bin exec id "$@"; fi
"""


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=host", "-c", "user.email=host@example.org"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Site:
    """A checkout, installed, of a repository in which there is a newer version."""

    def __init__(self, folder: Path) -> None:
        self.origin, self.checkout = folder / "origin", folder / "site"
        self.calls, self.instance = folder / "calls", folder / "instance"
        self.calls.touch()
        self.origin.mkdir()
        for name in ("app", "config.py", "migrations", "deploy", "templates"):
            source = ROOT / name
            skip = shutil.ignore_patterns("__pycache__", "*.mo")
            if source.is_dir():
                shutil.copytree(source, self.origin / name, ignore=skip)
            else:
                shutil.copy(source, self.origin / name)
        (self.origin / "static").mkdir()
        (self.origin / "static" / "here").touch()
        git(self.origin, "init", "-q", "-b", "main")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "-m", "The version that is installed")
        git(folder, "clone", "-q", str(self.origin), str(self.checkout))
        (self.origin / "NEWS").write_text("new\n")
        git(self.origin, "add", "-A")
        git(self.origin, "commit", "-q", "-m", "The new version")
        self.former = git(self.checkout, "rev-parse", "HEAD")
        self._programs(folder / "bin")

    def _programs(self, folder: Path) -> None:
        venv = self.checkout / ".venv" / "bin"
        venv.mkdir(parents=True)
        flask = f'#!/bin/sh\nexec "{sys.executable}" -m flask "$@"\n'
        folder.mkdir()
        programs = {
            folder / "systemctl": SYSTEMCTL,
            folder / "make": MAKE,
            folder / "id": ID,
            venv / "python": PYTHON,
            venv / "flask": flask,
        }
        for path, text in programs.items():
            path.write_text(text)
            path.chmod(0o755)
        self._path = f"{folder}:{os.environ['PATH']}"

    def fill(self, revision: str) -> None:
        self.instance.mkdir()
        put_into_file(revision, self.instance / "parlour.sqlite3")

    def revision(self) -> str:
        with closing(sqlite3.connect(self.instance / "parlour.sqlite3")) as connection:
            found: str = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            return found

    def upgrade(self, units: str, **more: str) -> subprocess.CompletedProcess[str]:
        settings = self.instance.with_name("parlour.env")
        settings.write_text(f'# settings\nINSTANCE_PATH="{self.instance}"\nSITE_NAME=A house\n')
        environment = {
            "PATH": self._path,
            "HOME": str(self.instance),
            "CALLS": str(self.calls),
            "UNITS": units,
            "PARLOUR_ENV": str(settings),
            "UPGRADE_WAIT": "2",
        }
        return subprocess.run(
            [self.checkout / "deploy" / "upgrade.sh"],
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
        )

    def called(self) -> list[str]:
        """What the stand-ins were asked for, but for which units there are."""
        lines = self.calls.read_text().splitlines()
        return [line for line in lines if not line.startswith("systemctl list-units")]


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def test_with_a_new_schema_all_workers_stop_first(site: Site, tmp_path: Path) -> None:
    site.fill("0003")
    done = site.upgrade("parlour@5001.service parlour@5002.service")
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.called() == [
        "make --no-print-directory setup",
        "systemctl stop parlour@5001.service parlour@5002.service",
        "systemctl start parlour@5001.service parlour@5002.service",
        "ready? 5001 127.0.0.1",
        "ready? 5002 127.0.0.1",
    ]
    assert site.revision() > max(OLD)
    assert (site.checkout / "NEWS").exists()
    (made,) = (site.instance / "backups").iterdir()
    (tmp_path / "out").mkdir()
    manifest = archive.unpack(made, tmp_path / "out")
    assert (manifest.revision, manifest.site) == ("0003", "A house")
    for way_back in (f"git checkout {site.former}", f"restore {made}", "systemctl start"):
        assert way_back in done.stdout

    # Once more, with nothing new to the schema: nobody has to wait for all of them. They listen
    # elsewhere now.
    site.calls.write_text("")
    done = site.upgrade("parlour@5001.service parlour@5002.service", HOST="10.0.0.5")
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.called() == [
        "make --no-print-directory setup",
        "systemctl restart parlour@5001.service",
        "ready? 5001 10.0.0.5",
        "systemctl restart parlour@5002.service",
        "ready? 5002 10.0.0.5",
    ]


def test_who_may_not_restart_what_runs_upgrades_nothing(site: Site) -> None:
    site.fill(max(OLD))
    done = site.upgrade("parlour.service", WHO="1000")
    assert done.returncode == 1
    assert "sudo make upgrade" in done.stderr
    assert site.called() == []
    assert not (site.instance / "backups").exists()
    assert git(site.checkout, "rev-parse", "HEAD") == site.former


def test_a_new_version_that_does_not_start_says_why(site: Site) -> None:
    site.fill(max(OLD))
    (site.origin / "app" / "cli.py").write_text("raise RuntimeError('a library is missing')\n")
    git(site.origin, "commit", "-q", "-a", "-m", "A bad version")
    done = site.upgrade("parlour.service")
    assert done.returncode != 0
    assert "a library is missing" in done.stderr
    assert not [line for line in site.called() if line.startswith("systemctl")]


def test_without_a_service_there_is_none_to_restart(site: Site) -> None:
    site.fill(max(OLD))
    done = site.upgrade("")
    assert done.returncode == 0, done.stdout + done.stderr
    assert site.called() == ["make --no-print-directory setup"]
    assert len(list((site.instance / "backups").iterdir())) == 1


def test_without_a_backup_nothing_is_touched(site: Site) -> None:
    site.instance.mkdir()
    (site.instance / "parlour.sqlite3").write_bytes(b"no database" * 1000)
    done = site.upgrade("parlour.service")
    assert done.returncode == 1
    assert site.called() == []
    assert git(site.checkout, "rev-parse", "HEAD") == site.former
    assert "The upgrade failed" in done.stderr


def test_a_failed_set_up_leaves_the_services_as_they_are(site: Site) -> None:
    site.fill(max(OLD))
    done = site.upgrade("parlour.service", MAKE_FAILS="2")
    assert done.returncode == 2
    assert site.called() == ["make --no-print-directory setup"]
    assert f"git checkout {site.former}" in done.stdout
    assert "The upgrade failed" in done.stderr
