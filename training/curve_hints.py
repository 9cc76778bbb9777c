"""What the curves of a run show that has a name: overfitting, a plateau, and the like.

Pure functions over the epochs so far, standard library only: the window tells the same sentences.
A hint is a sentence for a person; nothing in training depends on one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean

from training.events import Epoch

OVERFITTING = "overfitting"
VALIDATION_BETTER = "validation-better"
PLATEAU = "plateau"
NEVER_PREDICTED = "never-predicted"

# How many epochs in a row have to show something before it is told.
_STEADY = 3
_PLATEAU_EPOCHS = 6
# How much the validation loss has to rise above its lowest, and how far an AUC may wander.
_RISE = 1.05
_FLAT_AUC = 0.002
_FLAT_LOSS = 0.02
# Below this a validation loss that is lower than the training loss is rounding.
_BETTER = 0.95


@dataclass(frozen=True, slots=True)
class Hint:
    """`kind` is one of the constants above; `sentence` is plain text."""

    kind: str
    sentence: str


def hints(history: Sequence[Epoch], *, causes: Sequence[str] = ()) -> list[Hint]:
    """What the last epochs of `history` show, at most one hint of a kind.

    `causes` name what makes training harder than validation, such as "dropout".
    """
    # While the head alone is trained, the losses tell nothing of what comes after.
    epochs = [epoch for epoch in history if epoch.stage != "head"]
    found = (
        overfitting(epochs),
        validation_better(epochs, causes),
        plateau(epochs),
        never_predicted(epochs),
    )
    return [hint for hint in found if hint is not None]


def overfitting(epochs: Sequence[Epoch]) -> Hint | None:
    """The validation loss rises since its lowest while the training loss goes on falling."""
    losses = [
        (epoch.epoch, epoch.train_loss, epoch.validation_loss)
        for epoch in epochs
        if epoch.train_loss is not None and epoch.validation_loss is not None
    ]
    if len(losses) <= _STEADY:
        return None
    lowest = min(range(len(losses)), key=lambda i: losses[i][2])
    since = losses[lowest + 1 :]
    if len(since) < _STEADY:
        return None
    number, train_then, validation_then = losses[lowest]
    train_now = fmean(train for _, train, _ in since[-_STEADY:])
    validation_now = fmean(validation for _, _, validation in since[-_STEADY:])
    if validation_now <= _RISE * validation_then or train_now >= train_then:
        return None
    return Hint(
        OVERFITTING,
        f"The model begins to learn the training patches by heart: since epoch {number} the "
        f"validation loss has risen from {validation_then:.3f} to {validation_now:.3f} while the "
        f"training loss fell from {train_then:.3f} to {train_now:.3f}. The best epoch is kept; "
        "more patches or stronger jitter help more than more epochs.",
    )


def validation_better(epochs: Sequence[Epoch], causes: Sequence[str] = ()) -> Hint | None:
    """Validation looks better than training, which has plain reasons more often than not."""
    last = epochs[-_STEADY:]
    if len(last) < _STEADY or not all(_is_better(epoch) for epoch in last):
        return None
    if not causes:
        return Hint(
            VALIDATION_BETTER,
            "Validation looks better than training, and nothing in the recipe explains it: the "
            "validation patches are easier, or some of them look like training patches.",
        )
    return Hint(
        VALIDATION_BETTER,
        "Validation looks better than training. That is to be expected here and no fault: only "
        f"training patches meet {_listed(causes)}, and their figures are of the whole epoch.",
    )


def _is_better(epoch: Epoch) -> bool:
    train, validation = epoch.train_loss, epoch.validation_loss
    return train is not None and validation is not None and validation < _BETTER * train


def plateau(epochs: Sequence[Epoch]) -> Hint | None:
    """For some epochs neither the AUC nor the loss of validation has moved."""
    last = epochs[-_PLATEAU_EPOCHS:]
    aucs = [epoch.validation_auc for epoch in last if epoch.validation_auc is not None]
    losses = [epoch.validation_loss for epoch in last if epoch.validation_loss is not None]
    if len(aucs) < _PLATEAU_EPOCHS or len(losses) < _PLATEAU_EPOCHS:
        return None
    if max(aucs) - min(aucs) > _FLAT_AUC:
        return None
    if any(abs(later - former) > _FLAT_LOSS * former for former, later in pairwise(losses)):
        return None
    return Hint(
        PLATEAU,
        f"For {_PLATEAU_EPOCHS} epochs the validation AUC has stayed at {fmean(aucs):.3f}: this "
        "run has learnt what it can, so it may be finished now without losing anything.",
    )


def never_predicted(epochs: Sequence[Epoch]) -> Hint | None:
    """One class has not been called once on validation, before a threshold is placed."""
    shares = [epoch.validation_called for epoch in epochs[-_STEADY:]]
    if len(shares) < _STEADY:
        return None
    for share, name in ((0.0, "globally sclerotic"), (1.0, "not globally sclerotic")):
        if all(one == share for one in shares):
            return Hint(
                NEVER_PREDICTED,
                f"For {_STEADY} epochs no validation patch was called {name}: choose the balance "
                "'sampler' or 'weights', or look whether the labels of this class are right.",
            )
    return None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
