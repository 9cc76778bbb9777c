"""The window's own commands, which work on every page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.ui.actions import Actions
from glomviewer.ui.page_bar import PageName

if TYPE_CHECKING:
    from glomviewer.ui.main_window import MainWindow

WINDOW, PAGES, UNDOING = "Library and window", "Pages", "Undoing"


def register(window: MainWindow, actions: Actions) -> None:
    def has_library() -> bool:
        return window.opened is not None

    def may_write() -> bool:
        return window.opened is not None and not window.opened.session.read_only

    def is_at_home() -> bool:
        return may_write() and window.opened is not None and not window.opened.from_pack

    def offers(page: PageName) -> bool:
        return has_library() and page in window.pages

    for page in PageName:
        actions.add(
            f"app.page.{page.value.lower()}",
            page.value,
            partial(window.show_page, page),
            keys=[page.key],
            scope=window,
            group=PAGES,
            enabled=partial(offers, page),
        )
    undoing = partial(actions.add, scope=window, group=UNDOING, enabled=window.undoing.can)
    undoing("app.undo", "Undo", window.undoing.undo, keys=["Ctrl+Z"], repeats=True)
    redo_keys = ["Ctrl+Shift+Z", "Ctrl+Y"]
    undoing("app.redo", "Redo", window.undoing.redo, keys=redo_keys, repeats=True)
    menus = window.menus
    add = partial(actions.add, scope=window, group=WINDOW)
    add("app.palette", "Every command", menus.palette, keys=["Ctrl+K"])
    add("app.keys", "Keys", menus.keys, keys=["?", "F1"])
    add(
        "app.import",
        "Import patches…",
        menus.import_patches,
        keys=["Ctrl+I"],
        enabled=lambda: not has_library() or is_at_home(),
    )
    add("app.open", "Open a library…", menus.open_library, keys=["Ctrl+O"])
    add("app.open_pack", "Open a reading pack…", window.packs.open_pack, keys=["Ctrl+Alt+O"])
    for name, text, act, key in (
        ("merge", "Merge returns, labels or a model…", window.packs.merge, "Ctrl+Alt+M"),
        ("send_labels", "Send labels to another library…", window.packs.send_labels, "Ctrl+Alt+E"),
        ("send_model", "Send the active model elsewhere…", window.packs.send_model, "Ctrl+Alt+W"),
    ):
        add(f"app.{name}", text, act, keys=[key], enabled=is_at_home)
    add("app.new", "New, empty library…", menus.new_library, keys=["Ctrl+N"])
    add("app.demo", "Open the demo", window.demo_asked.emit, keys=["Ctrl+Shift+D"])
    add(
        "app.close_library",
        "Close the library",
        window.close_asked.emit,
        keys=["Ctrl+W"],
        enabled=has_library,
    )
    add(
        "app.reader",
        "Switch reader…",
        menus.open_reader_menu,
        keys=["Ctrl+Shift+R"],
        enabled=has_library,
    )
    add(
        "app.passphrase",
        "Set or change your passphrase…",
        menus.set_passphrase,
        keys=["Ctrl+Shift+P"],
        enabled=may_write,
    )
    add("app.preferences", "Preferences…", menus.preferences, keys=["Ctrl+,"])
    add("app.theme", "Dark or light", menus.next_theme, keys=["Ctrl+Shift+L"])
    add("app.quit", "Quit", window.quit, keys=["Ctrl+Q"])
