"""Writes the examples into docs/protocols: the transcripts of sessions that are really played.

In a page, `<!-- example: NAME -->` is followed by the transcript of the session of that name
(tests/transcripts), and `<!-- end -->`. `make examples` writes them anew; a test fails when
they are not what the sessions give.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "protocols"
EXAMPLE = re.compile(r"(<!-- example: ([\w-]+) -->\n).*?(<!-- end -->)", re.S)


def written(page: str, transcript: Callable[[str], str]) -> str:
    """A page with its examples as they ought to be; `transcript(name)` gives each."""
    return EXAMPLE.sub(lambda m: f"{m[1]}```\n{transcript(m[2])}\n```\n{m[3]}", page)


def main() -> None:
    sys.path.insert(0, str(ROOT))
    from flask_migrate import upgrade

    from app import create_app
    from app.extensions import db
    from tests.conftest import database_file, settings_for_tests
    from tests.transcripts import SESSIONS, record

    with tempfile.TemporaryDirectory() as folder:
        empty = settings_for_tests(Path(folder) / "empty")
        with create_app(empty).app_context():
            upgrade()
            db.engine.dispose()

        def transcript(name: str) -> str:
            config = settings_for_tests(Path(folder) / name)
            database_file(config).parent.mkdir()
            shutil.copyfile(database_file(empty), database_file(config))
            return record(SESSIONS[name], config).text

        for path in sorted(PAGES.glob("*.md")):
            path.write_text(written(path.read_text("utf-8"), transcript), "utf-8")


if __name__ == "__main__":
    main()
