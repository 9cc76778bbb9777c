"""The page's commands. Keys that decide lie apart from keys that move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.ui.actions import Actions
from glomviewer.ui.review.grid_layout import Move
from glomviewer.ui.review.words import capital

if TYPE_CHECKING:
    from glomviewer.ui.review.page import ReviewPage

DECIDING, GRID, READING, VIEW, FINDING = (
    "Deciding",
    "Moving in the grid",
    "One at a time",
    "Looking",
    "Finding",
)

MOVES = {
    Move.LEFT: "Left",
    Move.RIGHT: "Right",
    Move.UP: "Up",
    Move.DOWN: "Down",
    Move.PAGE_UP: "PgUp",
    Move.PAGE_DOWN: "PgDown",
    Move.HOME: "Home",
    Move.END: "End",
}

MOVE_TEXTS = {
    Move.LEFT: "Patch before",
    Move.RIGHT: "Patch after",
    Move.UP: "Row above",
    Move.DOWN: "Row below",
    Move.PAGE_UP: "Page up",
    Move.PAGE_DOWN: "Page down",
    Move.HOME: "First patch",
    Move.END: "Last patch",
}

MENU = [
    "review.open",
    "",
    "review.accept",
    "review.flag",
    "review.comment",
    "review.adjudicate",
    "review.why",
    "",
    "review.exclude",
    "review.include",
    "",
    "review.select_all",
]


def register(page: ReviewPage, actions: Actions) -> None:
    _register_deciding(page, actions)
    _register_grid(page, actions)
    _register_reading(page, actions)
    _register_looking(page, actions)
    _register_finding(page, actions)


def _register_deciding(page: ReviewPage, actions: Actions) -> None:
    may = page.gestures.can_decide
    for label in page.session.label_set.labels:
        actions.add(
            f"review.label.{label.code}",
            f"Label as {label.name}",
            partial(page.decide, label.code),
            keys=label.keys,
            scope=page,
            group=DECIDING,
        )
    content = (page.grid, page.reading.canvas)
    add = partial(actions.add, group=DECIDING, enabled=may)
    add("review.accept", "Accept the model's call", page.accept, keys=["Space"], scope=content)
    add("review.flag", "Flag, or take the flag off", page.flag, keys=["F"], scope=page)
    add("review.comment", "Comment", page.asking.comment, keys=["C"], scope=page)
    at_home = partial(
        actions.add, group=DECIDING, enabled=lambda: not page.session.from_pack, scope=page
    )
    at_home("review.adjudicate", "Adjudicate", page.asking.adjudicate, keys=["Ctrl+J"])
    at_home("review.exclude", "Exclude…", page.asking.exclude, keys=["Ctrl+E"])
    at_home("review.include", "Include again", page.include, keys=["Ctrl+Shift+E"])


def _register_grid(page: ReviewPage, actions: Actions) -> None:
    grid = page.grid
    add = partial(actions.add, scope=grid, group=GRID)
    add("review.open", "Open one at a time", page.open_reading, keys=["Return", "Enter"])
    for move, key in MOVES.items():
        name = move.value.replace(" ", "_")
        text = MOVE_TEXTS[move]
        add(f"grid.{name}", text, partial(grid.move, move), keys=[key], repeats=True)
        add(
            f"grid.extend_{name}",
            f"{text}, selecting",
            partial(grid.move, move, extend=True),
            keys=[f"Shift+{key}"],
            repeats=True,
        )
    add("review.select_all", "Select all", grid.select_all, keys=["Ctrl+A"])
    add("review.select_one", "Select only this one", grid.clear_selection, keys=["Esc"])


def _register_reading(page: ReviewPage, actions: Actions) -> None:
    reading = page.reading
    add = partial(actions.add, scope=reading.canvas, group=READING)
    add("reading.forward", "Next", reading.forward, keys=["Right", "PgDown"], repeats=True)
    add("reading.back", "Back", reading.back, keys=["Left", "PgUp"], repeats=True)
    add("reading.return", "Back to the grid", page.close_reading, keys=["Return", "Enter"])
    actions.add(
        "reading.close",
        "Back to the grid",
        page.close_reading,
        keys=["Esc"],
        scope=reading,
        group=READING,
    )
    actions.add(
        "reading.hide_call",
        "Show the call at once, or once decided",
        page.toggle_hidden_call,
        keys=["V"],
        scope=page,
        group=READING,
    )


def _register_looking(page: ReviewPage, actions: Actions) -> None:
    add = partial(actions.add, scope=page, group=VIEW)
    grid = page.grid

    def grow(factor: float) -> None:
        page.set_thumbnail_size(round(grid.thumbnail_size * factor))

    add("view.smaller", "Smaller thumbnails", partial(grow, 1 / 1.2), keys=["["], repeats=True)
    add("view.larger", "Larger thumbnails", partial(grow, 1.2), keys=["]"], repeats=True)
    add(
        "view.same_scale",
        "Same scale for all, or each fitted",
        page.header.same_scale.toggle,
        keys=["="],
    )
    add(
        "view.zoom_in", "Zoom in", partial(page.zoom, 1.25), keys=["Ctrl++", "Ctrl+="], repeats=True
    )
    add("view.zoom_out", "Zoom out", partial(page.zoom, 0.8), keys=["Ctrl+-"], repeats=True)
    add("view.actual", "Fitted, or device pixels", page.toggle_actual, keys=["Z"])
    add("view.tone", "Brightness and contrast back", page.panel.tools.reset_tone, keys=["Ctrl+0"])
    add("review.why", "Why does this count as true?", page.asking.why, keys=["W"])
    add("view.background", "Next background", page.panel.tools.next_background, keys=["B"])
    add("view.names", "Hide or show names", page.toggle_names, keys=["H"])


def _register_finding(page: ReviewPage, actions: Actions) -> None:
    add = partial(actions.add, scope=page, group=FINDING)
    add("find.text", "Find by name, case or slide", page.focus_find, keys=["/"])
    add("find.grid", "To the grid", page.show_grid, keys=["G"])
    add("find.filter", "Filter…", page.show_filter_menu, keys=["Ctrl+F"])
    add("find.save", "Save this filter…", page.asking.save_filter, keys=["Ctrl+Shift+F"])
    add("find.sort", "Sort…", page.header.open_sort_menu, keys=["O"])
    add("find.refresh", "Read the queue anew", page.listing.refresh, keys=["F5"])
    for number, queue in enumerate(page.listing.queues, start=1):
        add(
            f"find.queue.{queue.value.replace(' ', '_')}",
            f"Queue: {capital(queue.value)}",
            partial(page.listing.open_queue, queue),
            keys=[f"Alt+{number}"],
        )
