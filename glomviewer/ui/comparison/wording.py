"""What the page of two models says. No Qt here."""

from __future__ import annotations

import math
from collections.abc import Sequence

from glomviewer.domain.comparison.bootstrap import RELIABLE_FROM_GROUPS, Figures, Interval
from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.comparison.scored import Compared
from glomviewer.domain.records import ModelRecord
from glomviewer.jobs.comparing import Comparison
from glomviewer.ui.widgets.numbers import MINUS, counted, value_text
from glomviewer.ui.widgets.probabilities import probability_of, probability_text

LESS_IS_BETTER = " ↓"
METRIC_NAMES = {
    "auc": "AUC",
    "average_precision": "Average precision",
    "f1": "F1",
    "precision": "Precision",
    "recall": "Recall",
    "specificity": "Specificity",
    "kappa": "Kappa",
    "log_loss": "Log loss ↓",
    "calibration_error": "Calibration error ↓",
}
MARKS = ("□", "○")
"""The first and the second model, where there is no room for their titles."""
SET_NAMES = {
    PatchSet.FREE: "validation and out of fold",
    PatchSet.LOCKED: "the locked set",
}
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth")


def interval_text(interval: Interval, *, signed: bool = False) -> str:
    """`0.991 (0.981 to 0.997)`, or the value alone where there is no interval."""
    if interval.value is None:
        return "not defined"
    text = value_text(interval.value, signed=signed)
    if interval.low is None or interval.high is None:
        return text
    low, high = (value_text(end, signed=signed) for end in (interval.low, interval.high))
    return f"{text} ({low} to {high})"


def percent_text(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def share_text(value: float | None) -> str:
    """Two decimals: a slide holds tens of patches."""
    if value is None or math.isnan(value):
        return "–"
    return f"{value:.2f}".replace("-", MINUS)


def basis_text(compared: Compared) -> str:
    """`412 patches of 20 cases or slides, 131 sclerotic.`"""
    patches = counted(len(compared), "patch", "patches")
    groups = ""
    if compared.unit != "patch":
        unit = "case or slide" if compared.groups == 1 else "cases or slides"
        groups = f" of {compared.groups:,} {unit}"
    return f"{patches}{groups} that neither learned from, {compared.positives:,} sclerotic."


def thresholds_text(first: ModelRecord, second: ModelRecord) -> str:
    """`Called from □ 0.54 and ○ 0.50 on.`: the thresholds that all calls here follow."""
    told = (
        f"{mark} {probability_text(probability_of(one.threshold))}"
        for mark, one in zip(MARKS, (first, second), strict=True)
    )
    return f"Called sclerotic from {' and '.join(told)} on."


def left_out_text(left_out: Sequence[tuple[str, int]]) -> str:
    parts = [f"{number:,} {reason}" for reason, number in left_out]
    return f"Left out: {'; '.join(parts)}." if parts else ""


def trust_text(figures: Figures, unit: str) -> str:
    """What the intervals rest on, and what to make of them."""
    if not figures.draws:
        return (
            "There is only one case, so no interval can be drawn."
            if figures.groups < 2
            else "Drawing cases for the intervals…"
        )
    what = "patches" if unit == "patch" else "cases or slides"
    text = f"95 % intervals from {figures.draws:,} draws of {figures.groups:,} {what}."
    undefined = max(figures.undefined.values(), default=0)
    if undefined:
        text += f" In {undefined:,} of the draws some figure was not defined."
    if not figures.reliable:
        text += f" Fewer than {RELIABLE_FROM_GROUPS}: take the intervals as unreliable."
    return text


def told_apart_text(figures: Figures) -> str:
    """Which differences the intervals tell from none, and how far to trust that."""
    if not figures.draws:
        return ""
    names = [
        METRIC_NAMES[metric].removesuffix(LESS_IS_BETTER)
        for metric, one in figures.difference.items()
        if one.low is not None and one.high is not None and (one.low > 0 or one.high < 0)
    ]
    if not names:
        return "No figure tells the two apart: every interval of a difference holds 0."
    told = ", ".join(name if name.isupper() or name == "F1" else name.lower() for name in names)
    caution = (
        f" Of {len(figures.difference)} figures, some may be told apart by chance alone."
        if figures.reliable
        else " With so few cases that is a hint, no proof."
    )
    return f"Told apart by {told}: the interval of the difference leaves 0 out.{caution}"


def look_text(looks: int, initials: str = "") -> str:
    """Whose look this was, once it has been counted."""
    if looks <= 0:
        return ""
    who = f"{initials} looked: " if initials else ""
    text = f"{who}the {_ordinal(looks)} look at the locked set."
    return text[0].upper() + text[1:] + _wear(looks)


def ask_headline(comparison: Comparison) -> str:
    times = comparison.looks
    if not times:
        return "Nobody has looked at the locked set yet"
    return f"The locked set has been looked at {counted(times, 'time')}"


def ask_text(comparison: Comparison, compared: Compared) -> str:
    return (
        f"{basis_text(compared)} {left_out_text(comparison.left_out)} "
        f"Yours would be the {_ordinal(comparison.looks + 1)} look. It is counted under your "
        "name, since every look wears the set out a little."
    ).replace("  ", " ")


def marked(place: int, title: str) -> str:
    """A title with the mark that its model has in curves and tables."""
    return f"{MARKS[place]} {title}"


def shortened(title: str, most: int = 24) -> str:
    """A title that leaves room for a table's numbers."""
    return title if len(title) <= most else f"{title[: most - 9]}…{title[-8:]}"


def model_line(record: ModelRecord, candidate: str) -> str:
    """A model in the chooser: its title and what stands out about it."""
    if record.active:
        return f"{record.title}, active"
    return f"{record.title}, candidate" if record.id == candidate else record.title


def _ordinal(number: int) -> str:
    return ORDINALS[number] if number < len(ORDINALS) else f"{number}th"


def _wear(looks: int) -> str:
    return " Each look wears the set out a little." if looks >= 3 else ""
