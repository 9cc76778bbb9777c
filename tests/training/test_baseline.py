from dataclasses import replace
from pathlib import Path

import numpy as np

from training.baseline import logistic_baseline, small_pixels
from training.config import Preprocessing
from training.data_folder import read_data_folder
from training.pixel_cache import PixelCache
from training.splitting import prepare_splits


def test_pixels_alone_tell_pale_from_dark(labelled_folder: Path, tmp_path: Path) -> None:
    cache = PixelCache.open(tmp_path, Preprocessing(size=64))
    rows = read_data_folder(labelled_folder).rows
    hashes = cache.build(rows).hashes
    rows = [replace(row, hash=hashes[row.patch], gate=True) for row in rows]
    splits = prepare_splits(rows, share=0.2, seed=0)
    assert small_pixels(cache, rows).shape == (96, 32 * 32 * 3)
    assert float(small_pixels(cache, rows).max()) <= 1.0
    found = logistic_baseline(splits, cache)
    assert found.locked.patches == 32
    auc = found.locked.values["auc"].value
    assert auc is not None and auc > 0.8
    assert found.validation.patches == 64


def test_small_pixels_are_means_of_blocks(tmp_path: Path, labelled_folder: Path) -> None:
    cache = PixelCache.open(tmp_path, Preprocessing(size=64))
    (row, *_) = read_data_folder(labelled_folder).rows
    row = replace(row, hash=cache.build([row]).hashes[row.patch])
    square = cache.array(row.hash).astype(np.float64) / 255
    first = small_pixels(cache, [row])[0, :3]
    assert np.allclose(first, square[:2, :2].mean(axis=(0, 1)), atol=1e-5)
