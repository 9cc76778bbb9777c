"""What anybody can find wrong with a screen by looking at every widget on it."""

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableView,
    QWidget,
)
from seat import Seat

from glomviewer.ui.widgets.elided import ElidedLabel
from glomviewer.ui.widgets.shape_button import ShapeButton

ROW = 16
"""Controls whose middles are nearer than this stand in one row."""
TAB = Qt.FocusPolicy.TabFocus


def described(widget: QWidget) -> str:
    """A widget as a person would find it: kind, name, and where it is."""
    text = widget.property("text") or widget.accessibleName()
    above = []
    parent = widget.parentWidget()
    while parent is not None and not parent.isWindow():
        above.append(type(parent).__name__)
        parent = parent.parentWidget()
    return f"{type(widget).__name__} {text!r} in {' < '.join(above[:4])}"


def shown(root: QWidget) -> Iterator[QWidget]:
    """All visible widgets of a screen, without what Qt builds its own widgets from."""
    for widget in root.findChildren(QWidget):
        if widget.isVisibleTo(root) and not widget.objectName().startswith("qt_"):
            yield widget


def controls(root: QWidget) -> list[QWidget]:
    """What Tab should reach: visible, enabled, and not a part of another control."""
    return [
        widget
        for widget in shown(root)
        if widget.focusPolicy() & TAB == TAB
        and widget.isEnabled()
        and widget.focusProxy() is None
        and not isinstance(widget, QScrollArea)
    ]


def spoken(widget: QWidget) -> str:
    """What a screen reader says of it."""
    if isinstance(widget, QComboBox):
        # On some systems the interface tells what is chosen instead of what is chosen from.
        return widget.accessibleName()
    interface = QAccessible.queryAccessibleInterface(widget)
    return "" if interface is None else interface.text(QAccessible.Text.Name).strip()


def nameless(root: QWidget) -> list[str]:
    """Controls that a screen reader has no word for."""
    return [described(widget) for widget in controls(root) if not spoken(widget)]


def clipped(root: QWidget) -> list[str]:
    """Texts that don't fit where they stand, and say so nowhere."""
    found = []
    for widget in shown(root):
        needed, room = _needed_and_room(widget)
        if needed is not None and room is not None and not room.contains(needed):
            found.append(
                f"{described(widget)}: needs {needed.width()} x {needed.height()}, "
                f"has {room.width()} x {room.height()}"
            )
    return found


def clipped_heads(root: QWidget) -> list[str]:
    """Heads of columns whose words don't fit above them."""
    found = []
    for widget in shown(root):
        if not isinstance(widget, QTableView) or widget.horizontalHeader().isHidden():
            continue
        header, model = widget.horizontalHeader(), widget.model()
        for column in range(header.count()):
            text = str(model.headerData(column, Qt.Orientation.Horizontal) or "")
            needed, room = header.sectionSizeHint(column), header.sectionSize(column)
            if header.isSortIndicatorShown():
                # The hint holds room for an arrow, which only one column shows.
                needed = QFontMetrics(header.font()).horizontalAdvance(text)
            if not header.isSectionHidden(column) and needed > room:
                found.append(f"{described(widget)}: {text!r} needs {needed}, has {room}")
    return found


def _needed_and_room(widget: QWidget) -> tuple[QRect | None, QRect | None]:
    if isinstance(widget, ElidedLabel) or not widget.property("text"):
        return None, None
    if isinstance(widget, QLabel):
        return _of_label(widget)
    if isinstance(widget, ShapeButton):
        # Its words may wrap; its own least size says what it needs.
        return QRect(QPoint(), widget.minimumSizeHint()), QRect(QPoint(), widget.size())
    if isinstance(widget, QAbstractButton):
        height = QFontMetrics(widget.font()).height()
        return QRect(0, 0, widget.sizeHint().width(), height), QRect(QPoint(), widget.size())
    return None, None


def _of_label(label: QLabel) -> tuple[QRect, QRect]:
    room = QRect(QPoint(), label.contentsRect().size())
    metrics = QFontMetrics(label.font())
    if label.wordWrap():
        height = label.heightForWidth(label.width())
        return QRect(0, 0, room.width(), height), QRect(0, 0, room.width(), label.height())
    return QRect(0, 0, metrics.horizontalAdvance(label.text()), room.height()), room


def cut_off(root: QWidget) -> list[str]:
    """Widgets that reach beyond what shows them, where nothing scrolls them into view."""
    found = []
    for widget in shown(root):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QAbstractScrollArea):
            continue
        if isinstance(widget, QComboBox | QLineEdit | QLabel | QAbstractButton):
            inside = parent.rect().contains(widget.geometry())
            if not inside and widget.size().isValid():
                found.append(f"{described(widget)}: {widget.geometry()} in {parent.rect()}")
    return found


def backward_steps(stops: Sequence[QWidget]) -> list[str]:
    """Where Tab goes back up, or back to the left, among controls of one parent, but for the
    once that closes its circle."""
    circle = list(dict.fromkeys(stops))
    by_parent: dict[QWidget | None, list[QWidget]] = {}
    for stop in circle:
        by_parent.setdefault(stop.parentWidget(), []).append(stop)
    found = []
    for siblings in by_parent.values():
        steps = zip(siblings, [*siblings[1:], siblings[0]], strict=True)
        back = [
            f"from {described(first)} back to {described(second)}"
            for first, second in steps
            if _goes_back(first, second)
        ]
        found += back if len(back) > 1 else []
    return found


def _goes_back(first: QWidget, second: QWidget) -> bool:
    one, other = first.geometry().center(), second.geometry().center()
    same_row = abs(one.y() - other.y()) < ROW
    return other.x() < one.x() if same_row else other.y() < one.y()


class Critic:
    """Looks over what stands on the screen, and keeps what is wrong with it."""

    def __init__(self, seat: Seat) -> None:
        self._seat = seat
        self.remarks: list[str] = []

    def look(self, where: str, root: QWidget | None = None) -> None:
        found = partial(_wrong_with, root or self._seat.window)
        # A text that has just changed is laid out in the next turn of the loop.
        self._seat.wait_a_moment(lambda: not found())
        self.remarks += [f"{where}: {one}" for one in found()]

    def tab_through(self, where: str) -> None:
        """Follow Tab around the window, back to where it began."""
        stops = self._seat.tab_stops()
        missed = [one for one in controls(self._seat.window) if one not in stops]
        self.remarks += [f"{where}: Tab misses {described(one)}" for one in missed]
        self.remarks += [f"{where}: {one}" for one in backward_steps(stops)]

    def look_at_dialog(self, where: str, key: Qt.Key, modifier: Qt.KeyboardModifier) -> None:
        self._seat.press(key, modifier)
        dialog = self._seat.any_dialog()
        self.look(where, dialog)
        self._seat.leave(dialog)


def _wrong_with(root: QWidget) -> list[str]:
    return [
        f"{one} {what}"
        for what, found in (
            ("has no name", nameless(root)),
            ("is clipped", clipped(root)),
            ("is clipped", clipped_heads(root)),
            ("is cut off", cut_off(root)),
        )
        for one in found
    ]
