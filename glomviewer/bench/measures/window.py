"""The window as a process of its own: from the command until it can be used, and its memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import psutil

from glomviewer.bench.context import Context
from glomviewer.bench.libraries import BuiltLibrary
from glomviewer.bench.report import Row, Verdict, at_most
from glomviewer.bench.screen import offscreen_platform
from glomviewer.bench.timing import short
from glomviewer.jobs.sentences import JobError

READY = "GLOMVIEWER_REPORT_READY"
STARTS = 5
TARGETS = ((5_758, 1.5), (100_000, 2.5), (1_000_000, None))
MEMORY_TARGET = 1e9
SETTLING = 3.0
"""Seconds after it is ready in which the window counts queues and preloads."""
LONGEST = 120.0


@dataclass(frozen=True, slots=True)
class Start:
    """One start of the window. Memory is in bytes: at the end of `SETTLING`, and the highest."""

    seconds: float
    processor_seconds: float
    resident: int
    highest: int
    cells: int


def measure(context: Context) -> list[Row]:
    rows = []
    for patches, limit in TARGETS:
        built = context.library(patches)
        context.say("starting the window")
        repeats = 1 if context.quick else STARTS if limit is not None else 2
        starts = [start_window(built, settle=limit is None) for _ in range(repeats)]
        rows.append(_time_row(built, limit, starts))
        if limit is None:
            rows.append(_memory_row(built, starts))
    return rows


def start_window(built: BuiltLibrary, *, settle: bool) -> Start:
    """Start `python -m glomviewer LIBRARY`, wait for its report, end it.

    Raises:
        JobError: it ended, or did not become ready.
    """
    with tempfile.TemporaryDirectory(prefix="glomviewer-bench-") as temporary:
        home = Path(temporary)
        begun = time.time()
        with _window(built, home) as process:
            ready = _report(home / "ready.json", process)
            times = process.cpu_times()
            used = times.user + times.system
            highest = process.memory_info().rss
            until = time.monotonic() + (SETTLING if settle else 0.0)
            while time.monotonic() < until:
                highest = max(highest, process.memory_info().rss)
                time.sleep(0.05)
            resident = process.memory_info().rss
            return Start(ready["ready"] - begun, used, resident, highest, int(ready["cells"]))


@contextmanager
def _window(built: BuiltLibrary, home: Path) -> Iterator[psutil.Popen]:
    settings = {"reader_name": "A reader", "reader_initials": "AR"}
    (home / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    environment = {
        **os.environ,
        "GLOMVIEWER_HOME": str(home),
        "QT_QPA_PLATFORM": offscreen_platform(home),
        READY: str(home / "ready.json"),
    }
    with (home / "printed.log").open("wb") as printed:
        process = psutil.Popen(
            [sys.executable, "-m", "glomviewer", str(built.folder)],
            env=environment,
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def _report(file: Path, process: psutil.Popen) -> dict[str, float]:
    deadline = time.monotonic() + LONGEST
    while not file.is_file():
        if process.poll() is not None or time.monotonic() > deadline:
            printed = file.with_name("printed.log").read_text(encoding="utf-8", errors="replace")
            raise JobError(f"The window did not become ready: {printed[-500:]}")
        time.sleep(0.01)
    return json.loads(file.read_text(encoding="utf-8"))


def _time_row(built: BuiltLibrary, limit: float | None, starts: list[Start]) -> Row:
    middle = float(np.median([start.seconds for start in starts]))
    used = float(np.median([start.processor_seconds for start in starts]))
    return Row(
        what=f"window usable from the command, {built.patches:,} patches",
        target="" if limit is None else short(limit),
        measured=f"{short(middle)} ({short(used)} of processor time)",
        how=f"`python -m glomviewer LIBRARY` as a process, until its {starts[0].cells} visible "
        f"thumbnails are painted and the event loop turns; median of {len(starts)}",
        verdict=Verdict.NONE if limit is None else at_most(middle, limit),
        values={"seconds": [start.seconds for start in starts], "processor_seconds": used},
    )


def _memory_row(built: BuiltLibrary, starts: list[Start]) -> Row:
    highest = max(start.highest for start in starts)
    resident = max(start.resident for start in starts)
    return Row(
        what=f"memory of the app at {built.patches:,} patches",
        target="under 1 GB",
        measured=f"{resident / 1e9:.2f} GB, at most {highest / 1e9:.2f} GB",
        how=f"resident set of that process {SETTLING:.0f} s after it is ready, and the highest "
        "seen since then",
        verdict=at_most(highest, MEMORY_TARGET),
        values={"resident": resident, "highest": highest},
    )
