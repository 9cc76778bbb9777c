"""The keys of the reading screen: those that decide lie apart from those that move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.domain.labels import LabelSet
from glomviewer.domain.stain_views import StainView
from glomviewer.ui.actions import Actions, key_names
from glomviewer.ui.readings.wording import wants_detail

if TYPE_CHECKING:
    from glomviewer.ui.readings.reading_room import ReadingRoom
    from glomviewer.ui.readings.screen import ReadingScreen

DECIDING, READING, LOOKING = "Deciding", "Reading", "Looking at what is read"
STAINS = "Stains, while held"

STAIN_KEYS = {StainView.NORMALISED: "R", StainView.HAEMATOXYLIN: "T", StainView.PAS: "G"}
"""Three neighbours, none beside a key that decides."""

ARROWS = {"Left": "←", "Right": "→"}


def stain_action(view: StainView) -> str:
    return f"readings.stain.{view.name.lower()}"


def detail_keys(labels: LabelSet) -> list[str]:
    """A digit for each detail that can be asked for, none that is a label's."""
    taken = {key for label in labels.labels for key in label.keys}
    free = [digit for digit in "23456789" if digit not in taken]
    return free[: max((len(one.details) for one in labels.labels if wants_detail(one)), default=0)]


def register(room: ReadingRoom, labels: LabelSet, actions: Actions) -> None:
    screen = room.screen
    for label in labels.labels:
        actions.add(
            f"readings.label.{label.code}",
            f"Label as {label.name}",
            partial(room.decide, label.code),
            keys=label.keys,
            scope=screen,
            group=DECIDING,
        )
        if not wants_detail(label):
            for detail in label.details[:1]:
                actions.add(
                    f"readings.label.{label.code}.detail",
                    f"Label as {label.name}, {detail}",
                    partial(room.decide, label.code, detail),
                    keys=[f"Shift+{label.keys[-1]}"],
                    scope=screen,
                    group=DECIDING,
                )
    for place, key in enumerate(detail_keys(labels)):
        actions.add(
            f"readings.reason.{place + 1}",
            f"Reason {place + 1} why one cannot tell",
            partial(room.give_detail, place),
            keys=[key],
            scope=screen,
            group=DECIDING,
        )
    content = screen.canvas
    add = partial(actions.add, group=READING)
    keep = ["Space", "Return", "Enter"]
    add("readings.keep", "Keep one's label and go on", room.keep, keys=keep, scope=content)
    ends = ["Return", "Enter"]
    add("readings.end", "Finish once all is read", room.finish, keys=ends, scope=screen.end)
    add("readings.back", "Back", room.back, keys=["Left"], scope=screen, repeats=True)
    add("readings.forward", "Forward", room.forward, keys=["Right"], scope=screen, repeats=True)
    add(
        "readings.first_unread",
        "To the first unread",
        room.to_first_unread,
        keys=["End"],
        scope=screen,
    )
    add("readings.flag", "Flag, or take the flag off", room.flag, keys=["F"], scope=screen)
    add("readings.comment", "Comment", room.comment, keys=["C"], scope=screen)
    add("readings.pause", "Pause", room.leave, keys=["Esc"], scope=screen)
    canvas = screen.canvas.canvas
    looking = partial(actions.add, scope=screen, group=LOOKING)
    closer, away = ["Ctrl++", "Ctrl+="], ["Ctrl+-"]
    looking("readings.closer", "Zoom in", partial(canvas.zoom, 1.25), keys=closer, repeats=True)
    looking("readings.away", "Zoom out", partial(canvas.zoom, 0.8), keys=away, repeats=True)
    looking("readings.actual", "Fitted, or device pixels", canvas.toggle_actual, keys=["Z"])
    looking("readings.ground", "Next background", screen.next_background, keys=["B"])
    for view, key in STAIN_KEYS.items():
        actions.add(
            stain_action(view),
            view.value,
            partial(screen.canvas.hold, view),
            keys=[key],
            scope=content,
            group=STAINS,
        )


def show_keys(screen: ReadingScreen, labels: LabelSet, actions: Actions) -> None:
    """Say on every button which key does the same."""

    def keys(name: str) -> list[str]:
        found = actions.get(f"readings.{name}")
        names = [] if found is None else key_names(found.keys)
        return [ARROWS.get(one, one) for one in names]

    for label in labels.labels:
        screen.buttons.set_keys(label.code, keys(f"label.{label.code}"))
    for button, name in (
        (screen.back, "back"),
        (screen.keep, "keep"),
        (screen.flag, "flag"),
        (screen.comment, "comment"),
        (screen.pause, "pause"),
    ):
        button.set_keys(keys(name)[:1])
    screen.set_detail_keys([keys(f"reason.{n + 1}") for n in range(len(detail_keys(labels)))])
    for view in StainView:
        found = actions.get(stain_action(view))
        if found is not None:
            screen.strip.views.set_keys(view, key_names(found.keys))
            screen.canvas.set_keys(view, found.keys)
