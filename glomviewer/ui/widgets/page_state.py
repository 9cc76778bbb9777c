"""What stands in place of a page or card that is empty, loading or failed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QStackedWidget, QVBoxLayout, QWidget

from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.texts import Headline, Secondary

TEXT_WIDTH = 520


class Message(QWidget):
    """A headline, a sentence and at most one button, in the middle."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = Headline()
        self.headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence = Secondary()
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setFixedWidth(TEXT_WIDTH)
        self.button = QPushButton()
        self.button.clicked.connect(self._on_clicked)
        self._action: Callable[[], None] | None = None
        layout = QVBoxLayout(self)
        layout.setSpacing(8)
        layout.addStretch(2)
        layout.addWidget(self.headline)
        # Aligned in the column itself, it would get the height that it needs at full width.
        layout.addLayout(row(1, self.sentence, 1))
        layout.addSpacing(8)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def say(
        self,
        headline: str,
        sentence: str = "",
        *,
        verb: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        self.headline.setText(headline)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self.button.setText(verb)
        self.button.setVisible(bool(verb))
        self._action = action
        self.setAccessibleName(f"{headline} {sentence}".strip())

    def _on_clicked(self) -> None:
        if self._action is not None:
            self._action()


class PageState(QStackedWidget):
    """Shows either its content or a message about why there is none."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self.message = Message()
        self.addWidget(content)
        self.addWidget(self.message)

    @property
    def shows_content(self) -> bool:
        return self.currentWidget() is self.content

    def show_content(self) -> None:
        self.setCurrentWidget(self.content)

    def show_loading(self, headline: str) -> None:
        self._say(headline)

    def show_empty(
        self,
        headline: str,
        sentence: str,
        *,
        verb: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        self._say(headline, sentence, verb=verb, action=action)

    def show_failed(self, sentence: str, *, retry: Callable[[], None] | None = None) -> None:
        self._say(
            "This could not be read", sentence, verb="Try again" if retry else "", action=retry
        )

    def _say(
        self,
        headline: str,
        sentence: str = "",
        *,
        verb: str = "",
        action: Callable[[], None] | None = None,
    ) -> None:
        self.message.say(headline, sentence, verb=verb, action=action)
        self.setCurrentWidget(self.message)
