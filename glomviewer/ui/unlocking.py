"""Who has said his passphrase: asked when a reader comes, and gone when he leaves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from glomviewer.domain.records import Reader
from glomviewer.jobs.session import Session
from glomviewer.ui.dialogs.passphrase import PassphraseDialog

WHY_PASSPHRASE = "It is asked for since every label is kept with your name."


class Unlocking(QObject):
    """One of these belongs to a session, see `unlocking_of`."""

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._unlocked: int | None = None
        session.changed.connect(self._forget_who_left)

    def is_open(self, reader: Reader) -> bool:
        return not reader.locked or self._unlocked == reader.id

    def lock(self) -> None:
        """Ask again before anything else is read."""
        self._unlocked = None

    def unlock(
        self, reader: Reader, why: str, then: Callable[[], None], parent: QWidget | None
    ) -> None:
        """Go on at once where nothing is to be asked, else once the passphrase was right. Whoever
        else had said his is out from then on."""
        if self.is_open(reader):
            self._unlocked = reader.id
            then()
            return

        def on_accepted() -> None:
            self._unlocked = reader.id
            then()

        dialog = PassphraseDialog(self._session, reader, why=why, parent=parent)
        dialog.accepted.connect(on_accepted)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _forget_who_left(self) -> None:
        reader = self._session.reader
        if self._unlocked is not None and (reader is None or reader.id != self._unlocked):
            self._unlocked = None


def unlocking_of(session: Session) -> Unlocking:
    """The one of this session, made when first asked for."""
    found = session.findChild(Unlocking)
    return found if isinstance(found, Unlocking) else Unlocking(session)
