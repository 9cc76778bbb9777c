"""On which patches two models may be compared: those that neither has learned from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from glomviewer.domain.comparison.scored import Floats, Ints, Mask


class PatchSet(StrEnum):
    """`FREE` may be looked at as often as one likes; every look at `LOCKED` is counted."""

    FREE = "validation and out of fold"
    LOCKED = "locked set"


@dataclass(frozen=True, slots=True)
class Labelled:
    """Patches with a label that counts; every array has the shape (patches,).

    `group` is the case, else the slide, "" where unknown; `blind` says that the label was given
    before any call was shown.
    """

    patches: Ints
    target: Mask
    group: Sequence[str]
    training: Mask
    validation: Mask
    locked: Mask
    blind: Mask

    @property
    def codes(self) -> Ints:
        """Each patch's group as a number from 0 on; an unknown one stands for itself alone."""
        keys = [name or str(row) for row, name in enumerate(self.group)]
        number = {key: code for code, key in enumerate(dict.fromkeys(keys))}
        return np.array([number[key] for key in keys], dtype=np.int64)

    def only(self, rows: Mask) -> Labelled:
        chosen = np.flatnonzero(rows)
        return Labelled(
            self.patches[rows],
            self.target[rows],
            [self.group[row] for row in chosen.tolist()],
            self.training[rows],
            self.validation[rows],
            self.locked[rows],
            self.blind[rows],
        )


@dataclass(frozen=True, slots=True)
class Contender:
    """One model on the labelled patches, shape (patches,).

    Logits are calibrated, NaN where there is none. `seen` marks what the model or an ancestor
    was trained or tuned on, None where nobody knows; `learned` marks those of them that it may
    have been trained on although they are no training patches here.
    """

    title: str
    logit: Floats
    out_of_fold: Floats
    seen: Mask | None
    learned: Mask
    threshold: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows to compare on with both models' logits there (NaN elsewhere), how many patches
    were left out for which reason, and what to keep in mind of the rest."""

    rows: Mask
    first: Floats
    second: Floats
    left_out: tuple[tuple[str, int], ...]
    notes: tuple[str, ...]
    refusal: str = ""


def choose(labelled: Labelled, first: Contender, second: Contender, among: PatchSet) -> Chosen:
    """The patches of a set that are clean for both models; `refusal` says why there are none."""
    locked = among is PatchSet.LOCKED
    inside = labelled.locked if locked else labelled.training | labelled.validation
    logits = [one.logit if locked else _unflattered(labelled, one) for one in (first, second)]
    reasons: list[tuple[str, Mask]] = []
    if locked:
        reasons.append(("labelled with the call shown", ~labelled.blind))
    for one, logit in zip((first, second), logits, strict=True):
        predicted = ~np.isnan(one.logit) | ~np.isnan(one.out_of_fold)
        reasons.append((f"without a prediction of {one.title}", ~predicted))
        if one.seen is None:
            reasons.append((f"{one.title} may have been trained on", np.isnan(logit) | locked))
        else:
            dirty = one.seen if locked else np.isnan(logit)
            reasons.append((f"{one.title} was trained or tuned on", dirty))
    left, counts = inside.copy(), []
    for reason, rows in reasons:
        counts.append((reason, int(np.count_nonzero(left & rows))))
        left &= ~rows
    left_out = tuple((reason, number) for reason, number in counts if number)
    return Chosen(
        rows=left,
        first=np.where(left, logits[0], np.nan),
        second=np.where(left, logits[1], np.nan),
        left_out=left_out,
        notes=() if locked else _notes(labelled, left, (first, second)),
        refusal="" if left.any() else _refusal(inside, (first, second), left_out, among),
    )


def _unflattered(labelled: Labelled, one: Contender) -> Floats:
    """What a model says of patches that it has not learned from, NaN of the others.

    Out of fold where there is that; else of what it has not seen, and of validation patches:
    these place thresholds but train nothing, unless it was trained elsewhere.
    """
    seen = np.ones(len(one.logit), dtype=np.bool_) if one.seen is None else one.seen
    tuned_only = labelled.validation & ~one.learned if one.seen is not None else ~seen
    own = np.where(~seen | tuned_only, one.logit, np.nan)
    return np.where(np.isnan(one.out_of_fold), own, one.out_of_fold)


def _notes(labelled: Labelled, rows: Mask, models: Sequence[Contender]) -> tuple[str, ...]:
    """The same remark about both models is made once."""
    folds = [
        int(np.count_nonzero(rows & labelled.training & ~np.isnan(one.out_of_fold)))
        for one in models
    ]
    tuned = [0 if one.seen is None else int(np.count_nonzero(rows & one.seen)) for one in models]
    titles = [one.title for one in models]
    return (
        *(
            f"On {number:,} of them {who} told by models of folds, which had not seen them."
            for number, who in _told_once(folds, titles, ("is", "both are"))
        ),
        *(
            f"{number:,} of them placed calibration and threshold {who}: a little flattering."
            for number, who in _told_once(tuned, titles, ("of", "of both"))
        ),
    )


def _told_once(
    numbers: Sequence[int], titles: Sequence[str], words: tuple[str, str]
) -> list[tuple[int, str]]:
    """(number, whom it concerns) of each model with a number; one for both where it is equal."""
    one, both = words
    if numbers[0] == numbers[1]:
        return [(numbers[0], both)] if numbers[0] else []
    named = [f"{title} {one}" if one == "is" else f"{one} {title}" for title in titles]
    return [(number, name) for number, name in zip(numbers, named, strict=True) if number]


def _refusal(
    inside: Mask,
    models: Sequence[Contender],
    left_out: Sequence[tuple[str, int]],
    among: PatchSet,
) -> str:
    where = "the locked set" if among is PatchSet.LOCKED else "training and validation"
    if not inside.any():
        return f"No patch of {where} has a label that counts."
    unknown = [one.title for one in models if one.seen is None]
    if unknown:
        return (
            f"Nobody knows which patches {' and '.join(dict.fromkeys(unknown))} was trained on, "
            "so a figure here would prove nothing."
        )
    reasons = "; ".join(f"{number:,} {reason}" for reason, number in left_out)
    return (
        f"Of the {int(np.count_nonzero(inside)):,} labelled patches of {where} none is clean for "
        f"both models: {reasons}."
    )
