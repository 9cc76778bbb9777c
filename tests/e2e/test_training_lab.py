"""The lab from a recipe to a rolled back model, by keys and mouse alone."""

import json
from pathlib import Path

import numpy as np
import pytest
from audit import Critic
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFileDialog, QToolButton
from seat import ALT, CONTROL, Seat
from stand_in import StandIn
from steps import active_model, add_model, calls_of, import_patches, labels_of, promote, roll_back

from glomviewer.domain.comparison.choosing import PatchSet
from glomviewer.domain.labels import Split
from glomviewer.paths import resources_dir
from glomviewer.store.verify import FileCheck, verify
from glomviewer.ui.comparison.page import ComparisonPage
from glomviewer.ui.lab.page import LabPage
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.threshold_desk.page import ThresholdPage
from training.config import RunFolder

Key = Qt.Key
DEMO_MODEL = resources_dir() / "demo" / "model"
OWN_RECIPE = """\
method = "full"
summary = "a very small network from random weights, for one who can't wait"
base = "random"
architecture = "resnet10t"
size = 32
head_epochs = 0
patience = 10_000
"""
EPOCHS = 9_000
"""More than anybody waits for: a run ends because a reader wants it to."""
LABELS_MEANWHILE = 6
FLIPPED = (3, 30)


class StandInLab(StandIn):
    """A built-in recipe under a stand-in whose epochs take a while."""

    recipe, from_weights = "swin", True

    def choose_recipe(self, seat: Seat, page: LabPage) -> None:
        seat.press(Key.Key_F, CONTROL)
        seat.choose_by_keys(page.recipe.recipe, self.recipe)

    def before_training(self) -> None:
        self.behave(slow=0.1, epochs=EPOCHS, flip=FLIPPED, verdict="cannot_tell", may_promote=False)

    def after_training(self) -> None:
        self.behave(flip=FLIPPED)


class RealLab:
    """The project's own model and routine, with a recipe of one's own."""

    model, recipe = DEMO_MODEL, "by the window"

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._file = folder / f"{self.recipe}.toml"
        self._file.write_text(OWN_RECIPE, encoding="utf-8")
        monkeypatch.setenv("OMP_NUM_THREADS", "1")
        monkeypatch.setattr(
            QFileDialog, "getOpenFileName", lambda *_args, **_more: (str(self._file), "")
        )

    def choose_recipe(self, seat: Seat, page: LabPage) -> None:
        seat.click(page.recipe.open)
        assert page.recipe.recipe.currentText() == self._file.name

    def before_training(self) -> None:
        pass

    def after_training(self) -> None:
        pass


@pytest.fixture(params=["stand-in", "real"])
def training(request, tmp_path, monkeypatch):
    if request.param == "stand-in":
        return StandInLab(tmp_path, monkeypatch)
    if not (DEMO_MODEL / "model.json").is_file():
        pytest.skip("the demo's model is not there; `make demo-resources` trains it")
    return RealLab(tmp_path, monkeypatch)


@pytest.mark.timeout(900)
def test_from_a_recipe_to_a_rolled_back_model(sit_down, cohort, choose, training):
    told = {}
    critics: list[Critic] = []

    def critic_of(seat):
        critics.append(Critic(seat))
        return critics[-1]

    def evening(seat):
        critic = critic_of(seat)
        told["folder"] = import_patches(seat, cohort, choose, critic)
        add_model(seat, training.model)
        training.before_training()
        choose_and_change(seat, critic, training)
        train(seat, critic, training.recipe)
        label_meanwhile(seat)
        stop_and_resume(seat, critic)
        seat.press(Key.Key_Q, CONTROL)

    def morning(seat):
        training.after_training()
        seat.settle()
        critic = critic_of(seat)
        assert seat.session.folder == told["folder"]
        keep_the_best(seat, critic)
        told["looks"] = seat.library.looks()
        assert told["looks"] == 1
        compare(seat, critic)
        seat.press(Key.Key_Q, CONTROL)

    def noon(seat):
        seat.settle()
        critic = critic_of(seat)
        drag_the_line(seat, critic)
        move_and_undo(seat, critic)
        look_at_locked_from_the_desk(seat, critic)
        seat.go_to(PageName.MODELS)
        old, new = promote(seat, critic)
        critic.look("Models")
        critic.tab_through("Models")
        assert seat.session.table.view.model == new
        roll_back(seat, old, new)
        seat.press(Key.Key_Q, CONTROL)

    for story in (evening, morning, noon):
        sit_down(story)
    remarks = [remark for critic in critics for remark in critic.remarks]
    assert not remarks, "\n".join(remarks)
    report = verify(told["folder"], files=FileCheck.HASH)
    assert report.problems == []


def lab(seat: Seat) -> LabPage:
    page = seat.window.page_widget(PageName.LAB)
    assert isinstance(page, LabPage)
    return page


def comparison(seat: Seat) -> ComparisonPage:
    page = seat.window.page_widget(PageName.COMPARISON)
    assert isinstance(page, ComparisonPage)
    return page


def desk(seat: Seat) -> ThresholdPage:
    page = seat.window.page_widget(PageName.THRESHOLD)
    assert isinstance(page, ThresholdPage)
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


def drag_the_line(seat: Seat, critic: Critic) -> None:
    """With the mouse; the figures follow at once, and nothing is written without a reason."""
    seat.go_to(PageName.THRESHOLD)
    page = desk(seat)
    seat.wait(lambda: page.state.shows_content)
    critic.look("Threshold")
    critic.tab_through("Threshold")
    before = page.threshold
    for share, higher in ((0.1, False), (0.9, True)):
        drag_to(seat, page, above(page, share))
        assert (page.threshold > before) is higher
        critic.look("The line dragged")
    assert not page.choice.move_button.isEnabled()
    assert page.choice.obstacle.text() == "By hand needs a reason."
    open_what_would_change(seat, page)
    assert threshold_in_force(seat) == before


