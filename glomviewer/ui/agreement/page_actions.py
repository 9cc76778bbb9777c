"""The commands of the page Agreement, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from glomviewer.ui.actions import Actions
from glomviewer.ui.agreement.board import Board
from glomviewer.ui.agreement.head import Head
from glomviewer.ui.agreement.report_gesture import ReportLine

GROUP = "Agreement"


class Page(Protocol):
    head: Head
    board: Board
    report: ReportLine

    def measure(self) -> None: ...
    def toggle_drawing(self) -> None: ...
    def open_disputed(self) -> None: ...
    def sort_cases(self) -> None: ...
    def ask_report(self) -> None: ...


def register(page: Page, actions: Actions) -> None:
    assert isinstance(page, QWidget)
    head, matrix = page.head, page.board.matrix
    commands: tuple[tuple[str, str, Callable[[], None], str], ...] = (
        ("reading", "Choose the reading", _focus(head.reading), "Alt+1"),
        ("rule", "Choose how cannot tell counts", _focus(head.rule), "Alt+2"),
        ("rows", "Choose whose calls are the rows", lambda: matrix.focus_side(0), "Alt+3"),
        ("columns", "Choose whose calls are the columns", lambda: matrix.focus_side(1), "Alt+4"),
        ("swap", "Swap rows and columns", matrix.swap_sides, "Ctrl+B"),
        ("next_rule", "Count cannot tell by the next rule", head.choose_next_rule, "Ctrl+U"),
        ("draw", "Stop or draw the intervals", page.toggle_drawing, "Ctrl+D"),
        ("disputed", "Open what readers differ on", page.open_disputed, "Ctrl+Return"),
        ("sort", "Sort the cases by the next column", page.sort_cases, "Ctrl+T"),
        ("again", "Measure again", page.measure, "F5"),
        ("report", "Write the report of the reading…", page.ask_report, "Ctrl+R"),
        ("folder", "Open the folder of the report", page.report.open_written, "Ctrl+Shift+O"),
    )
    for command, text, callback, key in commands:
        actions.add(f"agreement.{command}", text, callback, scope=page, group=GROUP, keys=(key,))
    for button, command in ((head.report, "report"), (matrix.swap, "swap"), (head.draw, "draw")):
        button.setToolTip(actions.tooltip(f"agreement.{command}"))


def _focus(widget: QWidget) -> Callable[[], None]:
    return lambda: widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
