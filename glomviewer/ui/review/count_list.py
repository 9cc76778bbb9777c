"""A list of names with a count at the right: queues, cases, saved filters."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from glomviewer.ui.colours import accent_of, colours_of

ROW_HEIGHT = 27
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class CountRow:
    """`count` None is one not known yet."""

    key: str
    text: str
    count: int | None = None
    tooltip: str = ""


class CountModel(QAbstractListModel):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[CountRow] = []

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.text
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.tooltip
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.text if row.count is None else f"{row.text}, {row.count:,}"
        return None

    def show(self, rows: list[CountRow]) -> None:
        """Show rows; where the keys stay, only counts change and nothing jumps."""
        if [row.key for row in rows] == [row.key for row in self.rows]:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()


class CountDelegate(QStyledItemDelegate):
    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(40, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        view = self.parent()
        assert isinstance(view, CountList)
        colours = colours_of(view)
        row = view.model_.rows[index.row()]
        rect: QRect = option.rect
        chosen = row.key in view.chosen
        if chosen:
            painter.fillRect(rect, QColor(colours.pressed))
            painter.fillRect(QRect(rect.x(), rect.y(), 2, rect.height()), accent_of(view))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.hover))
        if option.state & QStyle.StateFlag.State_HasFocus and view.hasFocus():
            painter.setPen(accent_of(view))
            painter.drawRect(rect.adjusted(0, 0, -1, -1))
        inner = rect.adjusted(16, 0, -16, 0)
        count = "" if row.count is None else f"{row.count:,}"
        width = painter.fontMetrics().horizontalAdvance(count)
        painter.setPen(QColor(colours.secondary))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), count)
        quiet = row.count == 0 and not chosen
        painter.setPen(QColor(colours.secondary if quiet else colours.text))
        room = inner.adjusted(0, 0, -width - 8, 0)
        text = painter.fontMetrics().elidedText(
            row.text, Qt.TextElideMode.ElideMiddle, room.width()
        )
        painter.drawText(room, int(middle | Qt.AlignmentFlag.AlignLeft), text)


class CountList(QListView):
    """Rows are chosen by click or Enter; which ones are in force is told by `set_chosen`."""

    picked = Signal(str, bool)
    """The key of a row, and whether Ctrl asked to add it."""
    menu_asked = Signal(str, QPoint)

    def __init__(self, name: str, parent: QWidget | None = None, *, whole: bool = False) -> None:
        super().__init__(parent)
        self.model_ = CountModel(self)
        self.chosen: frozenset[str] = frozenset()
        self._whole = whole
        self.setModel(self.model_)
        self.setItemDelegate(CountDelegate(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)
        self.clicked.connect(self._on_clicked)
        self.activated.connect(self._on_activated)

    def show_rows(self, rows: list[CountRow]) -> None:
        self.model_.show(rows)
        if self._whole:
            self.setFixedHeight(max(1, len(rows)) * ROW_HEIGHT if rows else 0)

    def set_chosen(self, keys: frozenset[str]) -> None:
        if keys != self.chosen:
            self.chosen = keys
            self.viewport().update()

    def row_rect(self, key: str) -> QRect:
        """Where a row is, for those who click on it."""
        place = [row.key for row in self.model_.rows].index(key)
        return self.visualRect(self.model_.index(place))

    def _on_clicked(self, index: QModelIndex) -> None:
        adding = bool(QApplication.keyboardModifiers() & Qt.KeyboardModifier.ControlModifier)
        self.picked.emit(self.model_.rows[index.row()].key, adding)

    def _on_activated(self, index: QModelIndex) -> None:
        # A double click activates too, but its first click has been told already.
        if not QApplication.mouseButtons():
            self.picked.emit(self.model_.rows[index.row()].key, False)

    def _on_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if index.isValid():
            key = self.model_.rows[index.row()].key
            self.menu_asked.emit(key, self.viewport().mapToGlobal(point))
