"""The audit of dependencies: fails on what is known, and never takes silence for consent."""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def audit() -> Any:
    path = Path(__file__).resolve().parents[2] / "scripts" / "audit.py"
    sys.modules["audit"] = module = type(sys)("audit")  # where its dataclass looks itself up
    module.__dict__.update(runpy.run_path(str(path), run_name="audit"))
    return module


FOUND = {
    "dependencies": [
        {
            "name": "jinja2",
            "version": "3.1.4",
            "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["3.1.6"]}],
        },
        {"name": "flask", "version": "3.1.3", "vulns": []},
        {"name": "strange", "skip_reason": "not found"},
    ]
}
NPM = {
    "vulnerabilities": {
        "ws": {
            "range": "<8.17.1",
            "via": [
                "engine.io-client",
                {"title": "DoS", "url": "https://github.com/advisories/GHSA-1"},
            ],
        }
    },
    "metadata": {"dependencies": {"total": 9}},
}


def test_a_finding_fails_the_check(audit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    report = audit.of_python(json.dumps(FOUND))
    assert report.findings == ("jinja2 3.1.4: PYSEC-1, mended in 3.1.6",)
    assert (report.asked, report.unknown) == (3, 1)
    assert not audit.judge("Python", report, required=False)
    assert "PYSEC-1" in capsys.readouterr().err
    found = audit.of_npm(json.dumps(NPM))
    assert found.findings == ("ws <8.17.1: DoS (https://github.com/advisories/GHSA-1)",)
    assert not audit.judge("npm", found, required=False)


def test_nothing_known_passes(audit: Any, capsys: pytest.CaptureFixture[str]) -> None:
    clean = {"dependencies": [{"name": "flask", "version": "3.1.3", "vulns": []}]}
    assert audit.judge("Python", audit.of_python(json.dumps(clean)), required=True)
    assert "nothing known against 1" in capsys.readouterr().out


@pytest.mark.parametrize(
    "report",
    [
        ("of_python", '{"dependencies": [{"name": "a", "skip_reason": "not found"}]}'),
        ("of_npm", '{"message": "405 Method Not Allowed", "error": {}}'),
    ],
)
def test_a_service_that_does_not_answer_is_named_and_passed_over(
    audit: Any, capsys: pytest.CaptureFixture[str], report: tuple[str, str]
) -> None:
    """pip-audit itself says "no known vulnerabilities" where it knows none of the libraries."""
    reader, text = report
    said = getattr(audit, reader)(text)
    assert audit.judge("it", said, required=False)
    assert "NOT AUDITED" in capsys.readouterr().out
    assert not audit.judge("it", said, required=True)


@pytest.mark.parametrize(
    "command",
    [
        ("no-such-program-anywhere",),
        (sys.executable, "-c", "import sys; sys.exit('connection refused')"),
        (sys.executable, "-c", "print('{}')"),
    ],
)
def test_a_tool_that_cannot_tell_is_trouble(audit: Any, command: tuple[str, ...]) -> None:
    report = audit.ask(command, audit.of_python)
    assert report.trouble
    assert not report.answered


def test_the_audit_is_part_of_the_checks() -> None:
    makefile = (Path(__file__).resolve().parents[2] / "Makefile").read_text()
    check = makefile.partition("\ncheck:")[2].partition("\n\n")[0]
    assert "scripts/audit.py" in check
