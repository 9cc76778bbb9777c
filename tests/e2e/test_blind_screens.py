"""A blinded reader goes through the whole window, in two libraries that differ only in what he may
not know: what it says and writes is the same in both, and holds no tell-tale."""

from collections.abc import Callable
from pathlib import Path

import pytest
from blind_walk import Ears
from machines import machine
from PIL import Image
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog
from reading_steps import conduct, is_before_a_patch, readings
from seat import Seat
from two_worlds import COPY, HIDDEN, OPEN, World, make_world, steady, token

from glomviewer.settings import SettingsFile
from glomviewer.ui.actions import Action
from glomviewer.ui.dialogs.export_labels import ExportLabelsDialog
from glomviewer.ui.dialogs.pack_export import PackExportDialog
from glomviewer.ui.page_bar import PageName

Key = Qt.Key
LEAVES = (
    "app.quit",
    "app.close_library",
    "app.open",
    "app.new",
    "app.demo",
    "app.open_pack",
    "library.restore",
)
"""Commands that end the walk."""
LOST = 6
"""A hidden patch whose image is not there."""
Story = Callable[[Seat, Ears, World], None]


@pytest.fixture
def walked(sit_down, tmp_path, monkeypatch):
    """Goes through one of the worlds as Ann, who has read three of eight patches."""

    def walked(number: int, story: Story) -> tuple[Ears, World]:
        folder = tmp_path / f"world{number}"
        with machine(folder / "settings"):
            steady(monkeypatch)
            world = make_world(folder, number)
            _write_images(world)
            origin, library = world.library.origin, world.library.folder
            world.library.viewer = None
            world.library.close()
            SettingsFile().change(readers={origin: world.ann}, python=str(folder / "none"))
            # What a command of the world before has copied is not heard in this one.
            QApplication.clipboard().clear()
            ears = Ears(monkeypatch, folder)
            sit_down(lambda seat: story(seat, ears, world), str(library))
            return ears, world

    return walked


def _write_images(world: World) -> None:
    """A picture for every patch but one, the same in both worlds."""
    secret = token(world.number)
    for n in (*HIDDEN, *OPEN, COPY):
        picture = Image.new("RGB", (300 + n, 311), (200 + n, 120, 160 + 3 * n))
        name = f"open {n}.png" if n in OPEN else f"{secret}/{secret} {n}.png"
        for root in (world.folder / f"{secret} slides", world.folder / "open slides"):
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if n != LOST:
                picture.save(path)


@pytest.mark.timeout(300)
def test_a_blinded_reader_is_told_the_same_whatever_is_hidden(walked, monkeypatch):
    def story(seat: Seat, ears: Ears, world: World) -> None:
        out = world.folder / "out"
        out.mkdir()
        monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_, **__: str(out))
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: ("", ""))
        monkeypatch.setattr(QFileDialog, "getSaveFileName", _free_names(out))
        seat.settle()
        seat.window.make_pages()
        hurry(seat)
        for page in PageName:
            turn_to(seat, page)
            ears.listen(page.value, hidden=True)
            for action in commands_of(seat, page):
                turn_to(seat, page)
                give(seat, ears, page.value, action)
        for action in commands_of_the_window(seat):
            give(seat, ears, "window", action)
        _point_at_patches(seat, ears)
        _read(seat, ears)
        _find(seat, ears)
        _export(seat, ears)
        ears.read_files("files", out)
        for file in (world.folder / "settings").glob("*.json"):
            ears.read_file("settings", file)
        ears.read_files("logs", world.folder / "settings" / "data" / "logs")

    one, first = walked(0, story)
    other, second = walked(1, story)
    found = [*one.tells(first.texts, but="find"), *other.tells(second.texts, but="find")]
    assert not found, "\n".join(found)
    assert not (differences := one.differences(other)), "\n".join(differences)
    assert {page.value for page in PageName} | {"files", "settings"} <= one.heard.keys()
    assert len(one.heard["files"]) > 10, "nothing was exported"


def test_a_leak_is_heard_wherever_it_is_planted(walked):
    def story(seat: Seat, ears: Ears, world: World) -> None:
        seat.settle()
        turn_to(seat, PageName.READINGS)
        page = readings(seat)
        ears.listen("sound")
        name = f"{token(world.number)} 3.png"
        leaks = {
            "text": lambda: page.overview.details.name.setText(name),
            "tooltip": lambda: page.overview.details.read.setToolTip(name),
            "accessible name": lambda: page.overview.table.setAccessibleName(name),
            "title": lambda: seat.window.setWindowTitle(name),
            "status": lambda: seat.window.status.say(name),
            "clipboard": lambda: QApplication.clipboard().setText(name),
        }
        for where, leak in leaks.items():
            leak()
            ears.listen(where)
        (world.folder / "out").mkdir()
        (world.folder / "out" / "log.txt").write_text(f"can't read {name}", encoding="utf-8")
        ears.read_files("file", world.folder / "out")

    ears, world = walked(0, story)
    heard_in = {leak.split(":")[0] for leak in ears.tells(world.texts)}
    assert heard_in == ears.heard.keys() - {"sound"}


def turn_to(seat: Seat, page: PageName) -> None:
    if seat.window.page is not page:
        seat.window.actions_.trigger(f"app.page.{page.value.lower()}")
    seat.wait(lambda: seat.window.page is page and is_idle(seat))


def is_idle(seat: Seat) -> bool:
    opened = seat.window.opened
    return (
        opened is not None
        and opened.session.is_idle
        and opened.images.idle
        and not opened.session.tasks.running
        and not any(timer.isActive() for timer in pauses(seat))
    )


