"""Merging what readers have returned, one file after another, into the library at home."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from glomviewer.bench.context import Context
from glomviewer.bench.report import Row, at_most
from glomviewer.bench.returned import MACHINE, READERS, RETURNS, SentBack, sent_back
from glomviewer.bench.timing import seconds, short
from glomviewer.paths import installation_in
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import installation_key

DECISIONS = 100_000
LIMIT = 10.0


def measure(context: Context) -> list[Row]:
    decisions = 200 if context.quick else DECISIONS
    context.say(f"returns with {decisions:,} decisions")
    sent = sent_back(decisions, context.output, context.say)
    context.say("merging")
    with installation_in(sent.home.folder / MACHINE):
        new, again = merge_all(sent)
    total = sum(new)
    return [
        Row(
            what=f"merging {decisions:,} decisions of {READERS} returns",
            target=f"{LIMIT:.0f} s",
            measured=short(total),
            how=f"{sent.home.patches:,} decisions in each file, each a signed row of a chain that "
            f"is computed again; the slowest file {short(max(new))}; merging one of them once "
            f"more {short(again)}",
            verdict=at_most(total, LIMIT),
            values={"seconds": total, "files": new, "again": again},
        )
    ]


def merge_all(sent: SentBack) -> tuple[list[float], float]:
    """Seconds of each return, and of the first one once more, into a copy of the library."""
    trust = installation_key().fingerprint
    times: list[float] = []
    with tempfile.TemporaryDirectory(prefix="glomviewer-bench-") as temporary:
        home = Path(temporary) / sent.home.folder.name
        shutil.copytree(sent.home.folder, home, ignore=shutil.ignore_patterns(RETURNS, MACHINE))
        with Library.open(home, backup=False) as library:
            for file in sent.returns:
                start = time.perf_counter()
                merged, _ = library.merge_pack(file, trust=trust)
                times.append(time.perf_counter() - start)
                assert merged.report.decisions == sent.home.patches
            again = seconds(lambda: library.merge_pack(sent.returns[0]))
    return times, again
