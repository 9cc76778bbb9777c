"""The keys of the overview."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.ui.actions import Actions, key_names

if TYPE_CHECKING:
    from glomviewer.ui.readings.page import ReadingsPage

GROUP = "Readings"


def register(page: ReadingsPage, actions: Actions) -> None:
    overview = page.overview
    add = partial(actions.add, group=GROUP)
    add(
        "readings.read",
        "Read, or go on reading",
        page.read,
        keys=["Return", "Enter"],
        scope=overview.table,
    )
    buttons = (
        ("new", "New reading…", page.new_reading, "Ctrl+Shift+N", overview.list.new),
        ("finish", "Finish one's reading…", page.finish, "Ctrl+Shift+F", overview.details.finish),
        ("sign_off", "Sign off a reading…", page.sign_off, "Ctrl+Shift+S", overview.details.sign),
        ("close", "Close a reading…", page.close_reading, "Ctrl+Shift+W", overview.details.close_),
        ("export", "Export reading pack…", page.export_pack, "Ctrl+E", overview.details.export),
        ("return", "Return a pack…", page.return_pack, "Ctrl+Shift+T", overview.details.return_),
        ("merge", "Merge returns…", page.merge, "Ctrl+M", overview.list.merge),
    )
    for name, text, callback, key, button in buttons:
        here = partial(page.offers, name)
        add(f"readings.{name}", text, callback, keys=[key], scope=page, enabled=here)
        button.setToolTip(actions.tooltip(f"readings.{name}"))
    overview.details.close_tip = actions.tooltip("readings.close")
    overview.details.read.set_keys(key_names(["Enter"]))
