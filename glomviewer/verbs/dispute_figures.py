"""Disputes and what settling them did, as lines for people and as facts for machines."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from glomviewer.domain.agreement.percentages import Relabelling
from glomviewer.domain.cases import Proportion
from glomviewer.domain.disputes.explaining import SOURCE_WORDS
from glomviewer.domain.disputes.records import Call, Dispute
from glomviewer.domain.disputes.wording import (
    adjudicated_sentence,
    call_text,
    difference_text,
    moment_text,
    percentage_text,
    referred_sentence,
    relabelling_sentence,
    reveal_text,
)
from glomviewer.domain.labels import LabelSet, ReferenceSource


def dispute_lines(dispute: Dispute, labels: LabelSet) -> list[str]:
    """The patch, then one line a reader."""
    differing = len(dispute.calls) - max(dispute.counts.values(), default=0)
    place = ", ".join(part for part in (dispute.case, dispute.slide, dispute.name) if part)
    lines = [f"patch {dispute.patch} ({place}): {difference_text(len(dispute.calls), differing)}"]
    for calls in dispute.calls:
        final = calls.final
        comment = f": “{final.comment}”" if final.comment else ""
        lines.append(
            f"  {calls.reader.initials}  {call_text(final, labels)} · {reveal_text(calls).lower()}"
            f" · {moment_text(final.made_at)}{comment}"
        )
    if dispute.referral is not None:
        lines.append(f"  {referred_sentence(dispute.referral)}")
    if dispute.adjudication is not None:
        lines.append(f"  {adjudicated_sentence(dispute.adjudication, labels)}")
    return lines


def dispute_facts(dispute: Dispute, labels: LabelSet) -> dict[str, Any]:
    adjudication, referral = dispute.adjudication, dispute.referral
    return {
        "patch": dispute.patch,
        "name": dispute.name,
        "case": dispute.case,
        "slide": dispute.slide,
        "state": None if dispute.state is None else dispute.state.value,
        "calls": [
            {
                "reader": calls.reader.name,
                "initials": calls.reader.initials,
                "first": None if calls.first is None else _call(calls.first, labels),
                "final": _call(calls.final, labels),
                "repeats": [_call(again, labels) for again in calls.again],
            }
            for calls in dispute.calls
        ],
        "comments": [
            {
                "reader": remark.reader.name,
                "text": remark.text,
                "made_at": remark.made_at.isoformat(),
                "zone": remark.zone,
            }
            for remark in dispute.remarks
        ],
        "referral": None
        if referral is None
        else {
            "to": referral.to.value,
            "reader": referral.reader.name,
            "reason": referral.reason,
            "made_at": referral.made_at.isoformat(),
            "zone": referral.zone,
            "called_since": referral.called_since,
        },
        "adjudication": None
        if adjudication is None
        else {
            "label": labels.name_of(adjudication.label),
            "reader": adjudication.reader.name,
            "reason": adjudication.reason,
            "made_at": adjudication.made_at.isoformat(),
            "zone": adjudication.zone,
            "call_shown": adjudication.call_shown,
            "model": adjudication.model,
        },
    }


def relabelling_lines(found: Relabelling) -> list[str]:
    return [
        relabelling_sentence(found),
        *(
            f"  {case.case}: {percentage_text(case.before)} -> {percentage_text(case.after)}"
            for case in found.changing
        ),
    ]


def relabelling_facts(found: Relabelling) -> dict[str, Any]:
    return {
        "patches": found.patches,
        "cut_offs": list(found.cut_offs),
        "changing": [case.case for case in found.changing],
        "cases": [
            {
                "case": case.case,
                "before": _share(case.before),
                "after": _share(case.after),
                "changes_category": case.changes_category,
            }
            for case in found.cases
            if case.relabelled
        ],
    }


def source_facts(sources: Mapping[ReferenceSource, int]) -> dict[str, int]:
    return {SOURCE_WORDS[source]: number for source, number in sources.items()}


def _call(call: Call, labels: LabelSet) -> dict[str, Any]:
    return {
        "label": labels.name_of(call.label),
        "detail": call.detail,
        "comment": call.comment,
        "made_at": call.made_at.isoformat(),
        "zone": call.zone,
        "after_reveal": call.after_reveal,
        "model": call.model,
        "reading": call.reading,
    }


def _share(share: Proportion) -> dict[str, Any]:
    known = not math.isnan(share.value)
    return {
        "positive": share.positive,
        "total": share.total,
        "value": share.value if known else None,
        "low": share.low if known else None,
        "high": share.high if known else None,
    }
