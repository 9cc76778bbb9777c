"""The line above the patch: how far one is, and what else the page can do."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.domain.disputes.wording import STATE_WORDS
from glomviewer.ui.widgets.card import row
from glomviewer.ui.widgets.key_button import KeyButton
from glomviewer.ui.widgets.texts import Secondary

BUTTON_HEIGHT = 32


class Head(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.progress = Secondary()
        self.progress.setWordWrap(False)
        self.before, self.following = KeyButton("Back", ["←"]), KeyButton("Next", ["→"])
        self.meeting = KeyButton("Consensus meeting")
        self.relabelling = KeyButton("What relabelling does")
        for button in (self.before, self.following, self.meeting, self.relabelling):
            button.setFixedHeight(BUTTON_HEIGHT)
        line = row(self.progress, 1, self.before, self.following, self.meeting, self.relabelling)
        line.setContentsMargins(16, 8, 16, 8)
        self.setLayout(line)

    def say(self, state: DisputeState, place: int, count: int, *, walking: bool) -> None:
        """`place` counts from 0."""
        meeting = walking and state is DisputeState.CONSENSUS
        word = "Consensus meeting" if meeting else STATE_WORDS[state]
        said = f"{word} · {place + 1:,} of {count:,}" if count else word
        self.progress.setText(f"{said} · Esc ends it" if walking else said)
        for button in (self.before, self.following):
            button.setVisible(walking)
        for button in (self.meeting, self.relabelling):
            button.setVisible(not walking)
        self.before.setEnabled(place > 0)
        self.following.setEnabled(place + 1 < count)
