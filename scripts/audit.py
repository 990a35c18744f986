"""Ask whether anything is known against the libraries in use: PyPI's and npm's advisories.

`python scripts/audit.py` fails on a finding. Where an advisory service cannot be reached, or does
not know our libraries (some mirrors say that of all of them), it says so and goes on, unless
AUDIT=required. What is known and does not concern the house stands in ACCEPTED, with the reason.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[1]
PATIENCE: Final = 90  # seconds for each service

PYTHON: Final = (
    *(sys.executable, "-m", "pip_audit", "--requirement", "requirements-dev.txt"),
    *("--no-deps", "--disable-pip", "--format", "json", "--timeout", "10"),
    *("--progress-spinner", "off"),
)
NPM: Final = ("npm", "audit", "--audit=true", "--package-lock-only", "--json")

ACCEPTED: Final[dict[str, str]] = {}
"""Advisory -> why it does not concern the house."""


@dataclass(frozen=True)
class Report:
    """What a service said: `findings`, a line each, of `asked` libraries; `unknown` to it."""

    findings: tuple[str, ...] = ()
    asked: int = 0
    unknown: int = 0
    trouble: str = ""

    @property
    def answered(self) -> bool:
        """Whether that is an answer at all: a service that knows none of ours has said nothing."""
        return not self.trouble and self.unknown < self.asked


def of_python(text: str) -> Report:
    """What pip-audit's JSON says.

    >>> of_python('{"dependencies": [{"name": "a", "skip_reason": "not found"}]}').answered
    False
    """
    rows = json.loads(text)["dependencies"]
    findings = tuple(
        f"{row['name']} {row['version']}: {found['id']}, mended in "
        f"{', '.join(found['fix_versions']) or 'no release yet'}"
        for row in rows
        for found in row.get("vulns", ())
        if not {found["id"], *found.get("aliases", ())} & set(ACCEPTED)
    )
    return Report(findings, len(rows), sum("skip_reason" in row for row in rows))


def of_npm(text: str) -> Report:
    """What `npm audit --json` says."""
    said: dict[str, Any] = json.loads(text)
    if "vulnerabilities" not in said:
        return Report(asked=1, trouble=str(said.get("message", "no answer")))
    findings = tuple(
        f"{name} {row['range']}: {via['title']} ({via['url']})"
        for name, row in said["vulnerabilities"].items()
        for via in row["via"]
        if isinstance(via, dict) and via["url"].rpartition("/")[2] not in ACCEPTED
    )
    return Report(findings, said["metadata"]["dependencies"]["total"])


def ask(command: Sequence[str], read: Callable[[str], Report]) -> Report:
    """Run a tool and read its report; a tool that cannot tell is trouble, never an exception."""
    if shutil.which(command[0]) is None:
        return Report(asked=1, trouble=f"there is no {command[0]} here")
    try:
        ran = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        return read(ran.stdout)
    except subprocess.TimeoutExpired:
        return Report(asked=1, trouble=f"no answer within {PATIENCE} seconds")
    except (ValueError, KeyError):  # no report: what it wrote instead tells why
        last = ran.stderr.strip().splitlines()[-1:] or ["no report"]
        return Report(asked=1, trouble=last[0][:200])


def judge(name: str, report: Report, *, required: bool) -> bool:
    """Say what came of it; whether the check passes."""
    for finding in report.findings:
        print(f"audit: {name}: {finding}", file=sys.stderr)
    if report.findings:
        return False
    if report.answered:
        rest = f", {report.unknown} unknown there" if report.unknown else ""
        print(f"audit: {name}: nothing known against {report.asked - report.unknown}{rest}")
        return True
    why = report.trouble or "it knows none of our libraries"
    print(f"audit: {name}: NOT AUDITED, the advisory service does not answer: {why}")
    return not required


def main() -> int:
    required = os.environ.get("AUDIT") == "required"
    passes = [
        judge("Python", ask(PYTHON, of_python), required=required),
        judge("npm", ask(NPM, of_npm), required=required),
    ]
    return 0 if all(passes) else 1


if __name__ == "__main__":
    sys.exit(main())
