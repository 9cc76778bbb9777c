import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from glomviewer.ui.review.canvas_view import CanvasView, scale_bar

sizes = st.tuples(st.integers(1, 8000), st.integers(1, 8000))
viewports = st.tuples(st.integers(50, 4000), st.integers(50, 4000))


@given(sizes, viewports)
def test_a_fitted_image_lies_whole_within_the_viewport(image, viewport):
    view = CanvasView.fit(image, viewport)
    assume(view.scale > 0.02)
    assert view.left >= -0.5
    assert view.top >= -0.5
    assert view.left + image[0] * view.scale <= viewport[0] + 1
    assert view.top + image[1] * view.scale <= viewport[1] + 1


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(1.1, 3.0))
def test_zooming_keeps_the_point_under_the_cursor(x, y, factor):
    view = CanvasView.fit((1000, 1000), (800, 800)).zoomed(4.0, (400, 400))
    at = (800 * x, 800 * y)
    before = ((at[0] - view.left) / view.scale, (at[1] - view.top) / view.scale)
    zoomed = view.zoomed(factor, at)
    after = ((at[0] - zoomed.left) / zoomed.scale, (at[1] - zoomed.top) / zoomed.scale)
    assert after == pytest.approx(before, abs=1e-6)


@given(sizes, viewports, st.floats(-9000, 9000), st.floats(-9000, 9000))
def test_panning_never_loses_the_image(image, viewport, dx, dy):
    view = CanvasView.fit(image, viewport).at_scale(1.0).panned(dx, dy)
    assert view.left < viewport[0]
    assert view.top < viewport[1]
    assert view.left + image[0] * view.scale > 0
    assert view.top + image[1] * view.scale > 0


def test_device_pixels_are_one_to_one_and_whole():
    view = CanvasView.fit((101, 51), (400, 300)).at_scale(1.0)
    assert view.scale == 1.0
    assert (view.left, view.top) == (round(view.left), round(view.top))


def test_a_fitted_view_follows_the_viewport_and_a_zoomed_one_keeps_its_scale():
    fitted = CanvasView.fit((500, 500), (400, 400))
    assert fitted.resized((800, 800)).scale == pytest.approx(1.6)
    assert fitted.zoomed(2.0, (0, 0)).resized((800, 800)).scale == pytest.approx(1.6)
    assert fitted.zoomed(1.5, (0, 0)).resized((800, 800)).scale == pytest.approx(1.2)


@given(st.floats(0.05, 5.0), st.floats(0.05, 16.0), st.floats(20, 400))
def test_the_scale_bar_is_round_and_true(microns_per_pixel, scale, room):
    bar = scale_bar(microns_per_pixel, scale, room)
    assume(bar is not None)
    assert bar is not None
    microns, pixels = bar
    assert pixels <= room
    assert pixels == pytest.approx(microns / microns_per_pixel * scale)
    mantissa = float(f"{microns:e}".split("e")[0])
    assert mantissa in (1.0, 2.0, 5.0)


def test_without_a_scale_there_is_no_bar():
    assert scale_bar(0.0, 1.0, 100) is None
