"""How far a training run is, read from the events that it appends to its folder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from statistics import median
from typing import Any

from glomviewer.jobs.process_tree import ProcessIdentity, is_running
from glomviewer.jobs.tail import GrowingFile, last_line
from training import events
from training.config import Job, RunFolder, UserError
from training.run_control import GOES_ON, PAUSED

OUTPUT = "output.log"
"""What a run prints beside its events, for a data scientist's eyes and its last words."""

EPOCHS_FOR_PACE = 6


@dataclass(frozen=True, slots=True)
class RunStatus:
    """`state` is running, finished, failed, stopped, or interrupted (gone without a word).
    `gate` is gate.json where the run has finished; `resumable` says that an epoch was kept.
    `hints` is the newest note of each kind, the newest last. `paused` says that the run waits;
    `pausing` and `finishing` what it has been asked for and has not done yet.
    `reference_sources` counts what its labels rest on, empty where nobody has noted it."""

    state: str = "running"
    device: str = ""
    epochs: tuple[events.Epoch, ...] = ()
    progress: events.Progress | None = None
    notes: tuple[str, ...] = ()
    hints: tuple[events.Note, ...] = ()
    message: str = ""
    gate: dict[str, Any] | None = None
    resumable: bool = False
    paused: bool = False
    pausing: bool = False
    finishing: bool = False
    reference_sources: dict[str, int] = field(default_factory=dict)

    @property
    def over(self) -> bool:
        return self.state != "running"

    @property
    def seconds_left(self) -> float | None:
        """As the run says itself, else by the pace of its last epochs; None where nobody knows.
        A run may end sooner, once its validation stops getting better."""
        if self.over or self.paused:
            return None
        if self.progress is not None:
            return self.progress.seconds_left
        last = self.epochs[-1] if self.epochs else None
        pace = _seconds_an_epoch(self.epochs[-EPOCHS_FOR_PACE:])
        return None if last is None or pace is None else pace * (last.epochs - last.epoch)


class RunReader:
    """Follows one run's folder; each `update` reads only what is new."""

    def __init__(self, folder: RunFolder) -> None:
        self.folder = folder
        self._events = GrowingFile(folder.events)
        self._status = RunStatus(reference_sources=_sources(folder))

    def update(self, identity: ProcessIdentity | None) -> RunStatus:
        """The status now. `identity` is the process that is believed to run it."""
        # Asked first: a run that ends between the two has then written its last event.
        alive = identity is not None and is_running(identity)
        for line in self._events.new_lines():
            self._status = _after(self._status, events.decode(line))
        status = self._status
        if status.state == "running" and not alive:
            status = replace(status, state="interrupted", message=self._last_words())
        if not status.over:
            wished = self.folder.pause.exists()
            return replace(
                status,
                paused=status.paused and wished,
                pausing=wished and not status.paused,
                finishing=self.folder.finish.exists(),
            )
        if status.state != "finished":
            status = replace(status, resumable=_has_checkpoint(self.folder))
        return status

    def _last_words(self) -> str:
        said = last_line(self.folder.path / OUTPUT).removeprefix("error: ")
        return said or "The run ended without a word, as when a computer is switched off."


def _after(status: RunStatus, event: events.Event) -> RunStatus:
    if isinstance(event, events.Started):
        # A resumed run starts again: what its earlier life ended with no longer holds.
        return replace(
            status,
            state="running",
            device=event.device,
            message="",
            progress=None,
            hints=(),
            paused=False,
        )
    if isinstance(event, events.Epoch):
        # An epoch that was begun again after a resume takes the place of its first try.
        earlier = tuple(
            known
            for known in status.epochs
            if (known.stage, known.epoch) != (event.stage, event.epoch)
        )
        # What was done before the epoch, such as reading patches, is done.
        return replace(status, epochs=(*earlier, event), progress=None)
    if isinstance(event, events.Progress):
        return replace(status, progress=event)
    if isinstance(event, events.Note):
        return _after_note(status, event)
    if isinstance(event, events.Result):
        gate = event.payload.get("gate")
        return replace(
            status, state="finished", gate=gate if isinstance(gate, dict) else None, progress=None
        )
    if isinstance(event, events.Error):
        state = "stopped" if event.kind == "cancelled" else "failed"
        return replace(status, state=state, message=event.message, progress=None)
    return status


def _after_note(status: RunStatus, note: events.Note) -> RunStatus:
    if note.kind in (PAUSED, GOES_ON):
        return replace(status, paused=note.kind == PAUSED)
    hints = status.hints
    if note.kind:
        hints = (*(known for known in hints if known.kind != note.kind), note)
    return replace(status, notes=(*status.notes, note.text), hints=hints)


def _seconds_an_epoch(epochs: Sequence[events.Epoch]) -> float | None:
    """The median, since a pause or a night between two epochs tells nothing."""
    times = [_moment(epoch) for epoch in epochs]
    known = [time for time in times if time is not None]
    return median(later - former for former, later in pairwise(known)) if len(known) > 1 else None


def _moment(event: events.Epoch) -> float | None:
    try:
        return datetime.fromisoformat(event.time).timestamp()
    except ValueError:
        return None


def _sources(folder: RunFolder) -> dict[str, int]:
    try:
        return Job.read(folder.job).reference_sources
    except (OSError, ValueError, UserError):
        return {}


def _has_checkpoint(folder: RunFolder) -> bool:
    try:
        return any(folder.checkpoints.iterdir())
    except OSError:
        return False
