"""Runs the server under a sampling profiler: `python -m bench.sampler REPORT`.

Every millisecond of real time the main thread's stack is looked at, so that waiting (for the disk,
for the network) counts as well as computing. SIGUSR1 starts, SIGUSR2 stops and writes REPORT.
It sees Python code; time inside a C function is its caller's.
"""

from __future__ import annotations

import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

from config import ROOT

PERIOD = 0.001
ROWS = 45


class Sampler:
    """Counts, by function: samples in it, and samples in it or in what it called."""

    def __init__(self, report: Path) -> None:
        self._report = report
        self._inside: Counter[CodeType] = Counter()
        self._below: Counter[CodeType] = Counter()

    def install(self) -> None:
        signal.signal(signal.SIGALRM, self._sample)
        signal.signal(signal.SIGUSR1, self._start)
        signal.signal(signal.SIGUSR2, self._stop)

    def _start(self, _sign: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, PERIOD, PERIOD)

    def _sample(self, _sign: int, frame: FrameType | None) -> None:
        if frame is None:
            return
        self._inside[frame.f_code] += 1
        seen: set[CodeType] = set()
        step: FrameType | None = frame
        while step is not None:
            seen.add(step.f_code)
            step = step.f_back
        self._below.update(seen)

    def _stop(self, _sign: int, _frame: FrameType | None) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)
        draft = self._report.with_suffix(".draft")
        draft.write_text(self.table())
        draft.rename(self._report)  # whoever waits for the report finds all of it

    def table(self) -> str:
        """Modules by their own time, then functions by their time with what they call."""
        total = sum(self._inside.values()) or 1
        modules: Counter[str] = Counter()
        for code, count in self._inside.items():
            modules[_module(code)] += count
        lines = [f"{total} samples", "", "own %  module"]
        lines += [f"{100 * n / total:5.1f}  {name}" for name, n in modules.most_common(ROWS)]
        lines += ["", " all %   own %  function"]
        lines += [
            f"{100 * n / total:6.1f}  {100 * self._inside[code] / total:6.1f}  "
            f"{_module(code)}:{code.co_qualname}"
            for code, n in self._below.most_common(2 * ROWS)
        ]
        return "\n".join([*lines, ""])


def _module(code: CodeType) -> str:
    path = Path(code.co_filename)
    parts = path.parts
    if "site-packages" in parts:
        return "/".join(parts[parts.index("site-packages") + 1 :])
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name


if __name__ == "__main__":
    report, sys.argv = Path(sys.argv[1]), ["wsgi.py"]
    Sampler(report).install()
    sys.path.insert(0, str(ROOT))
    runpy.run_path(str(ROOT / "wsgi.py"), run_name="__main__")
