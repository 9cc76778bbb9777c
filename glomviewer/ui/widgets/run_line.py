"""A training run in one line. No Qt here."""

from __future__ import annotations

from glomviewer.domain.records import RunRecord
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.widgets.durations import duration_text
from glomviewer.ui.widgets.numbers import value_text
from training.events import Epoch

ALIVE = ("starting", "running")


def best_epoch(status: RunStatus) -> Epoch | None:
    """The epoch whose weights would be kept if the run ended now."""
    return next((epoch for epoch in reversed(status.epochs) if epoch.best), None)


def fraction_of(status: RunStatus) -> float | None:
    """How far the run is, 0 to 1; None before anyone can know."""
    progress = status.progress
    if progress is not None and progress.total:
        return min(1.0, progress.done / progress.total)
    last = status.epochs[-1] if status.epochs else None
    return min(1.0, last.epoch / last.epochs) if last is not None and last.epochs else None


def line_of(status: RunStatus) -> str:
    """`epoch 5 of 12 · best at 4 · validation AUC 0.981 · 1 min 10 s left · CUDA, RTX 4090`."""
    parts: list[str] = []
    if status.epochs:
        last, best = status.epochs[-1], best_epoch(status)
        parts.append(f"epoch {last.epoch} of {last.epochs}")
        if best is not None:
            parts.append(f"best at {best.epoch}")
            if best.validation_auc is not None:
                parts.append(f"validation AUC {value_text(best.validation_auc)}")
    progress = None if status.over else status.progress
    if progress is not None and progress.stage:
        parts.append(progress.stage)
    left = duration_text(status.seconds_left)
    if left:
        parts.append(f"{left} left")
    if progress is not None and progress.rate:
        parts.append(f"{progress.rate:,.0f} images a second")
    if status.device:
        parts.append(status.device)
    return " · ".join(parts)


def headline_of(run: RunRecord, status: RunStatus, title: str) -> str:
    """What has become of the run; `title` names the model that it makes."""
    state = status.state if status.over else run.state
    return {
        "starting": f"Starting {title}",
        "running": f"Training {title}",
        "finished": f"{title} is trained",
        "stopped": f"{title} was stopped",
        "failed": f"{title} did not finish",
        "interrupted": f"{title} was interrupted",
    }.get(state, title)


def sources_line(status: RunStatus) -> str:
    """`Labels by source: 612 imported, 40 single reader, 14 adjudicated.`; "" where unknown."""
    counted = sorted(status.reference_sources.items(), key=lambda one: (-one[1], one[0]))
    said = ", ".join(f"{number:,} {source}" for source, number in counted if number)
    return f"Labels by source: {said}." if said else ""


def may_resume(run: RunRecord, status: RunStatus) -> bool:
    """Whether the run has ended early, and the library knows it."""
    return run.state in ("stopped", "failed") or (
        status.state == "interrupted" and run.state not in ALIVE
    )


def estimate_text(recipe: str, runs: tuple[RunRecord, ...]) -> str:
    """How long the last finished run with this recipe took; empty where there was none."""
    for run in runs:
        if run.recipe == recipe and run.state == "finished" and run.finished is not None:
            took = duration_text((run.finished - run.started).total_seconds())
            return f"The last run with {recipe} took {took}."
    return ""
