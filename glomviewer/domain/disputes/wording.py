"""Disputes in the words of a colleague. No Qt here."""

from __future__ import annotations

from datetime import datetime

from glomviewer.domain.disputes.records import (
    Adjudication,
    Call,
    DisputeState,
    ReaderCalls,
    Referral,
    Referred,
)
from glomviewer.domain.labels import LabelSet

STATE_WORDS = {
    DisputeState.OPEN: "Open",
    DisputeState.SENT_BACK: "Sent back",
    DisputeState.CONSENSUS: "Consensus list",
    DisputeState.SETTLED: "Settled",
}

REFERRAL_WORDS = {
    Referral.NONE: "open again",
    Referral.READING: "sent back for another reading",
    Referral.CONSENSUS: "put onto the consensus list",
}


def difference_text(calls: int, differing: int) -> str:
    """`3 of 12 readers' calls differ`."""
    if calls == 0:
        return "Nobody has called it"
    if calls == 1:
        return "One reader has called it"
    if differing == 0:
        return f"{'Both' if calls == 2 else f'All {calls:,}'} readers agree"
    if calls == 2:
        return "Both readers' calls differ"
    verb = "differs" if differing == 1 else "differ"
    return f"{differing:,} of {calls:,} readers' calls {verb}"


def moment_text(when: datetime) -> str:
    """In the time of this machine."""
    return when.astimezone().strftime("%d %b %Y, %H:%M").lstrip("0")


def call_text(call: Call, labels: LabelSet) -> str:
    """`not globally sclerotic (segmental sclerosis)`."""
    name = labels.name_of(call.label)
    return f"{name} ({call.detail})" if call.detail else name


def reveal_text(calls: ReaderCalls) -> str:
    """When the reader said it, as to the model's call."""
    if calls.first is None:
        return "Model's call shown first"
    if calls.changed_his_mind:
        return "Changed after the reveal"
    if calls.final.after_reveal:
        return "Kept after the reveal"
    return "Before any reveal"


def adjudicated_sentence(adjudication: Adjudication, labels: LabelSet) -> str:
    """Who settled it as what, when, why, and having seen what."""
    shown = (
        f"The model's call had been shown{_of_model(adjudication.model)}."
        if adjudication.call_shown
        else "The model's call had not been shown."
    )
    return (
        f"{adjudication.reader.name} adjudicated it {labels.name_of(adjudication.label)} on "
        f"{moment_text(adjudication.made_at)}{_quoted(adjudication.reason)}. {shown}"
    )


def referred_sentence(referred: Referred) -> str:
    words = REFERRAL_WORDS[referred.to]
    since = " It has been called again since." if referred.called_since else ""
    return (
        f"{words[:1].upper()}{words[1:]} by {referred.reader.name} on "
        f"{moment_text(referred.made_at)}{_quoted(referred.reason)}.{since}"
    )


def _of_model(title: str) -> str:
    return f" ({title})" if title else ""


def _quoted(reason: str) -> str:
    return f": “{reason}”" if reason else ""