def open_what_would_change(seat: Seat, page: ThresholdPage) -> None:
    """The cases follow the line when it rests; the calls behind them open, all but locked ones."""
    line, view = page.threshold, seat.session.table.view
    differs = (view.logit >= line) != (view.logit >= view.threshold)
    changed = set(seat.session.table.ids[differs].tolist()) - patches_of(seat, Split.LOCKED)
    button = page.view.cases.changed
    seat.wait(lambda: button.text().split()[0] == str(len(changed)))
    seat.click(button)
    seat.wait(lambda: seat.window.page is PageName.REVIEW)
    seat.wait(lambda: set(seat.grid.ids.tolist()) == changed)
    seat.go_to(PageName.THRESHOLD)
    assert page.threshold == line


def above(page: ThresholdPage, share: float) -> float:
    """A threshold just above this share of the patches."""
    assert page.desk is not None
    scores = page.desk.sets[str(page.choice.patches.currentData())]
    return float(np.quantile(scores.logit, share)) + 0.05


def drag_to(seat: Seat, page: ThresholdPage, logit: float) -> None:
    strip, low = page.strip, page.strip.height() // 2
    start, end = (QPoint(round(strip.axis.x_of(at)), low) for at in (page.threshold, logit))
    before = shown_matrix(page)
    seat.drag(strip, start, end)
    assert page.threshold == pytest.approx(logit, abs=0.05)
    assert shown_matrix(page) == matrix_at(page, page.threshold) != before
    seat.drop(strip, end)
    seat.settle()


def shown_matrix(page: ThresholdPage) -> dict[tuple[int, int], int]:
    cells = page.view.figures.cells
    return {cell: int(button.text().split("\n")[0]) for cell, button in cells.items()}


def matrix_at(page: ThresholdPage, threshold: float) -> dict[tuple[int, int], int]:
    """Counted one by one from the scores that the desk stands on."""
    assert page.desk is not None
    scores = page.desk.sets[str(page.choice.patches.currentData())]
    pairs = [
        (int(target), int(logit >= threshold))
        for target, logit in zip(scores.target, scores.logit, strict=True)
    ]
    return {(target, call): pairs.count((target, call)) for target in (0, 1) for call in (0, 1)}


def threshold_in_force(seat: Seat) -> float:
    active = seat.session.active_model
    assert active is not None
    return active.threshold


def move_and_undo(seat: Seat, critic: Critic) -> None:
    """By hand, by a rule and back: calls in Review follow the threshold everywhere it goes."""
    page, model = desk(seat), active_model(seat)
    before, calls = threshold_in_force(seat), review_calls(seat)
    seat.click(page.choice.reason)
    seat.write("surer ones alone")
    by_hand = page.threshold
    seat.press(Key.Key_Return)
    in_force_everywhere(seat, by_hand)
    assert review_calls(seat) != calls
    critic.look("Moved by hand")
    seat.press(Key.Key_G)
    seat.press(Key.Key_R)
    seat.choose_by_keys(page.choice.kind, "cost")
    seat.click(page.choice.amount)
    seat.press(Key.Key_A, CONTROL)
    seat.write("60")
    by_rule = page.threshold
    assert by_rule < by_hand
    critic.look("A rule")
    critic.tab_through("A rule")
    seat.press(Key.Key_Return, CONTROL)
    in_force_everywhere(seat, by_rule)
    newest, older = seat.library.threshold_history(model)[:2]
    assert (newest.rule, older.reason) == ("cost:60", "surer ones alone")
    assert newest.reader is not None and newest.reader.name == "Ann Reader"
    for threshold in (by_hand, before):
        seat.click(page.choice.undo)
        in_force_everywhere(seat, threshold)
    critic.look("Undone")
    critic.tab_through("Undone")
    assert not page.choice.undo.isEnabled()
    assert review_calls(seat) == calls
    assert len(seat.library.threshold_history(model)) == 5


def in_force_everywhere(seat: Seat, threshold: float) -> None:
    """On disk and in what Review draws from; then back at the desk."""
    seat.wait(lambda: threshold_in_force(seat) == threshold)
    seat.go_to(PageName.REVIEW)
    assert review_calls(seat) == calls_of(seat, active_model(seat))
    assert seat.session.table.view.threshold == threshold
    seat.go_to(PageName.THRESHOLD)
    assert desk(seat).threshold == threshold


def review_calls(seat: Seat) -> dict[int, bool]:
    """By the table that Review draws from."""
    table = seat.session.table
    calls = table.view.logit >= table.view.threshold
    return dict(zip(table.ids.tolist(), calls.tolist(), strict=True))


def look_at_locked_from_the_desk(seat: Seat, critic: Critic) -> None:
    seat.go_to(PageName.THRESHOLD)
    page, looks = desk(seat), seat.library.looks()
    for tab in page.view.side.findChildren(QToolButton):
        seat.click(tab)
        critic.look(f"Threshold, {tab.text()}")
    assert not page.view.locked.figures.isVisible()
    seat.click(page.view.locked.look)
    seat.wait(page.view.locked.figures.isVisible)
    assert seat.library.looks() == looks + 1
    critic.look("The locked set at the line")
    critic.tab_through("The locked set at the line")
