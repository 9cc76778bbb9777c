import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.drawn import LABORATORIES, CohortOptions, draw_patch, plan_cohort
from glomviewer.drawn.__main__ import DEMO_COUNT, DEMO_SEED

NAME = re.compile(r"(?P<case>S-\d{4}-\d{6}|\d{2}-\d{3})_PAS_(\d)of(\d)_[0-9a-f]{24}\.png")


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 400), st.integers(0, 10**6))
def test_a_plan_keeps_its_promises(count, seed):
    plans = plan_cohort(count, seed)
    assert plans == plan_cohort(count, seed)
    assert len(plans) == count
    assert len({plan.name for plan in plans}) == count
    for plan in plans:
        parts = NAME.fullmatch(plan.name)
        assert parts is not None
        assert parts["case"] == plan.case
        assert 1 <= int(parts[2]) <= int(parts[3])
        assert plan.name.startswith(plan.slide + "_")
    homes = {(plan.case, plan.split) for plan in plans}
    assert len(homes) == len({plan.case for plan in plans}), "a case lies in two splits"


def test_the_number_of_cases_can_be_asked_for():
    assert len({plan.case for plan in plan_cohort(60, 1, cases=9)}) == 9


def test_an_empty_cohort_is_refused():
    with pytest.raises(ValueError, match="at least one patch"):
        plan_cohort(0, 1)


def test_splits_hold_their_shares_of_both_classes():
    plans = plan_cohort(1200, 7)
    for truth in (0, 1):
        tally = Counter(plan.split for plan in plans if plan.truth == truth)
        assert tally["test"] / tally.total() == pytest.approx(0.3, abs=0.05)
        assert tally["train"] / tally.total() == pytest.approx(0.5, abs=0.05)


def test_wrong_and_missing_labels_are_as_many_as_asked_for():
    plans = plan_cohort(400, 5, options=CohortOptions(wrong=0.05, unlabelled=0.1, others=0.02))
    wrong = [plan for plan in plans if plan.label is not None and plan.label != plan.truth]
    assert len(wrong) == 20
    assert {plan.truth for plan in wrong} == {0, 1}
    assert sum(plan.label is None for plan in plans) == 40
    assert sum(plan.truth is None for plan in plans) == 8
    assert all(plan.label is None for plan in plans if plan.truth is None)


def test_a_serial_section_stays_in_its_case_and_names_a_patch_that_exists():
    plans = plan_cohort(300, 3)
    by_name = {plan.name: plan for plan in plans}
    serial = [plan for plan in plans if plan.serial_of]
    assert len(serial) >= 8
    for plan in serial:
        model = by_name[plan.serial_of]
        assert (model.case, model.seed, model.section) == (plan.case, plan.seed, 0)
        assert model.truth == plan.truth


def test_the_training_cohort_shares_no_case_with_the_demo():
    demo = {plan.case for plan in plan_cohort(DEMO_COUNT, DEMO_SEED)}
    training = {plan.case for plan in plan_cohort(1200, 7)}
    assert not demo & training


def test_colour_alone_tells_the_classes_apart_but_not_perfectly():
    """A threshold on how evenly the middle is stained: better than chance, worse than a reader."""
    scores: dict[int, list[float]] = {0: [], 1: []}
    for seed in range(80):
        stain = LABORATORIES[seed % len(LABORATORIES)]
        drawn = draw_patch(seed, seed % 2, stain, 64, 0.5)
        scores[seed % 2].append(-float(drawn.pixels[16:48, 16:48].astype(float).std()))
    sclerotic, other = np.array(scores[1]), np.array(scores[0])
    area = float((sclerotic[:, None] > other[None, :]).mean())
    assert 0.7 < area < 0.99
