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
ROWS_LOOKED_AT = 200
NOWHERE = QModelIndex()


def told(root: QWidget) -> Iterator[tuple[QWidget, str]]:
    """Every text of every widget, shown or not."""
    for widget in (root, *root.findChildren(QWidget)):
        yield widget, widget.windowTitle()
        yield widget, widget.toolTip()
        yield widget, widget.statusTip()
        yield widget, widget.whatsThis()
        yield widget, widget.accessibleName()
        yield widget, widget.accessibleDescription()
        yield widget, widget.objectName()
        for name in ("text", "title", "plainText", "placeholderText"):
            yield widget, str(widget.property(name) or "")
        if isinstance(widget, QComboBox):
            yield from ((widget, widget.itemText(n)) for n in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from ((widget, text) for text in cells(widget.model()))
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            for part in QAccessible.Text:
                yield widget, interface.text(part)


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
