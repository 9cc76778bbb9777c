"""Carries results from any thread to the thread of the window."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import FunctionType

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid


class GuiCalls(QObject):
    """Runs calls, in the order in which they were posted, on the thread that made this object."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._open = True
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)

    def post(self, call: Callable[[], None]) -> None:
        """Have `call` run by the window's event loop; nothing happens once closed, or once the
        Qt object that `call` is for has gone."""
        if self._open:
            self._posted.emit(call)

    def close(self) -> None:
        """Drop what is still on its way. Threads that post must have ended before deletion."""
        self._open = False

    @Slot(object)
    def _on_posted(self, call: Callable[[], None]) -> None:
        if self._open and receiver_alive(call):
            call()


def receiver_alive(answer: Callable[..., object]) -> bool:
    """Whether the Qt object that an answer is for still exists: the one that a bound method
    belongs to, also within a partial, or that a lambda or a nested function calls `self`."""
    receiver = _receiver(answer)
    return not isinstance(receiver, QObject) or isValid(receiver)


def _receiver(answer: object) -> object:
    if isinstance(answer, partial):
        return _receiver(answer.func)
    if isinstance(answer, FunctionType):
        held = dict(zip(answer.__code__.co_freevars, answer.__closure__ or (), strict=True))
        return held["self"].cell_contents if "self" in held else None
    return getattr(answer, "__self__", None)
