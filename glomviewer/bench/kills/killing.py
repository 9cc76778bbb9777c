"""Start victims, kill each at a random moment, and look at what it left."""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from glomviewer.bench.kills.aftermath import Before, confirmed, in_flight, problems_after
from glomviewer.bench.kills.messages import Moment, Order, Said, Work, understood
from glomviewer.bench.kills.scene import Scene
from glomviewer.store.library import Library

LONGEST = {
    Work.LABEL: 0.4,
    Work.BULK: 0.6,
    Work.IMPORT: 0.3,
    Work.COPY_IN: 0.3,
    Work.PROMOTE: 0.4,
    Work.READ: 0.4,
    Work.MERGE: 0.4,
}
"""Seconds after its order within which a victim is killed; opening the library included."""

STARTING_SECONDS = 60.0

ORDER_OF_WORK = (
    Work.LABEL,
    Work.IMPORT,
    Work.READ,
    Work.MERGE,
    Work.PROMOTE,
    Work.BULK,
    Work.READ,
    Work.COPY_IN,
)


@dataclass(slots=True)
class KillReport:
    """`in_flight` counts victims that died within a write, `opening` those before their first;
    `confirmed` what they had confirmed by then. `failures` are broken promises."""

    kills: int = 0
    seconds: float = 0.0
    confirmed: int = 0
    in_flight: int = 0
    opening: int = 0
    per_work: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        kinds = ", ".join(f"{count} {work}" for work, count in sorted(self.per_work.items()))
        lost = f"{len(self.failures)} promises broken" if self.failures else "nothing lost"
        return (
            f"{self.kills} kills ({kinds}): {self.confirmed:,} confirmed writes, "
            f"{self.in_flight} killed within a write, {self.opening} before the first; {lost}"
        )


def run_kills(
    count: int,
    *,
    seed: int = 0,
    work: Sequence[Work] = ORDER_OF_WORK,
    folder: Path | None = None,
    told: Callable[[KillReport], None] | None = None,
) -> KillReport:
    """Kill `count` processes, one after another; every kill is of a process of its own."""
    if folder is None:
        with tempfile.TemporaryDirectory(prefix="glomviewer-kills-") as temporary:
            return run_kills(count, seed=seed, work=work, folder=Path(temporary), told=told)
    start = time.monotonic()
    report = KillReport()
    scene = Scene(folder, seed)
    scene.build()
    dice = random.Random(seed)
    victim = Victim()
    try:
        for number in range(count):
            following = Victim() if number + 1 < count else None
            kind = work[number % len(work)]
            order = scene.order(kind, seed + number)
            after = dice.uniform(0.0, LONGEST[kind])
            _kill_one(victim, order, after, scene, report, writing=number % 4 != 3)
            report.seconds = time.monotonic() - start
            if told is not None:
                told(report)
            if following is None:
                break
            victim = following
    finally:
        victim.kill()
    return report


def _kill_one(
    victim: Victim,
    order: Order,
    after: float,
    scene: Scene,
    report: KillReport,
    *,
    writing: bool,
) -> None:
    """`writing`: `after` counts from the victim's first write, else from its order, so that
    some die while they open the library."""
    with Library.open(scene.library, write=False) as library:
        before = Before.of(library, scene.reader, order.origin)
    victim.obey(order)
    if writing:
        victim.wait_until_said(Moment.TRYING)
    time.sleep(after)
    said = victim.kill()
    found = problems_after(scene.library, order, said, before)
    report.kills += 1
    report.per_work[order.work.value] += 1
    report.confirmed += len(confirmed(said))
    report.in_flight += in_flight(said) is not None
    report.opening += len(said) < 3
    moment = f"kill {report.kills} ({order.work.value}, {after * 1000:.0f} ms after its order)"
    report.failures += [f"{moment}: {problem}" for problem in found]
    if victim.complaint:
        report.failures.append(f"{moment}: the victim failed by itself: {victim.complaint}")


class Victim:
    """A process that waits for its order. It has been started when this object is made, and
    prints into files, so that no full pipe makes it wait."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="glomviewer-victim-")
        folder = Path(self._folder.name)
        self._said, self._complaints = folder / "said", folder / "complaints"
        self.complaint = ""
        with self._said.open("wb") as said, self._complaints.open("wb") as complaints:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "glomviewer.bench.kills.victim"],
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=complaints,
            )

    def obey(self, order: Order) -> None:
        """Hand over the order as soon as the victim can take it.

        Raises:
            RuntimeError: it did not come up.
        """
        self.wait_until_said(Moment.READY)
        assert self._process.stdin is not None
        self._process.stdin.write(order.line().encode())
        self._process.stdin.flush()

    def wait_until_said(self, moment: Moment) -> None:
        """Raises:
        RuntimeError: it ended by itself, or said nothing for a long time.
        """
        deadline = time.monotonic() + STARTING_SECONDS
        while all(said.moment is not moment for said in understood(self._heard())):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"The process to be killed did not work: {self.complaint}")
            time.sleep(0.002)

    def _heard(self) -> str:
        return self._said.read_text(encoding="utf-8")

    def kill(self) -> list[Said]:
        """End it without a chance to tidy up (SIGKILL, TerminateProcess); what it had said."""
        if self._process.poll() is None:
            psutil.Process(self._process.pid).kill()
        self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        if not self._said.exists():
            return []
        said = understood(self._heard())
        self.complaint = self._complaints.read_text(errors="replace").strip()[-500:]
        self._folder.cleanup()
        return said
