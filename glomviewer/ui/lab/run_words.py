"""A run in the lab's words. No Qt here."""

from __future__ import annotations

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.widgets.durations import duration_text
from glomviewer.ui.widgets.numbers import value_text
from glomviewer.ui.widgets.run_line import ALIVE, best_epoch, headline_of

CURVE_KINDS = frozenset({"overfitting", "validation-better", "plateau", "never-predicted"})
"""Notes of these kinds are what curves show; `training.curve_hints` words them."""

NAMES = ("Epoch", "Best", "Learning rate", "Images a second", "Time left")


def is_alive(run: RunRecord | None, status: RunStatus) -> bool:
    return run is not None and run.state in ALIVE and not status.over


def headline(run: RunRecord, status: RunStatus, title: str) -> str:
    """What becomes of the run, and what it was asked for."""
    if is_alive(run, status):
        if status.finishing:
            return f"Keeping the best of {title}"
        if status.paused:
            return f"{title} is paused"
        if status.pausing:
            return f"{title} pauses after this step"
    return headline_of(run, status, title)


def figures(status: RunStatus) -> tuple[str, ...]:
    """The values of NAMES; "–" for what isn't known."""
    last = status.epochs[-1] if status.epochs else None
    best, progress = best_epoch(status), status.progress
    rate = progress.rate if progress is not None else None
    if rate is None and last is not None:
        rate = last.images_per_second
    best_text = "–"
    if best is not None:
        auc = best.validation_auc
        best_text = f"{best.epoch}" if auc is None else f"{best.epoch}, AUC {value_text(auc)}"
    return (
        f"{last.epoch} of {last.epochs}" if last is not None else "–",
        best_text,
        f"{last.learning_rate:.1e}" if last is not None else "–",
        f"{rate:,.0f}" if rate else "–",
        duration_text(status.seconds_left) or "–",
    )


def stage_line(status: RunStatus) -> str:
    """`head · CUDA, RTX 4090`: what it is at, and on what."""
    stage = status.progress.stage if status.progress is not None and not status.over else ""
    return " · ".join(part for part in (stage, status.device) if part)


def curve_sentences(status: RunStatus) -> list[str]:
    return [note.text for note in status.hints if note.kind in CURVE_KINDS]


def last_note(status: RunStatus) -> str:
    """What the run has said last, but for what is told elsewhere: leaks, and what curves show."""
    told = {note.text for note in status.hints}
    return next((note for note in reversed(status.notes) if note not in told), "")


def end_sentence(run: RunRecord, status: RunStatus) -> str:
    """How it ended, for a run that has."""
    if status.state == "finished" or run.state == "finished":
        said = str((run.gate or status.gate or {}).get("sentence") or "")
        return f"{said} It stands on the pages Models and Compare.".strip()
    said = (status.message or run.message).strip()
    if not status.resumable or status.state == "stopped" or not said:
        return said
    stop = "" if said.endswith(".") else "."
    return f"{said}{stop} The last epoch is kept; Resume goes on from it."
