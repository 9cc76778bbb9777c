"""Packs and returns through the window's dialogs, and the machines that they go between."""

import re
from collections.abc import Callable
from pathlib import Path

from audit import Critic
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from reading_steps import readings
from seat import CONTROL, SHIFT, Seat
from shots import shoot

from glomviewer.store.merging.report import MergeReport
from glomviewer.ui.dialogs.pack_export import PackExportDialog
from glomviewer.ui.dialogs.pack_fields import FingerprintCheck
from glomviewer.ui.dialogs.pack_merge import PackMergeDialog
from glomviewer.ui.dialogs.pack_open import PackOpenDialog
from glomviewer.ui.dialogs.pack_return import PackReturnDialog
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.widgets.texts import Secondary

Key = Qt.Key
Choose = Callable[[Path], None]


def choosing(monkeypatch) -> Choose:
    """Make the system's own file dialogs answer with this file or folder."""

    def choose(path: Path) -> None:
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(path))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(path), ""))

    return choose


def export_packs(
    seat: Seat, critic: Critic, choose: Choose, folder: Path
) -> tuple[list[Path], str]:
    """One for each reader, by the key of the page Readings; and the fingerprint to be read out."""
    seat.go_to(PageName.READINGS)
    choose(folder)
    seat.press(Key.Key_E, CONTROL)
    dialog = seat.dialog(PackExportDialog)
    assert [box.isChecked() for box in dialog.readers.values()] == [True] * len(dialog.readers)
    critic.look("Export packs", dialog)
    shoot(dialog, "pack export")
    fingerprint = read_out(dialog.key)
    seat.click(dialog.verb)
    _until_done(seat)
    return sorted(folder.glob("*.glompack")), fingerprint


def open_pack(seat: Seat, critic: Critic, choose: Choose, pack: Path, fingerprint: str) -> None:
    """From the first page; the sender's key is compared with what he has read out."""
    choose(pack)
    critic.look("First run")
    seat.click(seat.window.first_run.pack_button)
    dialog = seat.dialog(PackOpenDialog)
    compare(seat, dialog.fingerprint, fingerprint, dialog.verb.isEnabled)
    critic.look("Open a pack", dialog)
    shoot(dialog, "pack open")
    seat.click(dialog.verb)
    seat.wait(lambda: seat.window.opened is not None)
    seat.settle()


def compare(
    seat: Seat, check: FingerprintCheck, fingerprint: str, may_go_on: Callable[[], bool]
) -> None:
    """Tick that the fingerprint is the one that was read out; nothing goes on before."""
    seat.wait(check.compared.isVisible)
    assert not may_go_on()
    assert check.shown.text() == fingerprint
    seat.click(check.compared)
    seat.wait(may_go_on)


def return_pack(seat: Seat, critic: Critic, choose: Choose, folder: Path) -> tuple[Path, str]:
    """The return, and the fingerprint that its reader would read out on the telephone."""
    folder.mkdir(exist_ok=True)
    seat.go_to(PageName.READINGS)
    seat.wait(lambda: readings(seat).overview.reading is not None)
    before = set(folder.glob("*.glomreturn"))
    choose(folder)
    seat.press(Key.Key_T, CONTROL | SHIFT)
    dialog = seat.dialog(PackReturnDialog)
    critic.look("Return", dialog)
    shoot(dialog, "pack return")
    fingerprint = read_out(dialog.key)
    seat.click(dialog.verb)
    _until_done(seat)
    (written,) = set(folder.glob("*.glomreturn")) - before
    return written, fingerprint


def read_out(key: Secondary) -> str:
    """The fingerprint that a dialog says is this program's own."""
    (found,) = re.findall(r"\b[A-Z0-9]{4}(?:-[A-Z0-9]{4}){3}\b", key.text())
    return found


def merge(
    seat: Seat, critic: Critic, choose: Choose, file: Path, fingerprint: str = ""
) -> MergeReport:
    """Merge a return; with a fingerprint to be compared where its key is new here."""
    seat.go_to(PageName.READINGS)
    choose(file)
    seat.press(Key.Key_M, CONTROL)
    dialog = seat.dialog(PackMergeDialog)
    if fingerprint:
        compare(seat, dialog.fingerprint, fingerprint, dialog.verb.isEnabled)
    seat.wait(dialog.verb.isEnabled)
    critic.look("Merge", dialog)
    shoot(dialog, "pack merge")
    seat.click(dialog.verb)
    seat.wait(lambda: dialog.merged is not None)
    assert dialog.merged is not None
    report = dialog.merged.report
    critic.look("Merged", dialog)
    shoot(dialog, "pack merged" if report.new else "pack known")
    seat.click(dialog.verb)
    seat.settle()
    return report


def _until_done(seat: Seat) -> None:
    seat.wait(lambda: not seat.session.tasks.running)
    seat.settle()
