"""The lab's commands and their keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from glomviewer.ui.actions import Actions

if TYPE_CHECKING:
    from glomviewer.ui.lab.page import LabPage

GROUP = "Lab"


def register(page: LabPage, actions: Actions) -> None:
    for name, text, callback, keys in (
        ("lab.train", "Train", page.train, ("Ctrl+R",)),
        ("lab.recipe", "Choose a recipe", page.focus_recipe, ("Ctrl+F",)),
        ("lab.open", "Open a recipe file…", page.recipe.open_file, ("Ctrl+Shift+O",)),
        ("lab.fields", "Unfold or fold all fields", page.recipe.form.fold_all, ("Ctrl+U",)),
        ("lab.reset", "Reset all fields", page.recipe.reset_all, ("Ctrl+Shift+Backspace",)),
        ("lab.leaks", "Look for leaks", page.look_for_leaks, ("Ctrl+L",)),
        ("lab.pause", "Pause the run, or let it go on", page.pause_or_go_on, ("Ctrl+P",)),
        ("lab.finish", "Stop the run and keep the best", page.finish, ("Ctrl+B",)),
        ("lab.cancel", "Cancel the run", page.cancel, ("Ctrl+Shift+X",)),
        ("lab.resume", "Resume the run", page.resume, ("Ctrl+Shift+G",)),
    ):
        actions.add(name, text, callback, scope=page, group=GROUP, keys=keys)


def show_tips(page: LabPage, actions: Actions) -> None:
    """Say on every button which key does the same."""
    page.run.show_tips(
        actions.tooltip("lab.pause", "Waits after its step, and keeps all it has in memory"),
        actions.tooltip("lab.finish", "Trains no further; the best epoch becomes the candidate"),
        actions.tooltip("lab.cancel", "Makes no candidate; it can be resumed from its last epoch"),
        actions.tooltip("lab.resume", "Goes on from the last finished epoch"),
    )
    page.recipe.reset.setToolTip(actions.tooltip("lab.reset"))
    page.recipe.open.setToolTip(actions.tooltip("lab.open", "A recipe of your own, a TOML file"))
    page.leaks.look.setToolTip(actions.tooltip("lab.leaks"))
