"""The whole of it on a table whose every figure is worked out by hand."""

from dataclasses import replace
from time import process_time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.domain.agreement.bootstrap import Bootstrap, Stopped
from glomviewer.domain.agreement.ratings import Repeats
from glomviewer.domain.agreement.rule import UnsureRule
from glomviewer.domain.agreement.statistic import Measure, Statistic
from glomviewer.domain.agreement.summary import summarise
from glomviewer.domain.labels import LabelSet, ReferenceSource


def repeats(first, again, after_reveal=None, patches=None):
    return Repeats(
        patches=np.arange(1, len(first) + 1) if patches is None else np.array(patches),
        first=np.array(first, dtype=np.int8),
        again=np.array(again, dtype=np.int8),
        after_reveal=np.array(after_reveal or [False] * len(first)),
    )


def matrix(agreement):
    assert agreement.confusion is not None
    return agreement.confusion


def bounds(figure: Statistic) -> tuple[float, float, float]:
    """Its lower bound, value and upper bound."""
    assert figure.low is not None
    assert figure.value is not None
    assert figure.high is not None
    return figure.low, figure.value, figure.high


def share(found):
    return found.count, found.of


def test_only_first_calls_count_between_readers(table, labels):
    first = [(1, 0), (0, 0), (1, 1), (0, 0)]
    agreed = [(0, 0), (0, 0), (1, 1), (0, 0)]
    found = summarise(table(first, final=agreed, revealed=True), labels)
    assert found.everyone[Measure.RAW].value == 0.75
    assert found.pairs[0].agreement[Measure.COHEN].value == pytest.approx(0.5)
    assert found.disputed.tolist() == [1]


def test_all_pairs_are_there_with_their_matrices(table, labels):
    found = summarise(table([(1, 1, 0), (0, 1, -1), (0, 0, 0)]), labels)
    named = [(pair.first.id, pair.second.id) for pair in found.pairs]
    assert named == [(0, 1), (0, 2), (1, 2)]
    first, second, _ = (pair.agreement for pair in found.pairs)
    assert (first.compared, second.compared) == (3, 2)
    assert matrix(first).patches(0, 1).tolist() == [2]
    assert matrix(second).patches(1, 0).tolist() == [1]
    assert found.everyone.confusion is None
    assert found.everyone.categories == (1, 0, 2, 3)


def test_by_case(table, labels):
    first = [(1, 1), (1, 0), (0, 0), (0, 0), (1, 1), (-1, -1)]
    found = summarise(table(first, case=[0, 0, 1, 1, -1, 2]), labels)
    assert [(one.case, one.disputed, one.agreement.compared) for one in found.cases] == [
        ("C0", 1, 2),
        ("C1", 0, 2),
    ]
    disputed, agreed = (one.agreement for one in found.cases)
    assert disputed[Measure.RAW].value == 0.5
    assert disputed[Measure.COHEN].value == 0.0
    assert agreed[Measure.AC1].value == 1.0
    assert agreed[Measure.COHEN].value is None
    assert "chance is complete" in agreed[Measure.COHEN].reason


def test_over_time_is_by_the_readers_own_order(table, labels):
    """The first reader errs in the second half of his list, which is the first of the table."""
    first = [(1, 0)] * 4 + [(0, 0)] * 4
    order = np.stack([np.roll(np.arange(8), 4), np.arange(8)], axis=1)
    found = summarise(table(first, order=order, reference=[0] * 8), labels)
    own, other = found.over_time
    assert [share(one.others) for one in own.quarters] == [(2, 2), (2, 2), (0, 2), (0, 2)]
    assert [share(one.reference) for one in own.quarters] == [(2, 2), (2, 2), (0, 2), (0, 2)]
    assert [share(one.positive) for one in own.quarters] == [(0, 2), (0, 2), (2, 2), (2, 2)]
    assert [share(one.others) for one in other.quarters] == [(0, 2), (0, 2), (2, 2), (2, 2)]
    assert [one.number for one in own.quarters] == [1, 2, 3, 4]


