"""What one does on the page Readings, by keys and mouse."""

from collections.abc import Callable, Sequence

from audit import Critic
from PySide6.QtCore import Qt
from seat import CONTROL, SHIFT, Seat
from shiboken6 import isValid
from shots import shoot
from study_table import CODES

from glomviewer.domain.readings.protocol import Order, Reveal
from glomviewer.domain.readings.records import ItemState, Meaning, ReadingSummary
from glomviewer.ui.dialogs.comment import CommentDialog
from glomviewer.ui.dialogs.form import FormDialog
from glomviewer.ui.dialogs.reader import ReaderDialog
from glomviewer.ui.dialogs.sign_off import SignOffDialog
from glomviewer.ui.page_bar import PageName
from glomviewer.ui.readings.conduct import Conduct
from glomviewer.ui.readings.new_reading import NewReadingDialog
from glomviewer.ui.readings.page import ReadingsPage

Key = Qt.Key
LABEL_KEYS = {"S": Key.Key_1, "N": Key.Key_0, "U": Key.Key_U}
DETAILS = ("cut off", "out of focus", "other")


def readings(seat: Seat) -> ReadingsPage:
    page = seat.window.page_widget(PageName.READINGS)
    assert isinstance(page, ReadingsPage)
    return page


def conduct(seat: Seat) -> Conduct:
    found = readings(seat).room.conduct
    assert found is not None
    return found


def only_reading(seat: Seat) -> ReadingSummary:
    (reading,) = seat.library.readings()
    return reading


def add_reader(seat: Seat, name: str) -> None:
    """On the page Library; from now on it is his name that is kept with what is decided."""
    seat.go_to(PageName.LIBRARY)
    seat.press(Key.Key_A, CONTROL | SHIFT)
    dialog = seat.dialog(ReaderDialog)
    dialog.name.selectAll()
    seat.write(name)
    seat.press(Key.Key_Return)
    seat.wait(lambda: name in seat.window.bar.reader.text())
    seat.settle()


def make_reading(
    seat: Seat, critic: Critic, name: str, people: Sequence[str], *, repeats: int
) -> None:
    """An independent reading of all patches, each in an order of his own, with the model's call
    after one's own."""
    seat.go_to(PageName.READINGS)
    critic.look("No reading yet")
    shoot(seat.window, "readings empty")
    seat.press(Key.Key_N, CONTROL | SHIFT)
    dialog = seat.dialog(NewReadingDialog)
    seat.wait(lambda: not dialog.patches.is_counting and len(dialog.readers.boxes) > 0)
    seat.write(name)
    for box in dialog.readers.boxes.values():
        seat.click(box)
        assert not box.isChecked()
    for person in people:
        seat.click(dialog.readers.name)
        seat.write(person)
        seat.click(dialog.readers.add)
        seat.wait(lambda person=person: any(person in text for text in _ticked(dialog)))
    seat.click(dialog.percent)
    dialog.percent.selectAll()
    seat.write(f"{repeats}")
    assert dialog.kind.currentData() is True
    assert dialog.order.currentData() == Order.SHUFFLED
    assert dialog.reveal.currentData() == Reveal.AFTER
    assert dialog.needed.value() == len(people)
    critic.look("New reading", dialog)
    shoot(dialog, "new reading")
    seat.click(dialog.verb)
    seat.wait(lambda: len(seat.library.readings()) == 1)
    seat.settle()
    seat.wait(lambda: readings(seat).overview.reading is not None)
    critic.look("One reading")
    shoot(seat.window, "readings one")


def _ticked(dialog: NewReadingDialog) -> list[str]:
    return [box.text() for box in dialog.readers.boxes.values() if box.isChecked()]


def begin(seat: Seat) -> None:
    """Enter on the row of the reading: at the first patch that is not read."""
    seat.go_to(PageName.READINGS)
    page = readings(seat)
    seat.wait(lambda: page.state.shows_content and page.overview.table.hasFocus())
    seat.press(Key.Key_Return)
    seat.wait(lambda: page.is_reading)
    seat.wait(lambda: is_before_a_patch(seat) or conduct(seat).item is None)


