"""Moves the active model's threshold, and says beforehand what that would do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.records import ModelRecord
from glomviewer.ui.colours import colours_of
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
from glomviewer.ui.widgets.texts import Body, Headline, Secondary

CAVEAT = (
    "Sclerotic patches stand above the line, the others below it; heights are square roots of "
    "counts. The model was tuned on these patches, so the figures flatter it a little. Locked "
    "patches take no part."
)


class ThresholdDialog(QDialog):
    """After accept, `threshold` (calibrated logit), `rule` and `reason` hold the choice."""

    def __init__(
        self,
        model: ModelRecord,
        scores: Scores,
        labels: LabelSet,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Threshold")
        self.setMinimumWidth(620)
        self._scores = scores
        self._model = model
        self.value = Headline()
        self.plot = ScorePlot(*_class_colours(self, labels))
        self.figures, self.changes = Body(), Secondary()
        self.rule = Chooser("Rule")
        self.rule.addItems(RULES)
        self.rule.setCurrentText(BY_HAND)
        self.reason_edit = QLineEdit()
        self.reason_edit.setAccessibleName("Reason")
        self.reason_edit.setPlaceholderText("Reason")
        self.verb = QPushButton("Move the threshold")
        self.verb.setProperty("role", "primary")
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
            self.value.setText("No labelled validation patch has a prediction yet")
            self.verb.setEnabled(False)
            return
        was = probability_text(probability_of(self._model.threshold))
        now = probability_text(probability_of(self.threshold))
        self.value.setText(f"Threshold {now}" if now == was else f"Threshold {now}, was {was}")
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
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.addButton(self.verb, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        label = Secondary("Rule")
        label.setBuddy(self.rule)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        for widget in (self.value, self.plot, self.figures, self.changes):
            layout.addWidget(widget)
        layout.addLayout(row(label, self.rule, 1))
        layout.addWidget(self.reason_edit)
        layout.addWidget(Secondary(CAVEAT))
        layout.addWidget(buttons)
        self.plot.setFocus(Qt.FocusReason.OtherFocusReason)


def _class_colours(widget: QWidget, labels: LabelSet) -> tuple[QColor, QColor]:
    """The colours of the labels that mean 1 and 0."""
    dark = colours_of(widget).dark
    found = []
    for target in (1, 0):
        label = labels[labels.codes_of_target(target)[0]]
        found.append(QColor(label.colour_on_dark if dark else label.colour))
    return found[0], found[1]
