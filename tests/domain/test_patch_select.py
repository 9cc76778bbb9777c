import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from glomviewer.domain.labels import LabelSet, Split
from glomviewer.domain.name_index import NameIndex
from glomviewer.domain.patch_query import PatchQuery, Queue, SortKey
from glomviewer.domain.patch_select import PatchSelect, cannot_tell_codes
from glomviewer.domain.patch_table import COLUMNS, ModelView, PatchTable
from glomviewer.paths import resources_dir

TARGETS = {1: 1, 0: 0, 2: None, 3: None}
NAN = float("nan")


def table_of(rows: int, **columns):
    values = {name: np.zeros(rows, dtype=kind) for name, kind in COLUMNS.items()}
    values["id"] = np.arange(10, 10 + rows)
    values["name_rank"] = np.arange(rows, dtype=np.int32)
    for name in ("split", "imported", "current", "reference"):
        values[name] = np.full(rows, -1, dtype=np.int8)
    for name, column in columns.items():
        values[name] = np.asarray(column, dtype=COLUMNS[name])
    return PatchTable(
        columns=values, cases=["case 10", "case 2"], slides=["s1", "s2"], targets=TARGETS
    )


def with_view(table, logit, *, threshold=0.0, ranking=None, previous=None):
    table.view = ModelView(
        model="m",
        title="m · 1",
        threshold=threshold,
        logit=np.asarray(logit, dtype=np.float32),
        ranking=np.asarray(logit if ranking is None else ranking, dtype=np.float32),
        previous_call=np.asarray(
            [-1] * len(table) if previous is None else previous, dtype=np.int8
        ),
        trained_on=np.zeros(len(table), dtype=np.bool_),
    )
    return table


def select(table, names=None):
    return PatchSelect(table, cannot_tell=(2,), names=names)


def ids(table, names=None, **query):
    return select(table, names).ids(PatchQuery(**query)).tolist()


def test_an_empty_library_answers_every_question():
    table = PatchTable.empty(TARGETS)
    for queue in Queue:
        for sort in SortKey:
            assert ids(table, queue=queue, sort=sort) == []
    assert set(select(table).queue_counts().values()) == {0}
    assert select(table).histogram(PatchQuery()).counts.sum() == 0


def test_excluded_patches_are_left_out_until_they_are_asked_for():
    table = table_of(3, excluded=[False, True, False])
    assert ids(table) == [10, 12]
    assert ids(table, excluded=True) == [11]
    assert select(table).queue_counts()[Queue.EVERYTHING] == 2


def test_a_disagreement_is_between_the_shown_label_and_the_out_of_fold_call():
    table = table_of(
        6,
        current=[1, 0, -1, -1, 2, -1],
        reference=[0, 0, 1, 1, 1, -1],
    )
    with_view(table, [-2, -2, -2, 2, -2, 2], ranking=[-2, 2, -2, -2, -2, 2])
    # 13's own logit agrees, but the model that did not train on it disagrees.
    assert ids(table, queue=Queue.MODEL_DISAGREES) == [10, 11, 12, 13]


def test_uncertain_is_within_one_of_the_threshold():
    table = with_view(table_of(4), [1.0, 1.9, 3.0, NAN], threshold=2.0)
    assert ids(table, queue=Queue.UNCERTAIN) == [11]


def test_changed_calls_need_both_calls():
    table = with_view(table_of(4), [2, 2, -2, NAN], previous=[0, -1, 0, 1])
    assert ids(table, queue=Queue.CHANGED_CALLS) == [10]


def test_simple_queues():
    table = table_of(
        4,
        seen=[1, 0, 1, 1],
        disputed=[0, 0, 1, 0],
        flagged=[0, 0, 0, 1],
        current=[2, -1, 3, -1],
        reference=[1, 2, -1, 1],
    )
    assert ids(table, queue=Queue.NOT_YET_SEEN) == [11]
    assert ids(table, queue=Queue.DISPUTED) == [12]
    assert ids(table, queue=Queue.FLAGGED) == [13]
    assert ids(table, queue=Queue.CANNOT_TELL) == [10, 11]


def test_cannot_tell_is_found_in_the_label_set_by_its_sign():
    path = resources_dir() / "labels" / "global_sclerosis.json"
    assert cannot_tell_codes(LabelSet.from_json(path.read_text(encoding="utf-8"))) == (2,)


def test_filters_combine():
    table = table_of(
        4, case=[0, 1, 1, -1], slide=[0, 1, 1, -1], split=[0, 0, 1, 0], missing=[0, 1, 0, 0]
    )
    with_view(table, [3, -3, 3, 3])
    assert ids(table, cases=("case 2",)) == [11, 12]
    assert ids(table, cases=("case 2",), calls=(1,)) == [12]
    assert ids(table, slides=("s2",), splits=(Split.TRAIN,)) == [11]
    assert ids(table, missing_only=True) == [11]
    assert ids(table, ids=(12, 10, 99)) == [10, 12]
    assert ids(table, probability=(0.9, 1.0)) == [10, 12, 13]


def test_a_cell_of_the_confusion_matrix_is_by_reference_label():
    table = table_of(3, current=[1, 1, 1], reference=[1, 0, -1])
    with_view(table, [3, 3, 3])
    assert ids(table, cell=(0, 1)) == [11]


