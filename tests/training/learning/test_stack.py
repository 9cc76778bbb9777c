"""Stacks: what the meta learner is fitted on, and a stack as an ordinary model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from training.__main__ import main
from training.config import Architecture, BaseWeights, Preprocessing, RunFolder, UserError
from training.learning.fitting import Fitted, Material
from training.learning.stack import fit_stack
from training.learning.stack_base import member_bases, member_recipes, stack_base
from training.learning.starting import starting_base
from training.learning.ways import fit_recipe
from training.models.base_weights import Base
from training.models.model import build_model, classifier, embed
from training.models.model_folder import load_model, verify_model
from training.patches.data_folder import read_data_folder
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import normalise, square
from training.patches.splitting import prepare_splits
from training.recipe import PixelRecipe, Recipe, StackRecipe

RANDOM = BaseWeights("random")
TINY = StackRecipe(name="stack", members=["logistic", "quick"], size=32, folds=3)


@pytest.fixture
def material(labelled_folder: Path, tmp_path: Path) -> Material:
    torch.manual_seed(0)
    base = starting_base(TINY, RANDOM, None)
    cache = PixelCache.open(tmp_path / "squares", base.preprocessing)
    rows = read_data_folder(labelled_folder).rows
    hashes = cache.build(rows).hashes
    rows = [replace(row, hash=hashes[row.patch], gate=True) for row in rows]
    return Material(
        base=base,
        backbone_trained=False,
        splits=prepare_splits(rows, share=0.2, seed=0),
        cache=cache,
        features_dir=tmp_path,
        checkpoints=tmp_path / "checkpoints",
        device=torch.device("cpu"),
        seed=0,
        emit=lambda event: None,
        should_stop=lambda: False,
    )


def test_members_learn_by_group_and_at_last_from_everything(material: Material) -> None:
    trained: list[tuple[str, set[str]]] = []

    def fit(recipe: Recipe, given: Material) -> Fitted:
        trained.append((recipe.name, {row.group for row in given.splits.tuned}))
        return fit_recipe(recipe, given)

    fit_stack(TINY, material, fit)
    every = {row.group for row in material.splits.tuned}
    for name in TINY.members:
        *folds, last = [groups for member, groups in trained if member == name]
        left_out = [every - groups for groups in folds]
        assert len(folds) == 3
        assert last == every
        assert set().union(*left_out) == every
        assert sum(map(len, left_out)) == len(every)


def test_what_members_know_by_heart_does_not_reach_the_meta_learner(material: Material) -> None:
    labels = np.random.default_rng(5).permutation([0, 1] * 32)
    learnt = [replace(row, label=int(labels[i])) for i, row in enumerate(material.splits.tuned)]
    splits = replace(material.splits, train=learnt, validation=[])

    def fit(recipe: Recipe, given: Material) -> Fitted:
        if isinstance(recipe, PixelRecipe):
            recipe = replace(recipe, strengths=[1e3])
        return fit_recipe(recipe, given)

    fitted = fit_stack(TINY, replace(material, splits=splits), fit)
    assert len(fitted.tuning_logits) == 64
    assert 0.2 < roc_auc_score(labels, fitted.tuning_logits) < 0.8
    # The logistic member has learnt these labels by heart, as it may: its answers to them
    # are what must not be told to the meta learner.
    squares = torch.from_numpy(np.stack([material.cache.array(row.hash) for row in learnt]))
    with torch.inference_mode():
        answers = embed(fitted.module, normalise(squares, fitted.preprocessing))
    assert roc_auc_score(labels, answers[:, 0].numpy()) > 0.99


def test_a_stack_ends_as_a_model_like_any_other(labelled_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["--data", str(labelled_folder), "--out", str(out), "--device", "cpu"]
    words += ["--recipe", "stack", "--tiny", "--set", "size=32", "--base", "random"]
    assert main(["finetune", *words]) == 0
    candidate = RunFolder(out).candidate
    assert verify_model(candidate) == []
    loaded = load_model(candidate)
    found = loaded.card.recipe["found"]
    assert set(found["weights"]) == {"logistic", "quick"}
    assert loaded.card.seen_count == 64
    auc = loaded.card.metrics["locked"]["auc"]["value"]
    assert auc is not None and auc > 0.8
    images = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        weights = torch.tensor(list(found["weights"].values()), dtype=torch.float32)
        linear = embed(loaded.module, images) @ weights
        said = loaded.module(images)[:, 0]
    assert torch.allclose(said - linear, (said - linear)[0], atol=1e-4)


def _base(**preprocessing: Any) -> Base:
    architecture = Architecture("glom_logistic", {"img_size": 32, "side": 4}, "logit")
    return Base(
        module=build_model(architecture),
        architecture=architecture,
        preprocessing=replace(Preprocessing(size=32), **preprocessing),
        source="nothing",
    )


def test_a_stack_takes_the_largest_square_and_gives_back_its_members() -> None:
    bases = [_base(), _base(size=48, mean=(0.5, 0.5, 0.5))]
    base = stack_base(TINY, bases)
    assert base.preprocessing == Preprocessing(size=48, mean=(0, 0, 0), std=(1, 1, 1))
    for given, found in zip(bases, member_bases(base), strict=True):
        assert found.preprocessing == given.preprocessing
        assert found.architecture == given.architecture
        for name, tensor in given.module.state_dict().items():
            assert torch.equal(found.module.state_dict()[name], tensor)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("padding", {"pad_mode": "edge"}),
        ("padding", {"pad_colour": (0, 0, 0)}),
        ("fit", {"fit": "stretch"}),
    ],
)
def test_members_that_cannot_share_a_square_are_refused(word: str, other: dict[str, Any]) -> None:
    with pytest.raises(UserError, match=f"differ in {word}.*same square"):
        stack_base(TINY, [_base(), _base(**other)])


def test_the_meta_learner_is_told_calibrated_answers(material: Material) -> None:
    """Else a fit whose answers are ten times as large would rule those of the other folds."""

    def fit(recipe: Recipe, given: Material) -> Fitted:
        fitted = fit_recipe(recipe, given)
        layer = classifier(fitted.module)
        factor = 1.0 + len(asked) * 9.0
        asked.append(factor)
        with torch.no_grad():
            layer.weight.mul_(factor)
            layer.bias.mul_(factor)
        return replace(fitted, tuning_logits=fitted.tuning_logits * factor)

    asked: list[float] = []
    scaled = fit_stack(TINY, material, fit)
    plain = fit_recipe(TINY, material)
    np.testing.assert_allclose(scaled.tuning_logits, plain.tuning_logits, rtol=0.02, atol=0.02)


def test_members_with_enhancements_of_their_own_learn_from_what_they_will_be_shown(
    material: Material,
) -> None:
    """System D's second part: one member on enhanced colours, one on edges."""
    bases = [
        _base(enhancement="colour", saturation=1.5, mean=(0, 0, 0), std=(1, 1, 1)),
        _base(enhancement="edges", mean=(0, 0, 0), std=(1, 1, 1)),
    ]
    own = replace(material, base=stack_base(TINY, bases))
    assert own.base.preprocessing == material.cache.preprocessing
    asked: list[Material] = []

    def fit(recipe: Recipe, given: Material) -> Fitted:
        del recipe
        asked.append(given)
        return fit_recipe(PixelRecipe(name="own", strengths=[1e-3], folds=2), given)

    fitted = fit_stack(TINY, own, fit)
    assert len({given.cache.folder for given in asked}) == 2
    assert len({given.features_dir for given in asked}) == 2
    row = material.splits.tuned[0]
    plain = material.cache.array(row.hash)
    for given in (asked[0], asked[-1]):
        expected = square(plain, given.base.preprocessing)
        assert np.array_equal(given.cache.array(row.hash), expected)
        assert not np.array_equal(expected, plain)
    with torch.inference_mode():
        shown = normalise(torch.from_numpy(plain[None].copy()), fitted.preprocessing)
        answers = embed(fitted.module, shown)[0]
    assert answers.shape == (2,)
    assert fitted.architecture.kwargs["members"][1]["preprocessing"]["enhancement"] == "edges"


def test_a_member_that_has_learnt_from_patches_is_refused() -> None:
    with pytest.raises(UserError, match="has learnt from patches"):
        stack_base(TINY, [_base(), replace(_base(), head_trained=True)])


def test_a_stack_of_stacks_is_refused() -> None:
    with pytest.raises(UserError, match="a stack can't be a member"):
        member_recipes(replace(TINY, members=["logistic", "stack"]))


def test_what_a_stack_changes_counts_for_all_of_its_members() -> None:
    members = member_recipes(replace(TINY, padding="edge"))
    assert [(one.size, one.padding) for one in members] == [(32, "edge")] * 2
