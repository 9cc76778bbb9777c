"""Why a patch counts as what it counts as, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from glomviewer.domain.disputes.records import Dispute, ReaderCalls
from glomviewer.domain.disputes.wording import (
    adjudicated_sentence,
    call_text,
    difference_text,
    moment_text,
    referred_sentence,
)
from glomviewer.domain.labels import NO_LABEL, LabelSet, ReferenceSource, Split

SOURCE_WORDS = {
    ReferenceSource.NONE: "no label",
    ReferenceSource.ADJUDICATED: "adjudicated",
    ReferenceSource.READERS_AGREE: "readers agree",
    ReferenceSource.SINGLE_READER: "single reader",
    ReferenceSource.IMPORTED: "imported",
    ReferenceSource.DISPUTED: "disputed",
}

ORDER = (
    "An adjudication counts before what all readers agree on, that before a single reader's "
    "label, and that before an imported one; a disputed patch counts as nothing."
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`headline` says what it counts as and why; `said` who said what, when; `gate` what the
    gate takes of it. `label` and `gate_label` are codes, -1 for none."""

    patch: int
    label: int
    source: ReferenceSource
    gate_label: int
    headline: str
    said: tuple[str, ...]
    gate: str
    order: str = ORDER

    @property
    def sentences(self) -> tuple[str, ...]:
        return (self.headline, *self.said, self.gate, self.order)


def explain(dispute: Dispute, labels: LabelSet) -> Explanation:
    """Why this patch counts as true, from everything that was said about it."""
    said = [sentence for calls in dispute.calls for sentence in _said_by(calls, labels)]
    said += [
        f"{remark.reader.name} commented on {moment_text(remark.made_at)}: {_quoted(remark.text)}."
        for remark in dispute.remarks
    ]
    if dispute.referral is not None:
        said.append(referred_sentence(dispute.referral))
    if dispute.imported_label != NO_LABEL:
        said.append(f"It was imported as {labels.name_of(dispute.imported_label)}.")
    return Explanation(
        patch=dispute.patch,
        label=dispute.reference_label,
        source=dispute.reference_source,
        gate_label=dispute.gate_label,
        headline=_headline(dispute, labels),
        said=tuple(said),
        gate=_gate(dispute, labels),
    )


def _headline(dispute: Dispute, labels: LabelSet) -> str:
    name = labels.name_of(dispute.reference_label)
    calls = dispute.calls
    source = dispute.reference_source
    if source is ReferenceSource.ADJUDICATED and dispute.adjudication is not None:
        return f"It counts as {name}: {adjudicated_sentence(dispute.adjudication, labels)}"
    if source is ReferenceSource.READERS_AGREE:
        who = "both readers call" if len(calls) == 2 else f"all {len(calls)} readers call"
        return f"It counts as {name} because {who} it that."
    if source is ReferenceSource.SINGLE_READER and calls:
        return (
            f"It counts as {name} because {calls[0].reader.name}, the only reader so far, "
            "calls it that."
        )
    if source is ReferenceSource.IMPORTED:
        return f"It counts as {name} because it was imported so, and nobody has called it since."
    if source is ReferenceSource.DISPUTED:
        differing = len(calls) - max(dispute.counts.values(), default=0)
        said = difference_text(len(calls), differing)
        return f"It counts as nothing: {said[:1].lower()}{said[1:]}, and nobody has adjudicated."
    return "It counts as nothing: nobody has called it anything."


def _said_by(calls: ReaderCalls, labels: LabelSet) -> list[str]:
    name = calls.reader.name
    sentences: list[str] = []
    if calls.first is not None:
        first = calls.first
        where = f" in the reading {first.reading}" if first.reading else ""
        comment = f": {_quoted(first.comment)}" if first.comment else ""
        sentences.append(
            f"{name} called it {call_text(first, labels)} on {moment_text(first.made_at)}{where}, "
            f"before any reveal{comment}."
        )
    final = calls.final
    if calls.first is None or final.after_reveal:
        verb = "called" if calls.first is None else "changed to" if calls.changed_his_mind else ""
        what = f"{verb} {'it ' if verb == 'called' else ''}{call_text(final, labels)}"
        if not verb:
            what = f"kept {call_text(final, labels)}"
        model = f" of {final.model}" if final.model else " of the model"
        comment = f": {_quoted(final.comment)}" if final.comment else ""
        sentences.append(
            f"{name} {what} on {moment_text(final.made_at)}, after the call{model} had been "
            f"shown{comment}."
        )
    sentences += [
        f"{name} called a hidden repeat of it {call_text(again, labels)} on "
        f"{moment_text(again.made_at)}; it counts only for agreement with oneself."
        for again in calls.again
    ]
    return sentences


def _quoted(text: str) -> str:
    """In quotes, without the full stop that the sentence around it has."""
    return f"“{text.removesuffix('.')}”"


def _gate(dispute: Dispute, labels: LabelSet) -> str:
    if dispute.excluded:
        return "It is excluded, so that it counts in nothing at all."
    if dispute.gate_label == NO_LABEL:
        return f"The gate takes nothing of it: {_why_no_gate(dispute)}."
    rests = (
        "as adjudicated without the model's call"
        if dispute.adjudication is not None
        else "from what was called before any reveal"
        if dispute.calls
        else "as imported"
    )
    gate = f"For the gate it is {labels.name_of(dispute.gate_label)}, {rests}"
    if dispute.split is Split.LOCKED:
        return f"{gate}."
    if dispute.split is Split.NONE:
        return f"{gate}; it is in no part of the data yet, and the gate reads locked cases only."
    part = {Split.TRAIN: "training", Split.VALIDATION: "validation", Split.FINAL: "final"}
    return f"{gate}; it is a {part[dispute.split]} patch, and the gate reads locked ones only."


def _why_no_gate(dispute: Dispute) -> str:
    adjudication = dispute.adjudication
    if adjudication is not None:
        return "it was adjudicated after the model's call had been shown"
    firsts = {calls.first.label for calls in dispute.calls if calls.first is not None}
    if len(firsts) > 1:
        return "the readers' first calls differ"
    if dispute.calls:
        return "every call was made after the model's had been shown"
    return "nobody has called it anything"
