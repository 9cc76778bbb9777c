"""Hears all that a window says while somebody goes through it: texts of widgets, cells and menus,
what is painted, titles, the clipboard, and files that were written."""

import re
import zipfile
from collections.abc import Collection, Iterator
from pathlib import Path

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QAbstractItemView, QApplication, QToolTip, QWidget
from said import texts_of

NOWHERE = QModelIndex()
LISTED = 200
USER_ROLES = range(Qt.ItemDataRole.UserRole.value, Qt.ItemDataRole.UserRole.value + 16)
ROLES = (*(role.value for role in Qt.ItemDataRole), *USER_ROLES)
PLAIN = (
    (re.compile(r"\b[0-9a-f]{16,128}\b"), "(hash)"),
    (re.compile(r"\b0x[0-9a-f]+\b"), "(address)"),
    (re.compile(r"\b[A-Z0-9]{4}(-[A-Z0-9]{4}){3}\b"), "(key)"),
    (re.compile(r"\d{4}-\d\d-\d\d[_T ]\d\d:?\d\d:?\d\d([.,]\d+)?([+-]\d\d:\d\d)?"), "(moment)"),
    (re.compile(r"\b\d{1,2}:\d\d(:\d\d)?( UTC)?\b"), "(time)"),
    (re.compile(r"\b[\d.,]+ (bytes|[kMG]i?B)\b"), "(size)"),
    (re.compile(r"\bprocess \d+\b"), "(process)"),
    (re.compile(r"\bNot yet seen, \d+"), "Not yet seen, (so many)"),
)
"""What differs between any two libraries; a patch counts as seen once it has stood for a while."""


class Ears:
    """Texts by the place where they were heard. Painting is overheard while `monkeypatch` lasts."""

    def __init__(self, monkeypatch, folder: Path) -> None:
        self.heard: dict[str, set[str]] = {}
        self._folder, self._painted = str(folder), set[str]()
        self._known: dict[str, str] = {}
        for painter, name, at in ((QPainter, "drawText", -1), (QFontMetrics, "elidedText", 0)):
            self._overhear(monkeypatch, painter, name, at)

    def listen(self, where: str, *, hidden: bool = False) -> None:
        """To all windows, dialogs and menus that are open; with `hidden` to what they keep ready
        without showing it as well."""
        # What comes into a layout shows with the next turn of the loop, what was taken off the
        # screen is deleted in a later one, and how many turns there were depends on the machine.
        QApplication.sendPostedEvents()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self._painted.clear()
        here = self.heard.setdefault(where, set())
        for root in QApplication.topLevelWidgets():
            if root.isVisible():
                # What paints itself says it only then.
                root.grab()
                here |= {self._plain(text) for text in set(_texts(root, hidden=hidden))}
        here |= {self._plain(text) for text in self._painted}
        here.add(self._plain(QToolTip.text()))
        here.add(self._plain(QApplication.clipboard().text()))
        here.discard("")

    def read_files(self, where: str, folder: Path) -> None:
        """Names and contents of all files below a folder, of archives what they hold."""
        here = self.heard.setdefault(where, set())
        for path in sorted(folder.rglob("*")):
            here.add(self._plain(str(path.relative_to(folder))))
            if path.is_file():
                self.read_file(where, path)

    def read_file(self, where: str, path: Path) -> None:
        texts = {self._plain(text) for text in _contents(path)}
        self.heard.setdefault(where, set()).update(texts)

    def tells(self, words: Collection[str], *, but: str = "") -> list[str]:
        """Where one of these words was heard, but for one place where it was written."""
        return [
            f"{where}: {text!r}"
            for where, texts in self.heard.items()
            if where != but
            for text in sorted(texts)
            if any(word.casefold() in text.casefold() for word in words)
        ]

    def differences(self, other: "Ears") -> list[str]:
        """Where another walk heard something else."""
        places = sorted(self.heard.keys() | other.heard.keys())
        return [
            f"{where}: {text!r}"
            for where in places
            for text in sorted(self.heard.get(where, set()) ^ other.heard.get(where, set()))
        ]

    def _plain(self, text: str) -> str:
        # The same texts are heard after each of some hundred commands.
        if text not in self._known:
            self._known[text] = self._made_plain(text)
        return self._known[text]

    def _made_plain(self, text: str) -> str:
        found = text.replace(self._folder, "(folder)")
        for pattern, instead in PLAIN:
            found = pattern.sub(instead, found)
        return found

    def _overhear(self, monkeypatch, kind: type, name: str, at: int) -> None:
        real = getattr(kind, name)

        def hear(*arguments: object) -> object:
            said = arguments[1:][at]
            # What is elided was heard whole before it was shortened.
            if isinstance(said, str) and (name == "elidedText" or "…" not in said):
                self._painted.add(said)
            return real(*arguments)

        monkeypatch.setattr(kind, name, hear)


def _texts(root: QWidget, *, hidden: bool) -> Iterator[str]:
    for widget in (root, *root.findChildren(QWidget)):
        if not hidden and not widget.isVisible():
            continue
        yield from texts_of(widget)
        for action in widget.actions():
            yield from (action.text(), action.toolTip(), action.statusTip(), action.whatsThis())
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _cells(widget.model())


def _cells(model: QAbstractItemModel) -> Iterator[str]:
    """All that a model answers, by every role there is."""
    # A list keeps from Python how many columns it has: one.
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(NOWHERE)
    rows = min(model.rowCount(NOWHERE), LISTED)
    for role in ROLES:
        for row in range(rows):
            for column in range(columns):
                yield from _of_value(model.data(model.index(row, column), role))
        for column in range(columns):
            yield from _of_value(model.headerData(column, Qt.Orientation.Horizontal, role))
        for row in range(rows):
            yield from _of_value(model.headerData(row, Qt.Orientation.Vertical, role))


def _of_value(value: object) -> Iterator[str]:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)
    elif (
        value is not None and not isinstance(value, bool | QSize) and "Qt" not in repr(type(value))
    ):
        yield repr(value)


def _contents(path: Path) -> Iterator[str]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield name
                yield archive.read(name).decode("utf-8", "replace")
        return
    yield from path.read_bytes().decode("utf-8", "replace").splitlines()
