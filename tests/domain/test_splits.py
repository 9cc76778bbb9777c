"""A case is never on two sides, whatever comes in whatever order."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.labels import Split
from glomviewer.domain.splits import Group, Shares, assign

PLAIN = Shares(0.6, 0.2, 0.2, 0.0)


def groups(number, size=10, positive=0.2, seed=1):
    dice = random.Random(seed)
    found = []
    for index in range(number):
        patches = dice.randint(1, 2 * size)
        sclerotic = sum(dice.random() < positive for _ in range(patches))
        found.append(Group(f"case:{index}", (patches - sclerotic, sclerotic, 0)))
    return found


def totals(assignment, given, place):
    sums = dict.fromkeys(Split, 0)
    for group in given:
        sums[assignment.splits[group.key]] += group.counts[place]
    return sums


@pytest.mark.parametrize("place", [0, 1], ids=["common class", "rare class"])
def test_shares_are_kept_for_each_class(place):
    given_groups = groups(200)
    sums = totals(assign(given_groups, PLAIN), given_groups, place)
    whole = sum(sums.values())
    assert sums[Split.TRAIN] / whole == pytest.approx(0.6, abs=0.02)
    assert sums[Split.VALIDATION] / whole == pytest.approx(0.2, abs=0.02)
    assert sums[Split.LOCKED] / whole == pytest.approx(0.2, abs=0.02)
    assert sums[Split.FINAL] == 0


def test_cases_without_any_label_are_assigned_too():
    unlabelled = [Group(f"case:{i}", (0, 0, 5)) for i in range(50)]
    found = assign(unlabelled, PLAIN).splits
    assert Split.NONE not in found.values()
    assert sum(split is Split.LOCKED for split in found.values()) == 10


def test_the_order_in_which_groups_come_does_not_matter():
    given_groups = groups(60)
    shuffled = given_groups[:]
    random.Random(3).shuffle(shuffled)
    assert assign(given_groups, PLAIN).splits == assign(shuffled, PLAIN).splits


def test_three_cases_give_one_to_each_split_that_is_needed():
    found = assign(groups(3), PLAIN).splits
    assert set(found.values()) == {Split.TRAIN, Split.VALIDATION, Split.LOCKED}


def test_one_huge_case_does_not_swamp_a_small_split():
    huge = [Group("case:huge", (800, 200, 0)), Group("case:second", (400, 100, 0)), *groups(80)]
    found = assign(huge, PLAIN).splits
    assert found["case:huge"] is Split.TRAIN


def test_a_final_share_makes_a_final_set():
    found = assign(groups(100), Shares(0.5, 0.1, 0.2, 0.2)).splits
    assert Split.FINAL in found.values()


def test_a_fixed_group_keeps_its_split_whatever_the_column_says():
    fixed = Group("case:fixed", (5, 5, 0), Split.LOCKED, frozenset({Split.TRAIN}))
    assert assign([fixed, *groups(5)], PLAIN).splits["case:fixed"] is Split.LOCKED


def test_the_column_is_honoured_and_a_missing_validation_set_is_cut_from_train_alone():
    column = [
        Group(g.key, g.counts, asked=frozenset({Split.LOCKED if i % 4 == 0 else Split.TRAIN}))
        for i, g in enumerate(groups(80))
    ]
    assignment = assign(column, PLAIN)
    asked = {g.key: next(iter(g.asked)) for g in column}
    locked = {key for key, split in assignment.splits.items() if split is Split.LOCKED}
    assert locked == {key for key, split in asked.items() if split is Split.LOCKED}
    validation = [key for key, split in assignment.splits.items() if split is Split.VALIDATION]
    assert 0.15 < len(validation) / 60 < 0.35
    assert all(asked[key] is Split.TRAIN for key in validation)
    assert assignment.warnings == ()


def test_a_validation_set_of_the_column_is_left_alone():
    asked = [Split.TRAIN] * 6 + [Split.VALIDATION] * 2 + [Split.LOCKED] * 2
    column = [
        Group(g.key, g.counts, asked=frozenset({split}))
        for g, split in zip(groups(10), asked, strict=True)
    ]
    found = assign(column, PLAIN).splits
    assert [found[g.key] for g in column] == asked


def test_a_case_that_the_column_puts_on_two_sides_goes_where_a_model_has_learnt_from_it():
    torn = Group("case:x", (5, 5, 0), asked=frozenset({Split.TRAIN, Split.LOCKED}))
    test = Group("case:y", (5, 5, 0), asked=frozenset({Split.LOCKED}))
    assignment = assign([torn, test], PLAIN)
    assert assignment.splits["case:x"] is Split.TRAIN
    assert "more than one split" in assignment.warnings[0]


def test_a_column_without_test_rows_is_told_about():
    column = [Group(g.key, g.counts, asked=frozenset({Split.TRAIN})) for g in groups(10)]
    assert any("no test patches" in warning for warning in assign(column, PLAIN).warnings)


@pytest.mark.parametrize("shares", [Shares(0, 0, 0, 0), Shares(0.5, -0.1, 0.6, 0)])
def test_impossible_shares_are_refused(shares):
    with pytest.raises(ValueError, match="Shares"):
        assign(groups(3), shares)


SPLITS = st.sampled_from([Split.TRAIN, Split.VALIDATION, Split.LOCKED, Split.FINAL])
GROUPS = st.lists(
    st.builds(
        Group,
        key=st.integers(0, 60).map(lambda i: f"case:{i}"),
        counts=st.tuples(*[st.integers(0, 40)] * 3),
        fixed=st.one_of(st.just(Split.NONE), SPLITS),
        asked=st.frozensets(SPLITS, max_size=2),
    ),
    unique_by=lambda group: group.key,
    max_size=40,
)


@given(GROUPS, st.tuples(*[st.floats(0, 1)] * 4).filter(lambda shares: sum(shares) > 0.01))
def test_every_group_gets_one_split_and_what_is_fixed_stays(given_groups, shares):
    found = assign(given_groups, Shares(*shares)).splits
    assert found.keys() == {group.key for group in given_groups}
    assert Split.NONE not in found.values()
    assert all(found[g.key] == g.fixed for g in given_groups if g.fixed is not Split.NONE)
