"""Lists of a reading: everyone's share, the orders, and what comes again."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.readings.plan import DISTANCE, case_places, plan
from glomviewer.domain.readings.protocol import Order, Protocol, Reveal


@st.composite
def plans(draw):
    readers = draw(st.lists(st.integers(1, 50), min_size=1, max_size=5, unique=True))
    protocol = Protocol(
        order=draw(st.sampled_from(Order)),
        repeats=draw(st.sampled_from([0, 0.05, 0.2, 0.5])),
        reveal=Reveal.NEVER,
        needed=draw(st.integers(1, len(readers))),
    )
    number = draw(st.integers(1, 80))
    cases = draw(st.integers(1, 12))
    patches = {patch: f"case {patch % cases}" for patch in range(1, number + 1)}
    return protocol, patches, readers, draw(st.integers(0, 1000))


def originals(items):
    return [item.patch for item in items if item.repeat_of is None]


@given(plans())
def test_each_patch_gets_the_readings_that_it_needs(planned):
    protocol, patches, readers, seed = planned
    lists = plan(protocol, patches, readers, seed)
    assert set(lists) == set(readers)
    read = Counter(patch for items in lists.values() for patch in originals(items))
    assert read == dict.fromkeys(patches, protocol.needed)
    for items in lists.values():
        assert len(set(originals(items))) == len(originals(items))


@given(plans())
def test_everyone_has_about_as_much_to_read(planned):
    protocol, patches, readers, seed = planned
    loads = [len(originals(items)) for items in plan(protocol, patches, readers, seed).values()]
    largest = 1
    if protocol.order is Order.BY_CASE:
        largest = max(Counter(patches.values()).values())
    assert max(loads) - min(loads) <= largest


@given(plans())
def test_the_same_seed_plans_the_same_lists(planned):
    protocol, patches, readers, seed = planned
    assert plan(protocol, patches, readers, seed) == plan(protocol, patches, readers, seed)


@given(plans())
def test_repeats_show_an_earlier_patch_again_turned(planned):
    protocol, patches, readers, seed = planned
    for items in plan(protocol, patches, readers, seed).values():
        repeats = [(at, item) for at, item in enumerate(items) if item.repeat_of is not None]
        number = len(originals(items))
        if not protocol.repeats or number <= DISTANCE:
            assert not repeats
            assert all(item.turn == 0 for item in items)
            continue
        assert len(repeats) == min(max(1, round(protocol.repeats * number)), number // 2)
        shown = [items[item.repeat_of] for _, item in repeats if item.repeat_of is not None]
        assert len({one.patch for one in shown}) == len(repeats)
        for (at, item), before in zip(repeats, shown, strict=True):
            assert before.repeat_of is None
            assert before.patch == item.patch
            assert 1 <= item.turn <= 7
            assert item.turn != before.turn
            assert item.repeat_of is not None
            assert at - item.repeat_of >= max(1, min(DISTANCE, number // 2))
            assert at >= number // 2


@given(plans())
def test_a_list_by_case_goes_through_one_case_after_the_other(planned):
    protocol, patches, readers, seed = planned
    if protocol.order is not Order.BY_CASE:
        return
    for items in plan(protocol, patches, readers, seed).values():
        cases = [patches[patch] for patch in originals(items)]
        assert len(list(dict.fromkeys(cases))) == sum(
            at == 0 or cases[at - 1] != case for at, case in enumerate(cases)
        )


def many(order, seed=1, number=100):
    patches = {patch: f"case {patch % 10}" for patch in range(1, number + 1)}
    protocol = Protocol(order=order, needed=2)
    return plan(protocol, patches, [1, 2], seed)


def test_a_fixed_order_is_the_same_for_all_and_not_that_of_the_import():
    lists = many(Order.FIXED)
    assert lists[1] == lists[2]
    assert originals(lists[1]) != sorted(originals(lists[1]))


def test_a_shuffled_order_is_each_readers_own():
    lists = many(Order.SHUFFLED)
    assert originals(lists[1]) != originals(lists[2])
    assert sorted(originals(lists[1])) == sorted(originals(lists[2]))


def test_another_seed_plans_other_lists():
    assert many(Order.SHUFFLED, seed=1) != many(Order.SHUFFLED, seed=2)


def test_a_turn_does_not_tell_a_repeat():
    turns = {item.turn for item in many(Order.SHUFFLED)[1] if item.repeat_of is None}
    assert turns == set(range(8))


def test_every_pair_of_readers_has_patches_in_common():
    patches = dict.fromkeys(range(1, 101), "")
    lists = plan(Protocol(needed=2), patches, [1, 2, 3, 4], seed=3)
    own = [set(originals(items)) for items in lists.values()]
    common = [len(a & b) for at, a in enumerate(own) for b in own[at + 1 :]]
    assert max(common) - min(common) <= 3


def test_too_few_readers_are_refused():
    with pytest.raises(ValueError, match="needs 2 readings, and there is 1 to read it"):
        plan(Protocol(needed=2), {1: ""}, [7], seed=1)


def test_a_repeat_passes_for_a_patch_of_the_case_that_it_comes_amid():
    cases = ["a", "a", "b", "a", "b", "c"]
    repeats = [False, False, False, True, False, False]
    assert case_places(cases, repeats) == [0, 0, 1, 1, 1, 2]
