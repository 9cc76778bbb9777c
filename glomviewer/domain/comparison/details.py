"""All that is shown of two models on the same patches, but for the intervals."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.comparison.bootstrap import Figures, without_intervals
from glomviewer.domain.comparison.breakdown import Unit, by_centre, by_slide
from glomviewer.domain.comparison.calls import broken, mended, worst_mistakes
from glomviewer.domain.comparison.curves import (
    CalibrationBin,
    Curve,
    calibration_bins,
    precision_recall_curve,
    roc_curve,
)
from glomviewer.domain.comparison.figures import Confusion, confusion
from glomviewer.domain.comparison.scored import Compared, Scored


@dataclass(frozen=True, slots=True)
class Side:
    """What is shown of one of the two models."""

    roc: Curve | None
    precision_recall: Curve | None
    calibration: list[CalibrationBin]
    confusion: Confusion
    worst: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Details:
    first: Side
    second: Side
    figures: Figures
    slides: list[Unit]
    centres: list[Unit]
    mended: tuple[int, ...]
    broken: tuple[int, ...]


def details_of(compared: Compared) -> Details:
    return Details(
        first=_side(compared, compared.first),
        second=_side(compared, compared.second),
        figures=without_intervals(compared),
        slides=by_slide(compared),
        centres=by_centre(compared),
        mended=mended(compared),
        broken=broken(compared),
    )


def _side(compared: Compared, scored: Scored) -> Side:
    return Side(
        roc=roc_curve(scored),
        precision_recall=precision_recall_curve(scored),
        calibration=calibration_bins(scored),
        confusion=confusion(scored),
        worst=worst_mistakes(compared, scored),
    )
