"""Figures of out-of-fold predictions equal scikit-learn's, and their intervals cover."""

from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from sklearn import metrics as sk

from training.config import Calibration, Threshold
from training.judging.fold_parts import Part
from training.judging.folds import Fold, FoldPlan
from training.judging.out_of_fold import OutOfFold
from training.judging.recipe_figures import FIGURES, judge_recipes
from training.learning.calibration import apply_calibration
from training.patches.manifest import ManifestRow


def a_plan(slides: int = 24, each: int = 8, folds: int = 4, seed: int = 0) -> FoldPlan:
    generator = np.random.default_rng(seed)
    rows = [
        ManifestRow(
            f"p{slide}-{i}",
            Path("p.png"),
            group=f"s{slide}",
            label=int(generator.random() < 0.35) if i else slide % 2,
        )
        for slide in range(slides)
        for i in range(each)
    ]
    number = np.repeat(np.arange(slides) % folds, each)
    cut = [
        Fold(str(k + 1), np.flatnonzero(number != k).tolist(), np.flatnonzero(number == k).tolist())
        for k in range(folds)
    ]
    return FoldPlan(rows, cut, "auto", [])


def parts_of(plan: FoldPlan, strength: float, seed: int) -> list[Part]:
    generator = np.random.default_rng(seed)
    parts = []
    for number, fold in enumerate(plan.folds):
        rows = plan.part(fold.held_out)
        slide = {group: generator.normal(0, 0.5) for group in sorted({row.group for row in rows})}
        parts.append(
            Part(
                recipe="r",
                fold=fold.name,
                logits={
                    row.patch: strength * (2 * (row.label or 0) - 1)
                    + slide[row.group]
                    + generator.normal()
                    for row in rows
                },
                calibration=Calibration(1.0 + number, 0.2 * number, "test"),
                threshold=Threshold(0.3 * number, "best-f1"),
                tuned_on="nothing",
                tuning_sclerotic=9,
                tuning_others=20,
                looks=1,
                base="random",
                seen_known=True,
                seconds=1.0,
                device="CPU",
                versions={},
            )
        )
    return parts


def found_of(plan: FoldPlan, strength: float = 1.0, seed: int = 0, name: str = "r") -> OutOfFold:
    return OutOfFold.of(name, plan, parts_of(plan, strength, seed))


def test_each_fold_is_calibrated_and_called_by_its_own_numbers() -> None:
    plan = a_plan()
    parts = parts_of(plan, 1.0, 0)
    found = OutOfFold.of("r", plan, parts)
    for number, (fold, part) in enumerate(zip(plan.folds, parts, strict=True)):
        rows = plan.part(fold.held_out)
        raw = np.array([part.logits[row.patch] for row in rows])
        assert np.array_equal(found.raw[fold.held_out], raw)
        calibrated = apply_calibration(part.calibration, raw)
        assert np.allclose(found.calibrated[fold.held_out], calibrated)
        calls = found.scores.calls[fold.held_out]
        assert np.array_equal(calls, calibrated >= 0.3 * number)


def test_point_values_are_scikit_learns() -> None:
    plan = a_plan()
    found = found_of(plan)
    judged = judge_recipes([found], plan, draws=50).recipes[0]
    values = {name: one.value for name, one in judged.values.items()}
    calls = (found.calibrated >= found.thresholds).astype(int)
    by_fold = [
        sk.roc_auc_score(found.labels[fold.held_out], found.calibrated[fold.held_out])
        for fold in plan.folds
    ]
    by_slide = [
        100 * abs(calls[i : i + 8].mean() - found.labels[i : i + 8].mean())
        for i in range(0, len(calls), 8)
    ]
    expected = {
        "auc": sk.roc_auc_score(found.labels, found.calibrated),
        "auc_by_fold": np.mean(by_fold),
        "average_precision": sk.average_precision_score(found.labels, found.calibrated),
        "f1": sk.f1_score(found.labels, calls),
        "precision": sk.precision_score(found.labels, calls),
        "recall": sk.recall_score(found.labels, calls),
        "specificity": sk.recall_score(found.labels, calls, pos_label=0),
        "kappa": sk.cohen_kappa_score(found.labels, calls),
        "accuracy": sk.accuracy_score(found.labels, calls),
        "log_loss": sk.log_loss(found.labels, found.scores.probabilities),
        "percentage_error": np.mean(by_slide),
    }
    for name, value in expected.items():
        assert values[name] == pytest.approx(float(value)), name
    assert set(FIGURES) == {*expected, "calibration_error"}
    assert judged.fold_auc == pytest.approx(by_fold)
    assert judged.confusion == tuple(map(tuple, sk.confusion_matrix(found.labels, calls)))


