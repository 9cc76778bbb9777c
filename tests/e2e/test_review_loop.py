"""The main job from an empty first page to a rolled back model, by keys and mouse alone."""

from pathlib import Path

import pytest
from audit import Critic
from PySide6.QtCore import Qt
from seat import CONTROL, SHIFT, Seat
from stand_in import StandIn
from steps import add_model, calls_of, import_patches, labels_of, promote, roll_back

from glomviewer.domain.labels import NO_LABEL, Split
from glomviewer.domain.patch_query import Queue
from glomviewer.paths import resources_dir
from glomviewer.store.verify import FileCheck, verify
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
DEMO_MODEL = resources_dir() / "demo" / "model"
IN_GRID, ONE_AT_A_TIME = 10, 10
LABEL_KEYS = {1: Key.Key_1, 0: Key.Key_0, None: Key.Key_X}
LABEL_CODES = {1: 1, 0: 0, None: 3}
CANNOT_TELL, NO_GLOMERULUS = 2, 3
FLIPPED = (3, 30)
"""Patches that the stand-in's candidate calls otherwise than the model before it."""


class Retraining(StandIn):
    """Waits until it is let go on, and then cannot tell which model is better."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(folder, monkeypatch)
        self._go_on = folder / "go on"

    def before_retraining(self) -> None:
        self.behave(
            verdict="cannot_tell",
            may_promote=False,
            flip=FLIPPED,
            gate_to_wait_for=str(self._go_on),
        )

    def let_it_finish(self) -> None:
        self._go_on.touch()


class RealTraining:
    """The project's own model and routine."""

    model = DEMO_MODEL

    def before_retraining(self) -> None:
        pass

    def let_it_finish(self) -> None:
        pass


@pytest.fixture(params=["stand-in", "real"])
def training(request, tmp_path, monkeypatch):
    if request.param == "stand-in":
        return Retraining(tmp_path, monkeypatch)
    if not (DEMO_MODEL / "model.json").is_file():
        pytest.skip("the demo's model is not there; `make demo-resources` trains it")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    return RealTraining()


@pytest.mark.timeout(900)
def test_from_an_empty_page_to_a_rolled_back_model(sit_down, cohort, choose, training):
    told = {}
    critics: list[Critic] = []

    def critic_of(seat):
        critics.append(Critic(seat))
        return critics[-1]

    def first_evening(seat):
        critic = critic_of(seat)
        folder = import_patches(seat, cohort, choose, critic)
        told["folder"] = folder
        add_model(seat, training.model)
        names = names_of(seat)
        reading = Reading(seat, cohort, names)
        reading.in_the_grid(IN_GRID)
        critic.look("Review")
        reading.one_at_a_time(ONE_AT_A_TIME)
        reading.check_log()
        label_many(seat)
        told["labels"] = labels_of(seat)
        undo_everything(seat, gestures=IN_GRID + ONE_AT_A_TIME + 2)
        seat.press(Key.Key_Q, CONTROL)

    def next_morning(seat):
        seat.settle()
        assert seat.session.folder == told["folder"]
        assert seat.window.bar.reader.text().strip() == "Ann Reader"
        redo_everything(seat)
        assert labels_of(seat) == told["labels"]
        take_back_the_bulk_labels(seat)
        training.before_retraining()
        press_retrain(seat, critic_of(seat))
        seat.press(Key.Key_Q, CONTROL)

    def later(seat):
        seat.settle()
        critic = critic_of(seat)
        the_run_is_there_and_finishes(seat, training)
        critic.look("The gate")
        old, new = promote(seat, critic)
        critic.look("Promoted")
        review_changed_calls(seat)
        critic.look("Changed calls")
        roll_back(seat, old, new)
        seat.press(Key.Key_Q, CONTROL)

    for story in (first_evening, next_morning, later):
        sit_down(story)
    remarks = [remark for critic in critics for remark in critic.remarks]
    assert not remarks, "\n".join(remarks)
    report = verify(told["folder"], files=FileCheck.HASH)
    assert report.problems == []


def names_of(seat: Seat) -> dict[int, str]:
    return {patch.id: patch.name for patch in seat.library.patches(seat.grid.ids.tolist())}


