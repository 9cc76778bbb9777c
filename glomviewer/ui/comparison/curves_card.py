"""ROC, precision-recall and calibration curves of two models beside chance."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from glomviewer.domain.comparison.bootstrap import Interval
from glomviewer.domain.comparison.curves import CalibrationBin, Curve
from glomviewer.domain.comparison.details import Details, Side
from glomviewer.domain.comparison.figures import why_undefined
from glomviewer.domain.comparison.scored import Compared
from glomviewer.ui.comparison.plot import Line, Reference, SharePlot
from glomviewer.ui.comparison.wording import MARKS, marked, shortened
from glomviewer.ui.widgets.card import Card
from glomviewer.ui.widgets.numbers import value_text
from glomviewer.ui.widgets.texts import Secondary

REMARK = (
    "Hollow marks are the thresholds. Points of the calibration stand for a tenth of the "
    "probabilities each, with Wilson's 95 % interval; a click opens their patches."
)
CHANCE = Reference("chance", 0.0, 1.0, (0.46, 0.46), (0.0, 0.0))
EXACT = Reference("exact", 0.0, 1.0, (0.26, 0.26), (1.0, 1.0))
LABEL_ROOM = 0.25


class CurvesCard(Card):
    """`opened` carries the patches behind a point of the calibration curve, and their title."""

    opened = Signal(object, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setAccessibleName("Curves")
        self.roc = SharePlot("ROC", "false alarm rate", "recall")
        self.precision_recall = SharePlot("Precision and recall", "recall", "precision")
        self.calibration = SharePlot("Calibration", "calibrated probability", "share sclerotic")
        self.calibration.bin_opened.connect(self._open_bin)
        plots = QHBoxLayout()
        plots.setSpacing(16)
        for plot in (self.roc, self.precision_recall, self.calibration):
            plots.addWidget(plot, 1)
        self.body.addLayout(plots)
        self.body.addWidget(Secondary(REMARK))
        self._compared: Compared | None = None
        self._bins: tuple[list[CalibrationBin], list[CalibrationBin]] = ([], [])
        self._titles = ("", "")

    def show_details(self, compared: Compared, details: Details, titles: tuple[str, str]) -> None:
        self._compared, self._titles = compared, titles
        sides = (details.first, details.second)
        self._bins = (sides[0].calibration, sides[1].calibration)
        plain = details.figures
        both = (plain.first, plain.second)
        prevalence = compared.positives / len(compared)
        self.roc.show_lines(
            _lines([side.roc for side in sides], titles, "AUC", [one["auc"] for one in both]),
            beside=CHANCE,
            label_at=(1.0, 0.06),
            empty=_why("auc", compared, sides[0].roc),
        )
        self.precision_recall.show_lines(
            _lines(
                [side.precision_recall for side in sides],
                titles,
                "AP",
                [one["average_precision"] for one in both],
            ),
            beside=Reference("chance", prevalence, prevalence, (0.98, prevalence), (1.0, 1.0)),
            label_at=(0.02, 0.06 if prevalence > LABEL_ROOM else prevalence + 0.04),
            empty=_why("average_precision", compared, sides[0].precision_recall),
        )
        first, second = (
            _calibration(
                side,
                marked(place, shortened(title)),
                MARKS[place],
                f"error {value_text(one['calibration_error'].value)}",
            )
            for place, (side, title, one) in enumerate(zip(sides, titles, both, strict=True))
        )
        self.calibration.show_lines((first, second), beside=EXACT, label_at=(0.02, 0.82))

    def _open_bin(self, model: int, place: int) -> None:
        if self._compared is None:
            return
        one = self._bins[model][place]
        title = f"{self._titles[model]}: probability around {one.predicted:.2f}"
        self.opened.emit(tuple(self._compared.patches[one.rows].tolist()), title)


def _lines(
    curves: list[Curve | None], titles: tuple[str, str], name: str, values: list[Interval]
) -> tuple[Line | None, Line | None]:
    first, second = (
        None
        if curve is None
        else Line(
            f"{marked(place, shortened(title))} {name} {value_text(one.value)}",
            f"{MARKS[place]} {name} {value_text(one.value)}",
            curve.x,
            curve.y,
            curve.at_threshold,
        )
        for place, (curve, title, one) in enumerate(zip(curves, titles, values, strict=True))
    )
    return first, second


def _calibration(side: Side, title: str, mark: str, error: str) -> Line:
    bins = side.calibration
    predicted = np.array([one.predicted for one in bins])
    observed = np.array([one.observed for one in bins])
    return Line(f"{title} {error}", f"{mark} {error}", predicted, observed, bins=bins)


def _why(metric: str, compared: Compared, curve: Curve | None) -> str:
    return "" if curve is not None else f"Not defined: {why_undefined(metric, compared.first)}."