def test_a_recipe_differs_in_nothing_from_itself() -> None:
    plan = a_plan(slides=8)
    found = found_of(plan)
    (pair,) = judge_recipes([found, found], plan, draws=50, permutations=50).pairs
    for name in FIGURES:
        one = pair.differences[name].interval
        assert (one.value, one.low, one.high) == (0.0, 0.0, 0.0)
    assert pair.mcnemar.p == 1.0
    assert pair.exact and pair.permutations == 256


def test_differences_are_paired_and_corrected_where_three_are_compared() -> None:
    plan = a_plan(slides=30)
    good, bad, same = found_of(plan, 2.0, 1, "good"), found_of(plan, 0.1, 2, "bad"), None
    same = found_of(plan, 2.0, 3, "same")
    judged = judge_recipes([good, bad, same], plan, draws=300, permutations=300)
    assert [(one.first, one.second) for one in judged.pairs] == [
        ("good", "bad"),
        ("good", "same"),
        ("bad", "same"),
    ]
    better = judged.pairs[0].differences["auc"]
    values = [one.values["auc"].value for one in judged.recipes]
    assert None not in values
    assert better.interval.value == pytest.approx(values[0] - values[1])  # type: ignore[operator]
    assert better.interval.low is not None and better.interval.low > 0
    assert better.p == pytest.approx(1 / 301)
    assert better.p_holm == pytest.approx(3 / 301)
    alike = judged.pairs[1].differences["auc"]
    assert alike.p is not None and alike.p > 0.05
    assert judged.pairs[0].differences["auc_by_fold"].p is None


def test_a_fold_that_a_draw_leaves_out_leaves_the_mean_of_the_others() -> None:
    # One slide a fold: most draws miss one.
    plan = a_plan(slides=4, each=12, folds=4)
    judged = judge_recipes([found_of(plan)], plan, draws=200).recipes[0]
    assert judged.undefined["auc_by_fold"] < 20
    one = judged.values["auc_by_fold"]
    assert one.low is not None and one.value is not None and one.low < one.value


def test_few_groups_are_marked() -> None:
    assert not judge_recipes([found_of(a_plan(slides=19))], a_plan(slides=19), draws=20).reliable
    assert judge_recipes([found_of(a_plan(slides=20))], a_plan(slides=20), draws=20).reliable


def test_intervals_cover_what_many_more_groups_would_give() -> None:
    many = a_plan(slides=2000)
    truth = judge_recipes([found_of(many, 1.0, 1)], many, draws=2).recipes[0]
    names = ("auc", "f1", "log_loss", "kappa", "percentage_error")
    trials = 100
    covered = dict.fromkeys(names, 0)
    for seed in range(trials):
        plan = a_plan(slides=24, seed=seed + 10)
        judged = judge_recipes([found_of(plan, 1.0, seed + 10)], plan, draws=200, seed=seed)
        for name in names:
            one, value = judged.recipes[0].values[name], truth.values[name].value
            assert one.low is not None and one.high is not None and value is not None
            covered[name] += one.low <= value <= one.high
    for name, count in covered.items():
        # Were it 90 %, so few would be rarer than one in a thousand; 24 slides may cost that much.
        assert count >= stats.binom.ppf(0.001, trials, 0.9), (name, count)
