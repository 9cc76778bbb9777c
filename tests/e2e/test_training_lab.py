"""The lab from a recipe to a rolled back model, by keys and mouse alone."""

from pathlib import Path

import pytest
from audit import Critic
from desk_steps import drag_the_line, look_at_locked_from_the_desk, move_and_undo
from lab_steps import (
    EPOCHS,
    choose_and_change,
    compare,
    keep_the_best,
    label_meanwhile,
    stop_and_resume,
    train,
)
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from seat import CONTROL, Seat
from stand_in import StandIn
from steps import add_model, import_patches, promote, roll_back

from glomviewer.paths import resources_dir
from glomviewer.store.verify import FileCheck, verify
from glomviewer.ui.lab.page import LabPage
from glomviewer.ui.page_bar import PageName

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
