"""Where the focus begins and how Tab goes through a dialog."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLayout, QScrollArea, QWidget


def tab_as_laid_out(dialog: QDialog, buttons: Sequence[QWidget]) -> None:
    """Let Tab follow the layout; begin at the first field where none was chosen, and at none
    of these buttons.

    Qt goes by the order in which widgets were made, and a dialog's buttons are made first.
    """
    layout = dialog.layout()
    if layout is None:
        return
    stops = list(_fields_of_layout(layout))
    for one, following in pairwise(stops):
        QWidget.setTabOrder(one, following)
    focus = dialog.focusWidget()
    if focus is not None and focus not in buttons:
        return
    first = next(
        (
            field
            for field in stops
            if field not in buttons and field.isVisibleTo(dialog) and field.isEnabled()
        ),
        None,
    )
    if first is not None:
        first.setFocus(Qt.FocusReason.OtherFocusReason)


def _fields_of_layout(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            yield from _fields_of_widget(widget)
        elif inner is not None:
            yield from _fields_of_layout(inner)


def _fields_of_widget(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QScrollArea):
        scrolled = widget.widget()
        if scrolled is not None:
            yield from _fields_of_widget(scrolled)
        return
    tabbed = Qt.FocusPolicy.TabFocus
    layout = widget.layout()
    if widget.focusPolicy() & tabbed == tabbed:
        yield widget
    elif layout is not None:
        yield from _fields_of_layout(layout)
