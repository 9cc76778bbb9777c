"""Cannot tell and not a glomerulus: three rules, each stated in a sentence."""

import numpy as np
import pytest

from glomviewer.domain.agreement.rule import AppliedRule, UnsureRule
from glomviewer.domain.agreement.statistic import Measure
from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.labels import LabelSet

FIRST = [(1, 1), (1, 2), (0, 0), (3, 3), (0, 1), (2, -1)]


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (
            UnsureRule.OWN_CATEGORIES,
            "“cannot tell” and “not a glomerulus” count as categories of their own, beside the "
            "classes.",
        ),
        (
            UnsureRule.NOT_READ,
            "“cannot tell” and “not a glomerulus” count as if the reader had not read the patch.",
        ),
        (
            UnsureRule.PATCH_LEFT_OUT,
            "Patches that any reader called “cannot tell” or “not a glomerulus” are left out.",
        ),
    ],
)
def test_the_rule_is_a_sentence(labels, rule, sentence):
    assert AppliedRule.of(rule, labels).sentence == sentence


def test_a_set_without_such_labels_needs_no_rule(labels):
    classes = LabelSet("classes", tuple(one for one in labels.labels if one.target is not None))
    assert "no rule" in AppliedRule.of(UnsureRule.NOT_READ, classes).sentence


def test_each_rule_lists_the_categories_that_can_still_be_given(labels):
    listed = {rule: AppliedRule.of(rule, labels).categories for rule in UnsureRule}
    assert listed == {
        UnsureRule.OWN_CATEGORIES: (1, 0, 2, 3),
        UnsureRule.NOT_READ: (1, 0),
        UnsureRule.PATCH_LEFT_OUT: (1, 0),
    }


@pytest.mark.parametrize(
    ("rule", "compared", "raw", "left_out"),
    [
        (UnsureRule.OWN_CATEGORIES, 5, 3 / 5, 0),
        (UnsureRule.NOT_READ, 3, 2 / 3, 0),
        (UnsureRule.PATCH_LEFT_OUT, 3, 2 / 3, 3),
    ],
)
def test_what_each_rule_does_to_a_table(table, labels, rule, compared, raw, left_out):
    found = summarise(table(FIRST), labels, rule)
    assert found.everyone.compared == compared
    assert found.everyone[Measure.RAW].value == pytest.approx(raw)
    assert found.left_out == left_out
    assert found.patches == len(FIRST)


def test_leaving_out_a_patch_takes_the_third_readers_call_along(table, labels):
    first = [(1, 2, 1), (0, 0, 0)]
    kept = summarise(table(first), labels, UnsureRule.NOT_READ)
    left_out = summarise(table(first), labels, UnsureRule.PATCH_LEFT_OUT)
    assert (kept.everyone.compared, left_out.everyone.compared) == (2, 1)


def test_a_table_is_not_changed_by_a_rule(table, labels):
    given = table(FIRST)
    for rule in UnsureRule:
        summarise(given, labels, rule)
    assert (given.first == np.array(FIRST)).all()
