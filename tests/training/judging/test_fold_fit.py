"""What a fold's fit may see, and what its threshold rests on."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.computing.scoring import score_rows
from training.events import Event, Note
from training.judging.contestants import Contestant, contestants_of
from training.judging.fold_fit import FoldSetting, fit_fold, fresh_base, read_squares, warm_up
from training.judging.fold_run import _keys
from training.judging.folds import FoldPlan, plan_folds
from training.judging.resampling import Floats
from training.learning import ways
from training.learning.fitting import Fitted, Material
from training.learning.held_out import cache_features, held_out_logits
from training.learning.inner_folds import fit_with_inner_folds
from training.learning.pixels import pixel_base
from training.patches.data_folder import read_data_folder
from training.patches.splitting import prepare_splits
from training.progress import Cancelled, never_stop, no_events
from training.recipe import FullRecipe, PixelRecipe, Recipe


def a_setting(out: Path) -> FoldSetting:
    return FoldSetting(out, out / "features", torch.device("cpu"), 0, no_events, never_stop)


def a_contestant(
    name: str, changes: Sequence[str] = (), *, base: str = "auto", tiny: bool = True
) -> Contestant:
    (found,) = contestants_of([name], changes, [base], tiny=tiny)
    return found


def a_plan(data: Path, contestant: Contestant, setting: FoldSetting) -> FoldPlan:
    cache = setting.cache(fresh_base(contestant, setting.seed))
    rows, errors = read_squares(read_data_folder(data).rows, cache, setting)
    assert not errors
    return plan_folds(rows, folds=3, grouping="auto", seed=0)


def test_the_labels_that_a_fold_holds_out_change_nothing_in_its_fit(
    labelled_folder: Path, tmp_path: Path
) -> None:
    setting, contestant = a_setting(tmp_path), a_contestant("logistic")
    plan = a_plan(labelled_folder, contestant, setting)
    held_out = set(plan.folds[0].held_out)
    flipped = replace(
        plan,
        rows=[
            replace(row, label=1 - (row.label or 0)) if i in held_out else row
            for i, row in enumerate(plan.rows)
        ],
    )
    one, other = (
        fit_fold(contestant, plan.folds[0], given, setting, "key") for given in (plan, flipped)
    )
    assert one.logits == other.logits
    assert (one.threshold, one.calibration) == (other.threshold, other.calibration)


def test_a_recipe_is_given_no_held_out_patch_and_validation_by_group(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting, contestant = a_setting(tmp_path), a_contestant("logistic")
    plan = a_plan(labelled_folder, contestant, setting)
    given: list[Material] = []

    def watched(recipe: Recipe, material: Material) -> Fitted:
        given.append(material)
        return ways.fit_recipe(recipe, material)

    monkeypatch.setattr("training.judging.fold_fit.fit_recipe", watched)
    fit_fold(contestant, plan.folds[1], plan, setting, "key")
    splits = given[0].splits
    held_out = plan.part(plan.folds[1].held_out)
    assert not splits.locked
    assert not {row.hash for row in splits.tuned} & {row.hash for row in held_out}
    assert not {row.group for row in splits.train} & {row.group for row in splits.validation}
    assert not {row.group for row in splits.tuned} & {row.group for row in held_out}
    assert len(splits.tuned) + len(held_out) == len(plan.rows)


def test_held_out_logits_from_kept_features_are_those_of_the_model(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path
) -> None:
    setting = a_setting(tmp_path)
    contestant = a_contestant("quick", ["views=8"], base=str(tiny_model_folder))
    plan = a_plan(labelled_folder, contestant, setting)
    base = fresh_base(contestant, 0)
    rows = [replace(row, split="train") for row in plan.part(plan.folds[0].train)]
    splits = prepare_splits(rows, share=0.2, seed=0)
    material = setting.material(base, contestant.base, splits, tmp_path / "checkpoints")
    fitted = ways.fit_recipe(contestant.recipe, material)
    held_out = plan.part(plan.folds[0].held_out)
    found = held_out_logits(contestant.recipe, fitted, material, held_out)
    scored = score_rows(
        fitted.module,
        fitted.preprocessing,
        fitted.architecture.head,
        setting.device,
        held_out,
        emit=no_events,
        cache=material.cache,
        views=8,
    )
    assert np.allclose(found, scored.of(held_out), atol=1e-4)


def test_features_are_computed_once_for_all_folds(
    labelled_folder: Path,
    tiny_model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    setting = a_setting(tmp_path)
    contestant = a_contestant("quick", base=str(tiny_model_folder))
    plan = a_plan(labelled_folder, contestant, setting)
    warm_up(contestant, fresh_base(contestant, 0), plan, setting)

    def never(*_: object) -> None:
        raise AssertionError("a feature was computed twice")

    monkeypatch.setattr("training.computing.pipeline.Runner._compute", never)
    parts = [fit_fold(contestant, fold, plan, setting, "key") for fold in plan.folds]
    assert sum(len(part.logits) for part in parts) == 96


def test_features_that_were_computed_before_a_stop_are_kept(
    labelled_folder: Path, tiny_model_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.learning.held_out._FEATURES_AT_ONCE", 20)
    calls: list[None] = []

    def stop() -> bool:
        calls.append(None)
        return len(calls) > 4

    setting = a_setting(tmp_path)
    contestant = a_contestant("quick", base=str(tiny_model_folder))
    plan = a_plan(labelled_folder, contestant, setting)
    base = fresh_base(contestant, 0)
    splits = prepare_splits([replace(row, split="train") for row in plan.rows], share=0.2, seed=0)
    material = setting.material(base, contestant.base, splits, tmp_path / "checkpoints")
    hashes = [row.hash for row in plan.rows]
    with pytest.raises(Cancelled):
        cache_features(contestant.recipe, replace(material, should_stop=stop), hashes)
    kept = next((tmp_path / "features").glob("*.txt")).read_text().split()
    assert 20 <= len(kept) < 96


def recipe_of_no_consequence() -> FullRecipe:
    recipe = a_contestant("swin-small").recipe
    assert isinstance(recipe, FullRecipe)
    return recipe


def test_inner_folds_pool_what_models_say_of_groups_they_were_not_fitted_on(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting, contestant = a_setting(tmp_path), a_contestant("logistic")
    plan = a_plan(labelled_folder, contestant, setting)
    rows = [replace(row, split="train") for row in plan.rows]
    splits = prepare_splits(rows, share=0.2, seed=0)
    material = setting.material(fresh_base(contestant, 0), contestant.base, splits, tmp_path / "c")
    fitted_on: list[set[str]] = []
    judged: list[set[str]] = []

    def fit(recipe: Recipe, inner: Material) -> Fitted:
        fitted_on.append({row.group for row in inner.splits.tuned})
        return ways.fit_recipe(contestant.recipe, inner)

    def logits(recipe: Recipe, fitted: Fitted, inner: Material, held_out: Sequence) -> Floats:
        judged.append({row.group for row in held_out})
        return held_out_logits(contestant.recipe, fitted, inner, held_out)

    monkeypatch.setattr("training.learning.inner_folds.held_out_logits", logits)
    found = fit_with_inner_folds(fit, recipe_of_no_consequence(), material, folds=3)
    assert len(fitted_on) == 4 and len(judged) == 3
    for seen, told in zip(fitted_on, judged, strict=False):
        assert not seen & told
        assert len(seen | told) == 12
    assert len(fitted_on[-1]) == 12
    assert len(found.tuning_rows) == 96
    assert np.isfinite(found.tuning_logits).all()
    assert "3 inner folds of whole groups" in found.tuned_on
    # What was finished before a stop is not fitted again.
    again = fit_with_inner_folds(fit, recipe_of_no_consequence(), material, folds=3)
    assert len(fitted_on) == 5
    assert np.array_equal(again.tuning_logits, found.tuning_logits)


@pytest.mark.parametrize("known", [True, False])
def test_no_inner_folds_are_cut_for_a_base_that_may_have_learnt_from_them(
    known: bool, labelled_folder: Path, tmp_path: Path
) -> None:
    setting, contestant = a_setting(tmp_path), a_contestant("logistic")
    plan = a_plan(labelled_folder, contestant, setting)
    splits = prepare_splits([replace(row, split="train") for row in plan.rows], share=0.2, seed=0)
    told: list[Event] = []
    material = replace(
        setting.material(fresh_base(contestant, 0), contestant.base, splits, tmp_path / "c"),
        backbone_trained=known,
        emit=told.append,
    )
    seen = frozenset([splits.train[0].hash]) if known else frozenset[str]()
    material = replace(material, base=replace(material.base, seen=seen, seen_known=known))
    fits: list[Material] = []

    def fit(_: Recipe, given: Material) -> Fitted:
        fits.append(given)
        return ways.fit_recipe(contestant.recipe, given)

    fit_with_inner_folds(fit, recipe_of_no_consequence(), material, folds=3)
    assert fits == [material]
    assert any(isinstance(one, Note) and "no inner folds" in one.text for one in told)


def test_a_member_that_has_changed_gives_a_stack_another_key(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting = a_setting(tmp_path)
    contestant = a_contestant("stack", ['members=["logistic", "other"]'])
    plan = a_plan(labelled_folder, a_contestant("logistic"), setting)
    base = pixel_base(PixelRecipe(name=""))
    monkeypatch.setattr("training.judging.fold_run.fresh_base", lambda *_: base)

    def keys(strength: float) -> list[str]:
        members = [PixelRecipe(name="other", strengths=[strength])]
        monkeypatch.setattr("training.judging.fold_run.member_recipes", lambda _: members)
        return _keys(contestant, plan, setting)

    assert keys(1.0) == keys(1.0)
    assert not set(keys(1.0)) & set(keys(2.0))


def test_a_deep_recipe_with_inner_folds_is_tuned_on_every_training_patch(
    labelled_folder: Path, tmp_path: Path
) -> None:
    setting, contestant = a_setting(tmp_path), a_contestant("swin-small", ["inner_folds=2"])
    plan = a_plan(labelled_folder, contestant, setting)
    part = fit_fold(contestant, plan.folds[0], plan, setting, "key")
    assert part.tuning_sclerotic + part.tuning_others == len(plan.folds[0].train)
    assert "2 inner folds" in part.tuned_on
    assert not (tmp_path / "checkpoints" / "key").exists()
