"""Every command of the window, each with a key: one registry behind menus, sheet and palette."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget
from shiboken6 import isValid

CustomKeys = Mapping[str, Sequence[str]]
"""What the reader has changed: keys by action id, as `QKeySequence` reads them."""


class KeyTakenError(Exception):
    """The key belongs to another action that listens in the same place."""


@dataclass(slots=True)
class Action:
    """One command. `keys` are those in force, `default_keys` those it came with."""

    id: str
    text: str
    group: str
    callback: Callable[[], None]
    default_keys: tuple[str, ...]
    keys: tuple[str, ...]
    enabled: Callable[[], bool] | None
    scopes: tuple[QWidget, ...]
    icon: str
    qaction: QAction

    @property
    def is_enabled(self) -> bool:
        return self.enabled is None or self.enabled()

    def __call__(self) -> None:
        """Do it, unless it cannot be done now."""
        if self.is_enabled:
            self.callback()


class Actions(QObject):
    """The registry. An id that is added again replaces the earlier action."""

    changed = Signal()

    def __init__(
        self,
        custom_keys: CustomKeys | None = None,
        *,
        save_keys: Callable[[dict[str, list[str]]], None] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._custom = {name: tuple(keys) for name, keys in (custom_keys or {}).items()}
        self._save_keys = save_keys
        self._actions: dict[str, Action] = {}

    def add(
        self,
        id: str,  # noqa: A002 - the name that the registry is asked by
        text: str,
        callback: Callable[[], None],
        *,
        scope: QWidget | tuple[QWidget, ...],
        group: str,
        keys: Sequence[str] = (),
        enabled: Callable[[], bool] | None = None,
        icon: str = "",
        repeats: bool = False,
    ) -> Action:
        """Register a command whose keys work while `scope` (one of several) or a child of it
        has the focus; a window as scope means anywhere in it. Only moves should repeat."""
        if id in self._actions:
            self._forget(id)
        scopes = scope if isinstance(scope, tuple) else (scope,)
        qaction = QAction(text, scopes[0])
        action = Action(
            id=id,
            text=text,
            group=group,
            callback=callback,
            default_keys=tuple(keys),
            keys=self._custom.get(id, tuple(keys)),
            enabled=enabled,
            scopes=scopes,
            icon=icon,
            qaction=qaction,
        )
        qaction.setAutoRepeat(repeats)
        qaction.setShortcutContext(
            Qt.ShortcutContext.WindowShortcut
            if scopes[0].isWindow()
            else Qt.ShortcutContext.WidgetWithChildrenShortcut
        )
        qaction.triggered.connect(lambda _checked=False: action())
        for widget in scopes:
            widget.addAction(qaction)
        self._actions[id] = action
        self._put_keys(action)
        self.changed.emit()
        return action

    def __getitem__(self, id: str) -> Action:  # noqa: A002
        return self._actions[id]

    def __contains__(self, id: str) -> bool:  # noqa: A002
        return id in self._live()

    def get(self, id: str) -> Action | None:  # noqa: A002
        return self._live().get(id)

    def all(self) -> list[Action]:
        return list(self._live().values())

    def groups(self) -> dict[str, list[Action]]:
        """Actions by group, both in the order in which they were added."""
        grouped: dict[str, list[Action]] = {}
        for action in self._live().values():
            grouped.setdefault(action.group, []).append(action)
        return grouped

    def trigger(self, id: str) -> None:  # noqa: A002
        self._actions[id]()

    def set_text(self, id: str, text: str) -> None:  # noqa: A002
        """Say more exactly what it will do, as Undo does."""
        action = self._actions[id]
        action.text = text
        action.qaction.setText(text)

    def key_text(self, id: str) -> str:  # noqa: A002
        """The keys as a person reads them: "1 or S"; empty where there is none."""
        action = self.get(id)
        return "" if action is None else " or ".join(key_names(action.keys))

    def tooltip(self, id: str, sentence: str = "") -> str:  # noqa: A002
        """A tooltip that ends with the key."""
        action = self._actions[id]
        keys = self.key_text(id)
        text = sentence or action.text
        return f"{text} ({keys})" if keys else text

    def set_keys(self, id: str, keys: Sequence[str]) -> None:  # noqa: A002
        """Give an action other keys.

        Raises:
            KeyTakenError: one of them belongs to an action that listens in the same place.
        """
        action = self._actions[id]
        wanted = tuple(QKeySequence(key).toString() for key in keys if key)
        for other in self._live().values():
            if other is action or not _overlap(action, other):
                continue
            taken = set(wanted) & {QKeySequence(key).toString() for key in other.keys}
            if taken:
                name = ", ".join(key_names(sorted(taken)))
                raise KeyTakenError(
                    f"{name} already means “{other.text}”. Give that another key first."
                )
        action.keys = wanted
        self._custom[id] = wanted
        self._put_keys(action)
        self._save()

    def reset_keys(self, id: str) -> None:  # noqa: A002
        action = self._actions[id]
        self.set_keys(id, action.default_keys)
        self._custom.pop(id, None)
        self._save()

    def menu(self, ids: Sequence[str], parent: QWidget) -> QMenu:
        """A menu of these actions as they can be done now; "" is a line between."""
        menu = QMenu(parent)
        for name in ids:
            if not name:
                menu.addSeparator()
                continue
            action = self.get(name)
            if action is None:
                continue
            keys = " ".join(key_names(action.keys[:1]))
            entry = menu.addAction(f"{action.text}\t{keys}" if keys else action.text)
            entry.setEnabled(action.is_enabled)
            entry.triggered.connect(lambda _checked=False, chosen=action: chosen())
        return menu

    def _put_keys(self, action: Action) -> None:
        action.qaction.setShortcuts([QKeySequence(key) for key in action.keys])

    def _save(self) -> None:
        if self._save_keys is not None:
            self._save_keys({name: list(keys) for name, keys in self._custom.items()})
        self.changed.emit()

    def _live(self) -> dict[str, Action]:
        """The actions whose place in the window still exists: pages die with their library."""
        self._actions = {
            name: action for name, action in self._actions.items() if isValid(action.qaction)
        }
        return self._actions

    def _forget(self, id: str) -> None:  # noqa: A002
        action = self._actions.pop(id)
        if not isValid(action.qaction):
            return
        for widget in action.scopes:
            if isValid(widget):
                widget.removeAction(action.qaction)
        action.qaction.deleteLater()


def key_names(keys: Sequence[str]) -> list[str]:
    """Keys as the keyboard of this system names them."""
    native = QKeySequence.SequenceFormat.NativeText
    return [QKeySequence(key).toString(native) for key in keys]


def _overlap(first: Action, second: Action) -> bool:
    """Whether there is a place in the window where both actions listen."""
    return any(
        one is other or one.isAncestorOf(other) or other.isAncestorOf(one)
        for one in first.scopes
        for other in second.scopes
    )
