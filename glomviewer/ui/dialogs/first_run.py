"""The page that stands before any library is open: three things one can do, and where one was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from glomviewer.ui.widgets.card import Card, row
from glomviewer.ui.widgets.texts import Headline, Secondary, Section, Text, Warn

WIDTH = 880
SUFFIX = ".glomlib"


class FirstRunPage(QWidget):
    """Says what was chosen; paths are asked for here."""

    demo_chosen = Signal()
    open_chosen = Signal(object)
    import_chosen = Signal(object)
    """The folder or CSV to import into a new library, None to choose it in the wizard."""
    new_chosen = Signal(object)
    pack_chosen = Signal()
    """Open a reading pack; which one is asked for elsewhere."""

    def __init__(self, recent: Sequence[str] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.demo = _verb("Open the demo")
        self.import_button = _verb("Import patches…")
        self.open_button = _verb("Open a library…")
        self.new_button = QPushButton("New, empty library…")
        self.new_button.setProperty("role", "flat")
        self.pack_button = QPushButton("Open a reading pack…")
        self.pack_button.setProperty("role", "flat")
        self.trouble = Warn()
        self.trouble.say("")
        self.recent_buttons: list[QPushButton] = []
        self._recent = QGridLayout()
        self._recent.setColumnStretch(1, 1)
        self._recent.setHorizontalSpacing(16)
        self._recent_title = Section("Recent libraries")
        self._lay_out()
        self.demo.clicked.connect(self.demo_chosen)
        self.import_button.clicked.connect(self._choose_import)
        self.open_button.clicked.connect(self._choose_library)
        self.new_button.clicked.connect(self._choose_new)
        self.pack_button.clicked.connect(self.pack_chosen)
        self.show_recent(recent)
        self.setFocusProxy(self.demo)

    def show_recent(self, recent: Sequence[str]) -> None:
        """List these libraries, newest first; a folder that is gone is shown, greyed."""
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self.recent_buttons.clear()
        self._recent_title.setVisible(bool(recent))
        for place, folder in enumerate(recent):
            path = Path(folder)
            button = QPushButton(path.stem)
            button.setProperty("role", "flat")
            button.setAccessibleName(f"Open {path.stem}")
            button.setEnabled(path.is_dir())
            button.clicked.connect(lambda _=False, chosen=path: self.open_chosen.emit(chosen))
            where = Secondary(str(path.parent) if path.is_dir() else f"{path.parent}: not found")
            where.setWordWrap(False)
            self._recent.addWidget(button, place, 0, Qt.AlignmentFlag.AlignLeft)
            self._recent.addWidget(where, place, 1)
            self.recent_buttons.append(button)

    def show_trouble(self, sentence: str) -> None:
        """Why the last thing tried did not work."""
        self.trouble.say(sentence)

    def _choose_import(self) -> None:
        self._ask_folder("A folder of patches", self.import_chosen)

    def _choose_library(self) -> None:
        self._ask_folder(f"A library (a folder {SUFFIX})", self.open_chosen)

    def _ask_folder(self, title: str, chosen: SignalInstance) -> None:
        folder = QFileDialog.getExistingDirectory(self, title)
        if folder:
            chosen.emit(Path(folder))

    def _choose_new(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Where should the library lie?", f"my{SUFFIX}")
        if name:
            path = Path(name)
            self.new_chosen.emit(
                path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
            )

    def _lay_out(self) -> None:
        cards = QHBoxLayout()
        cards.setSpacing(16)
        for title, sentence, button in (
            (
                "Try it",
                "300 drawn patches with a small model, a reading by two drawn readers who dispute "
                "some of them, and one that waits for you. Nothing of it is real.",
                self.demo,
            ),
            (
                "Bring your patches",
                "A folder per class, a folder with a CSV, or just images. A preview shows what "
                "would happen before anything is written.",
                self.import_button,
            ),
            (
                "Go on",
                "A library is a folder with labels, models and backups. Your images stay where "
                "they are.",
                self.open_button,
            ),
        ):
            cards.addWidget(_offer(title, sentence, button), 1)
        middle = QWidget()
        middle.setFixedWidth(WIDTH)
        inside = QVBoxLayout(middle)
        inside.setSpacing(16)
        inside.addWidget(Headline("Read glomeruli, and review a classifier's calls on them"))
        inside.addWidget(
            Secondary(
                "Correct labels by single keys, or read blind with others and see how well you "
                "agree. Retrain, and see on cases that no model has learned from whether the new "
                "model is better. For review, not for diagnosis."
            )
        )
        inside.addWidget(self.trouble)
        inside.addLayout(cards)
        inside.addLayout(row(self.new_button, self.pack_button, 1))
        inside.addSpacing(8)
        inside.addWidget(self._recent_title)
        inside.addLayout(self._recent)
        layout = QVBoxLayout(self)
        layout.addStretch(2)
        layout.addLayout(row(1, middle, 1))
        layout.addStretch(3)


def _offer(title: str, sentence: str, button: QPushButton) -> Card:
    card = Card()
    card.setAccessibleName(title)
    heading = Text(title)
    heading.setProperty("role", "title")
    card.body.addWidget(heading)
    card.body.addWidget(Secondary(sentence))
    card.body.addStretch(1)
    card.body.addSpacing(8)
    card.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
    return card


def _verb(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(True)
    return button
