"""The cards of the page of models, by keys and mouse, without a session."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal

from glomviewer.domain.records import RunRecord, TrainingCounts
from glomviewer.jobs.run_status import RunStatus
from glomviewer.ui.models.calls_card import CallsCard
from glomviewer.ui.models.gate_card import NOTHING_YET, GateCard
from glomviewer.ui.models.retrain_card import RetrainCard
from glomviewer.ui.models.run_card import NO_RUN, RunCard
from glomviewer.ui.models.verdict import Verdict
from glomviewer.ui.widgets.confusion import ConfusionMatrix
from glomviewer.ui.widgets.matrix import Matrix
from glomviewer.ui.widgets.strip import ThumbnailStrip
from training.events import Epoch, Progress

NOW = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)


class NoImages(QObject):
    thumbnail_ready = Signal(int)

    def thumbnail(self, patch, size):
        return None


def no_images() -> Any:
    return NoImages()


@pytest.fixture
def shown(qtbot, theme):
    def show(widget, width=720, height=400):
        qtbot.addWidget(widget)
        widget.resize(width, height)
        widget.show()
        return widget

    return show


def click(qtbot, button):
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def counts(**more):
    per_split = {"train": (40, 20), "validation": (8, 4), "locked": (9, 5)}
    values = dict.fromkeys(
        (
            "disputed",
            "cannot_tell",
            "not_a_glomerulus",
            "unlabelled",
            "excluded",
            "duplicates",
            "missing",
            "locked_with_call_shown",
        ),
        0,
    )
    return TrainingCounts(
        **{
            "corrections": 3,
            "per_split": per_split,
            "cases_per_split": {"train": 6},
            **values,
            **more,
        }
    )


def verdict(*, may_promote, **more):
    values = {
        "headline": "Not worse than swin · 3",
        "sentence": "Because.",
        "looks": "",
        "left_out": "",
        "needed": "",
        "rows": (),
        "old": Matrix("swin · 3", ((5, 1), (2, 4))),
        "new": Matrix("swin · 4", ((6, 0), (1, 5))),
        "mended": (3, 4),
        "broken": (),
    }
    return Verdict(**{**values, "may_promote": may_promote, **more})


def test_one_press_asks_for_a_training_with_what_was_chosen(qtbot, shown):
    card = shown(RetrainCard())
    card.show_counts(counts(), "swin · 3")
    card.recipe.choose("swin")
    card.device.choose("cpu")
    with qtbot.waitSignal(card.retrain_chosen) as asked:
        click(qtbot, card.button)
    wanted = asked.args[0]
    assert (wanted.recipe, wanted.base, wanted.device) == ("swin", "auto", "cpu")


def test_a_file_of_weights_goes_with_the_request(shown, tmp_path):
    card = shown(RetrainCard())
    card.choose_file(tmp_path / "old.pth")
    assert card.request().base == "file"
    assert card.request().base_path == str(tmp_path / "old.pth")
    assert card.base.currentText() == "old.pth"


def test_without_torch_the_button_is_dead_and_the_command_stands_there(shown):
    card = shown(RetrainCard())
    card.show_counts(counts(), "")
    card.show_environment("torch is not installed.", 'pip install "glomviewer[model]"', "")
    assert not card.button.isEnabled()
    assert card.missing.text() == "torch is not installed."
    assert card.command.text() == 'pip install "glomviewer[model]"'
    card.show_environment("", "", "")
    assert card.button.isEnabled()
    assert not card.command.isVisible()


def test_an_idle_gpu_is_told_loudly_but_stops_nothing(shown):
    card = shown(RetrainCard())
    card.show_counts(counts(), "")
    card.show_environment("", "", "THIS MACHINE HAS AN NVIDIA GPU, BUT ITS TORCH CAN'T USE IT.")
    assert card.missing.isVisible()
    assert card.button.isEnabled()


@pytest.mark.parametrize(
    ("running", "read_only", "labels", "why"),
    [
        (True, False, {}, "under way"),
        (False, True, {}, "reading only"),
        (False, False, {"per_split": {"train": (4, 0), "validation": (1, 1)}}, "training set"),
    ],
)
def test_a_dead_button_says_why(shown, running, read_only, labels, why):
    card = shown(RetrainCard())
    card.show_counts(counts(**labels), "")
    card.show_running(running, read_only=read_only)
    assert not card.button.isEnabled()
    assert why in card.button.toolTip()


def a_run(state, message=""):
    return RunRecord("r", state, "quick", "", NOW, None, 1, 1.0, None, None, message, 3)


def test_no_run_is_a_drawn_state(shown):
    card = shown(RunCard())
    assert card.headline.text() == NO_RUN
    assert not card.bar.isVisible()
    assert not card.stop.isVisible()


def test_a_run_in_progress_shows_curves_and_can_be_stopped(qtbot, shown):
    card = shown(RunCard())
    epochs = tuple(Epoch(n, 9, 0.5 / n, 0.6 / n, None, 0.9, 1e-3, 30.0) for n in (1, 2, 3))
    status = RunStatus(epochs=epochs, progress=Progress(3, 9, "training", 60.0))
    card.show_run(a_run("running"), status, title="quick · 2")
    assert card.headline.text() == "Training quick · 2"
    assert card.curves.isVisible()
    assert card.bar.value() == 333
    assert "0.9" in card.curves.auc.accessibleDescription()
    with qtbot.waitSignal(card.stop_chosen):
        click(qtbot, card.stop)


def test_a_run_that_failed_says_why_and_can_be_resumed(qtbot, shown):
    card = shown(RunCard())
    card.show_run(a_run("failed", "The disk is full."), RunStatus(state="failed"))
    assert card.warning.text() == "The disk is full."
    assert not card.stop.isVisible()
    with qtbot.waitSignal(card.resume_chosen):
        click(qtbot, card.resume)


def test_curves_are_not_even_loaded_before_an_epoch(shown):
    card = shown(RunCard())
    card.show_run(a_run("starting"), RunStatus())
    assert not card.curves.isVisible()
    assert card.headline.text() == "Starting quick"


def test_the_gate_offers_to_promote_or_to_keep(qtbot, shown):
    card = shown(GateCard())
    assert card.headline.text() == NOTHING_YET
    card.show_verdict(verdict(may_promote=True), old="swin · 3", new="swin · 4", undecided=True)
    assert card.keep.text() == "Keep swin · 3"
    assert not card.overrule.isVisible()
    with qtbot.waitSignal(card.promote_chosen):
        click(qtbot, card.promote)


def test_a_worse_model_can_only_be_overruled(qtbot, shown):
    card = shown(GateCard())
    card.show_verdict(verdict(may_promote=False), old="swin · 3", new="swin · 4", undecided=True)
    assert not card.promote.isVisible()
    with qtbot.waitSignal(card.overrule_chosen):
        click(qtbot, card.overrule)


def test_what_was_decided_is_not_asked_again(shown):
    card = shown(GateCard())
    card.show_verdict(verdict(may_promote=True), old="swin · 3", new="swin · 4")
    assert not card.decision.isVisible()


def test_a_cell_opens_its_patches_by_mouse_and_by_key(qtbot, shown):
    matrix = shown(ConfusionMatrix())
    matrix.show_matrix(Matrix("swin · 4", ((6, 0), (1, 5))))
    assert not matrix.cell(0, 1).isEnabled()
    with qtbot.waitSignal(matrix.cell_opened) as opened:
        click(qtbot, matrix.cell(1, 0))
    assert opened.args == [1, 0]
    matrix.cell(0, 0).setFocus()
    with qtbot.waitSignal(matrix.cell_opened):
        qtbot.keyClick(matrix.cell(0, 0), Qt.Key.Key_Space)
    assert "6 not sclerotic by reference label, called not sclerotic" in (
        matrix.cell(0, 0).accessibleName()
    )


def test_the_strip_is_walked_by_arrows_and_opened_by_enter(qtbot, shown):
    strip = shown(ThumbnailStrip("Mended", no_images()), 400, 76)
    strip.show_patches((11, 12, 13))
    strip.setFocus()
    qtbot.keyClick(strip, Qt.Key.Key_Right)
    with qtbot.waitSignal(strip.opened) as opened:
        qtbot.keyClick(strip, Qt.Key.Key_Return)
    assert opened.args == [12]
    with qtbot.waitSignal(strip.opened) as opened:
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place_of(2).center())
    assert opened.args == [13]


def test_a_strip_that_is_too_short_says_how_many_more(qtbot, shown):
    strip = shown(ThumbnailStrip("Mended", no_images()), 320, 76)
    strip.show_patches(tuple(range(20)))
    with qtbot.waitSignal(strip.all_opened):
        qtbot.mouseClick(strip, Qt.MouseButton.LeftButton, pos=strip.place_of(3).center())


def test_nothing_broken_shows_no_strip_for_it(shown):
    card = shown(CallsCard(no_images()))
    card.show_verdict(verdict(may_promote=True), "swin · 4")
    assert card.mended.isVisible()
    assert not card.broken.isVisible()


def test_dates_give_way_in_a_narrow_window(shown):
    from glomviewer.ui.models.versions_card import DATE_COLUMN, VersionsCard

    card = shown(VersionsCard(lambda: NOW + timedelta(0)), width=600)
    assert card.table.isColumnHidden(DATE_COLUMN)
    card.resize(900, 400)
    assert not card.table.isColumnHidden(DATE_COLUMN)
