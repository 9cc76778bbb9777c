"""The commands of the page that compares models, each with its key."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from glomviewer.ui.actions import Actions
from glomviewer.ui.comparison.contenders import ContendersBar

GROUP = "Compare"


class Page(Protocol):
    bar: ContendersBar

    def look(self) -> None: ...
    def act(self, place: int, gesture: str) -> None: ...
    def open_flips(self) -> None: ...
    def open_mistakes(self, place: int) -> None: ...


def register(page: Page, actions: Actions) -> None:
    assert isinstance(page, QWidget)
    bar = page.bar
    commands: list[tuple[str, str, Callable[[], None], str]] = [
        ("first", "Choose the first model", _focus(bar.models[0]), "Alt+1"),
        ("second", "Choose the second model", _focus(bar.models[1]), "Alt+2"),
        ("patches", "Choose the patches to compare on", _focus(bar.patches), "Alt+3"),
        ("swap", "Swap the two models", bar.swap_models, "Ctrl+J"),
        ("look", "Look at the locked set", page.look, "Ctrl+L"),
        ("flips", "Open the patches whose call flipped", page.open_flips, "Ctrl+Return"),
        (
            "mistakes_second",
            "Open the mistakes of the second model, worst first",
            partial(page.open_mistakes, 1),
            "Ctrl+M",
        ),
        (
            "mistakes_first",
            "Open the mistakes of the first model, worst first",
            partial(page.open_mistakes, 0),
            "Ctrl+Shift+M",
        ),
    ]
    for place, name, keys in (
        (1, "second", ("F2", "Ctrl+E", "Ctrl+Del")),
        (0, "first", ("Shift+F2", "Ctrl+Shift+E", "Ctrl+Shift+Del")),
    ):
        for (gesture, text), key in zip(
            (
                ("edit", f"Name the {name} model and write its note…"),
                ("export", f"Export the {name} model with its card…"),
                ("remove", f"Remove the {name} model…"),
            ),
            keys,
            strict=True,
        ):
            commands.append((f"{gesture}_{name}", text, partial(page.act, place, gesture), key))
    for command, text, callback, key in commands:
        actions.add(f"compare.{command}", text, callback, scope=page, group=GROUP, keys=(key,))


def _focus(widget: QWidget) -> Callable[[], None]:
    return lambda: widget.setFocus(Qt.FocusReason.ShortcutFocusReason)