def test_over_time_goes_by_the_clock_where_there_is_no_list(table, labels):
    made_at = np.array([(40, 0), (10, 0), (30, 0), (20, 0)])
    found = summarise(table([(1, 1), (0, 0), (0, 1), (0, 0)], made_at=made_at), labels)
    assert [share(one.positive) for one in found.over_time[0].quarters] == [
        (0, 1),
        (0, 1),
        (0, 1),
        (1, 1),
    ]


def test_quarters_without_calls_say_so(table, labels):
    found = summarise(table([(1, -1), (-1, -1)]), labels).over_time
    assert [one.calls for one in found[0].quarters] == [1, 0, 0, 0]
    assert [one.calls for one in found[1].quarters] == [0, 0, 0, 0]
    for one in found[1].quarters:
        assert (one.others.share.value, one.positive.share.value) == (None, None)
        assert one.others.share.reason


def test_a_reader_against_himself_without_what_came_after_a_reveal(table, labels):
    given = repeats([1, 0, 0, 1, 1], [1, 0, 1, 1, 0], [False, False, False, False, True])
    found = summarise(table([(1, 1)] * 5, repeats={0: given}), labels).own
    assert found[0].blind[Measure.RAW].value == 0.75
    assert found[0].blind[Measure.COHEN].value == pytest.approx(0.5)
    assert found[0].after_reveal.compared == 1
    assert matrix(found[0].blind).patches(0, 1).tolist() == [3]
    assert found[1].blind[Measure.COHEN].value is None
    assert found[1].blind[Measure.COHEN].reason == "no patch has been called"


def test_repeats_are_drawn_by_the_case_of_their_patch(table, labels):
    case = [0, 0, 0, 0, 1, 1, 1, 1]
    given = repeats([1, 0] * 4, [1, 1] * 4)
    found = summarise(
        table([(1, 1)] * 8, case=case, repeats={0: given}), labels, plan=Bootstrap(draws=50)
    )
    assert found.own[0].blind.cases == 2
    unknown = repeats([1, 0], [1, 1], patches=[900, 901])
    assert summarise(table([(1, 1)], repeats={0: unknown}), labels).own[0].blind.cases == 2


def test_against_the_reference_label_without_what_is_his_own_alone(table, labels):
    first = [(1, -1), (0, 0), (1, 1), (0, 1), (0, -1)]
    sources = [
        ReferenceSource.SINGLE_READER,
        ReferenceSource.READERS_AGREE,
        ReferenceSource.READERS_AGREE,
        ReferenceSource.ADJUDICATED,
        ReferenceSource.NONE,
    ]
    found = summarise(table(first, reference=[1, 0, 1, 1, -1], sources=sources), labels).reference
    own, other = found
    assert own.own_alone == 1
    assert own.agreement.raters == ("Reader 0", "reference label")
    assert own.agreement.compared == 3
    assert own.agreement[Measure.RAW].value == pytest.approx(2 / 3)
    assert own.sources == {ReferenceSource.READERS_AGREE: 2, ReferenceSource.ADJUDICATED: 1}
    assert (other.own_alone, other.agreement[Measure.RAW].value) == (0, 1.0)


def test_a_change_after_a_reveal_is_in_no_reference(table, labels):
    """Five patches; the first reader follows the model's call on 1 and 2, so that both agree in
    the end. 2 was adjudicated, 5 as well, but with the call in view."""
    first = [(1, 0), (1, 0), (1, 1), (0, 0), (1, 0)]
    settled = ReferenceSource.ADJUDICATED
    agree, differ = ReferenceSource.READERS_AGREE, ReferenceSource.DISPUTED
    given = table(
        first,
        final=[(0, 0), (0, 0), (1, 1), (0, 0), (1, 0)],
        revealed=True,
        reference=[0, 0, 1, 0, 0],
        sources=[agree, settled, agree, agree, settled],
        untouched=[-1, 0, 1, 0, -1],
        untouched_sources=[differ, settled, agree, agree, settled],
        call=[0, 0, 1, 0, 0],
    )
    found = summarise(given, labels)
    reveals = found.model[0].reveals
    assert share(reveals.changed) == (2, 5)
    assert (share(reveals.repaired), share(reveals.overturned)) == ((1, 1), (0, 2))
    assert found.model[0].judged_changes == 1
    own = found.reference[0]
    assert own.sources == {settled: 1, agree: 2}
    assert (own.unsettled, own.in_view, own.own_alone) == (1, 1, 0)
    assert own.agreement[Measure.RAW].value == pytest.approx(2 / 3)
    assert sum(quarter.reference.of for quarter in found.over_time[0].quarters) == 3


