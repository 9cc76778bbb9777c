"""The page's commands. Keys that decide lie apart from keys that move."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from glomviewer.domain.disputes.records import DisputeState, Referral
from glomviewer.domain.disputes.wording import STATE_WORDS
from glomviewer.ui.actions import Actions, key_names

if TYPE_CHECKING:
    from glomviewer.ui.disputes.page import DisputesPage

GROUP = "Disputes"


def register(page: DisputesPage, actions: Actions) -> None:
    may = page.may_decide
    add = partial(actions.add, scope=page, group=GROUP)
    for label in page.session.label_set.labels:
        add(
            f"disputes.settle.{label.code}",
            f"Settle as {label.name}, with a reason",
            partial(page.deciding.settle, label.code),
            keys=label.keys,
            enabled=may,
        )
    for to, text, keys in (
        (Referral.READING, "Send back for another reading", ["R"]),
        (Referral.CONSENSUS, "Put onto the consensus list", ["K"]),
        (Referral.NONE, "Take off the list: open again", ["Shift+K"]),
    ):
        name = to.value or "open"
        add(
            f"disputes.refer.{name}", text, partial(page.deciding.refer, to), keys=keys, enabled=may
        )
    about = partial(add, enabled=lambda: page.shows_patch)
    about("disputes.model", "Show or hide the model's call", page.shown_call.toggle, keys=["M"])
    about("disputes.why", "Why does this count as true?", page.ask_why, keys=["W"])
    add("disputes.meeting", "Walk through the consensus list", page.meet, keys=["T"])
    add("disputes.relabelling", "What relabelling does", page.show_relabelling, keys=["P"])
    add("disputes.reading", "New reading from these…", page.ask_reading, keys=["Ctrl+Shift+N"])
    about("disputes.review", "Open the patch in Review", page.open_in_review, keys=["Ctrl+Return"])
    add("disputes.refresh", "Read the queue anew", page.read_queue, keys=["F5"])
    add("disputes.close", "Back to the queue", page.go_back, keys=["Esc"])
    add("disputes.actual", "Fitted, or device pixels", page.canvas.toggle_actual, keys=["Z"])
    zoom = page.canvas.zoom
    zoom_in = ["Ctrl++", "Ctrl+="]
    add("disputes.zoom_in", "Zoom in", partial(zoom, 1.25), keys=zoom_in, repeats=True)
    add("disputes.zoom_out", "Zoom out", partial(zoom, 0.8), keys=["Ctrl+-"], repeats=True)
    for number, state in enumerate(DisputeState, start=1):
        add(
            f"disputes.queue.{state.value.replace(' ', '_')}",
            f"Disputes: {STATE_WORDS[state].lower()}",
            partial(page.pick_state, state),
            keys=[f"Alt+{number}"],
        )
    move = partial(actions.add, scope=(page.list, page.canvas), group=GROUP)
    move(
        "disputes.next", "Next dispute", partial(page.step, 1), keys=["Down", "Right"], repeats=True
    )
    move(
        "disputes.back", "Dispute before", partial(page.step, -1), keys=["Up", "Left"], repeats=True
    )
    move("disputes.walk", "Large, one after another", page.toggle_walk, keys=["Return", "Enter"])


def show_keys(page: DisputesPage, actions: Actions) -> None:
    """Let buttons say the keys in force."""
    for label in page.session.label_set.labels:
        action = actions.get(f"disputes.settle.{label.code}")
        if action is not None:
            page.bar.buttons.set_keys(label.code, key_names(action.keys))
    referrals = [
        (button, f"refer.{to.value or 'open'}") for to, button in page.bar.referrals.items()
    ]
    for button, name in (
        *referrals,
        (page.calls.why, "why"),
        (page.calls.model.button, "model"),
        (page.head.relabelling, "relabelling"),
        (page.head.meeting, "meeting"),
    ):
        action = actions.get(f"disputes.{name}")
        if action is not None:
            button.set_keys(key_names(action.keys))
            button.set_tip(action.text)
    if actions.get("disputes.reading") is not None:
        page.queues.new_reading.setToolTip(actions.tooltip("disputes.reading"))
