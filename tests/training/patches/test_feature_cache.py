"""Embeddings by pixel hash."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from training.config import Architecture, Preprocessing, UserError
from training.models.model import build_model
from training.patches.feature_cache import FeatureCache, feature_key

ROWS = np.arange(12, dtype=np.float32).reshape(4, 3)
NAMES = ["a", "b", "c", "d"]


def test_features_survive_and_come_in_the_order_asked(tmp_path: Path):
    FeatureCache(tmp_path, "k").add(NAMES, ROWS)
    cache = FeatureCache(tmp_path, "k")
    assert len(cache) == 4
    np.testing.assert_array_equal(cache.get(["c", "a", "c"]), ROWS[[2, 0, 2]])
    assert cache.missing(["x", "a", "x", "y"]) == ["x", "y"]
    with pytest.raises(KeyError):
        cache.get(["x"])


def test_adding_keeps_the_old_and_passes_over_the_known(tmp_path: Path):
    cache = FeatureCache(tmp_path, "k")
    cache.add(NAMES[:2], ROWS[:2])
    cache.add(NAMES, ROWS + 100)
    again = FeatureCache(tmp_path, "k")
    np.testing.assert_array_equal(again.get(NAMES[:2]), ROWS[:2])
    np.testing.assert_array_equal(again.get(NAMES[2:]), ROWS[2:] + 100)
    assert len(np.load(tmp_path / "k.npy")) == 4


def test_rows_whose_hashes_were_not_written_are_not_counted(tmp_path: Path):
    FeatureCache(tmp_path, "k").add(NAMES, ROWS)
    (tmp_path / "k.txt").write_text("a\nb\n")
    cache = FeatureCache(tmp_path, "k")
    assert len(cache) == 2
    cache.add(["e"], ROWS[3:])
    np.testing.assert_array_equal(FeatureCache(tmp_path, "k").get(["b", "e"]), ROWS[[1, 3]])


def test_a_damaged_cache_says_that_it_may_be_deleted(tmp_path: Path):
    FeatureCache(tmp_path, "k").add(NAMES, ROWS)
    (tmp_path / "k.npy").write_bytes(b"junk")
    with pytest.raises(UserError, match="delete it"):
        FeatureCache(tmp_path, "k")


def test_the_key_depends_on_weights_preprocessing_and_view():
    model = build_model(Architecture("test_efficientnet"))
    other = build_model(Architecture("test_efficientnet"))
    plain = Preprocessing()
    keys = {
        feature_key(model, plain),
        feature_key(other, plain),
        feature_key(model, replace(plain, mean=(0.5, 0.5, 0.5))),
        feature_key(model, replace(plain, pad_mode="reflect")),
        feature_key(model, replace(plain, enhancement="colour")),
        feature_key(model, replace(plain, enhancement="colour", hue=0.1)),
        feature_key(model, plain, "flip"),
    }
    assert len(keys) == 7
    assert feature_key(model, plain) in keys
