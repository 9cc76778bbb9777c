"""The page of two models by keys and mouse on a small library."""

import pytest
from builders import add_model, make_library
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.labels import Split
from glomviewer.domain.patch_query import SortKey
from glomviewer.jobs import comparison_jobs, operations
from glomviewer.jobs.environment import TrainingEnvironment
from glomviewer.jobs.images import loader_for
from glomviewer.jobs.model_jobs import ModelJobs
from glomviewer.jobs.sentences import JobError
from glomviewer.jobs.session import Session
from glomviewer.store.library import Library
from glomviewer.ui.comparison.edit_model import EditModelDialog
from glomviewer.ui.comparison.figures_card import UNDRAWN
from glomviewer.ui.comparison.page import NO_FIGURES, NO_READER, NOTHING, READ_ONLY, ComparisonPage
from glomviewer.ui.dialogs.form import FormDialog

Key, CONTROL = Qt.Key, Qt.KeyboardModifier.ControlModifier
LONG = 10_000


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def opened_by(qtbot, page, gesture):
    with qtbot.waitSignal(page.open_patches) as opened:
        gesture()
    query, title = opened.args
    return set(query.ids), title


def dialog_of(qtbot, page, kind):
    found = []

    def there():
        found[:] = [one for one in page.findChildren(kind) if one.isVisible()]
        return bool(found)

    qtbot.waitUntil(there)
    return found[0]


def cell_at(table, row, column):
    return table.visualRect(table.cells.index(row, column)).center()


def test_the_candidate_stands_beside_the_active_model(page, small, second):
    active = small.library.active_model()
    assert page.bar.ids == (active.id, second)
    assert page.bar.models[0].currentText() == "demo · 1, active"
    assert page.bar.basis.text().startswith("20 patches of 5 cases or slides")
    assert page.board.curves.roc.accessibleDescription() == (
        "□ demo · 1 AUC 0.900; ○ demo · 2 AUC 0.950"
    )


def test_flips_go_either_way_and_open(qtbot, page):
    flips = page.board.flips
    assert set(flips.first.patches) == {1, 2}
    assert set(flips.second.patches) == {5}
    ids, title = opened_by(qtbot, page, lambda: click(qtbot, flips.first.open))
    assert ids == {1, 2} and title == "Mended by demo · 2"
    strip = flips.second.strip
    place = strip.place_of(0).center()
    ids, _ = opened_by(
        qtbot, page, lambda: qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=place)
    )
    assert ids == {5}


def test_mistakes_of_the_model_in_view_open_worst_first(qtbot, page):
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.keyClick(page.bar.models[0], Key.Key_M, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert opened.args[0].sort is SortKey.DISAGREEMENT
    with qtbot.waitSignal(page.open_patches) as opened:
        qtbot.keyClick(page.bar.models[0], Key.Key_M, CONTROL)
    query, title = opened.args
    assert query.sort is SortKey.NAME and query.ids == (5,)
    assert title == "Mistakes of demo · 2"


def test_a_cell_of_a_matrix_opens_its_patches(qtbot, page):
    cell = page.board.matrices.matrices[0].cell(1, 0)
    assert cell.text() == "1"
    ids, title = opened_by(qtbot, page, lambda: click(qtbot, cell))
    assert ids == {2} and title == "demo · 1: sclerotic, called not sclerotic"


def test_a_figure_opens_what_it_is_made_of_by_keys(qtbot, page):
    table = page.board.figures.table
    table.setFocus()
    table.setCurrentIndex(table.cells.index(2, 3))
    assert table.cells.index(2, 0).data() == "F1"
    ids, title = opened_by(qtbot, page, lambda: qtbot.keyClick(table, Key.Key_Return))
    assert ids == {1, 2, 5} and title == "Called differently by demo · 1 and demo · 2"


def test_errors_of_a_slide_open_by_a_double_click(qtbot, page):
    table = page.board.slides.table
    assert table.cells.index(0, 0).data() == "slide 1"
    page.board.ensureWidgetVisible(table)
    where = cell_at(table, 0, 10)
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    ids, title = opened_by(
        qtbot,
        page,
        lambda: qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where),
    )
    assert ids == {1, 2} and title == "slide 1: errors of demo · 1"