class Reading:
    """Ann gives each patch the label that it was drawn as; what she could see is noted beside."""

    def __init__(self, seat: Seat, cohort, names: dict[int, str]) -> None:
        self._seat, self._cohort, self._names = seat, cohort, names
        self._calls_painted: set[int] = set()
        self._call_shown: dict[int, bool] = {}

    def in_the_grid(self, count: int) -> None:
        seat = self._seat
        seat.press(Key.Key_Home)
        for _ in range(count):
            self._look_at_grid()
            patch = seat.grid.current_patch
            assert patch is not None
            self._give_label(patch)
            seat.wait(lambda before=patch: seat.grid.current_patch != before)
        self._look_at_grid()

    def one_at_a_time(self, count: int) -> None:
        seat = self._seat
        seat.press(Key.Key_Return)
        seat.wait(lambda: seat.review.is_reading)
        for _ in range(count):
            patch = seat.review.reading.patch
            assert patch is not None
            seat.wait(lambda: seat.review.reading.picture.full_shown)
            assert seat.review.reading.call.text() == "Hidden until you decide"
            self._give_label(patch)
            seat.wait(lambda before=patch: seat.review.reading.patch != before)
        seat.press(Key.Key_Escape)
        seat.wait(lambda: not seat.review.is_reading)

    def check_log(self) -> None:
        """The log says of every decision what Ann really saw, and what she decided."""
        library = self._seat.library
        shown = {patch: library.history(patch)[0].call_shown for patch in self._call_shown}
        assert shown == self._call_shown
        assert set(shown.values()) == {True, False}
        for patch in self._call_shown:
            decision = library.history(patch)[0]
            assert decision.label == self._right_label(patch)
            assert decision.on_screen
            assert decision.reader.name == "Ann Reader"
        assert len(self._call_shown) == IN_GRID + ONE_AT_A_TIME

    def _give_label(self, patch: int) -> None:
        self._call_shown[patch] = patch in self._calls_painted
        self._seat.press(LABEL_KEYS[self._cohort.truth[self._names[patch]]])
        self._seat.wait(lambda: not self._seat.session.saving)

    def _look_at_grid(self) -> None:
        """All calls that the screen shows now are known from here on, but those on locked ones."""
        seat = self._seat
        seat.settle()
        places = seat.grid.visible_places()
        on_screen = seat.grid.ids[places.start : places.stop].tolist()
        self._calls_painted |= {patch for patch in on_screen if not self._is_locked(patch)}

    def _is_locked(self, patch: int) -> bool:
        return self._cohort.splits[self._names[patch]] == "test"

    def _right_label(self, patch: int) -> int:
        return LABEL_CODES[self._cohort.truth[self._names[patch]]]


def label_many(seat: Seat) -> None:
    """Some by click and Shift+click, then all of them, of which many were never on the screen."""
    seat.press(Key.Key_Home)
    seat.settle()
    seat.click_patch(1)
    seat.click_patch(4, SHIFT)
    some = seat.grid.selected_patches().tolist()
    assert len(some) == 4
    seat.press(Key.Key_U)
    seat.settle()
    assert {labels_of(seat)[patch] for patch in some} == {CANNOT_TELL}
    seat.press(Key.Key_A, CONTROL)
    seat.press(Key.Key_X)
    seat.settle()
    assert set(labels_of(seat).values()) == {NO_GLOMERULUS}
    last = int(seat.grid.ids[-1])
    assert not seat.library.history(last)[0].on_screen
    assert not seat.session.table["seen"][seat.session.table.rows_of((last,))[0]]


def undo_everything(seat: Seat, *, gestures: int) -> None:
    for _ in range(gestures):
        assert seat.window.bar.undo.isEnabled()
        seat.press(Key.Key_Z, CONTROL)
        seat.settle()
    assert not seat.window.bar.undo.isEnabled()
    assert set(labels_of(seat).values()) == {NO_LABEL}
    seat.press(Key.Key_Z, CONTROL)
    seat.wait(lambda: seat.window.status.message.text() == "There is nothing to undo.")


def redo_everything(seat: Seat) -> None:
    assert set(labels_of(seat).values()) == {NO_LABEL}
    seat.wait(seat.window.bar.redo.isEnabled)
    while seat.window.bar.redo.isEnabled():
        seat.press(Key.Key_Z, CONTROL | SHIFT)
        seat.settle()


def take_back_the_bulk_labels(seat: Seat) -> None:
    for _ in range(2):
        seat.press(Key.Key_Z, CONTROL)
        seat.settle()
    decided = [label for label in labels_of(seat).values() if label != NO_LABEL]
    assert len(decided) == IN_GRID + ONE_AT_A_TIME


def press_retrain(seat: Seat, critic: Critic) -> None:
    seat.turn_to(PageName.MODELS)
    page = seat.models
    seat.click(page.retrain.button)
    seat.wait(page.run.stop.isVisible)
    assert page.versions.table.hasFocus()
    (run,) = seat.library.runs()
    assert run.state == "running"
    critic.look("A run")


def the_run_is_there_and_finishes(seat: Seat, training) -> None:
    page = seat.models
    assert seat.window.page is PageName.MODELS
    seat.wait(page.run.stop.isVisible)
    assert len(seat.library.models()) == 1
    training.let_it_finish()
    seat.wait(lambda: seat.library.runs()[0].state == "finished")
    seat.wait(lambda: not seat.session.tasks.running)
    seat.settle()
    (run,) = seat.library.runs()
    assert run.candidate is not None
    assert seat.library.looks() == 1


def review_changed_calls(seat: Seat) -> None:
    seat.turn_to(PageName.REVIEW)
    seat.press(Key.Key_8, Qt.KeyboardModifier.AltModifier)
    seat.settle()
    assert seat.review.listing.query.queue is Queue.CHANGED_CALLS
    changed = changed_calls(seat)
    assert set(seat.grid.ids.tolist()) == changed
    if not changed:
        assert seat.review.middle.message.headline.text() == "This queue is empty"


def changed_calls(seat: Seat) -> set[int]:
    """Patches that the two models call otherwise, but for locked ones without a decision."""
    table = seat.session.table
    calls = [calls_of(seat, model.id) for model in seat.library.models()]
    guarded = (table["split"] == Split.LOCKED) & (table["current"] == NO_LABEL)
    differing = {patch for patch in calls[0] if calls[0][patch] != calls[1][patch]}
    return differing - set(table.ids[guarded].tolist())
