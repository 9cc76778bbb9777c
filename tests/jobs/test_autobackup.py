from glomviewer.jobs import operations
from glomviewer.jobs.autobackup import AutoBackup
from glomviewer.store.errors import DamagedLibrary


def test_a_library_is_backed_up_once_and_then_left_alone(qtbot, session):
    operations.label_patches(session.library, reader=session.reader.id, patches=[1], label=1)
    backups = AutoBackup(session, every_ms=5)
    with qtbot.waitSignal(session.changed) as changed:
        pass
    assert changed.args[0].backups
    with qtbot.assertNotEmitted(session.changed, wait=100):
        backups.look()
    assert len(session.library.backups()) == 1


def test_a_backup_that_fails_is_told_and_tried_again(qtbot, session, monkeypatch):
    def fail(self):
        raise DamagedLibrary("The disk is full, so there is no backup.")

    monkeypatch.setattr(type(session.library), "backup_if_due", fail)
    backups = AutoBackup(session)
    for _ in range(2):
        with qtbot.waitSignal(session.failed) as failed:
            backups.look()
        assert failed.args == ["The disk is full, so there is no backup."]
