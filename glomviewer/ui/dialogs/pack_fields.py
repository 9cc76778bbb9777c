"""What the dialogs of packs ask alike: a passphrase, and whether a fingerprint was compared."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QVBoxLayout, QWidget

from glomviewer.store.passphrases import passphrase_objection
from glomviewer.ui.dialogs.fields import Fields
from glomviewer.ui.dialogs.passphrase import secret_line
from glomviewer.ui.widgets.texts import Body, Secondary
from glomviewer.ui.widgets.ticks import TickBox

DIFFERENT = "The two passphrases differ. Write the same one twice."


def own_key_text(fingerprint: str) -> str:
    """For whoever opens a file that is signed with this installation's key for the first time."""
    return (
        f"The key of this program is {fingerprint}. Whoever opens a file of yours for the first "
        "time will ask you to read it out over the telephone."
    )


class NewPackPassphrase(QWidget):
    """A passphrase to lock a file with, written twice; left empty, the file is not locked."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = secret_line("Passphrase, if it shall be encrypted")
        self.again = secret_line("The same again")
        fields = Fields()
        fields.setContentsMargins(0, 0, 0, 0)
        fields.add("Passphrase", self.first)
        fields.add("The same again", self.again)
        fields.add_line(Secondary("Without one, whoever finds the file can open it."))
        self.setLayout(fields)
        for edit in (self.first, self.again):
            edit.textChanged.connect(self.changed)

    @property
    def text(self) -> str:
        return self.first.text()

    @property
    def objection(self) -> str:
        """Why it can't be used, as a sentence; "" where it can."""
        if self.first.text() != self.again.text():
            return DIFFERENT
        return passphrase_objection(self.text) if self.text else ""


class FingerprintCheck(QWidget):
    """The 16 characters of a key, and a tick that they were compared over the telephone."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why = Body()
        self.shown = Body()
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSize(font.pointSize() + 4)
        self.shown.setFont(font)
        self.shown.setAccessibleName("Fingerprint of the key")
        self.compared = TickBox("I have compared these 16 characters, and they are the same")
        self.known = Secondary()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for part in (self.why, self.shown, self.compared, self.known):
            layout.addWidget(part)
        self.compared.toggled.connect(self.changed)
        self._fingerprint, self._is_known = "", True
        self.hide()

    def show_key(self, fingerprint: str, *, known: bool, whose: str) -> None:
        """Ask to compare it, or say that it was compared before."""
        self._fingerprint, self._is_known = fingerprint, known
        self.shown.setText(fingerprint)
        self.why.say(
            ""
            if known
            else f"This is the first file signed with this key. Ask {whose} over the telephone to "
            "read out the key of the program there, and compare."
        )
        self.compared.setVisible(not known)
        self.compared.setChecked(False)
        self.known.say("You know this key." if known else "")
        self.show()

    @property
    def ready(self) -> bool:
        return self._is_known or self.compared.isChecked()

    @property
    def trust(self) -> str:
        """The fingerprint that was compared now; "" where there was nothing to compare."""
        return "" if self._is_known or not self.compared.isChecked() else self._fingerprint
