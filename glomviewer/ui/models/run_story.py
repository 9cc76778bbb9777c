"""A training run, told from its events. No Qt here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from glomviewer.ui.models.figures import duration_text, value_text
from training.events import Epoch, Error, Note, Progress, Result, Started


@dataclass(frozen=True, slots=True)
class RunStory:
    """What is known of a run so far. `fraction` is in 0..1, None before the first progress."""

    epochs: tuple[Epoch, ...] = ()
    device: str = ""
    stage: str = ""
    fraction: float | None = None
    seconds_left: float | None = None
    rate: float | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    error: str = ""
    finished: bool = False

    @property
    def best(self) -> Epoch | None:
        marked = [epoch for epoch in self.epochs if epoch.best]
        return marked[-1] if marked else None

    @property
    def line(self) -> str:
        """`epoch 5 of 12 · best at 4 · validation AUC 0.981 · 1 min 10 s left`."""
        parts: list[str] = []
        if self.epochs:
            last = self.epochs[-1]
            parts.append(f"epoch {last.epoch} of {last.epochs}")
            best = self.best
            if best is not None:
                parts.append(f"best at {best.epoch}")
                if best.validation_auc is not None:
                    parts.append(f"validation AUC {value_text(best.validation_auc)}")
        if self.stage and not self.finished:
            parts.append(self.stage)
        if not self.finished and not self.error:
            left = duration_text(self.seconds_left)
            if left:
                parts.append(f"{left} left")
            if self.rate:
                parts.append(f"{self.rate:,.0f} images a second")
        if self.device:
            parts.append(self.device)
        return " · ".join(parts)


def tell(story: RunStory, events: Iterable[object]) -> RunStory:
    """The story with these further events."""
    for event in events:
        match event:
            case Started():
                story = replace(
                    story, device=event.device or story.device, error="", finished=False
                )
            case Progress():
                story = replace(
                    story,
                    stage=event.stage,
                    fraction=event.done / event.total if event.total else None,
                    seconds_left=event.seconds_left,
                    rate=event.rate if event.rate is not None else story.rate,
                )
            case Epoch():
                earlier = tuple(one for one in story.epochs if _before(one, event))
                story = replace(
                    story,
                    epochs=(*earlier, event),
                    rate=event.images_per_second or story.rate,
                )
            case Note(level="warning"):
                story = replace(story, warnings=(*story.warnings, event.text))
            case Note():
                story = replace(story, notes=(*story.notes, event.text))
            case Error():
                story = replace(story, error=event.message, seconds_left=None)
            case Result():
                story = replace(story, finished=True, seconds_left=None, fraction=1.0)
            case _:
                pass
    return story


def _before(one: Epoch, other: Epoch) -> bool:
    """A resumed run says its epochs again from the last checkpoint: those replace the old."""
    return one.epoch < other.epoch or one.stage != other.stage