def is_before_a_patch(seat: Seat) -> bool:
    page = readings(seat)
    return page.room.conduct is not None and page.room.screen.accepts_labels


def call(seat: Seat, letter: str, detail: str = "") -> ItemState:
    """One key a label, and one more for the reason of cannot tell; the item it was about."""
    seat.wait(lambda: is_before_a_patch(seat) and not conduct(seat).is_saving)
    item = conduct(seat).item
    assert item is not None
    seat.press(LABEL_KEYS[letter])
    if letter == "U":
        assert conduct(seat).asking is not None
        strip = readings(seat).room.screen.strip
        assert [button.isVisible() for button in strip.reason.buttons] == [True] * len(DETAILS)
        shoot(seat.window, "reading cannot tell")
        seat.press(Key(Key.Key_2.value + DETAILS.index(detail)))
    seat.wait(lambda: not seat.session.saving and not conduct(seat).is_saving)
    now = conduct(seat).item
    assert now is None or now.id != item.id or now.label == CODES[letter]
    return item


def go_on(seat: Seat, item: ItemState) -> None:
    """Past the call that has been told, where there is one."""
    now = conduct(seat).item
    if now is not None and now.id == item.id:
        assert conduct(seat).call is not None
        seat.press(Key.Key_Return)
    seat.wait(lambda: conduct(seat).item is None or conduct(seat).item.id != item.id)  # type: ignore[union-attr]


def flag(seat: Seat) -> None:
    seat.press(Key.Key_F)
    seat.wait(lambda: not seat.session.saving)


def comment(seat: Seat, text: str, critic: Critic) -> None:
    seat.press(Key.Key_C)
    dialog = seat.dialog(CommentDialog)
    critic.look("Comment", dialog)
    seat.write(text)
    seat.press(Key.Key_Return, CONTROL)
    seat.wait(lambda: not seat.session.saving and not isValid(dialog))


def read_on(seat: Seat, read: Callable[[Seat, ItemState], None], most: int | None = None) -> int:
    """Read to the end, or so many; how many were read."""
    done = 0
    while conduct(seat).item is not None and (most is None or done < most):
        seat.wait(lambda: is_before_a_patch(seat) and not conduct(seat).is_saving)
        item = conduct(seat).item
        assert item is not None
        read(seat, item)
        done += 1
    return done


def pause(seat: Seat) -> None:
    seat.press(Key.Key_Escape)
    seat.wait(lambda: not readings(seat).is_reading)
    seat.settle()


def finish(seat: Seat, critic: Critic) -> None:
    """By Enter at the end of the list, and once more in the dialog that asks."""
    seat.wait(lambda: readings(seat).room.screen.end.button.isVisible())
    critic.look("All read")
    shoot(seat.window, "reading end")
    seat.press(Key.Key_Return)
    dialog = seat.dialog(FormDialog)
    critic.look("Finish", dialog)
    shoot(dialog, "finish")
    seat.press(Key.Key_Return)
    seat.wait(lambda: not readings(seat).is_reading)
    seat.settle()


def sign_off(seat: Seat, meaning: Meaning, note: str, critic: Critic) -> None:
    seat.go_to(PageName.READINGS)
    seat.wait(lambda: readings(seat).overview.reading is not None)
    seat.press(Key.Key_S, CONTROL | SHIFT)
    dialog = seat.dialog(SignOffDialog)
    seat.click(dialog.meanings[meaning])
    seat.click(dialog.note)
    seat.write(note)
    critic.look(f"Sign off: {meaning}", dialog)
    shoot(dialog, f"sign off {meaning}")
    before = len(seat.library.signoffs())
    seat.click(dialog.verb)
    seat.wait(lambda: len(seat.library.signoffs()) == before + 1)
    seat.settle()
