"""The dialogs of packs: who gets one, whose key it is, and what became of what came back."""

from pathlib import Path

import builders
import pytest
from machines import machine
from PySide6.QtWidgets import QFileDialog

from glomviewer.domain.readings.protocol import Protocol, Reveal
from glomviewer.jobs.session import Session
from glomviewer.store.exchange.opening import open_reading_pack
from glomviewer.store.library import Library
from glomviewer.store.packs.keys import installation_key
from glomviewer.ui.dialogs.pack_export import PackExportDialog
from glomviewer.ui.dialogs.pack_merge import PackMergeDialog
from glomviewer.ui.dialogs.pack_open import PackOpenDialog
from glomviewer.ui.dialogs.pack_return import PackReturnDialog

SECRET = "a wet Tuesday"
ANN, BOB = ("Ann Reader", "AR"), ("Bob Reader", "BR")


@pytest.fixture
def small(tmp_path):
    small = builders.make_library(
        tmp_path / "lab", builders.plans(cases=3, each=2), readers=(ANN, BOB)
    )
    small.library.create_reading(
        name="Study",
        patches=small.ids,
        protocol=Protocol(reveal=Reveal.NEVER, repeats=0.0),
        readers=small.readers,
        seed=3,
    )
    return small


def reading_of(session):
    return session.library.readings()[0]


def shown(qtbot, dialog):
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def packed(small, folder, passphrase=""):
    target = folder / "study-BR.glompack"
    small.library.export_reading_pack(
        reading=1, reader=small.readers[1], target=target, passphrase=passphrase
    )
    return target


def returned(small, tmp_path, *, passphrase=""):
    """(a return of Bob's, who has read all of it on a laptop; the laptop's key)."""
    key = installation_key().fingerprint
    pack = packed(small, tmp_path)
    with machine(tmp_path / "laptop"):
        opened = open_reading_pack(pack, trust=key)
        with Library.open(opened.folder, backup=False) as library:
            for item in library.reading_items(1, 1):
                library.commit_item(reader=1, item=item.id, label=1)
            library.finish_reading(reading=1, reader=1)
            library.export_return(target=tmp_path / "b.glomreturn", passphrase=passphrase)
        return tmp_path / "b.glomreturn", installation_key().fingerprint


def ended(qtbot, task):
    with qtbot.waitSignal(task.ended):
        pass
    return task


def test_packs_are_written_for_those_who_are_ticked(qtbot, session, tmp_path):
    dialog = shown(qtbot, PackExportDialog(session, reading_of(session)))
    assert all(box.isChecked() for box in dialog.readers.values())
    next(iter(dialog.readers.values())).setChecked(False)
    task = ended(qtbot, dialog.export_to(tmp_path / "out"))
    assert task.state == "finished" and "signed" in task.sentence
    assert [one.name for one in (tmp_path / "out").iterdir()] == ["Study-BR.glompack"]


def test_several_packs_are_told_together(qtbot, session, tmp_path):
    dialog = shown(qtbot, PackExportDialog(session, reading_of(session), fingerprint="AB12"))
    assert "AB12" in dialog.key.text()
    task = ended(qtbot, dialog.export_to(tmp_path / "out"))
    assert task.sentence == f"2 packs of Study are in {tmp_path / 'out'}."


def test_nobody_ticked_is_nothing_to_write(qtbot, session):
    dialog = shown(qtbot, PackExportDialog(session, reading_of(session)))
    for box in dialog.readers.values():
        box.setChecked(False)
    assert not dialog.verb.isEnabled()


def test_a_passphrase_is_written_twice(qtbot, session, tmp_path, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "out"))
    dialog = shown(qtbot, PackExportDialog(session, reading_of(session)))
    dialog.passphrase.first.setText(SECRET)
    dialog.verb.click()
    assert "differ" in dialog.trouble.text() and dialog.isVisible()
    dialog.passphrase.again.setText(SECRET)
    with qtbot.waitSignal(session.tasks.removed):
        dialog.verb.click()
    assert len(list((tmp_path / "out").iterdir())) == 2


def test_a_cancelled_export_leaves_nothing(qtbot, session, tmp_path):
    dialog = shown(qtbot, PackExportDialog(session, reading_of(session)))
    task = dialog.export_to(tmp_path / "out")
    task.cancel()
    ended(qtbot, task)
    if task.state == "cancelled":
        left = {one.suffix for one in (tmp_path / "out").iterdir()}
        assert left <= {".glompack"}


