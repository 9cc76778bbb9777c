"""Everybody's calls side by side: who, what, before or after the reveal, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from glomviewer.domain.disputes.records import Call, ReaderCalls, Remark
from glomviewer.domain.disputes.wording import call_text, day_text
from glomviewer.domain.labels import LabelSet
from glomviewer.ui.colours import colours_of
from glomviewer.ui.shapes import label_icon
from glomviewer.ui.widgets.lines import horizontal_line
from glomviewer.ui.widgets.texts import Secondary, Text

HEADERS = ("Reader", "Call", "Reveal", "Time")
SHAPE = 14
SHAPE_COLUMN = 1


@dataclass(frozen=True, slots=True)
class Line:
    """One call as the table shows it; `reader` is empty for a further one of the same reader.
    `quiet` ones count nowhere any more, or nowhere but in his agreement with himself."""

    reader: str
    call: Call
    reveal: str
    quiet: bool = False


def lines_of(calls: ReaderCalls) -> list[Line]:
    """The first call, and the latest where a reveal lies between, and those of repeats."""
    name = calls.reader.name
    found: list[Line] = []
    if calls.first is not None:
        found.append(Line(name, calls.first, "before"))
    if calls.first is None or calls.final.after_reveal:
        reader = name if calls.first is None else ""
        found.append(Line(reader, calls.final, "after"))
    found += [Line("", again, "repeat", quiet=True) for again in calls.again]
    return found


class CallsTable(QWidget):
    """Read, not worked: the calls themselves are never touched."""

    def __init__(self, labels: LabelSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Calls of all readers")
        self._labels = labels
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)

    def show_calls(self, calls: Sequence[ReaderCalls], remarks: Sequence[Remark]) -> None:
        if self._body is not None:
            self._column.removeWidget(self._body)
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        self._grid = QGridLayout(self._body)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(2, 1)
        self._add_headers()
        for one in calls:
            own = [remark for remark in remarks if remark.reader.id == one.reader.id]
            self._add_reader(one, own)
        others = {one.reader.id for one in calls}
        for remark in remarks:
            if remark.reader.id not in others:
                self._add_remark(remark, name=remark.reader.name)
                self._add_line()
        self._column.addWidget(self._body)

    def texts(self) -> list[str]:
        """What stands in the table, from top to bottom."""
        if self._body is None:
            return []
        return [label.text() for label in self._body.findChildren(QLabel) if label.text()]

    def _add_headers(self) -> None:
        for place, header in zip((0, 2, 3, 4), HEADERS, strict=True):
            label = Secondary(header)
            label.setWordWrap(False)
            self._grid.addWidget(label, 0, place)
        self._add_line()

    def _add_reader(self, calls: ReaderCalls, remarks: Sequence[Remark]) -> None:
        for line in lines_of(calls):
            self._add_call(line)
        for remark in remarks:
            self._add_remark(remark)
        self._add_line()

    def _add_call(self, line: Line) -> None:
        row = self._grid.rowCount()
        call = line.call
        top = Qt.AlignmentFlag.AlignTop
        self._grid.addWidget(_words(line.reader, wraps=True), row, 0, top)
        shape = QLabel()
        label = self._labels[call.label]
        icon = label_icon(label, colours_of(self), SHAPE)
        shape.setPixmap(icon.pixmap(QSize(SHAPE, SHAPE), self.devicePixelRatioF()))
        shape.setFixedHeight(self.fontMetrics().height())
        self._grid.addWidget(shape, row, SHAPE_COLUMN, top)
        said = call_text(call, self._labels)
        name = _words(said[:1].upper() + said[1:], wraps=True, quiet=line.quiet)
        self._grid.addWidget(name, row, 2, top)
        reveal = _words(line.reveal, quiet=True)
        reveal.setToolTip(_reveal_tip(line))
        self._grid.addWidget(reveal, row, 3, top)
        when = _words(day_text(call.made_at), quiet=True)
        when.setToolTip(f"{call.made_at:%Y-%m-%d %H:%M:%S} UTC, made in {call.zone}")
        self._grid.addWidget(when, row, 4, top)
        if call.comment:
            self._add_wide(f"“{call.comment}”")
        if call.reading:
            self._add_wide(f"in the reading {call.reading}", quiet=True)

    def _add_remark(self, remark: Remark, *, name: str = "") -> None:
        said = f"{name} commented: “{remark.text}”" if name else f"“{remark.text}”"
        self._add_wide(f"{said} · {day_text(remark.made_at)}")

    def _add_wide(self, text: str, *, quiet: bool = False) -> None:
        words = _words(text, wraps=True, quiet=quiet)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(words, self._grid.rowCount(), 2, 1, 3)

    def _add_line(self) -> None:
        self._grid.addWidget(horizontal_line(), self._grid.rowCount(), 0, 1, 5)


def _words(text: str, *, wraps: bool = False, quiet: bool = False) -> QLabel:
    label = Text(text)
    label.setProperty("role", "secondary" if quiet else "small")
    label.setWordWrap(wraps)
    return label


def _reveal_tip(line: Line) -> str:
    if line.reveal == "repeat":
        return "A hidden repeat: it counts in the reader's agreement with himself only."
    if line.reveal == "before":
        return "Made before the model's call was shown: this one counts in agreement and gate."
    model = f" ({line.call.model})" if line.call.model else ""
    return f"Made after the model's call had been shown{model}."