def test_a_point_of_the_calibration_opens_its_patches(qtbot, page):
    ids, title = opened_by(qtbot, page, lambda: page.board.curves.calibration.bin_opened.emit(0, 0))
    assert 2 in ids and title == "demo · 1: probability around 0.05"


def test_whoever_opens_flips_or_sees_mistakes_knows_their_calls(qtbot, page):
    with qtbot.waitSignal(page.calls_told) as told:
        page.open_flips()
    assert set(told.args[0]) == {1, 2, 5}
    seen = set()
    page.calls_told.connect(seen.update)
    page.board.ensureWidgetVisible(page.board.worst)
    qtbot.waitUntil(lambda: {*page.board.worst.first.patches} <= seen)


def test_the_locked_set_is_shown_on_request_and_the_look_counted(qtbot, page, small):
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.button.isVisible())
    assert page.result.message.headline.text() == "Nobody has looked at the locked set yet"
    assert "4 patches" in page.result.message.sentence.text()
    assert small.library.looks() == 0
    qtbot.keyClick(page.bar.patches, Key.Key_L, CONTROL)
    qtbot.waitUntil(lambda: page.result.shows_content)
    assert small.library.looks() == 1
    assert page.bar.basis.text().endswith("AR looked: the first look at the locked set.")
    with qtbot.waitSignal(page.calls_told) as told:
        page.open_flips()
    assert told.args == [(9,)]


def test_a_look_that_is_known_is_not_counted_again_but_new_labels_ask_anew(
    qtbot, page, session, small
):
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.button.isVisible())
    click(qtbot, page.result.message.button)
    qtbot.waitUntil(lambda: page.result.shows_content)
    page.bar.choose_set(PatchSet.FREE)
    qtbot.waitUntil(lambda: "20 patches" in page.bar.basis.text())
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: "4 patches" in page.bar.basis.text())
    assert small.library.looks() == 1
    label = operations.label_patches
    session.run(lambda library: label(library, reader=small.reader, patches=[9], label=1))
    qtbot.waitUntil(lambda: page.result.message.button.isVisible())
    assert "looked at 1 time" in page.result.message.headline.text()


def test_a_look_that_could_not_be_counted_can_be_taken_again(
    qtbot, page, session, small, monkeypatch
):
    def full(*_args, **_named):
        raise JobError("The disk is full.")

    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.button.isVisible())
    with monkeypatch.context() as patched, qtbot.waitSignal(session.failed):
        patched.setattr(comparison_jobs, "count_comparison_look", full)
        click(qtbot, page.result.message.button)
    click(qtbot, page.result.message.button)
    qtbot.waitUntil(lambda: page.result.shows_content)
    assert small.library.looks() == 1


def test_cancelled_intervals_are_told_and_drawn_on_request(qtbot, page, session, monkeypatch):
    monkeypatch.setattr(comparison_jobs, "AT_ONCE", 0)
    cancelling = session.tasks.added.connect(lambda task: task.cancel())
    page.jobs.forget()
    page.compare()
    figures = page.board.figures
    qtbot.waitUntil(lambda: figures.trust.text() == UNDRAWN)
    assert page.result.shows_content
    session.tasks.added.disconnect(cancelling)
    click(qtbot, figures.draw)
    qtbot.waitUntil(lambda: "intervals from" in figures.trust.text())
    assert not figures.draw.isVisible()


def test_nobody_looks_without_a_name(qtbot, page, session, small):
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.button.isVisible())
    session.reader = None
    with qtbot.waitSignal(page.message) as said:
        click(qtbot, page.result.message.button)
    assert said.args == [NO_READER]
    assert small.library.looks() == 0