def test_text_is_found_in_name_case_and_slide_whatever_the_letter_case():
    table = table_of(3, case=[0, 1, -1], slide=[-1, -1, 0])
    names = NameIndex(["Straße one.png", "b.png", "c.png"]).rows_with
    assert ids(table, names, text="STRASSE") == [10]
    assert ids(table, names, text="CASE 2") == [11]
    assert ids(table, names, text="s1") == [12]
    assert ids(table, names, text="nowhere") == []


def test_orders():
    table = table_of(
        4,
        case=[0, 1, -1, 1],
        width=[10, 30, 20, 40],
        height=[10, 10, 10, 10],
        decided_at=[1_700_000_100, 0, 1_700_000_000, 0],
    )
    with_view(table, [3.0, -0.5, NAN, 0.25])
    assert ids(table, sort=SortKey.NAME, descending=True) == [13, 12, 11, 10]
    assert ids(table, sort=SortKey.CASE) == [11, 13, 10, 12]
    assert ids(table, sort=SortKey.CASE, descending=True) == [10, 11, 13, 12]
    assert ids(table, sort=SortKey.SIZE, descending=True) == [13, 11, 12, 10]
    assert ids(table, sort=SortKey.TIME) == [12, 10, 11, 13]
    assert ids(table, sort=SortKey.TIME, descending=True) == [10, 12, 11, 13]
    assert ids(table, sort=SortKey.PROBABILITY) == [11, 13, 10, 12]
    assert ids(table, sort=SortKey.PROBABILITY, descending=True) == [10, 13, 11, 12]
    assert ids(table, sort=SortKey.UNCERTAINTY) == [13, 11, 10, 12]


def test_what_the_model_contradicts_most_comes_first():
    table = table_of(4, current=[0, 0, 1, -1])
    with_view(table, [1.0, 5.0, -3.0, 9.0])
    assert ids(table, sort=SortKey.DISAGREEMENT) == [11, 12, 10, 13]


def test_the_histogram_counts_probabilities_whatever_range_is_brushed():
    table = with_view(table_of(4), [-9, 0, 9, NAN], threshold=0.0)
    histogram = select(table).histogram(PatchQuery(probability=(0.9, 1.0)), bins=4)
    assert histogram.counts.tolist() == [1, 0, 1, 1]
    assert histogram.threshold == pytest.approx(0.5)


logits = st.one_of(st.just(NAN), st.floats(-8, 8, width=32))


@st.composite
def guarded_tables(draw):
    rows = draw(st.integers(1, 12))
    column = lambda values: draw(st.lists(values, min_size=rows, max_size=rows))  # noqa: E731
    columns = {
        "split": column(st.sampled_from([-1, 0, 1, 2, 3])),
        "current": column(st.sampled_from([-1, 0, 1, 2, 3])),
        "reference": column(st.sampled_from([-1, 0, 1, 2])),
        "excluded": column(st.booleans()),
    }
    return columns, column(logits), column(logits), column(st.sampled_from([-1, 0, 1]))


@given(guarded_tables(), st.data())
@settings(max_examples=150, deadline=None)
def test_nothing_that_is_shown_depends_on_a_call_that_is_guarded(drawn, data):
    """Whatever the guarded predictions are, every answer stays the same."""
    columns, logit, other, previous = drawn
    rows = len(logit)
    one, two = table_of(rows, **columns), table_of(rows, **columns)
    guarded = ~one.call_visible()
    changed = np.where(guarded, other, logit)
    with_view(one, logit, previous=previous, threshold=0.5)
    with_view(two, changed, previous=np.where(guarded, -1, previous), threshold=0.5)
    query = PatchQuery(
        queue=data.draw(st.sampled_from(list(Queue))),
        calls=data.draw(st.sampled_from([(), (0,), (1,), (-1,), (0, 1)])),
        cell=data.draw(st.sampled_from([None, (0, 1), (1, 0)])),
        probability=data.draw(st.sampled_from([None, (0.0, 1.0), (0.2, 0.6)])),
        sort=data.draw(st.sampled_from(list(SortKey))),
        descending=data.draw(st.booleans()),
    )
    assert select(one).ids(query).tolist() == select(two).ids(query).tolist()
    assert select(one).queue_counts(query) == select(two).queue_counts(query)
    first, second = select(one).histogram(query), select(two).histogram(query)
    assert first.counts.tolist() == second.counts.tolist()


@given(guarded_tables(), st.sampled_from(list(SortKey)), st.booleans())
@settings(deadline=None)
def test_an_order_only_orders(drawn, sort, descending):
    columns, logit, _, previous = drawn
    table = with_view(table_of(len(logit), **columns), logit, previous=previous)
    in_order = ids(table, sort=sort, descending=descending)
    assert sorted(in_order) == ids(table)


@given(st.lists(st.text(max_size=12), max_size=12), st.text(max_size=4))
def test_name_search_is_what_python_says(names, text):
    expected = [
        text.casefold().replace("\n", " ") in name.casefold().replace("\n", " ") for name in names
    ]
    assert NameIndex(names).rows_with(text).tolist() == expected