def test_every_first_call_is_accounted_for(table, labels):
    random = np.random.default_rng(4)
    sources = random.integers(0, 6, size=200)
    untouched = np.where(np.isin(sources, (0, 5)), -1, random.integers(0, 2, size=200))
    untouched[(sources == ReferenceSource.ADJUDICATED) & (random.random(200) < 0.5)] = -1
    given = table(random.integers(0, 2, size=(200, 2)), reference=untouched, sources=sources)
    for one in summarise(given, labels).reference:
        left_out = one.own_alone + one.in_view + one.unsettled
        assert sum(one.sources.values()) + left_out == 200 - np.count_nonzero(sources == 0)


@pytest.fixture
def revealed(table):
    """Nine patches of one reader; the model was trained on the last, and showed the one before
    at once. Columns: first, final, reference, call."""
    rows = [
        (1, 1, 1, 1),  # right, kept
        (1, 0, 1, 0),  # right, overturned by a wrong call
        (1, 1, 1, 0),  # right, kept against a wrong call
        (0, 1, 0, 0),  # right, overturned although the model was right
        (0, 1, 1, 1),  # wrong, repaired by a right call
        (0, 0, 1, 1),  # wrong, kept against a right call
        (0, 1, 1, 0),  # wrong, repaired although the model was wrong
        (-1, 1, 1, 1),  # shown at once
        (1, 0, 1, 0),  # trained on
    ]
    first, final, reference, call = (list(column) for column in zip(*rows, strict=True))
    return table(
        [[code] for code in first],
        final=[[code] for code in final],
        revealed=True,
        reference=reference,
        call=call,
        trained_on=[False] * 8 + [True],
        model="First · 1",
    )


def test_against_the_model_before_and_after_the_reveal(revealed, labels):
    found = summarise(revealed, labels)
    only = found.model[0]
    assert found.model_title == "First · 1"
    assert (only.trained_on, only.shown_at_once) == (1, 1)
    assert only.before.raters == ("Reader 0", "First · 1")
    assert (only.before.compared, only.revealed_before.compared) == (7, 7)
    assert only.revealed_before[Measure.RAW].value == pytest.approx(3 / 7)
    assert only.revealed_after[Measure.RAW].value == pytest.approx(3 / 7)
    assert matrix(only.revealed_after).patches(1, 0).tolist() == [3, 4, 7]


def test_rates_of_overturning_and_repairing(revealed, labels):
    found = summarise(revealed, labels).model[0].reveals
    assert share(found.changed) == (4, 7)
    assert share(found.overturned) == (2, 4)
    assert share(found.overturned_by_wrong) == (1, 2)
    assert share(found.repaired) == (2, 3)
    assert share(found.repaired_by_right) == (1, 2)
    assert found.repaired.share.value == pytest.approx(2 / 3)


def test_what_was_not_revealed_is_in_no_rate(table, labels):
    given = table([[1], [0]], final=[[0], [0]], reference=[1, 0], call=[0, 0])
    found = summarise(given, labels).model[0]
    assert found.before.compared == 2
    assert found.revealed_after.compared == 0
    assert share(found.reveals.changed) == (0, 0)
    assert found.reveals.overturned.share.value is None
    assert found.reveals.overturned.share.reason


def test_a_reference_that_is_no_class_makes_nobody_right_or_wrong(table, labels):
    given = table([[2], [1]], final=[[1], [1]], revealed=True, reference=[2, 1], call=[1, 1])
    found = summarise(given, labels).model[0].reveals
    assert share(found.changed) == (1, 2)
    assert share(found.overturned) == (0, 1)


