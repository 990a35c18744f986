"""Settings from the environment, and the secret key."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app import create_app
from config import ROOT, Config, ConfigError

STRONG = "kD93-fjw0_29fkLs0x-Qpm3v8Zr7TyUe1"


def test_every_setting_has_a_default_and_is_overridden_by_its_name() -> None:
    config = Config.from_environ({"PORT": "81", "SITE_NAME": "Casa", "RATELIMIT_ENABLED": "off"})
    assert (config.PORT, config.SITE_NAME, config.RATELIMIT_ENABLED) == (81, "Casa", False)
    assert config.HOST == Config().HOST


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "high"),
        ("DEBUG", "perhaps"),
        ("GUEST_TTL", "-1"),
        ("ASYNC_MODE", "foo"),
        ("LOG_LEVEL", "loud"),
        ("HOUSEKEEPING_INTERVAL", "0"),
        ("STATUS_INTERVAL", "0"),
        ("HOUSEKEEPING_INTERVAL", "61"),  # more than half of PRESENCE_TTL
        ("PRESENCE_TTL", "59"),  # less than twice HOUSEKEEPING_INTERVAL
    ],
)
def test_a_bad_value_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        Config.from_environ({name: value})


def test_log_levels_may_be_in_small_letters() -> None:
    assert Config.from_environ({"LOG_LEVEL": "debug"}).LOG_LEVEL == "debug"


@pytest.mark.parametrize("rate", ["many", "", "10 per fortnight", "-1 per minute"])
def test_a_rate_that_is_none_is_named(config: Config, rate: str) -> None:
    with pytest.raises(ConfigError, match="SIGN_IN_LIMIT"):
        create_app(replace(config, SIGN_IN_LIMIT=rate))


def test_a_server_says_in_one_line_what_is_wrong_with_its_settings(tmp_path: Path) -> None:
    for setting in ({"ASYNC_MODE": "foo"}, {"LOG_LEVEL": "loud"}, {"GUEST_LIMIT": "many"}):
        ran = _run([sys.executable, "wsgi.py"], tmp_path, **setting)
        assert ran.returncode == 1
        assert ran.stderr.startswith(f"parlour: {next(iter(setting))} must be ")
        assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize("application", ["app", "wsgi"])
def test_housekeeping_by_hand_on_an_empty_instance(tmp_path: Path, application: str) -> None:
    flask = [sys.executable, "-m", "flask", "--app", application, "housekeeping"]
    ran = _run(flask, tmp_path, ASYNC_MODE="eventlet")
    assert ran.returncode == 0, ran.stderr
    assert "matches_expired: 0" in ran.stdout
    assert "Traceback" not in ran.stderr


def _run(command: list[str], instance: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = os.environ | {"INSTANCE_PATH": str(instance)} | settings
    return subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_secret_is_made_once_and_kept_to_its_owner(tmp_path: Path) -> None:
    config = Config(INSTANCE_PATH=str(tmp_path / "new"))
    first, second = config.with_secret(), config.with_secret()
    assert first.SECRET_KEY == second.SECRET_KEY
    assert len(first.SECRET_KEY) == 64
    kept = tmp_path / "new" / "secret_key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret_key"]


@pytest.mark.parametrize("weak", ["secret", "x" * 40, "short-but-random"])
def test_production_refuses_a_weak_secret(weak: str) -> None:
    with pytest.raises(ConfigError, match="SECRET_KEY"):
        Config(SECRET_KEY=weak).with_secret()
    assert weak == Config(SECRET_KEY=weak, DEBUG=True).with_secret().SECRET_KEY


def test_a_strong_secret_is_taken() -> None:
    assert Config(SECRET_KEY=STRONG).with_secret().SECRET_KEY == STRONG


@pytest.mark.parametrize("weak", ["admin", "x" * 40, "short-at-random", "abcabcabcabcabcabc"])
def test_production_refuses_a_weak_admin_token(weak: str) -> None:
    with pytest.raises(ConfigError, match="ADMIN_TOKEN"):
        Config.from_environ({"ADMIN_TOKEN": weak})
    for lax in ("DEBUG", "TESTING"):
        assert weak == Config.from_environ({"ADMIN_TOKEN": weak, lax: "1"}).ADMIN_TOKEN


def test_a_strong_admin_token_is_taken_and_so_is_none() -> None:
    assert STRONG[:16] == Config(ADMIN_TOKEN=STRONG[:16]).ADMIN_TOKEN
    assert Config().ADMIN_TOKEN == ""


def test_database_urls() -> None:
    assert Config(INSTANCE_PATH="/data").database_url == "sqlite:////data/parlour.sqlite3"
    for given in ("postgres://u@h/d", "postgresql://u@h/d"):
        assert Config(DATABASE_URL=given).database_url == "postgresql+psycopg://u@h/d"
    assert Config(DATABASE_URL="sqlite:///x.db").database_url == "sqlite:///x.db"


def test_fewer_processes_than_none_are_refused() -> None:
    with pytest.raises(ConfigError, match="THINKERS"):
        Config.from_environ({"THINKERS": "-1"})
