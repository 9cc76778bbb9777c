"""Moves the active model's threshold, and says beforehand what that would do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLineEdit, QWidget

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import ModelRecord
from glomviewer.ui.colours import colours_of
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.models.figures import counted, probability_of, probability_text, value_text
from glomviewer.ui.models.score_plot import ScorePlot
from glomviewer.ui.models.threshold_effects import (
    BY_HAND,
    RULES,
    Scores,
    effects_of,
    threshold_by,
)
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.chooser import Chooser
from glomviewer.ui.widgets.texts import Body, Secondary

CAVEAT = (
    "Sclerotic patches stand above the line, the others below it; heights are square roots of "
    "counts. The model was tuned on these patches, so the figures flatter it a little. Locked "
    "patches take no part."
)


class ThresholdDialog(FormDialog):
    """After accept, `threshold` (calibrated logit), `rule` and `reason` hold the choice."""

    def __init__(
        self,
        model: ModelRecord,
        scores: Scores,
        labels: LabelSet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(title="Threshold", verb="Move the threshold", width=620, parent=parent)
        self._scores = scores
        self._model = model
        self.plot = ScorePlot(*_class_colours(self, labels))
        self.figures, self.changes = Body(), Secondary()
        self.rule = Chooser("Rule")
        self.rule.addItems(RULES)
        self.rule.setCurrentText(BY_HAND)
        self.reason_edit = QLineEdit()
        self.reason_edit.setAccessibleName("Reason")
        self.reason_edit.setPlaceholderText("Reason")
        self._lay_out()
        self.plot.moved.connect(self._on_moved)
        self.rule.activated.connect(self._on_rule_chosen)
        self.reason_edit.textChanged.connect(self._tell)
        if scores.logit.size:
            self.plot.show_scores(scores.logit, scores.target, model.threshold)
        self._tell()

    @property
    def threshold(self) -> float:
        return self.plot.threshold

    @property
    def chosen_rule(self) -> str:
        return self.rule.currentText()

    @property
    def reason(self) -> str:
        return self.reason_edit.text().strip()

    def _on_moved(self, _logit: float) -> None:
        self.rule.setCurrentText(BY_HAND)
        self._tell()

    def _on_rule_chosen(self) -> None:
        picked = threshold_by(self.rule.currentText(), self._scores)
        if picked is not None:
            self.plot.set_threshold(picked)
        self._tell()

    def _tell(self) -> None:
        if not self._scores.logit.size:
            self.headline.setText("No labelled validation patch has a prediction yet")
            self.verb.setEnabled(False)
            return
        was = probability_text(probability_of(self._model.threshold))
        now = probability_text(probability_of(self.threshold))
        self.headline.setText(f"Threshold {now}" if now == was else f"Threshold {now}, was {was}")
        effects = effects_of(self._scores, self.threshold)
        self.figures.setText(
            f"Precision {value_text(effects.precision)}, recall {value_text(effects.recall)}, "
            f"F1 {value_text(effects.f1)} on {counted(effects.patches, 'patch', 'patches')}: "
            f"{effects.false_negative:,} missed, "
            f"{counted(effects.false_positive, 'false alarm')}."
        )
        self.changes.setText(
            f"{counted(effects.changed_calls, 'call')} in this library would change; "
            f"{counted(effects.crossing_cases, 'case')} would cross 20 % by the model."
        )
        by_hand = self.rule.currentText() == BY_HAND
        self.verb.setEnabled(bool(self.reason) or not by_hand)
        self.verb.setToolTip("" if self.verb.isEnabled() else "By hand needs a reason.")

    def _lay_out(self) -> None:
        label = Secondary("Rule")
        label.setBuddy(self.rule)
        for widget in (self.plot, self.figures, self.changes):
            self.add(widget)
        self.add(row(label, self.rule, 1))
        self.add(self.reason_edit)
        self.add(Secondary(CAVEAT))
        self.plot.setFocus(Qt.FocusReason.OtherFocusReason)


def _class_colours(widget: QWidget, labels: LabelSet) -> tuple[QColor, QColor]:
    """The colours of the labels that mean 1 and 0."""
    dark = colours_of(widget).dark
    found = []
    for target in (1, 0):
        label = labels[labels.codes_of_target(target)[0]]
        found.append(QColor(label.colour_on_dark if dark else label.colour))
    return found[0], found[1]