def test_two_labels_of_one_class_are_alike_to_a_model(table, labels):
    obsolescent = replace(labels[1], code=9, name="obsolescent")
    wider = LabelSet("wider", (*labels.labels, obsolescent))
    given = table([[9], [0]], reference=[1, 0], call=[1, 0], revealed=True)
    found = summarise(given, wider).model[0]
    assert found.before[Measure.RAW].value == 1.0
    assert share(found.reveals.overturned) == (0, 2)


@pytest.mark.parametrize("known_cases", [True, False])
def test_a_large_table_takes_a_moment(table, labels, known_cases):
    """100,000 patches and 5 readers, all statistics and all pairs: a third of a second alone.
    The bound is on the time of this process, with room for a slow machine."""
    random = np.random.default_rng(5)
    patches = 100_000
    truth = random.integers(0, 2, size=(patches, 1))
    first = np.where(random.random((patches, 5)) < 0.1, random.integers(-1, 4, (patches, 5)), truth)
    given = table(
        first,
        case=random.integers(0, 4000, patches) if known_cases else np.full(patches, -1),
        order=np.stack([random.permutation(patches) for _ in range(5)], axis=1),
        reference=truth[:, 0],
        call=random.integers(0, 2, patches),
        revealed=True,
    )
    start = process_time()
    found = summarise(given, labels)
    assert process_time() - start < 3.0
    assert found.everyone.compared > 90_000
    assert found.everyone.reliable


def test_without_a_model_nothing_is_told_of_one(table, labels):
    assert summarise(table([(1, 1)]), labels).model == ()


def test_intervals_are_drawn_for_everything_and_progress_ends_at_the_end(table, labels):
    told = []
    plan = Bootstrap(draws=40, progress=lambda done, every: told.append((done, every)))
    first = np.random.default_rng(2).integers(0, 2, size=(60, 3))
    given = table(
        first,
        final=first[:, [1, 2, 0]],
        case=np.arange(60) // 5,
        call=first[:, 0],
        revealed=True,
        reference=first[:, 1],
        repeats={0: repeats(first[:, 0], first[:, 2])},
    )
    found = summarise(given, labels, plan=plan)
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert (found.draws, found.seed) == (40, 0)
    figures = [
        found.everyone[Measure.AC1],
        found.pairs[2].agreement[Measure.COHEN],
        found.everyone.classes[0].specific,
        found.over_time[0].quarters[3].others.share,
        found.own[0].blind[Measure.RAW],
        found.reference[0].agreement[Measure.ALPHA],
        found.model[1].before[Measure.FLEISS],
        found.model[2].reveals.repaired.share,
    ]
    for figure in figures:
        low, value, high = bounds(figure)
        assert low <= value <= high
    assert found.cases[0].agreement[Measure.RAW].low is None


def test_cancelling_stops(table, labels):
    first = np.random.default_rng(2).integers(0, 2, size=(60, 3))
    with pytest.raises(Stopped):
        summarise(table(first, case=np.arange(60)), labels, plan=Bootstrap(cancelled=lambda: True))


@settings(max_examples=60)
@given(data=st.data())
def test_no_table_raises(table, labels, data):
    patches, readers = data.draw(st.integers(0, 6)), data.draw(st.integers(0, 3))
    seed = data.draw(st.integers(0, 10_000))
    random = np.random.default_rng(seed)
    wide = (patches, readers)
    given = table(
        random.integers(-1, 4, size=wide),
        final=random.integers(-1, 4, size=wide),
        revealed=random.random(wide) < 0.5,
        order=random.integers(-1, 9, size=wide),
        case=random.integers(-1, 3, size=patches),
        reference=random.integers(-1, 4, size=patches),
        sources=random.integers(0, 6, size=patches),
        call=random.integers(-1, 2, size=patches),
        trained_on=random.random(patches) < 0.3,
        repeats={0: repeats(random.integers(-1, 4, 4), random.integers(-1, 4, 4))},
    )
    rule = data.draw(st.sampled_from(UnsureRule))
    found = summarise(given, labels, rule, Bootstrap(draws=5))
    assert len(found.pairs) == readers * (readers - 1) // 2
    assert len(found.own) == len(found.reference) == len(found.over_time) == readers
