"""All that a window says: by eye, by mouse, and by a screen reader."""

from collections.abc import Collection, Iterator

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QWidget

ROLES = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.AccessibleDescriptionRole,
    Qt.ItemDataRole.StatusTipRole,
)
SPOKEN = tuple(QAccessible.Text)
ROWS_LOOKED_AT = 200
NOWHERE = QModelIndex()


def told(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every text of every widget, shown or not."""
    for widget in (root, *root.findChildren(QWidget)):
        for text in texts_of(widget):
            yield widget, text
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((widget, text) for text in cells(widget.model()))


def texts_of(widget: QWidget) -> Iterator[str]:
    """What one widget says, but for the cells of a view."""
    yield widget.windowTitle()
    yield widget.toolTip()
    yield widget.statusTip()
    yield widget.whatsThis()
    yield widget.accessibleName()
    yield widget.accessibleDescription()
    yield widget.objectName()
    for name in ("text", "title", "plainText", "placeholderText"):
        yield str(widget.property(name) or "")
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(place) for place in range(widget.count()))
    interface = QAccessible.queryAccessibleInterface(widget)
    if interface is not None:
        yield from (interface.text(part) for part in SPOKEN)


def cells(model: QAbstractItemModel) -> Iterator[str]:
    for row in range(min(model.rowCount(NOWHERE), ROWS_LOOKED_AT)):
        # A list keeps from Python how many columns it has: one.
        columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(NOWHERE)
        for column in range(columns):
            for role in ROLES:
                yield str(model.index(row, column).data(role) or "")


def tells(root: QWidget, words: Collection[str]) -> list[str]:
    """Where a widget says one of these words."""
    return [
        f"{type(widget).__name__}: {text!r}"
        for widget, text in told(root)
        for word in words
        if word.casefold() in text.casefold()
    ]
