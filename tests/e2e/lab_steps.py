"""Steps on the pages Lab and Compare: a run, what becomes of it, and its candidate."""

import json

from audit import Critic
from PySide6.QtCore import Qt
from seat import ALT, CONTROL, Seat
from steps import active_model, labels_of

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.labels import Split
from glomviewer.ui.comparison.page import ComparisonPage
from glomviewer.ui.lab.page import LabPage
from glomviewer.ui.page_bar import PageName
from training.config import RunFolder

Key = Qt.Key
EPOCHS = 9_000
"""More than anybody waits for: a run ends because a reader wants it to."""
LABELS_MEANWHILE = 6


def lab(seat: Seat) -> LabPage:
    page = seat.window.page_widget(PageName.LAB)
    assert isinstance(page, LabPage)
    return page


def comparison(seat: Seat) -> ComparisonPage:
    page = seat.window.page_widget(PageName.COMPARISON)
    assert isinstance(page, ComparisonPage)
    return page


def choose_and_change(seat: Seat, critic: Critic, training) -> None:
    """A recipe, and of it how long it may go on."""
    seat.go_to(PageName.LAB)
    page = lab(seat)
    seat.wait(lambda: page.state.shows_content)
    critic.look("Lab")
    training.choose_recipe(seat, page)
    assert page.recipe.draft.origin.name == training.recipe
    seat.click(page.recipe.form.folds["Learning"].head)
    epochs = page.recipe.form.rows["epochs"]
    seat.click(epochs.editor)
    seat.press(Key.Key_A, CONTROL)
    seat.write("0")
    assert not page.bar.train.isEnabled()
    assert "epochs" in page.recipe.obstacle.lower()
    critic.look("A refused field")
    seat.press(Key.Key_A, CONTROL)
    seat.write(str(EPOCHS))
    assert page.recipe.changes_line.text() == f"1 field changed from {training.recipe}"
    seat.wait(page.bar.train.isEnabled)
    critic.look("A changed field")
    critic.tab_through("A changed field")


def train(seat: Seat, critic: Critic, recipe: str) -> None:
    """By its button; what was asked for is what the run was told."""
    page = lab(seat)
    seat.click(page.bar.train)
    seat.wait(page.run.pause.isVisible)
    (run,) = seat.library.runs()
    assert run.recipe == recipe
    job = json.loads(RunFolder(seat.library.paths.run(run.id)).job.read_text(encoding="utf-8"))
    assert (job["recipe"]["name"], job["recipe"]["epochs"]) == (recipe, EPOCHS)
    assert not page.bar.train.isEnabled()
    seat.wait(lambda: epochs_of(seat) >= 1)
    critic.look("A run")


def epochs_of(seat: Seat) -> int:
    (run,) = seat.library.runs()
    status = seat.opened.runs.statuses.get(run.id)
    return len(status.epochs) if status is not None else 0


def label_meanwhile(seat: Seat) -> None:
    """Labels are given and kept while the epochs go on."""
    seat.go_to(PageName.REVIEW)
    seat.press(Key.Key_Home)
    before, given = epochs_of(seat), []
    for number in range(LABELS_MEANWHILE):
        patch = seat.grid.current_patch
        assert patch is not None
        given.append((patch, number % 2))
        seat.press(Key.Key_1 if number % 2 else Key.Key_0)
        seat.wait(lambda patch=patch: seat.grid.current_patch != patch)
    seat.wait(lambda: not seat.session.saving)
    labels = labels_of(seat)
    assert [(patch, labels[patch]) for patch, _ in given] == given
    seat.wait(lambda: epochs_of(seat) > before)
    assert seat.library.runs()[0].state == "running"


def stop_and_resume(seat: Seat, critic: Critic) -> None:
    """A cancelled run makes nothing, and goes on from its last epoch."""
    seat.go_to(PageName.LAB)
    page = lab(seat)
    seat.click(page.run.cancel)
    seat.wait(page.run.resume.isVisible)
    seat.settle()
    assert seat.library.runs()[0].state == "stopped"
    assert len(seat.library.models()) == 1
    done = epochs_of(seat)
    assert done >= 1
    critic.look("Cancelled")
    critic.tab_through("Cancelled")
    seat.press(Key.Key_G, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    seat.wait(lambda: page.run.cancel.isVisible() and epochs_of(seat) > done)
    (run,) = seat.library.runs()
    numbers = [epoch.epoch for epoch in seat.opened.runs.statuses[run.id].epochs]
    assert numbers == sorted(set(numbers)), "an epoch was trained again"


def keep_the_best(seat: Seat, critic: Critic) -> None:
    """The run has gone on without a window, and ends when it is told to."""
    page = lab(seat)
    assert seat.window.page is PageName.LAB
    seat.wait(page.run.finish.isVisible)
    seat.wait(page.run.finish.isEnabled)
    seat.press(Key.Key_B, CONTROL)
    seat.wait(lambda: seat.library.runs()[0].state == "finished")
    seat.wait(lambda: not seat.session.tasks.running)
    seat.settle()
    assert seat.library.runs()[0].candidate is not None
    assert not page.run.cancel.isVisible()
    critic.look("Finished")
    critic.tab_through("Finished")


def compare(seat: Seat, critic: Critic) -> None:
    """The candidate beside the active model; what is looked at is counted."""
    seat.go_to(PageName.COMPARISON)
    page = comparison(seat)
    seat.wait(lambda: page.result.shows_content and not seat.session.tasks.running)
    active, run = active_model(seat), seat.library.runs()[0]
    assert page.bar.ids == (active, run.candidate)
    assert "chance" in header_texts(page.board.figures.table)
    critic.look("Compare")
    critic.tab_through("Compare")
    open_a_figure(seat, page)
    seat.go_to(PageName.COMPARISON)
    seat.press(Key.Key_3, ALT)
    looks = seat.library.looks()
    seat.choose_by_keys(page.bar.patches, PatchSet.LOCKED)
    seat.wait(page.result.message.button.isVisible)
    assert not page.result.shows_content
    assert seat.library.looks() == looks
    critic.look("The locked set is asked for")
    seat.click(page.result.message.button)
    seat.wait(lambda: page.result.shows_content)
    assert seat.library.looks() == looks + 1
    assert compared_patches(page) <= patches_of(seat, Split.LOCKED)
    critic.look("The locked set")
    critic.tab_through("The locked set")


def header_texts(table) -> list[str]:
    model = table.model()
    across = Qt.Orientation.Horizontal
    return [model.headerData(column, across) for column in range(model.columnCount())]


def open_a_figure(seat: Seat, page: ComparisonPage) -> None:
    """Recall of the second model stands for all sclerotic patches that were compared."""
    table = page.board.figures.table
    cells = table.cells
    row = next(row for row in range(cells.rowCount()) if cells.cell(row, 0).text == "Recall")
    cell = cells.cell(row, 2)
    assert cell.behind is not None
    behind = set(cell.behind())
    assert behind and not behind & patches_of(seat, Split.LOCKED)
    seat.click(table, table.visualRect(cells.index(row, 2)).center())
    seat.press(Key.Key_Return)
    seat.wait(lambda: seat.window.page is PageName.REVIEW)
    seat.wait(lambda: set(seat.grid.ids.tolist()) == behind)


def compared_patches(page: ComparisonPage) -> set[int]:
    cell = page.board.figures.table.cells.cell(0, 2)
    assert cell.behind is not None
    return set(cell.behind())


def patches_of(seat: Seat, split: Split) -> set[int]:
    table = seat.session.table
    return set(table.ids[table["split"] == split].tolist())
