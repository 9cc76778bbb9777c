"""Where the focus begins and how Tab goes through a dialog."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget


def fields_before_buttons(dialog: QDialog, buttons: Sequence[QWidget]) -> None:
    """Let Tab reach these buttons last, and begin at the first field where none was chosen.

    Qt goes by the order in which widgets were made, and a dialog's buttons are made first.
    """
    fields = [field for field in _chain(dialog) if _is_field(field) and field not in buttons]
    if not fields:
        return
    last = fields[-1]
    for button in buttons:
        QWidget.setTabOrder(last, button)
        last = button
    focus = dialog.focusWidget()
    if focus is None or focus in buttons:
        first = next((field for field in fields if field.isVisibleTo(dialog)), fields[0])
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def _chain(dialog: QDialog) -> list[QWidget]:
    chain: list[QWidget] = []
    widget = dialog.nextInFocusChain()
    while widget is not dialog and widget is not None:
        chain.append(widget)
        widget = widget.nextInFocusChain()
    return chain


def _is_field(widget: QWidget) -> bool:
    tabbed = Qt.FocusPolicy.TabFocus
    return widget.focusPolicy() & tabbed == tabbed and widget.focusProxy() is None
