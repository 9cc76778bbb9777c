"""Gestures that several stories share."""

from pathlib import Path

import numpy as np
from audit import Critic
from PySide6.QtCore import Qt
from seat import CONTROL, Seat

from glomviewer.ui.dialogs.add_model import AddModelDialog
from glomviewer.ui.dialogs.import_wizard import ImportWizard
from glomviewer.ui.dialogs.reader import ReaderDialog
from glomviewer.ui.dialogs.reason import ReasonDialog
from glomviewer.ui.page_bar import PageName

Key = Qt.Key


def import_patches(seat: Seat, cohort, choose, critic: Critic) -> Path:
    choose(cohort.folder)
    seat.click(seat.window.first_run.import_button)
    wizard = seat.dialog(ImportWizard)
    seat.wait(wizard.verb.isEnabled)
    assert wizard.verb.text() == f"Import {len(cohort.truth)} patches"
    assert len(seat.session.table) == 0
    critic.look("Preview", wizard)
    seat.click(wizard.verb)
    seat.wait(lambda: wizard.progress.is_over)
    assert wizard.progress.headline.text() == f"{len(cohort.truth)} patches were imported"
    critic.look("Report", wizard)
    seat.click(wizard.close_button)
    say_who_reads(seat)
    seat.wait(lambda: len(seat.grid.ids) == len(cohort.truth))
    return seat.session.folder


def say_who_reads(seat: Seat) -> None:
    dialog = seat.dialog(ReaderDialog)
    seat.write("Ann Reader")
    assert dialog.initials.text() == "AR"
    seat.press(Key.Key_Return)
    seat.wait(lambda: "Ann Reader" in seat.window.bar.reader.text())


def add_model(seat: Seat, model: Path) -> None:
    seat.turn_to(PageName.MODELS)
    seat.wait(lambda: seat.window.page is PageName.MODELS and seat.models.state.shows_content)
    seat.click(seat.models.versions.add)
    dialog = seat.dialog(AddModelDialog)
    seat.write(str(model))
    assert dialog.source == model
    seat.press(Key.Key_Return)
    seat.wait(lambda: every_patch_is_predicted(seat))
    seat.turn_to(PageName.REVIEW)
    seat.wait(lambda: seat.window.page is PageName.REVIEW)
    seat.settle()


def every_patch_is_predicted(seat: Seat) -> bool:
    logit = seat.session.table.view.logit
    active = seat.session.active_model
    there = len(logit) > 0 and not bool(np.isnan(logit).any())
    return there and active is not None and seat.session.table.view.model == active.id


def labels_of(seat: Seat) -> dict[int, int]:
    """What the library on disk holds, not what the window shows of it."""
    reader = seat.session.reader
    assert reader is not None
    table = seat.library.load_table(reader.id)
    return dict(zip(table.ids.tolist(), table["current"].tolist(), strict=True))


def calls_of(seat: Seat, model: str) -> dict[int, bool]:
    table = seat.session.table
    view = seat.library.load_model_view(table, model)
    return dict(zip(table.ids.tolist(), (view.logit >= view.threshold).tolist(), strict=True))


def promote(seat: Seat, critic: Critic) -> tuple[str, str]:
    """Promote the candidate unless its gate has done so; where it can't tell, with a reason."""
    page = seat.models
    new, old = (model.id for model in seat.library.models())
    current = page.versions.current()
    assert current is not None and current.id == new
    if active_model(seat) != new:
        seat.click(page.gate.overrule)
        critic.look("Overruling", seat.dialog(ReasonDialog))
        seat.write("the two differ on patches that I have looked at")
        seat.press(Key.Key_Return, CONTROL)
        seat.wait(lambda: active_model(seat) == new)
        assert seat.library.promotions()[0].overruled
    seat.wait(lambda: every_patch_is_predicted(seat))
    seat.settle()
    return old, new


def active_model(seat: Seat) -> str:
    active = seat.session.active_model
    assert active is not None
    return active.id


def roll_back(seat: Seat, old: str, new: str) -> None:
    seat.turn_to(PageName.MODELS)
    page = seat.models
    seat.click(page.versions.roll_back)
    seat.wait(lambda: active_model(seat) == old)
    seat.settle()
    assert [promotion.model for promotion in seat.library.promotions()][:2] == [old, new]
