"""What was measured beside what was promised, as one Markdown table or as JSON."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

import psutil


class Verdict(StrEnum):
    """Whether the target was met; `NONE` where a figure has no target of its own."""

    MET = "met"
    MISSED = "missed"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. `values` are the figures behind the text, for machines."""

    what: str
    target: str
    measured: str
    how: str
    verdict: Verdict = Verdict.NONE
    values: dict[str, Any] = field(default_factory=dict)


def at_most(value: float, limit: float) -> Verdict:
    return Verdict.MET if value <= limit else Verdict.MISSED


def at_least(value: float, limit: float) -> Verdict:
    return Verdict.MET if value >= limit else Verdict.MISSED


def machine() -> dict[str, Any]:
    """What the figures were taken on, and how busy it was with other things."""
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "memory_gib": round(psutil.virtual_memory().total / 2**30, 1),
        "load": round(psutil.getloadavg()[0], 1),
    }


class OthersShare:
    """How much of the processor's time other programs have used since this object was made."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._busy, self._own = _busy_seconds(), _own_seconds()

    def percent(self) -> float:
        """Of all cores together. What this program started and has not waited for, such as a
        training run beside the window, counts as others."""
        room = (time.monotonic() - self._begun) * (os.cpu_count() or 1)
        others = (_busy_seconds() - self._busy) - (_own_seconds() - self._own)
        return min(100.0, max(0.0, 100.0 * others / room)) if room else 0.0


def _busy_seconds() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0)


def _own_seconds() -> float:
    return sum(os.times()[:4])


def markdown(rows: Sequence[Row], facts: dict[str, Any]) -> str:
    """The table, and a line about the machine."""
    lines = ["| what | target | measured | how |", "|---|---|---|---|"]
    for row in rows:
        verdict = f" ({row.verdict})" if row.verdict is Verdict.MISSED else ""
        cells = (row.what, row.target, row.measured + verdict, row.how)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    lines.append("")
    lines.append(
        f"{facts['system']}, Python {facts['python']}, {facts['cores']} cores, "
        f"{facts['memory_gib']} GiB; load average {facts['load']} before measuring, and other "
        f"programs used {facts['others_percent']:.0f} % of the processors meanwhile."
    )
    return "\n".join(lines)


def as_json(rows: Sequence[Row], facts: dict[str, Any]) -> dict[str, Any]:
    return {"machine": facts, "rows": [asdict(row) for row in rows]}