def test_a_pack_opens_once_its_key_was_compared(qtbot, small, tmp_path):
    pack = packed(small, tmp_path)
    with machine(tmp_path / "laptop"):
        dialog = shown(qtbot, PackOpenDialog(pack))
        qtbot.waitUntil(lambda: dialog.fingerprint.isVisible())
        assert "6 patches for Bob Reader" in dialog.what.text()
        assert not dialog.verb.isEnabled()
        dialog.fingerprint.compared.setChecked(True)
        with qtbot.waitSignal(dialog.library_made) as made:
            dialog.verb.click()
        assert made.args == [pack.with_suffix(".glomlib")]
        again = shown(qtbot, PackOpenDialog(pack))
        qtbot.waitUntil(lambda: again.verb.isEnabled())
        assert again.fingerprint.trust == ""
        again.reject()
    small.library.close()


def test_an_encrypted_pack_asks_for_its_passphrase(qtbot, small, tmp_path):
    pack = packed(small, tmp_path, SECRET)
    dialog = shown(qtbot, PackOpenDialog(pack))
    qtbot.waitUntil(lambda: dialog.passphrase.isVisible())
    assert not dialog.verb.isEnabled()
    dialog.passphrase.setText("something else")
    dialog.verb.click()
    qtbot.waitUntil(lambda: bool(dialog.trouble.text()))
    dialog.passphrase.setText(SECRET)
    dialog.verb.click()
    qtbot.waitUntil(lambda: dialog.fingerprint.isVisible())
    with qtbot.waitSignal(dialog.library_made):
        dialog.verb.click()
    small.library.close()


def test_what_is_no_pack_is_said(qtbot, tmp_path):
    file = tmp_path / "notes.glompack"
    file.write_text("no pack", encoding="utf-8")
    dialog = shown(qtbot, PackOpenDialog(file))
    qtbot.waitUntil(lambda: "no pack of this program" in dialog.trouble.text())
    assert not dialog.verb.isEnabled()
    dialog.reject()


def test_a_return_is_merged_once_its_key_was_compared(qtbot, session, small, tmp_path):
    back, key = returned(small, tmp_path)
    dialog = shown(qtbot, PackMergeDialog(session, back))
    qtbot.waitUntil(lambda: dialog.fingerprint.isVisible())
    assert "Bob Reader returns Study: 6 of 6" in dialog.what.text()
    assert dialog.fingerprint.shown.text() == key
    assert not dialog.verb.isEnabled()
    dialog.fingerprint.compared.setChecked(True)
    dialog.verb.click()
    qtbot.waitUntil(lambda: dialog.merged is not None)
    assert "refused 0" in dialog.counts.text() and dialog.verb.text() == "Close"
    assert "has finished" in dialog.report.text()
    assert reading_of(session).readers[1].finished is not None
    dialog.verb.click()
    again = shown(qtbot, PackMergeDialog(session, back))
    qtbot.waitUntil(lambda: again.verb.isEnabled())
    again.verb.click()
    qtbot.waitUntil(lambda: again.merged is not None)
    assert "New 0" in again.counts.text()


def test_an_encrypted_return_asks_for_its_passphrase(qtbot, session, small, tmp_path):
    back, _ = returned(small, tmp_path, passphrase=SECRET)
    dialog = shown(qtbot, PackMergeDialog(session, back))
    qtbot.waitUntil(lambda: dialog.passphrase.isVisible())
    dialog.passphrase.setText("something else")
    dialog.verb.click()
    qtbot.waitUntil(lambda: "does not open" in dialog.trouble.text())
    dialog.passphrase.setText(SECRET)
    dialog.verb.click()
    qtbot.waitUntil(lambda: dialog.fingerprint.isVisible())


def test_a_refused_return_says_why_and_can_be_left(qtbot, session, small, tmp_path):
    back, _ = returned(small, tmp_path)
    with session.library.write() as connection:
        connection.exec_driver_sql("DELETE FROM packs")
    dialog = shown(qtbot, PackMergeDialog(session, back))
    qtbot.waitUntil(lambda: dialog.fingerprint.isVisible())
    dialog.fingerprint.compared.setChecked(True)
    dialog.verb.click()
    qtbot.waitUntil(lambda: "another library" in dialog.trouble.text())
    dialog.reject()


def test_a_return_says_how_far_one_is(qtbot, small, tmp_path):
    pack = packed(small, tmp_path)
    opened = open_reading_pack(pack)
    small.library.close()
    library = Library.open(opened.folder, backup=False)
    session = Session(library, reader=library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    dialog = shown(qtbot, PackReturnDialog(session, reading_of(session), "ABCD-EFGH-IJKL-MNOP"))
    assert "0 of 6 patches are read" in dialog.progress.text()
    task = ended(qtbot, dialog.return_to(Path(tmp_path / "back")))
    assert task.state == "finished", task.sentence
    assert [one.name for one in (tmp_path / "back").iterdir()] == ["Study-BR.glomreturn"]
    session.close()
