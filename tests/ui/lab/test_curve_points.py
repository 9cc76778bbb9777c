import math

from hypothesis import given
from hypothesis import strategies as st

from glomviewer.ui.lab.curve_points import MOST_POINTS, last_known, points_of
from training.events import Epoch


def epoch(number, *, of=10, best=False, loss=0.5):
    return Epoch(
        epoch=number,
        epochs=of,
        train_loss=loss,
        validation_loss=None,
        train_auc=None,
        validation_auc=0.9,
        learning_rate=1e-4,
        images_per_second=None,
        best=best,
    )


def test_a_run_without_epochs_has_no_points():
    assert points_of([]).numbers == ()


def test_what_was_not_measured_is_a_gap_and_the_rest_of_the_run_has_room():
    points = points_of([epoch(1, best=True), epoch(2)])
    assert points.numbers == (1, 2)
    assert points.best == 1
    assert points.total == 10
    assert points_of([epoch(1), epoch(2)], over=True).total == 2
    assert all(math.isnan(value) for value in points.loss.validation)
    assert all(math.isnan(value) for value in points.accuracy.training)
    assert last_known(points.auc.validation) == 0.9


@given(st.integers(1, 4000), st.integers(0, 3999))
def test_long_runs_are_thinned_out_but_keep_the_best_and_the_last(number, best):
    place = best % number
    points = points_of([epoch(i + 1, of=number, best=i == place) for i in range(number)])
    assert len(points.numbers) <= MOST_POINTS + 2
    assert points.numbers[-1] == number
    assert points.best == place + 1
    assert place + 1 in points.numbers
    assert list(points.numbers) == sorted(set(points.numbers))
