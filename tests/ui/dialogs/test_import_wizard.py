"""The import wizard, from choosing a folder to what became of it."""

import csv
import threading

import pytest
from pictures import write_picture
from PySide6.QtCore import Qt

from glomviewer.domain.changes import Changes
from glomviewer.ui.dialogs import import_work
from glomviewer.ui.dialogs.import_choices import OWN
from glomviewer.ui.dialogs.import_wizard import ImportWizard


@pytest.fixture
def classes(tmp_path):
    """Two class folders with names that say the slide, a text and a truncated image."""
    folder = tmp_path / "patches"
    for number in range(4):
        write_picture(folder / "GS" / f"B{number // 2}_PAS_1of2_{number}.png", number)
        write_picture(folder / "nonGS" / f"B{number // 2}_PAS_2of2_{number}.png", 50 + number)
    (folder / "GS" / "notes.txt").write_text("notes")
    whole = (folder / "GS" / "B0_PAS_1of2_0.png").read_bytes()
    (folder / "GS" / "B0_PAS_1of2_9.png").write_bytes(whole[: len(whole) // 2])
    return folder


@pytest.fixture
def table(tmp_path):
    folder = tmp_path / "tabled"
    rows = []
    for number in range(6):
        write_picture(folder / "images" / f"p{number}x.png", 200 + number)
        rows.append((f"p{number}x", number % 2, f"biopsy {number // 2}", f"s{number // 2}"))
    with (folder / "labels.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "ground truth", "biopsy", "slide"))
        writer.writerows(rows)
    return folder


@pytest.fixture
def wizard(qtbot, theme, session):
    wizard = ImportWizard(session)
    qtbot.addWidget(wizard)
    wizard.show()
    return wizard


def look(qtbot, wizard, path):
    wizard.path.setText(str(path))
    qtbot.keyClick(wizard.path, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: wizard.state.shows_content)


def replanned(qtbot, wizard, change):
    before = wizard._plan
    change()
    qtbot.waitUntil(lambda: wizard._plan is not before)
    return wizard._plan


def test_it_begins_empty_and_offers_nothing(wizard):
    assert not wizard.state.shows_content
    assert not wizard.verb.isEnabled()
    assert wizard.state.message.headline.text() == "What shall be imported?"


def test_a_folder_per_class_is_previewed_before_anything_is_written(
    qtbot, wizard, classes, session
):
    look(qtbot, wizard, classes)
    assert wizard.preview.classes.text() == "5 globally sclerotic, 4 not globally sclerotic"
    assert wizard.verb.text() == "Import 9 patches"
    assert "4 slides" in wizard.preview.groups.text()
    assert len(session.library.load_table(None)) == 24


def test_importing_shows_progress_then_what_was_left_out_and_why(
    qtbot, wizard, classes, session, tmp_path
):
    look(qtbot, wizard, classes)
    qtbot.mouseClick(wizard.verb, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.progress.is_over)
    assert wizard.progress.headline.text() == "8 patches were imported"
    qtbot.waitUntil(lambda: len(session.table) == 32)
    names = [wizard.progress.findings.rows.row_at(n).texts[0] for n in range(2)]
    assert sorted(name.rsplit("/", 1)[-1] for name in names) == ["B0_PAS_1of2_9.png", "notes.txt"]
    wizard.export_findings_to(tmp_path / "skipped.csv")
    qtbot.waitUntil(lambda: (tmp_path / "skipped.csv").exists())
    qtbot.waitUntil(lambda: not session.tasks.running)
    assert wizard.close_button.text() == "Close"


def test_importing_again_adds_nothing(qtbot, wizard, classes, session):
    look(qtbot, wizard, classes)
    wizard.start()
    qtbot.waitUntil(lambda: wizard.progress.is_over)
    again = ImportWizard(session)
    qtbot.addWidget(again)
    again.show()
    look(qtbot, again, classes)
    assert "8 are in the library already" in again.preview.headline.text()
    again.start()
    qtbot.waitUntil(lambda: again.progress.is_over)
    assert again.progress.headline.text() == "0 patches were imported"
    assert "already" in again.progress.counts.text()


def test_a_column_can_be_chosen_for_the_case(qtbot, wizard, table):
    look(qtbot, wizard, table)
    wizard.choices.columns["case"].choose("")
    plan = replanned(qtbot, wizard, lambda: wizard.choices.columns["case"].choose("biopsy"))
    assert plan.cases == 3
    assert plan.patches[0].case == "biopsy 0"


def test_what_a_text_of_the_table_means_can_be_changed(qtbot, wizard, table):
    look(qtbot, wizard, table)
    chooser = wizard.choices.classes["1"]
    plan = replanned(qtbot, wizard, lambda: chooser.choose(2))
    assert plan.per_label[2] == 3
    assert "3 cannot tell" in wizard.preview.classes.text()


def test_an_own_expression_is_tried_on_the_names_at_hand(qtbot, wizard, table):
    look(qtbot, wizard, table)
    for key in ("case", "slide"):
        wizard.choices.columns[key].choose("")
    replanned(qtbot, wizard, lambda: wizard.choices.pattern.choose(OWN))
    wizard.choices.expression.clear()
    qtbot.keyClicks(wizard.choices.expression, "(?P<slide>p[0-9")
    assert "no regular expression" in wizard.choices.expression_trouble.text()
    qtbot.keyClicks(wizard.choices.expression, "])x")
    qtbot.waitUntil(lambda: "6 of 6 names match" in wizard.preview.matched.text())
    assert wizard.choices.expression_trouble.text() == ""


def test_what_was_looked_through_before_never_takes_the_place_of_what_came_after(
    qtbot, wizard, classes, table, session, monkeypatch
):
    free, read = threading.Event(), import_work.read_source

    def read_slowly(path, **options):
        if path == classes:
            free.wait(30)
            options["cancelled"] = lambda: False
        return read(path, **options)

    monkeypatch.setattr(import_work, "read_source", read_slowly)
    wizard.look_at(classes)
    look(qtbot, wizard, table)
    free.set()
    qtbot.waitUntil(lambda: not session.tasks.running)
    qtbot.waitUntil(lambda: session.is_idle)
    assert wizard._look.source.folder.is_relative_to(table)
    assert wizard.path.text() == str(table)


def test_nothing_to_import_is_said_in_a_sentence(qtbot, wizard, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    wizard.look_at(empty)
    qtbot.waitUntil(
        lambda: wizard.state.message.headline.text() == "Nothing here can be imported",
    )
    assert wizard.state.message.sentence.text()
    assert not wizard.verb.isEnabled()


def test_stopping_an_import_changes_nothing(qtbot, wizard, tmp_path, session):
    folder = tmp_path / "many"
    for number in range(60):
        write_picture(folder / f"m{number}.png", 1000 + number)
    look(qtbot, wizard, folder)
    wizard.start()
    qtbot.mouseClick(wizard.progress.cancel, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: wizard.progress.is_over)
    if "cancelled" in wizard.progress.line.text():
        assert len(session.library.load_table(None)) == 24


def test_an_import_goes_on_without_its_wizard(qtbot, theme, classes, session):
    wizard, free, gone = ImportWizard(session), threading.Event(), []
    wizard.finished.connect(wizard.deleteLater)
    wizard.destroyed.connect(lambda: gone.append(True))
    wizard.show()
    look(qtbot, wizard, classes)

    def hold_the_store(_library):
        free.wait(timeout=60)
        return Changes()

    session.run(hold_the_store)
    wizard.start()
    wizard.reject()
    qtbot.waitUntil(lambda: bool(gone))
    free.set()
    qtbot.waitUntil(lambda: not session.tasks.running)
    qtbot.waitUntil(lambda: len(session.table) == 32)
