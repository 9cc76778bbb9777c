"""Logistic regression on pixels as an ordinary model."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.linear_model import LogisticRegression

from training.__main__ import main
from training.config import BaseWeights, RunFolder, UserError
from training.judging.resampling import Floats
from training.learning.fitting import Material
from training.learning.pixels import fit_pixels, pixel_means
from training.learning.starting import starting_base
from training.models.model import outputs
from training.models.model_folder import load_model, verify_model
from training.patches.data_folder import read_data_folder
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import normalise
from training.patches.splitting import group_folds, prepare_splits
from training.recipe import PixelRecipe, Recipe

TINY = PixelRecipe(name="logistic", size=24, side=6, folds=2, strengths=[1e-3])
MakeMaterial = Callable[[Recipe], Material]


@pytest.fixture
def make_material(labelled_folder: Path, tmp_path: Path) -> MakeMaterial:
    def make(recipe: Recipe) -> Material:
        base = starting_base(recipe, BaseWeights(), None)
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

    return make


def _means(material: Material, rows: Sequence[ManifestRow]) -> Floats:
    """(N, 108) means of 4 x 4 blocks, channel by channel, in 0..1."""
    squares = [material.cache.array(row.hash).reshape(6, 4, 6, 4, 3) for row in rows]
    means = np.stack([square.mean(axis=(1, 3)).transpose(2, 0, 1).ravel() for square in squares])
    return means / 255.0


def _theirs(
    material: Material, rows: Sequence[ManifestRow], asked: Sequence[ManifestRow]
) -> Floats:
    """What scikit-learn says of `asked` after it was fitted on `rows`."""
    pixels, labels = _means(material, rows), [row.label for row in rows]
    mean, deviation = pixels.mean(axis=0), pixels.std(axis=0)
    model = LogisticRegression(C=1e-3, class_weight="balanced", max_iter=5000, tol=1e-8)
    model.fit((pixels - mean) / deviation, labels)
    return model.decision_function((_means(material, asked) - mean) / deviation)


def test_the_model_says_what_scikit_learn_says(make_material: MakeMaterial) -> None:
    material = make_material(TINY)
    fitted = fit_pixels(TINY, material)
    locked = material.splits.locked
    squares = torch.from_numpy(np.stack([material.cache.array(row.hash) for row in locked]))
    with torch.inference_mode():
        ours = outputs(fitted.module, normalise(squares, fitted.preprocessing))[:, 0].numpy()
    np.testing.assert_allclose(ours, _theirs(material, material.splits.tuned, locked), atol=2e-4)
    assert np.ptp(ours) > 0.1


def test_what_calibrates_comes_from_fits_that_had_not_seen_the_group(
    make_material: MakeMaterial,
) -> None:
    material = make_material(TINY)
    fitted = fit_pixels(TINY, material)
    rows = list(fitted.tuning_rows)
    for rest, fold in group_folds(rows, folds=2, seed=0):
        assert not {rows[i].group for i in rest} & {rows[i].group for i in fold}
        expected = _theirs(material, [rows[i] for i in rest], [rows[i] for i in fold])
        np.testing.assert_allclose(fitted.tuning_logits[fold], expected, atol=2e-4)


@pytest.mark.parametrize("padding", ["white", "zero", "edge", "reflect"])
@pytest.mark.parametrize("size", [24, 37])
def test_any_padding_and_size(make_material: MakeMaterial, padding, size) -> None:
    recipe = replace(TINY, padding=padding, size=size)
    material = make_material(recipe)
    fitted = fit_pixels(recipe, material)
    assert fitted.preprocessing.size == size
    hashes = [row.hash for row in material.splits.locked]
    pixels = pixel_means(fitted.module, material, hashes)
    assert pixels.shape == (32, 6 * 6 * 3)
    assert 0.0 <= pixels.min() < pixels.max() <= 1.0


def test_more_blocks_than_pixels_are_refused(make_material: MakeMaterial) -> None:
    with pytest.raises(UserError, match="side is 64; it should be 1 to 24"):
        make_material(replace(TINY, side=64))


def test_logistic_ends_as_a_model_like_any_other(labelled_folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "run"
    words = ["--data", str(labelled_folder), "--out", str(out), "--device", "cpu"]
    assert main(["finetune", *words, "--recipe", "logistic", "--tiny"]) == 0
    candidate = RunFolder(out).candidate
    assert verify_model(candidate) == []
    card = load_model(candidate).card
    assert card.architecture.name == "glom_logistic"
    assert card.seen_count == 64
    auc = card.metrics["locked"]["auc"]["value"]
    assert auc is not None and auc > 0.8
    calls = tmp_path / "calls.csv"
    images = ["--input-dir", str(labelled_folder), "--output-file", str(calls), "--device", "cpu"]
    assert main(["predict", "--model-path", str(candidate), *images]) == 0
    assert len(calls.read_text().splitlines()) == 97
