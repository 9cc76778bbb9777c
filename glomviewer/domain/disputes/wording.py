"""Disputes in the words of a colleague. No Qt here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from glomviewer.domain.agreement.percentages import Relabelling
from glomviewer.domain.cases import Proportion
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


def short_difference_text(calls: int, differing: int) -> str:
    """The same where there is little room: `3 of 12 calls differ`."""
    if calls == 2 and differing:
        return "Both calls differ"
    return difference_text(calls, differing).replace(" readers' calls", " calls")


def day_text(when: datetime) -> str:
    """In the time of this machine; the year only where it is another than today's."""
    local = when.astimezone()
    year = "" if local.year == datetime.now().astimezone().year else " %Y"
    return local.strftime(f"%d %b{year}, %H:%M").lstrip("0")


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
        f"{moment_text(adjudication.made_at)}{_quoted(adjudication.reason)} {shown}"
    )


def referred_sentence(referred: Referred) -> str:
    words = REFERRAL_WORDS[referred.to]
    since = " It has been called again since." if referred.called_since else ""
    return (
        f"{words[:1].upper()}{words[1:]} by {referred.reader.name} on "
        f"{moment_text(referred.made_at)}{_quoted(referred.reason)}{since}"
    )


def _of_model(title: str) -> str:
    return f" ({title})" if title else ""


def _quoted(reason: str) -> str:
    """The end of a sentence. A reason that ends one of its own needs no second full stop."""
    if not reason:
        return "."
    return f": “{reason}”" if reason.endswith((".", "!", "?", "…")) else f": “{reason}”."


def percentage_text(share: Proportion) -> str:
    """`50 % (15 to 85), 2 of 4`."""
    if not share.total:
        return "no glomerulus"
    low, high = round(100 * share.low), round(100 * share.high)
    return f"{round(100 * share.value)} % ({low} to {high}), {share.positive:,} of {share.total:,}"


def cut_offs_text(cut_offs: Sequence[float]) -> str:
    """`20 %`, `20 and 50 %`."""
    said = [f"{100 * cut_off:g}" for cut_off in cut_offs]
    return f"{' and '.join((', '.join(said[:-1]), said[-1]) if len(said) > 1 else said)} %"


def category_text(category: int | None, cut_offs: Sequence[float]) -> str:
    """`below 20 %`, `20 to 50 %`, `50 % and above`; a share that equals a cut-off reaches it."""
    if category is None:
        return "none"
    said = [f"{100 * cut_off:g}" for cut_off in cut_offs]
    if category == 0:
        return f"below {said[0]} %"
    if category == len(said):
        return f"{said[-1]} % and above"
    return f"{said[category - 1]} to {said[category]} %"


def relabelling_sentence(found: Relabelling) -> str:
    """How much adjudicating has changed, in one sentence."""
    if not found.patches:
        return "Adjudicating has changed no label so far."
    patches = "1 patch" if found.patches == 1 else f"{found.patches:,} patches"
    cases, of = len(found.changing), len(found.cases)
    crossing = f"{cases:,} of {of:,} {'case' if of == 1 else 'cases'}"
    verb = "changes" if cases == 1 else "change"
    return (
        f"Adjudicating has changed the reference label of {patches}; {crossing} {verb} category "
        f"at {cut_offs_text(found.cut_offs)}."
    )
