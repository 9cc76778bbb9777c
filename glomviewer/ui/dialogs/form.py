"""The frame of every dialog that asks for something: headline, body, one verb and Cancel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from glomviewer.ui.widgets.tab_order import tab_as_laid_out
from glomviewer.ui.widgets.texts import Body, Headline, Warn

MARGIN = 24


class FormDialog(QDialog):
    """Put what is asked into `body`; `verb` is the button that does it."""

    stands_low = False
    """Whether it stands at the foot of the window, where it covers less of the patch."""

    def __init__(
        self,
        *,
        title: str,
        sentence: str = "",
        verb: str,
        width: int = 480,
        cancel: bool = True,
        destroys: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """`destroys` gives Return to Cancel: what can't be undone takes more than one key."""
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(width)
        self.headline, self.sentence, self.trouble = Headline(title), Body(), Warn()
        self.sentence.say(sentence)
        self.trouble.say("")
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self.verb = QPushButton(verb)
        self.buttons = QDialogButtonBox()
        self.buttons.addButton(self.verb, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = (
            self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel) if cancel else None
        )
        if destroys and self.cancel is not None:
            self.cancel.setDefault(True)
            self.cancel.setFocus()
        else:
            self.verb.setProperty("role", "primary")
            self.verb.setDefault(True)
        self.buttons.accepted.connect(self.submit)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        layout.setSpacing(12)
        layout.addWidget(self.headline)
        layout.addWidget(self.sentence)
        layout.addLayout(self.body)
        layout.addWidget(self.trouble)
        layout.addStretch(1)
        layout.addWidget(self.buttons)
        # Else the heights that wrapped texts would need at their narrowest become the least.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._layout = layout
        self._fitter = _Fitter(self)
        self.installEventFilter(self._fitter)

    def showEvent(self, event: QShowEvent) -> None:
        """Wrapped texts know their height only once the width is known."""
        super().showEvent(event)
        tab_as_laid_out(self, self.buttons.buttons())
        width = max(self.minimumWidth(), self._layout.totalMinimumSize().width())
        self.resize(width, self._layout.totalHeightForWidth(width))
        self._take_place()

    def _take_place(self) -> None:
        """In the middle of the window, or at its foot: what Qt has chosen was for another size."""
        parent = self.parentWidget()
        if parent is None:
            return
        within = self.screen().availableGeometry()
        window = parent.window().geometry()
        place = window.center() - self.rect().center()
        if self.stands_low:
            place.setY(window.bottom() - self.height() - MARGIN)
        self.move(max(place.x(), within.left()), max(place.y(), within.top()))

    def fit(self) -> None:
        """Grow with what is said or asked later; never shrink under the mouse."""
        needed = self._layout.totalHeightForWidth(self.width())
        if needed > self.height():
            self.resize(self.width(), needed)

    def submit(self) -> None:
        """What the verb does; dialogs that write first override it."""
        self.accept()

    def add(self, part: QWidget | QLayout) -> None:
        if isinstance(part, QWidget):
            self.body.addWidget(part)
        else:
            self.body.addLayout(part)


class _Fitter(QObject):
    """Watches a dialog's layout. A filter, since an override of `event` would still be running
    in a dialog that has just been deleted by one."""

    def __init__(self, dialog: FormDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self._dialog.isVisible():
            self._dialog.fit()
        return False
