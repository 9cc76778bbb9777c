import numpy as np
import pytest

from training.learning.calibration import apply_calibration, fit_calibration


def test_slope_and_intercept_are_recovered() -> None:
    generator = np.random.default_rng(0)
    true = generator.normal(0, 2, 20_000)
    labels = (generator.random(20_000) < 1 / (1 + np.exp(-true))).astype(np.int8)
    fitted = fit_calibration((true - 1.0) / 0.5, labels, fitted_on="validation")
    assert fitted.slope == pytest.approx(0.5, rel=0.05)
    assert fitted.intercept == pytest.approx(1.0, abs=0.08)
    assert fitted.fitted_on == "validation"


def test_separable_patches_give_a_finite_rising_slope() -> None:
    logits = np.array([-3.0, -2, -1, 1, 2, 3])
    fitted = fit_calibration(logits, np.array([0, 0, 0, 1, 1, 1], np.int8), fitted_on="v")
    assert 0 < fitted.slope < 10
    assert abs(fitted.intercept) < 1e-3


def test_one_class_changes_nothing_and_says_why() -> None:
    fitted = fit_calibration(np.array([1.0, 2.0]), np.array([1, 1], np.int8), fitted_on="v")
    assert (fitted.slope, fitted.intercept) == (1.0, 0.0)
    assert "one class" in fitted.fitted_on


@pytest.mark.parametrize("logits", [np.array([2.0, 1, -1, -2]), np.zeros(4)])
def test_where_no_rising_slope_fits_only_the_prior_is_shifted(logits: np.ndarray) -> None:
    labels = np.array([0, 0, 1, 1], np.int8)
    fitted = fit_calibration(logits, labels, fitted_on="v")
    assert fitted.slope == 1.0
    mean = np.mean(1 / (1 + np.exp(-apply_calibration(fitted, logits))))
    assert mean == pytest.approx(0.5, abs=1e-6)