def test_models_that_have_seen_the_locked_set_get_no_figure_of_it(qtbot, small, make_page):
    hashes = [small.library.patch(patch).pixel_hash for patch in range(9, 13)]
    add_model(small, dict.fromkeys(small.ids, 1.0), version=2, seen=hashes)
    page = make_page()
    qtbot.waitUntil(lambda: page.result.shows_content)
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.headline.text() == NO_FIGURES)
    assert "4 demo · 2 was trained or tuned on" in page.result.message.sentence.text()
    page.look()
    assert small.library.looks() == 0


def test_swap_turns_the_differences_round(qtbot, page):
    ids = page.bar.ids
    before = page.board.figures.table.cells.index(7, 3).data()
    qtbot.keyClick(page.bar.models[0], Key.Key_J, CONTROL)
    qtbot.waitUntil(lambda: page.board.figures.table.cells.index(7, 3).data() != before)
    assert page.bar.ids == (ids[1], ids[0])
    assert page.board.flips.first.title.text() == "Mended by demo · 1"


def test_a_model_chosen_twice_changes_places(qtbot, page):
    ids = page.bar.ids
    chooser = page.bar.models[0]
    chooser.setFocus()
    qtbot.keyClick(chooser, Key.Key_Up)
    assert page.bar.ids == (ids[1], ids[0])


def test_a_third_model_can_be_chosen(qtbot, page, session, small):
    third = add_model(small, dict.fromkeys(small.ids, 1.0), version=3)
    session.load()
    qtbot.waitUntil(lambda: page.bar.models[1].count() == 3)
    assert page.bar.ids[1] != third
    qtbot.keyClick(page.bar.models[1], Key.Key_Home)
    assert page.bar.ids[1] == third
    qtbot.waitUntil(lambda: page.board.flips.first.title.text() == "Mended by demo · 3")


def test_a_model_is_named_and_noted(qtbot, page, small, second):
    qtbot.keyClick(page.bar.models[0], Key.Key_F2)
    dialog = dialog_of(qtbot, page, EditModelDialog)
    dialog.name.setText("swin")
    dialog.text.setPlainText("after June")
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: page.bar.models[1].currentText() == "swin · 2")
    qtbot.waitUntil(lambda: page.bar.notes.text() == "swin · 2: “after June”")
    assert small.library.model(second).note == "after June"


def test_a_model_is_removed_after_a_question(qtbot, page, small, second):
    qtbot.keyClick(page.bar.models[0], Key.Key_Delete, CONTROL)
    dialog = dialog_of(qtbot, page, FormDialog)
    click(qtbot, dialog.verb)
    qtbot.waitUntil(lambda: page.state.message.headline.text() == NOTHING)
    assert [one.id for one in small.library.models()] != [second]


def test_return_alone_removes_nothing(qtbot, page, small, second):
    page.act(1, "remove")
    dialog = dialog_of(qtbot, page, FormDialog)
    dialog.activateWindow()
    qtbot.waitUntil(dialog.cancel.hasFocus)
    assert dialog.cancel.isDefault() and not dialog.verb.isDefault()
    qtbot.keyClick(dialog.cancel, Key.Key_Return)
    assert not dialog.isVisible()
    assert second in [one.id for one in small.library.models()]


def test_a_model_that_a_log_refers_to_stays_and_it_is_said_why(qtbot, page, small):
    page.act(0, "remove")
    dialog = dialog_of(qtbot, page, FormDialog)
    assert "is the active model" in dialog.sentence.text()
    click(qtbot, dialog.verb)
    assert len(small.library.models()) == 2


def test_an_export_has_its_card_beside_it(qtbot, page, session, tmp_path):
    record = page.records[1]
    page.gestures.export_to(record, tmp_path / "out")
    qtbot.waitUntil(lambda: not session.tasks.running)
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["demo-2", "demo-2.html", "demo-2.md"]


def test_the_menu_of_a_model_offers_what_can_be_done(qtbot, page):
    click(qtbot, page.bar.menus[1])
    menu = next(one for one in page.findChildren(QMenu) if one.isVisible())
    assert [entry.text().partition("\t")[0] for entry in menu.actions()] == [
        "Name the second model and write its note…",
        "Export the second model with its card…",
        "Remove the second model…",
    ]
    menu.close()


