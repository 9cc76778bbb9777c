"""What agreement makes of labels that are no class: *cannot tell* and *not a glomerulus*."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from glomviewer.domain.agreement.ratings import NOT_READ, Codes, Mask
from glomviewer.domain.labels import LabelSet


class UnsureRule(StrEnum):
    """Which of the three ways such labels are treated; the value is what a shell is told."""

    OWN_CATEGORIES = "own-categories"
    NOT_READ = "not-read"
    PATCH_LEFT_OUT = "patch-left-out"


DEFAULT_RULE = UnsureRule.OWN_CATEGORIES


@dataclass(frozen=True, slots=True)
class AppliedRule:
    """A rule for the labels of one set.

    `categories` are the codes that can still be given, in the order of the set; `unsure` those
    without a target; `positive` those that mean the class, globally sclerotic.
    """

    rule: UnsureRule
    names: dict[int, str]
    categories: tuple[int, ...]
    unsure: tuple[int, ...]
    positive: tuple[int, ...]

    @classmethod
    def of(cls, rule: UnsureRule, labels: LabelSet) -> AppliedRule:
        every = tuple(label.code for label in labels.labels)
        unsure = tuple(label.code for label in labels.labels if label.target is None)
        keeps = rule is UnsureRule.OWN_CATEGORIES
        return cls(
            rule=rule,
            names={label.code: label.name for label in labels.labels},
            categories=every if keeps else tuple(code for code in every if code not in unsure),
            unsure=unsure,
            positive=labels.codes_of_target(1),
        )

    @property
    def sentence(self) -> str:
        """What the rule does, as a report states it."""
        if not self.unsure:
            return "Every label is a class, so no rule for other labels is needed."
        words = " and ".join(f"“{self.names[code]}”" for code in self.unsure)
        if self.rule is UnsureRule.OWN_CATEGORIES:
            return f"{words} count as categories of their own, beside the classes."
        if self.rule is UnsureRule.NOT_READ:
            return f"{words} count as if the reader had not read the patch."
        return f"Patches that any reader called {words.replace(' and ', ' or ')} are left out."

    def left_out(self, first: Codes) -> Mask:
        """Which patches the rule leaves out, shape (patches,), from all readers' first calls."""
        if self.rule is not UnsureRule.PATCH_LEFT_OUT:
            return np.zeros(len(first), dtype=np.bool_)
        return np.any(np.isin(first, self.unsure), axis=1)

    def apply(self, codes: Codes) -> Codes:
        """The same codes, of any shape, with those that the rule does not count as not read."""
        if self.rule is UnsureRule.OWN_CATEGORIES:
            return codes
        return np.where(np.isin(codes, self.unsure), np.int8(NOT_READ), codes)
