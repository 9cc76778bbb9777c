from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.labels import LabelSet, Split
from glomviewer.domain.patch_query import PatchQuery, Queue
from glomviewer.paths import resources_dir
from glomviewer.ui.review.filter_words import conditions, without_filters

LABELS = LabelSet.from_json(
    (resources_dir() / "labels" / "global_sclerosis.json").read_text(encoding="utf-8")
)

queries = st.builds(
    PatchQuery,
    queue=st.sampled_from(list(Queue)),
    labels=st.lists(st.sampled_from([-1, 0, 1, 2, 3]), unique=True).map(tuple),
    calls=st.lists(st.sampled_from([-1, 0, 1]), unique=True).map(tuple),
    cases=st.lists(st.sampled_from(["a", "b"]), unique=True).map(tuple),
    slides=st.lists(st.sampled_from(["s", "t"]), unique=True).map(tuple),
    splits=st.lists(st.sampled_from(list(Split)), unique=True).map(tuple),
    cell=st.none() | st.tuples(st.integers(0, 1), st.integers(0, 1)),
    probability=st.none() | st.just((0.2, 0.7)),
    text=st.sampled_from(["", "abc"]),
    missing_only=st.booleans(),
    excluded=st.booleans(),
    ids=st.none() | st.just((1, 2)),
)


@given(queries)
def test_taking_every_chip_away_leaves_the_whole_queue(query):
    left = query
    for _chip in range(40):
        chips = conditions(left, LABELS)
        if not chips:
            break
        left = chips[0].without
    assert left == without_filters(query)


@given(queries)
def test_a_query_that_restricts_shows_chips_and_no_other_does(query):
    assert bool(conditions(query, LABELS)) == query.restricts
