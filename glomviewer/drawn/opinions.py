"""What drawn readers say of drawn patches: mostly what each was drawn as, and now and then not.

Made up by chance that is the same every time, so that the demo has something to settle. Nothing
here tells how real readers differ.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from random import Random

from glomviewer.domain.labels import LabelSet

TUBULES, NEARLY_GLOBAL, SEGMENTAL = "tubules", "nearly global", "segmental"

_OF_OPINION = (
    "Some loops are still open at the vascular pole.",
    "Solid but for one lobe; one could call it either way.",
    "Nearly all of the tuft is gone.",
)
_OF_REASON = {
    "cut off": "Only a part of it is on the patch.",
    "out of focus": "I can't follow the capillary walls.",
    "other": "Another stain would decide it.",
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a patch was drawn as; `truth` is 1, 0 or, without a glomerulus, None."""

    truth: int | None
    kind: str
    difficulty: float


@dataclass(frozen=True, slots=True)
class DrawnReader:
    """`leaning` is the share of what is nearly global that he calls globally sclerotic, `slips`
    and `unsure` how often he errs or can't tell in the mean, `yields` how often he follows a
    model that contradicts him."""

    name: str
    initials: str
    leaning: float
    slips: float
    unsure: float
    yields: float


@dataclass(frozen=True, slots=True)
class Opinion:
    label: int
    detail: str = ""
    comment: str = ""


def read_subjects(truth: Path) -> dict[str, Subject]:
    """By the names of the patches, as `glomviewer.drawn` writes them to `truth.csv`."""
    with truth.open(encoding="utf-8", newline="") as lines:
        return {
            row["name"]: Subject(
                truth=None if row["kind"] == TUBULES else int(row["truth"]),
                kind=row["kind"],
                difficulty=float(row["difficulty"]),
            )
            for row in csv.DictReader(lines)
        }


class Opinions:
    """The opinions of one reader, in the codes of a label set."""

    def __init__(self, reader: DrawnReader, subjects: dict[str, Subject], labels: LabelSet) -> None:
        self._reader, self._subjects = reader, subjects
        self._of_class = {call: labels.codes_of_target(call)[0] for call in (0, 1)}
        self._details = {label.code: label.details for label in labels.labels}
        without_class = [label for label in labels.labels if label.target is None]
        self._cannot_tell = next(label for label in without_class if label.details)
        self._not_a_glomerulus = next(label for label in without_class if not label.details)

    def first(self, patch: str, *, again: bool = False) -> Opinion:
        """Before he knows any call; `again` where he is shown the patch once more unawares."""
        subject, dice = self._subjects[patch], self._dice(patch)
        if again and self._dice(patch, "once more").random() < 0.1 + 0.2 * subject.difficulty:
            dice = self._dice(patch, "another day")
        if subject.truth is None:
            known = dice.random() < 0.8
            return Opinion(self._not_a_glomerulus.code if known else self._of_class[0])
        if dice.random() < self._reader.unsure * 2 * subject.difficulty:
            reason = dice.choice(self._cannot_tell.details)
            said = _OF_REASON.get(reason, "") if dice.random() < 0.7 else ""
            return Opinion(self._cannot_tell.code, reason, said)
        if subject.kind == NEARLY_GLOBAL:
            called = int(dice.random() < self._reader.leaning)
            return Opinion(self._of_class[called], "", self._remark(dice))
        slipped = dice.random() < self._reader.slips * 2 * subject.difficulty
        label = self._of_class[1 - subject.truth if slipped else subject.truth]
        details = self._details[label]
        return Opinion(label, details[0] if subject.kind == SEGMENTAL and details else "")

    def after(self, patch: str, own: int, call: int) -> Opinion | None:
        """Once the model's call has been revealed; None where he keeps his own label."""
        contradicted = self._of_class[1 - call] == own
        # Whoever has slipped sees it more easily than one who was right is talked out of it.
        deserves = 1.5 if self._subjects[patch].truth == call else 0.75
        chance = self._dice(patch, "revealed").random()
        if contradicted and chance < self._reader.yields * deserves:
            return Opinion(self._of_class[call])
        return None

    def _remark(self, dice: Random) -> str:
        return dice.choice(_OF_OPINION) if dice.random() < 0.4 else ""

    def _dice(self, patch: str, occasion: str = "") -> Random:
        return Random(f"{self._reader.initials} {patch} {occasion}")
