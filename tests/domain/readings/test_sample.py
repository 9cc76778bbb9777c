"""Samples: as many as asked for, of what was offered, the same for the same seed."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.readings.sample import Offered, Sample, SampleKind, drawn

offers = st.lists(st.tuples(st.integers(0, 6), st.integers(-1, 3)), min_size=1, max_size=60).map(
    lambda facts: [Offered(at, f"c{case}", label) for at, (case, label) in enumerate(facts, 1)]
)
samples = st.builds(
    Sample, kind=st.sampled_from(SampleKind), size=st.integers(1, 70), seed=st.integers(0, 99)
)


@given(samples, offers)
def test_a_sample_holds_as_many_as_asked_for(sample, offered):
    patches = drawn(sample, offered)
    assert set(patches) <= {one.patch for one in offered}
    assert patches == sorted(set(patches))
    assert patches == drawn(sample, list(reversed(offered)))
    if sample.kind in (SampleKind.RANDOM, SampleKind.STRATIFIED):
        assert len(patches) == min(sample.size, len(offered))
    if sample.kind is SampleKind.CASES:
        cases = {one.patch: one.case for one in offered}
        chosen = {cases[patch] for patch in patches}
        assert len(chosen) == min(sample.size, len(set(cases.values())))
        assert {one.patch for one in offered if one.case in chosen} == set(patches)


def test_a_stratified_sample_keeps_the_shares_of_labels_and_the_rare_one():
    offered = [Offered(at, f"c{at % 9}", 0 if at < 90 else 1) for at in range(100)]
    offered.append(Offered(100, "c0", 2))
    labels = {one.patch: one.label for one in offered}
    patches = drawn(Sample(SampleKind.STRATIFIED, 20), offered)
    assert Counter(labels[patch] for patch in patches) == {0: 17, 1: 2, 2: 1}
    cases = {one.patch: one.case for one in offered}
    assert len({cases[patch] for patch in patches if labels[patch] == 0}) == 9


def test_a_sample_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least 1 case"):
        Sample(SampleKind.CASES, 0)
