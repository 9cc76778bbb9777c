"""The menu that adds and takes away filters, by what a patch is called and where it belongs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtWidgets import QMenu, QWidget

from glomviewer.domain.labels import NO_LABEL, LabelSet, Split
from glomviewer.domain.patch_query import PatchQuery
from glomviewer.ui.review.filter_words import SPLITS, call_name
from glomviewer.ui.review.words import capital

T = TypeVar("T")


def filter_menu(
    query: PatchQuery, labels: LabelSet, choose: Callable[[PatchQuery], None], parent: QWidget
) -> QMenu:
    """Entries are ticked where they hold; a click turns one on or off."""
    menu = QMenu(parent)

    def entry(sub: QMenu, text: str, on: bool, chosen: PatchQuery) -> None:
        action = sub.addAction(capital(text))
        action.setCheckable(True)
        action.setChecked(on)
        action.triggered.connect(lambda _checked=False: choose(chosen))

    label_menu = menu.addMenu("Label")
    for code in [*(label.code for label in labels.labels), NO_LABEL]:
        chosen = query.with_(labels=_toggled(query.labels, code))
        entry(label_menu, labels.name_of(code), code in query.labels, chosen)
    call_menu = menu.addMenu("Model's call")
    for call in (1, 0, NO_LABEL):
        chosen = query.with_(calls=_toggled(query.calls, call))
        entry(call_menu, call_name(call, labels), call in query.calls, chosen)
    split_menu = menu.addMenu("Part of the data")
    for split in Split:
        chosen = query.with_(splits=_toggled(query.splits, split))
        entry(split_menu, SPLITS[split], split in query.splits, chosen)
    menu.addSeparator()
    missing = query.with_(missing_only=not query.missing_only)
    entry(menu, "file missing", query.missing_only, missing)
    excluded = query.with_(excluded=not query.excluded)
    entry(menu, "excluded patches", query.excluded, excluded)
    return menu


def _toggled(values: tuple[T, ...], value: T) -> tuple[T, ...]:
    if value in values:
        return tuple(other for other in values if other != value)
    return (*values, value)
