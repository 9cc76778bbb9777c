"""The menus of library and reader, and the dialogs that the window itself opens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog, QFileDialog, QMenu, QToolButton

from glomviewer.domain.records import Reader
from glomviewer.ui.dialogs.palette import PaletteDialog
from glomviewer.ui.dialogs.shortcuts_sheet import ShortcutsSheet
from glomviewer.ui.theme import ThemeMode
from glomviewer.ui.unlocking import WHY_PASSPHRASE, unlocking_of

if TYPE_CHECKING:
    from glomviewer.ui.main_window import MainWindow

SUFFIX = ".glomlib"
RECENT_SHOWN = 6


class WindowMenus(QObject):
    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def open_library_menu(self) -> None:
        menu = self._window.actions_.menu(
            [
                "app.import",
                "",
                "app.open",
                "app.open_pack",
                "app.new",
                "app.demo",
                "app.close_library",
            ],
            self._window,
        )
        recent = [path for path in self._window.settings.values.recent_libraries if path]
        opened = self._window.opened
        here = "" if opened is None else str(opened.session.folder)
        others = [path for path in recent if path != here][:RECENT_SHOWN]
        if others:
            menu.addSeparator()
        for path in others:
            entry = menu.addAction(Path(path).stem)
            entry.setToolTip(path)
            entry.triggered.connect(
                lambda _checked=False, chosen=path: self._window.open_asked.emit(Path(chosen))
            )
        menu.addSeparator()
        more = self._window.actions_.menu(
            ["app.preferences", "app.keys", "app.theme", "", "app.quit"], self._window
        )
        menu.addActions(more.actions())
        _below(menu, self._window.bar.library)

    def open_reader_menu(self) -> None:
        opened = self._window.opened
        if opened is not None:
            opened.session.ask(
                lambda library: library.readers(), self._on_readers, lane="reader menu"
            )

    def ask_reader(self) -> None:
        """Ask for the name and initials of a new reader."""
        from glomviewer.ui.dialogs.reader import ReaderDialog

        opened = self._window.opened
        if opened is None or opened.session.read_only or opened.from_pack:
            return
        values = self._window.settings.values
        dialog = ReaderDialog(opened.session, self._window, name=values.reader_name)
        dialog.accepted.connect(lambda: self._on_reader_added(dialog.reader))
        _show(dialog)

    def switch_reader(self, reader: Reader) -> None:
        """At once, or once he has given his passphrase; who read before is locked out."""
        opened = self._window.opened
        current = None if opened is None else opened.session.reader
        if opened is None or (current is not None and current.id == reader.id):
            return
        unlocking = unlocking_of(opened.session)
        unlocking.unlock(reader, WHY_PASSPHRASE, lambda: self._switch(reader), self._window)

    def set_passphrase(self) -> None:
        """Let the reader lock his name, or change what it is locked with."""
        from glomviewer.ui.dialogs.passphrase import NewPassphraseDialog

        opened = self._window.opened
        reader = None if opened is None else opened.session.reader
        if opened is None or reader is None or opened.session.read_only:
            return

        def ask(now: Reader) -> None:
            dialog = NewPassphraseDialog(opened.session, now, self._window)
            dialog.accepted.connect(lambda: self._on_passphrase_set(now.id))
            _show(dialog)

        opened.session.ask(lambda library: library.reader(reader.id), ask, lane="passphrase")

    def _on_passphrase_set(self, reader: int) -> None:
        """The session's reader is asked anew, since he is locked or open from now on."""
        opened = self._window.opened
        if opened is not None:
            opened.session.ask(lambda library: library.reader(reader), self._on_passphrase_kept)

    def _on_passphrase_kept(self, reader: Reader) -> None:
        opened = self._window.opened
        if opened is not None:
            opened.session.set_reader(reader)
            told = f"{reader.name} is asked for the passphrase from now on."
            gone = f"{reader.name} has no passphrase any more."
            self._window.status.say(told if reader.locked else gone)

    def _switch(self, reader: Reader) -> None:
        opened = self._window.opened
        if opened is None:
            return
        opened.session.set_reader(reader)
        self.remember_reader(reader)
        self._window.status.say(f"{reader.name} reads now.")

    def remember_reader(self, reader: Reader) -> None:
        """The next start begins with this reader."""
        opened = self._window.opened
        if opened is None:
            return
        settings = self._window.settings
        readers = {**settings.values.readers, opened.session.library.origin: reader.id}
        settings.change(readers=readers, reader_name=reader.name, reader_initials=reader.initials)

    def import_patches(self, source: Path | None = None) -> None:
        """Import into the library that is open, else into one that is still to be made."""
        opened = self._window.opened
        if opened is None:
            self._window.import_asked.emit(source)
            return
        from glomviewer.ui.dialogs.import_wizard import ImportWizard

        wizard = ImportWizard(opened.session, self._window, source=source)
        wizard.finished.connect(self._on_import_left)
        _show(wizard)

    def open_library(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._window, "A library (a folder .glomlib)")
        if folder:
            self._window.open_asked.emit(Path(folder))

    def new_library(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self._window, "Where should the library lie?", f"my{SUFFIX}"
        )
        if name:
            path = Path(name)
            named = path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX)
            self._window.new_asked.emit(named)

    def preferences(self) -> None:
        from glomviewer.ui.dialogs.preferences import PreferencesDialog

        window = self._window
        window.make_pages()
        review = window.review
        _show(
            PreferencesDialog(
                window.theme,
                window.actions_,
                window.settings,
                window,
                changed=None if review is None else review.take_settings,
            )
        )

    def keys(self) -> None:
        self._window.make_pages()
        ShortcutsSheet(self._window.actions_, self._window).open()

    def palette(self) -> None:
        PaletteDialog(self._window.actions_, self._window).show()

    def next_theme(self) -> None:
        """Dark where it was light, and the other way round."""
        mode = ThemeMode.LIGHT if self._window.theme.colours.dark else ThemeMode.DARK
        self._window.theme.set_mode(mode)
        self._window.settings.change(theme=str(mode))

    def _on_import_left(self) -> None:
        """A first start asks who reads once there is something to read, or will be."""
        opened = self._window.opened
        if opened is None or opened.session.reader is not None:
            return
        session = opened.session
        if len(session.table) or session.tasks.of_kind("import") is not None:
            self.ask_reader()

    def _on_readers(self, readers: list[Reader]) -> None:
        opened = self._window.opened
        if opened is None:
            return
        menu = QMenu(self._window)
        current = opened.session.reader
        for reader in readers:
            asks = ", with a passphrase" if reader.locked else ""
            entry = menu.addAction(f"{reader.name} ({reader.initials}){asks}")
            entry.setCheckable(True)
            entry.setChecked(current is not None and current.id == reader.id)
            entry.triggered.connect(
                lambda _checked=False, chosen=reader: self.switch_reader(chosen)
            )
        if readers:
            menu.addSeparator()
        if current is not None:
            text = "Change your passphrase…" if current.locked else "Set a passphrase…"
            secret = menu.addAction(text)
            secret.setEnabled(not opened.session.read_only)
            secret.triggered.connect(self.set_passphrase)
        if not opened.from_pack:
            add = menu.addAction("Another reader…")
            add.setEnabled(not opened.session.read_only)
            add.triggered.connect(self.ask_reader)
        _below(menu, self._window.bar.reader)

    def _on_reader_added(self, reader: Reader | None) -> None:
        if reader is not None:
            self.remember_reader(reader)
            if self._window.review is not None:
                self._window.review.focus_content()


def _below(menu: QMenu, button: QToolButton) -> None:
    width = menu.sizeHint().width()
    corner = button.mapToGlobal(QPoint(button.width() - width, button.height() + 2))
    menu.popup(corner)


def _show(dialog: QDialog) -> None:
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