def pauses(seat: Seat) -> list[QTimer]:
    """What the window lets rest for a moment before it goes on, such as a list that counts."""
    return [timer for timer in seat.window.findChildren(QTimer) if timer.isSingleShot()]


def hurry(seat: Seat) -> None:
    """Have nothing rest: what comes of a command must not depend on how fast the walk is."""
    for timer in pauses(seat):
        timer.setInterval(0)


def commands_of(seat: Seat, page: PageName) -> list[Action]:
    """Those that are heard on this page alone."""
    widget = seat.window.page_widget(page)
    return [
        action
        for action in seat.window.actions_.all()
        if action.id not in LEAVES
        and any(one is widget or widget.isAncestorOf(one) for one in action.scopes)
    ]


def commands_of_the_window(seat: Seat) -> list[Action]:
    return [
        action
        for action in seat.window.actions_.all()
        if action.id not in LEAVES and seat.window in action.scopes
    ]


def give(seat: Seat, ears: Ears, where: str, action: Action) -> None:
    """Give a command, and hear what comes of it: a dialog, a menu, or another page."""
    if not action.is_enabled:
        return
    action.qaction.trigger()
    seat.wait(lambda: is_idle(seat))
    ears.listen(where)
    sit_back(seat)


def sit_back(seat: Seat) -> None:
    """Close what is open over the window, and go on in the window itself."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for dialog in seat.window.findChildren(QDialog):
        if dialog.isVisible():
            dialog.reject()
    # A window manager goes back to the window; offscreen has none.
    seat.window.activateWindow()
    seat.wait(lambda: QApplication.activeWindow() is seat.window)


def _point_at_patches(seat: Seat, ears: Ears) -> None:
    """Rest the mouse on each patch of the grid, and look at them one at a time."""
    turn_to(seat, PageName.REVIEW)
    seat.window.actions_.trigger("find.queue.everything")
    seat.wait(lambda: is_idle(seat) and len(seat.grid.ids) > 0)
    for place in seat.grid.visible_places():
        cell = seat.grid.layout_.cell(place)
        at = QPoint(cell.x + cell.side // 2, cell.y + cell.side // 2)
        over = seat.grid.viewport().mapToGlobal(at)
        QApplication.sendEvent(seat.grid.viewport(), QHelpEvent(QEvent.Type.ToolTip, at, over))
        seat.wait(lambda: is_idle(seat))
        ears.listen(PageName.REVIEW.value)
    seat.review.focus_content()
    seat.press(Key.Key_Home)
    seat.press(Key.Key_Return)
    for _ in range(len(seat.grid.ids)):
        seat.wait(lambda: is_idle(seat))
        ears.listen(PageName.REVIEW.value)
        seat.press(Key.Key_Right)


def _read(seat: Seat, ears: Ears) -> None:
    """Read on to the end of the list, but do not finish."""
    turn_to(seat, PageName.READINGS)
    page = readings(seat)
    if not page.is_reading:
        seat.window.actions_.trigger("readings.read")
    seat.wait(lambda: page.is_reading and is_idle(seat))
    page.room.screen.take_focus()
    seat.window.actions_.trigger("readings.first_unread")
    while conduct(seat).item is not None:
        seat.wait(lambda: is_before_a_patch(seat) and is_idle(seat))
        ears.listen("reading")
        # The labels of these worlds have no keys.
        seat.window.actions_.trigger("readings.label.1")
        seat.wait(lambda: is_idle(seat))
        ears.listen("reading, called")
    ears.listen("reading, all read")
    seat.window.actions_.trigger("readings.pause")
    seat.wait(lambda: not page.is_reading and is_idle(seat))


def _find(seat: Seat, ears: Ears) -> None:
    """Search for the very names that are hidden: nothing is found in either world."""
    turn_to(seat, PageName.REVIEW)
    seat.review.close_reading()
    for word in (token(0), token(1)):
        seat.window.actions_.trigger("find.text")
        seat.write(word)
        seat.wait(lambda: is_idle(seat) and len(seat.grid.ids) == 0)
        ears.listen("find")
        for _ in word:
            seat.press(Key.Key_Backspace)
        seat.wait(lambda: is_idle(seat) and len(seat.grid.ids) > 0)


def _export(seat: Seat, ears: Ears) -> None:
    """All that the window exports, with everything ticked."""
    for as_table in (True, False):
        turn_to(seat, PageName.LIBRARY)
        seat.window.actions_.trigger("library.export")
        dialog = seat.dialog(ExportLabelsDialog)
        (dialog.as_table if as_table else dialog.as_folders).setChecked(True)
        dialog.model.setChecked(True)
        dialog.submit()
        seat.wait(lambda: is_idle(seat))
        ears.listen("export labels")
    turn_to(seat, PageName.READINGS)
    seat.window.actions_.trigger("readings.export")
    dialog = seat.dialog(PackExportDialog)
    dialog.submit()
    seat.wait(lambda: is_idle(seat))
    ears.listen("export packs")


def _free_names(folder: Path) -> Callable[..., tuple[str, str]]:
    """The system's own dialog for a file to write, which never gives a name twice."""

    def name(_parent: object, _title: object, proposed: str = "", *_: object) -> tuple[str, str]:
        wanted = Path(proposed or "file").name
        number = sum(1 for _ in folder.iterdir())
        return str(folder / f"{number} {wanted}"), ""

    return name
