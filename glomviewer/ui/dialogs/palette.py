"""Every command by a few letters of its name."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QColor, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QDialog,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from glomviewer.ui.actions import Action, Actions, key_names
from glomviewer.ui.colours import colours_of
from glomviewer.ui.fuzzy import best_matches
from glomviewer.ui.review.count_list import Index
from glomviewer.ui.widgets.key_cap import caps_width, paint_caps

ROLE = Qt.ItemDataRole.UserRole
WIDTH, HEIGHT = 560, 420


class PaletteDialog(QDialog):
    """Type, choose by arrows, Enter does it once the palette is gone."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Commands")
        self.setProperty("role", "popup")
        self._actions = [action for action in actions.all() if not action.id.startswith("grid.")]
        self._actions = [action for action in self._actions if action.id != "app.palette"]
        self.edit = QLineEdit()
        self.edit.setPlaceholderText("Type a command")
        self.edit.setAccessibleName("Find a command")
        self.edit.installEventFilter(self)
        self.edit.textChanged.connect(self._show)
        self.list = QListWidget()
        self.list.setAccessibleName("Commands")
        self.list.setItemDelegate(CommandDelegate(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _item: self._run())
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.edit)
        column.addWidget(self.list, 1)
        self.resize(WIDTH, HEIGHT)
        window = parent.window()
        left = (window.width() - WIDTH) // 2
        self.move(window.mapToGlobal(QPoint(left, min(96, window.height() // 8))))
        self._show("")
        self.edit.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -8}
            step |= {Qt.Key.Key_PageDown: 8}
            move = step.get(Qt.Key(event.key()))
            if move is not None:
                last = self.list.count() - 1
                self.list.setCurrentRow(max(0, min(last, self.list.currentRow() + move)))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run()
                return True
        return super().eventFilter(watched, event)

    def _show(self, typed: str) -> None:
        self.list.clear()
        texts = [f"{action.text} {action.group}" for action in self._actions]
        for place in best_matches(typed, texts):
            action = self._actions[place]
            item = QListWidgetItem(action.text)
            item.setData(ROLE, action)
            if not action.is_enabled:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
            self.list.addItem(item)
        self.list.setCurrentRow(0)

    def _run(self) -> None:
        item = self.list.currentItem()
        if item is None:
            return
        action: Action = item.data(ROLE)
        self.close()
        # The command may open a dialog of its own, or want the focus that the palette held.
        QTimer.singleShot(0, action)


class CommandDelegate(QStyledItemDelegate):
    """The command's name, its group in grey, its keys at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        view = self.parent()
        assert isinstance(view, QWidget)
        action: Action = index.data(ROLE)
        colours = colours_of(view)
        keys = key_names(action.keys)
        width = caps_width(keys, view.font())
        rect = option.rect
        middle = rect.center().y() + 0.5
        paint_caps(painter, rect.right() - width - 8, middle, keys, view.font(), colours)
        painter.setPen(QColor(colours.secondary))
        group = rect.adjusted(0, 0, -width - 20, 0)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(group, int(flags), action.group)
