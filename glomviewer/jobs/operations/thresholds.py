"""What is done with a model's threshold. Each change is a row of its log; none is deleted."""

from __future__ import annotations

from dataclasses import replace

from glomviewer.domain.changes import Changes
from glomviewer.domain.thresholds.history import BY_HAND, REDO, UNDO, rule_in_words, steps_of
from glomviewer.jobs.sentences import JobError
from glomviewer.store.library import Library
from glomviewer.store.models import ThresholdChange
from training.config import Threshold


def set_threshold(
    library: Library, *, model: str, logit: float, reader: int, rule: str, reason: str = ""
) -> Changes:
    """Move a model's threshold, a calibrated logit; the earlier ones are kept in its history.

    Raises:
        JobError: it is moved by hand and nobody says why.
    """
    Threshold(logit=logit, rule=rule)
    if rule == BY_HAND and not reason.strip():
        raise JobError("A threshold that is moved by hand needs a reason; nothing was changed.")
    if rule in (UNDO, REDO):
        raise JobError(f"“{rule}” is no rule for a threshold; nothing was changed.")
    return library.set_threshold(model, logit, reader=reader, rule=rule, reason=reason.strip())


def undo_threshold(library: Library, *, model: str, reader: int) -> Changes:
    """Put back the threshold before the one in force, as a new row.

    Raises:
        JobError: there is none before it.
    """
    steps = steps_of(reversed(library.threshold_history(model)))
    if steps.undo is None:
        raise JobError("There is no earlier threshold to put back.")
    return _put_back(library, model, steps.undo, reader, UNDO, "Undone")


def redo_threshold(library: Library, *, model: str, reader: int) -> Changes:
    """Put back the threshold that was undone last, as a new row.

    Raises:
        JobError: nothing was undone, or the threshold was moved since.
    """
    steps = steps_of(reversed(library.threshold_history(model)))
    if steps.redo is None:
        raise JobError("No threshold has been undone since the last move.")
    return _put_back(library, model, steps.redo, reader, REDO, "Redone")


def look_at_locked(library: Library, *, model: str, reader: int, logit: float) -> Changes:
    """Count a reader's look at the locked set's figures at a threshold; then they may be read."""
    title = library.model(model).title
    return library.add_look(f"{title} at the threshold {logit:.4f} (logit), at the desk", reader)


def _put_back(
    library: Library, model: str, change: ThresholdChange, reader: int, kind: str, done: str
) -> Changes:
    back = rule_in_words(change.rule) or "no rule was kept"
    written = library.set_threshold(
        model, change.logit, reader=reader, rule=kind, reason=f"back to: {back}"
    )
    sentence = f"{done}: the threshold of {library.model(model).title} is where it was before."
    return replace(written, sentence=sentence)
