"""What an adjudicator does on the page Disputes, by keys."""

from audit import Critic
from PySide6.QtCore import Qt
from reading_steps import LABEL_KEYS
from seat import ALT, CONTROL, Seat
from shots import shoot

from glomviewer.domain.disputes.records import DisputeState
from glomviewer.ui.dialogs.why import WhyDialog
from glomviewer.ui.disputes.page import DisputesPage
from glomviewer.ui.page_bar import PageName

Key = Qt.Key


def disputes(seat: Seat) -> DisputesPage:
    page = seat.window.page_widget(PageName.DISPUTES)
    assert isinstance(page, DisputesPage)
    return page


def open_queue(seat: Seat, state: DisputeState) -> list[int]:
    """By its key; the patches that wait in it."""
    page = disputes(seat)
    number = list(DisputeState).index(state) + 1
    seat.press(Key(Key.Key_0.value + number), ALT)
    seat.wait(lambda: page.queue.state is state)
    seat.settle()
    return list(page.queue.ids)


def go_to_patch(seat: Seat, patch: int) -> None:
    """Down or up the list until it stands there."""
    page = disputes(seat)
    place = page.queue.place_of(patch)
    assert place is not None
    while page.list.place != place:
        seat.press(Key.Key_Down if page.list.place < place else Key.Key_Up)
    assert page.patch == patch
    seat.settle()


def settle_as(seat: Seat, letter: str, reason: str) -> None:
    """One key, then why, then Enter."""
    _say(seat, LABEL_KEYS[letter], reason)


def refer(seat: Seat, key: Qt.Key, reason: str) -> None:
    _say(seat, key, reason)


def _say(seat: Seat, key: Qt.Key, reason: str) -> None:
    page = disputes(seat)
    seat.wait(lambda: page.shows_patch and not seat.session.saving)
    seat.press(key)
    seat.wait(page.bar.reason.hasFocus)
    seat.write(reason)
    shoot(seat.window, "disputes reason")
    seat.press(Key.Key_Return)
    seat.wait(lambda: not seat.session.saving)
    seat.settle()


def look_at_model(seat: Seat, critic: Critic) -> str:
    """The model's call behind its key, and hidden again; what it said."""
    page = disputes(seat)
    seat.press(Key.Key_M)
    seat.wait(lambda: bool(page.calls.model.call.text()))
    critic.look("The model's call")
    shoot(seat.window, "disputes model")
    said = page.calls.model.call.text()
    seat.press(Key.Key_M)
    seat.wait(lambda: not page.calls.model.call.text())
    return said


def ask_why(seat: Seat, critic: Critic) -> str:
    seat.press(Key.Key_W)
    dialog = seat.dialog(WhyDialog)
    critic.look("Why", dialog)
    shoot(dialog, "why")
    said = " ".join(label.text() for label in dialog.findChildren(type(dialog.headline)))
    seat.leave(dialog)
    return said


def see_relabelling(seat: Seat, critic: Critic) -> list[list[str]]:
    """What the table of cases says."""
    page = disputes(seat)
    seat.press(Key.Key_P)
    seat.wait(page.relabelling.isVisible)
    seat.settle()
    critic.look("What relabelling does")
    shoot(seat.window, "relabelling")
    model = page.relabelling.table.model()
    cells = [
        [str(model.data(model.index(row, column)) or "") for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]
    seat.press(Key.Key_Escape)
    seat.wait(lambda: not page.relabelling.isVisible())
    return cells


def open_in_review(seat: Seat) -> None:
    seat.press(Key.Key_Return, CONTROL)
    seat.wait(lambda: seat.window.page is PageName.REVIEW)
