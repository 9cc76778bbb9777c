"""A table of ratings as a rule lets it count, so that every part of a summary sees the same."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from glomviewer.domain.agreement.ratings import NOT_READ, Codes, Mask, Places, Ratings, RatingTable
from glomviewer.domain.agreement.rule import AppliedRule, UnsureRule
from glomviewer.domain.labels import LabelSet


@dataclass(frozen=True, slots=True)
class CountedTable:
    """`first` and `final`, shape (patches, readers), `reference` and `call`, shape (patches,),
    are codes of `rule.categories`, -1 where the rule counts none; `groups` are cases.
    `reference` is the one that no reveal can have touched.

    `call` is the first label of the set that means the class the model called.
    """

    table: RatingTable
    rule: AppliedRule
    left_out: Mask
    first: Codes
    final: Codes
    reference: Codes
    call: Codes
    groups: Places
    meaning: Codes

    @classmethod
    def of(cls, table: RatingTable, labels: LabelSet, rule: UnsureRule) -> CountedTable:
        applied = AppliedRule.of(rule, labels)
        left_out = applied.left_out(table.first)
        return cls(
            table=table,
            rule=applied,
            left_out=left_out,
            first=_without(applied.apply(table.first), left_out),
            final=_without(applied.apply(table.final), left_out),
            reference=_without(applied.apply(table.untouched), left_out),
            call=_without(_label_of_call(labels)[table.call], left_out),
            groups=table.groups(),
            meaning=_meanings(labels),
        )

    def everyone(self) -> Ratings:
        return Ratings(
            codes=self.first,
            raters=self.table.names,
            groups=self.groups,
            categories=self.rule.categories,
            subjects=self.table.patches,
        )

    def two(self, names: tuple[str, str], first: Codes, second: Codes) -> Ratings:
        """Two columns of codes of all patches, as two raters."""
        return Ratings(
            codes=np.stack([first, second], axis=1),
            raters=names,
            groups=self.groups,
            categories=self.rule.categories,
            subjects=self.table.patches,
        )


def blanked(codes: Codes, kept: Mask) -> Codes:
    """The codes, and -1 where they are not kept."""
    return np.where(kept, codes, np.int8(NOT_READ))


def _without(codes: Codes, left_out: Mask) -> Codes:
    if not left_out.any():
        return codes
    gone = left_out[:, np.newaxis] if codes.ndim == 2 else left_out
    return np.where(gone, np.int8(NOT_READ), codes)


def _label_of_call(labels: LabelSet) -> Codes:
    """By target, so that `[-1]` is that of no call."""
    found = np.full(3, NOT_READ, dtype=np.int8)
    for target in (0, 1):
        codes = labels.codes_of_target(target)
        if codes:
            found[target] = codes[0]
    return found


def _meanings(labels: LabelSet) -> Codes:
    """By code: the first label of the set with the same target, the label itself without one,
    so that two labels of one class are alike to a model. `[-1]` is -1."""
    found = np.full(256, NOT_READ, dtype=np.int8)
    for label in labels.labels:
        same = () if label.target is None else labels.codes_of_target(label.target)
        found[label.code] = same[0] if same else label.code
    return found
