"""The keys of the page of the threshold."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.ui.actions import Actions

if TYPE_CHECKING:
    from glomviewer.ui.threshold_desk.page import ThresholdPage

GROUP = "Threshold"


def register(page: ThresholdPage, actions: Actions) -> None:
    """Those that move the line work while it has the focus, the others on the whole page."""
    strip, choice = page.strip, page.choice
    for name, text, callback, key in (
        ("down", "Line one patch down", partial(page.step, -1), "Left"),
        ("up", "Line one patch up", partial(page.step, 1), "Right"),
        ("leap_down", "Line a step down", partial(page.leap, -1), "PgUp"),
        ("leap_up", "Line a step up", partial(page.leap, 1), "PgDown"),
        ("first", "Line below every patch", partial(page.to_end, -1), "Home"),
        ("last", "Line above every patch", partial(page.to_end, 1), "End"),
        ("back", "Line back to the threshold in force", page.back_to_current, "Esc"),
        ("closer", "Look closer around the line", strip.zoom_in, "+"),
        ("further", "Look from further away", strip.zoom_out, "-"),
    ):
        actions.add(
            f"threshold.{name}", text, callback, keys=[key], scope=strip, group=GROUP, repeats=True
        )
    for name, text, callback, key in (
        ("move", "Move the threshold to the line", page.move_threshold, "Ctrl+Return"),
        ("undo", "Undo the last move of the threshold", page.undo_here, "Ctrl+U"),
        ("redo", "Redo the move that was undone", page.redo_here, "Ctrl+Shift+U"),
        ("line", "To the line", strip.setFocus, "G"),
        ("model", "To the model", page.head.models.setFocus, "M"),
        ("rule", "To the rule", choice.kind.setFocus, "R"),
        ("locked", "Look at the locked set", page.look_at_locked, "Ctrl+Shift+K"),
    ):
        actions.add(f"threshold.{name}", text, callback, keys=[key], scope=page, group=GROUP)
    tooltips = (
        (choice.move_button, "move"),
        (page.view.locked.look, "locked"),
    )
    for button, name in tooltips:
        button.setToolTip(actions.tooltip(f"threshold.{name}"))