def test_one_model_alone_is_an_empty_page(qtbot, make_page):
    page = make_page()
    qtbot.waitUntil(lambda: page.state.message.headline.text() == NOTHING)


def test_one_class_only_is_not_defined_and_says_so(qtbot, tmp_path, theme, actions):
    from builders import PatchPlan

    plans = [PatchPlan(case=f"c{n}", label=0, split=Split.VALIDATION) for n in range(4)]
    small = make_library(tmp_path / "one", plans)
    for version in (1, 2):
        add_model(small, dict.fromkeys(small.ids, -1.0), version=version)
    session = Session(small.library, reader=small.library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    page = ComparisonPage(session, loader_for(session), actions, ModelJobs(session))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: "intervals from" in page.board.figures.trust.text())
    table = page.board.figures.table
    assert table.cells.index(0, 1).data() == "not defined: one class only"
    assert table.cells.index(4, 2).data() == "not defined: no sclerotic patch"
    assert page.board.curves.roc.accessibleDescription() == "Not defined: one class only."
    session.close()


def test_reading_only_one_may_compare_but_not_look(qtbot, small, second, theme, actions):
    small.library.close()
    library = Library.open(small.library.folder, write=False)
    session = Session(library, reader=library.readers()[0])
    session.load()
    qtbot.waitUntil(lambda: session.is_loaded)
    page = ComparisonPage(session, loader_for(session), actions, ModelJobs(session))
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.result.shows_content)
    page.bar.choose_set(PatchSet.LOCKED)
    qtbot.waitUntil(lambda: page.result.message.sentence.text() == READ_ONLY)
    assert not page.result.message.button.isVisible()
    with qtbot.waitSignal(page.message):
        page.act(1, "edit")
    session.close()


def test_a_prediction_that_fails_leaves_its_offer_standing(
    qtbot, small, session, make_page, monkeypatch
):
    add_model(small, {}, version=2)
    page = make_page()
    qtbot.waitUntil(lambda: page.result.message.headline.text() == NO_FIGURES)
    assert not page.result.message.button.isVisible()
    monkeypatch.setattr(page._models, "environment", TrainingEnvironment("python"))

    def fail(_control):
        raise JobError("The worker has ended.")

    monkeypatch.setattr(
        page._models, "predict", lambda _model, title: session.tasks.start(title, fail)
    )
    page._models.environment_known.emit(page._models.environment)
    qtbot.waitUntil(page.result.message.button.isVisible)
    click(qtbot, page.result.message.button)
    assert not page.result.message.button.isVisible()
    qtbot.waitUntil(page.result.message.button.isVisible)


def test_a_failed_reading_is_told_and_can_be_tried_again(qtbot, page, small, second):
    predictions = small.library.paths.predictions(second)
    kept = predictions.read_bytes()
    predictions.write_bytes(b"no database" * 100)
    page.jobs.forget()
    page.compare()
    qtbot.waitUntil(lambda: page.result.message.button.text() == "Try again")
    assert "can't be read" in page.result.message.sentence.text()
    predictions.write_bytes(kept)
    click(qtbot, page.result.message.button)
    qtbot.waitUntil(lambda: page.result.shows_content)


def test_every_control_has_a_name_and_a_key(page, actions):
    for widget in (*page.bar.models, *page.bar.menus, page.bar.patches, page.board.slides.table):
        assert widget.accessibleName()
    compare = [action for action in actions.all() if action.group == "Compare"]
    assert all(action.keys for action in compare)
    keys = [key for action in compare for key in action.keys]
    assert len(keys) == len(set(keys)) == 14


@pytest.mark.parametrize("width", [960, 1280, 1920])
def test_no_table_needs_a_bar_to_be_read(qtbot, page, width):
    page.resize(width, 640)
    qtbot.waitUntil(lambda: page.width() == width)
    qtbot.waitUntil(lambda: page.board.figures.table.columnWidth(0) >= 180)
    qtbot.waitUntil(lambda: page.board.slides.table.columnWidth(0) >= 80)
    assert not page.board.horizontalScrollBar().isVisible()
