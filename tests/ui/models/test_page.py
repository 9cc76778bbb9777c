"""The page of models, by keys and mouse, with a stand-in for training."""

import pytest
from builders import add_model
from PySide6.QtCore import Qt

from glomviewer.domain.labels import Split
from glomviewer.ui.dialogs.add_model import AddModelDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.models.history_dialog import HistoryDialog
from glomviewer.ui.page_bar import PageName


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def retrain(qtbot, page):
    """Press the key, wait until the candidate is in the library and shown."""
    qtbot.waitUntil(lambda: page.retrain.button.isEnabled())
    qtbot.keyClick(page.retrain.button, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.run.headline.text().endswith("is trained"))
    qtbot.waitUntil(lambda: page.versions.current().run is not None)


def open_dialog(page, kind):
    return page.findChild(kind)


def test_it_names_the_model_its_state_and_what_would_be_trained_on(page):
    assert page.versions.current().title == "demo · 1"
    assert page.versions.model.index(0, 1).data() == "active"
    assert page.retrain.headline.text() == "0 corrections since demo · 1"
    assert page.gate.headline.text() == "No model has been through the gate yet"
    assert not page.calls.isVisible()


def test_a_label_counts_as_a_correction(qtbot, page, session):
    session.run(lambda library: library.decide(reader=session.reader.id, patches=[1], label=1))
    qtbot.waitUntil(lambda: page.retrain.headline.text() == "1 correction since demo · 1")


def test_retrain_by_key_shows_the_run_the_gate_and_promotes_on_request(qtbot, page, session):
    retrain(qtbot, page)
    assert page.run.curves.isVisible()
    qtbot.waitUntil(lambda: page.gate.promote.isVisible())
    assert page.gate.headline.text() == "Better than demo · 1"
    candidate = page.versions.current().id
    click(qtbot, page.gate.promote)
    qtbot.waitUntil(lambda: session.active_model.id == candidate)
    qtbot.waitUntil(lambda: not page.gate.decision.isVisible())
    qtbot.waitUntil(lambda: not session.tasks.running)
    assert session.library.unpredicted(candidate) == []
    qtbot.waitUntil(page.versions.roll_back.isEnabled)
    click(qtbot, page.versions.roll_back)
    qtbot.waitUntil(lambda: session.active_model.title == "demo · 1")


def test_keeping_the_active_model_asks_no_more(qtbot, page, session):
    retrain(qtbot, page)
    qtbot.waitUntil(lambda: page.gate.keep.isVisible())
    click(qtbot, page.gate.keep)
    qtbot.waitUntil(lambda: not page.gate.decision.isVisible())
    assert session.active_model.title == "demo · 1"


@pytest.mark.parametrize("behaviour", [{"verdict": "worse", "may_promote": False}])
def test_a_worse_model_is_promoted_only_with_a_reason(qtbot, page, session, behaviour):
    retrain(qtbot, page)
    qtbot.waitUntil(lambda: page.gate.overrule.isVisible())
    click(qtbot, page.gate.overrule)
    dialog = open_dialog(page, ReasonDialog)
    assert not dialog.verb.isEnabled()
    qtbot.keyClicks(dialog.text, "The labels of the locked set are being read again.")
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: session.active_model.run is not None)
    promotion = session.library.promotions()[0]
    assert promotion.overruled
    assert promotion.reason.startswith("The labels")


@pytest.mark.parametrize("behaviour", [{"slow": 0.5}])
def test_a_run_is_stopped_and_resumed(qtbot, page, session, behaviour):
    qtbot.waitUntil(lambda: page.retrain.button.isEnabled())
    click(qtbot, page.retrain.button)
    qtbot.waitUntil(lambda: page.run.stop.isVisible())
    assert not page.retrain.button.isEnabled()
    click(qtbot, page.run.stop)
    qtbot.waitUntil(lambda: page.run.resume.isVisible())
    assert page.run.headline.text().endswith("was stopped")
    click(qtbot, page.run.resume)
    qtbot.waitUntil(lambda: page.run.headline.text().endswith("is trained"))
    qtbot.waitUntil(lambda: not session.tasks.running)


def test_a_cell_opens_its_locked_patches_and_tells_that_their_call_is_known(qtbot, page, session):
    retrain(qtbot, page)
    told = []
    page.calls_told.connect(told.append)
    with qtbot.waitSignal(page.open_patches) as opened:
        page.calls.cell_opened.emit(False, 1, 1)
    query, title = opened.args
    assert title == "demo · 1: sclerotic, called sclerotic"
    table = session.table
    rows = table.rows_of(query.ids)
    assert set(table["split"][rows].tolist()) == {int(Split.LOCKED)}
    assert told == [query.ids]


def test_the_threshold_is_moved_at_its_desk(qtbot, page):
    with qtbot.waitSignal(page.page_asked) as asked:
        click(qtbot, page.versions.threshold)
    assert asked.args == [PageName.THRESHOLD]


def test_a_model_is_exported_as_a_folder_and_never_over_another(qtbot, page, session, tmp_path):
    record = page.versions.current()
    page.commands.export_to(record, tmp_path)
    qtbot.waitUntil(lambda: (tmp_path / "demo-1" / "model.json").is_file())
    qtbot.waitUntil(lambda: not session.tasks.running)
    sentences = []
    session.tasks.added.connect(lambda task: task.failed.connect(sentences.append))
    page.commands.export_to(record, tmp_path)
    qtbot.waitUntil(lambda: bool(sentences))
    assert "already" in sentences[0]


def test_adding_a_model_folder(qtbot, page, session, tmp_path):
    from builders import make_model_folder

    folder = make_model_folder(tmp_path / "given", name="given", seen_known=False)
    click(qtbot, page.versions.add)
    dialog = open_dialog(page, AddModelDialog)
    dialog.path.setText(str(tmp_path))
    assert not dialog.verb.isEnabled()
    assert "no model" in dialog.trouble.text()
    dialog.path.setText(str(folder))
    assert not dialog.threshold_box.isVisible()
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: page.versions.model.rowCount() == 2)
    row = page.versions.model.row_of(session.library.models()[0].id)
    assert page.versions.model.index(row, 2).data() == "unknown"


def test_history_lists_what_was_active(qtbot, page, small):
    click(qtbot, page.versions.history)
    dialog = open_dialog(page, HistoryDialog)
    assert dialog.table.rows.row_at(0).texts[1] == "demo · 1"


def test_another_model_is_made_active_from_the_table(qtbot, page, session, small):
    second = add_model(small, dict.fromkeys(range(1, 25), 1.0), version=2)
    session.load()
    qtbot.waitUntil(lambda: page.versions.model.rowCount() == 2)
    page.versions.table.setCurrentIndex(
        page.versions.model.index(page.versions.model.row_of(second), 0)
    )
    click(qtbot, page.versions.promote)
    dialog = open_dialog(page, ReasonDialog)
    assert "never at the gate" in dialog.sentence.text()
    qtbot.keyClicks(dialog.text, "Trained elsewhere.")
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: session.active_model.id == second)
