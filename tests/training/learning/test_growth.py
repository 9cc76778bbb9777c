"""The rules by which system C's network grows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from training.learning.growth import (
    LEAST_SIDE,
    MOST_DENSE,
    Network,
    Plan,
    Scored,
    Step,
    best_step,
    decide,
)

PLAN = Plan(img_size=64, neurons=8, channels=16)


def step(network: Network, loss: float, overfits: str = "", parameters: int = 100) -> Step:
    one = Scored(loss, 0.9, 0.9)
    return Step(network, parameters, one, one, epochs=5, best_epoch=3, overfits=overfits)


def test_it_begins_with_one_neuron() -> None:
    assert decide([], PLAN).network == Network([], [])


def test_dense_layers_are_added_until_it_overfits() -> None:
    steps = [step(Network(), 0.5)]
    assert decide(steps, PLAN).network == Network([], [8])
    steps.append(step(Network([], [8]), 0.4))
    assert decide(steps, PLAN).network == Network([], [8, 8])
    steps.append(step(Network([], [8, 8]), 0.4, overfits="losses part"))
    decision = decide(steps, PLAN)
    assert decision.network == Network([16], [8])
    assert "losses part" in decision.why
    # The first layer looks at 3 x 64 x 64 values, the second at 8.
    assert "98,304 weights" in decision.why


def test_one_neuron_that_overfits_has_nothing_to_replace() -> None:
    decision = decide([step(Network(), 0.5, overfits="losses part")], PLAN)
    assert decision.network == Network([], [8])


def test_too_many_dense_layers_are_replaced_even_without_overfitting() -> None:
    steps = [step(Network([], [8] * count), 0.5) for count in range(MOST_DENSE + 1)]
    assert decide(steps, PLAN).network == Network([16], [8] * (MOST_DENSE - 1))


def test_it_stops_after_a_cycle_that_did_not_improve_validation() -> None:
    steps = [
        step(Network(), 0.5),
        step(Network([], [8]), 0.4, overfits="losses part"),
        step(Network([16], []), 0.3),
    ]
    assert decide(steps, PLAN).network == Network([16], [8])
    steps += [
        step(Network([16], [8]), 0.31, overfits="losses part"),
        step(Network([16, 32], []), 0.2999),
    ]
    decision = decide(steps, PLAN)
    assert decision.network is None
    assert "0.2999" in decision.why and "0.3000" in decision.why


def test_it_stops_where_no_room_is_left() -> None:
    small = Plan(img_size=LEAST_SIDE * 2 - 1, neurons=8)
    decision = decide([step(Network([], [8]), 0.4, overfits="losses part")], small)
    assert decision.network is None
    assert "no room" in decision.why


def test_the_best_has_the_lowest_validation_loss_and_of_equals_is_the_smaller() -> None:
    steps = [
        step(Network(), 0.5),
        step(Network([], [8]), 0.2, parameters=900),
        step(Network([16], []), 0.2, parameters=300),
    ]
    assert best_step(steps) == 2


@settings(max_examples=50)
@given(
    st.lists(st.tuples(st.floats(0.01, 1.0), st.booleans()), min_size=40, max_size=40),
    st.integers(8, 256),
)
def test_growing_always_ends_and_every_network_can_be_built(outcomes, img_size) -> None:
    plan = Plan(img_size=img_size)
    steps: list[Step] = []
    for loss, overfits in outcomes:
        decision = decide(steps, plan)
        if decision.network is None:
            return
        network = decision.network
        assert len(network.dense) <= MOST_DENSE
        assert img_size >> len(network.convolutions) >= LEAST_SIDE
        steps.append(step(network, loss, "losses part" if overfits else ""))
    raise AssertionError("it grew for 40 steps")
