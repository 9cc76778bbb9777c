"""What a row of the log says, in words that a monitor reads."""

from __future__ import annotations

from glomviewer.domain.labels import NO_LABEL, LabelSet
from glomviewer.domain.report.rows import DecisionRow

_REFERRALS = {"reading": "for another reading", "consensus": "for consensus"}
_LABELS = ("label", "adjudication")


def old_of(row: DecisionRow, labels: LabelSet) -> str:
    """What was in force before; "" where there was nothing."""
    return _said(row.field, row.before_label, row.before_value, labels)


def new_of(row: DecisionRow, labels: LabelSet) -> str:
    """What was in force afterwards; of a comment, what it says."""
    if row.field == "comment":
        return row.comment
    return _said(row.field, row.label, row.value, labels)


def why(row: DecisionRow) -> str:
    """The reason as it was given: of an exclusion its own, else the detail and the comment."""
    reason = row.value if row.field == "exclusion" else ""
    comment = "" if row.field == "comment" else row.comment
    return "; ".join(filter(None, (reason, row.detail, comment)))


def having_seen(row: DecisionRow) -> str:
    """What was shown to him when he decided."""
    patch = "the patch" if row.on_screen else "the patch not on the screen"
    if not row.call_shown:
        return f"{patch}; no call"
    return f"{patch}; the call of {row.model}" if row.model else f"{patch}; the model's call"


def _said(field: str, label: int, value: str, labels: LabelSet) -> str:
    if field in _LABELS:
        return "" if label == NO_LABEL else labels.name_of(label)
    if field == "exclusion":
        return "excluded" if value else "included"
    if field == "referral":
        return _REFERRALS.get(value, value)
    return value
