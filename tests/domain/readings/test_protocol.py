"""A protocol can be written down and said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.domain.readings.protocol import Order, Protocol, Reveal

protocols = st.builds(
    Protocol,
    independent=st.just(False),
    order=st.sampled_from(Order),
    repeats=st.floats(0, 0.5),
    reveal=st.sampled_from(Reveal),
    needed=st.integers(1, 9),
)


@given(protocols)
def test_a_protocol_is_read_as_it_was_written(protocol):
    assert Protocol.from_json(protocol.to_json()) == protocol


def test_it_says_itself():
    assert Protocol().sentence() == (
        "An independent reading: each patch is read by 2 readers, each in an order of his own; "
        "the model's call is shown after the reader's own; 5 % of the patches come again, turned."
    )
    open_one = Protocol(False, Order.BY_CASE, 0, Reveal.AT_ONCE, 1)
    assert open_one.sentence() == (
        "An open reading: each patch is read once, case by case; the model's call is shown at "
        "once; no patch comes again."
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reveal": Reveal.AT_ONCE}, "can't be shown at once"),
        ({"repeats": 0.6}, "share of hidden repeats"),
        ({"repeats": -0.1}, "share of hidden repeats"),
        ({"repeats": float("nan")}, "share of hidden repeats"),
        ({"needed": 0}, "at least 1 reading"),
    ],
)
def test_rules_that_do_not_fit_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Protocol(**wrong)


@pytest.mark.parametrize("text", ["", "[]", "{}", "3", '{"independent": 1}', '{"format": 1}'])
def test_other_text_is_no_protocol(text):
    with pytest.raises(ValueError):
        Protocol.from_json(text)
