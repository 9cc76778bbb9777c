"""`embed`: features by pixel hash, computed once."""

from pathlib import Path

import numpy as np
import pytest
import torch

from training.__main__ import main
from training.command_line import ComputeOptions
from training.decode import decode
from training.embed import Backbone, embed_rows, load_backbone_of
from training.models.model import embed
from training.patches.feature_cache import FeatureCache
from training.patches.manifest import write_manifest
from training.patches.preprocess import normalise, square
from training.progress import Cancelled, no_events

CPU = ComputeOptions(device="cpu", workers=1, batch_size=4)


@pytest.fixture
def backbone(tiny_model_folder: Path) -> Backbone:
    return load_backbone_of(tiny_model_folder)


def test_features_are_the_models_pooled_output(tmp_path: Path, make_rows, backbone):
    rows = make_rows(6)
    done, cache = embed_rows(backbone, rows, tmp_path / "f", CPU, emit=no_events)
    assert done.computed == len(cache) == 6
    squares = np.stack([square(decode(row.path), backbone.preprocessing) for row in rows])
    with torch.inference_mode():
        images = normalise(torch.from_numpy(squares), backbone.preprocessing)
        expected = embed(backbone.module, images).numpy()
    np.testing.assert_allclose(cache.get([row.hash for row in rows]), expected, atol=1e-5)


def test_what_is_there_is_not_computed_again(tmp_path: Path, make_rows, backbone):
    rows = make_rows(5)
    embed_rows(backbone, rows[:3], tmp_path / "f", CPU, emit=no_events)
    for row in rows[:3]:
        row.path.unlink()
    done, cache = embed_rows(backbone, rows, tmp_path / "f", CPU, emit=no_events)
    assert done.computed == 2
    assert done.errors == {}
    assert done.hashes == {row.patch: row.hash for row in rows}
    assert len(cache) == 5


def test_unreadable_patches_are_told(tmp_path: Path, make_rows, backbone):
    rows = make_rows(3)
    rows[1].path.write_bytes(b"junk")
    done, cache = embed_rows(backbone, rows, tmp_path / "f", CPU, emit=no_events)
    assert done.errors == {"1": "not an image"}
    assert len(cache) == 2


def test_what_was_computed_before_a_cancel_is_kept(tmp_path: Path, make_rows, backbone):
    rows = make_rows(20)
    looks = iter(range(100))
    with pytest.raises(Cancelled):
        embed_rows(
            *(backbone, rows, tmp_path / "f", CPU),
            emit=no_events,
            should_stop=lambda: next(looks) > 12,
        )
    done, cache = embed_rows(backbone, rows, tmp_path / "f", CPU, emit=no_events)
    assert 0 < done.computed < 20
    assert len(cache) == 20


def test_the_verb_writes_features_and_hashes(tmp_path, make_rows, tiny_model_folder, capsys):
    rows = make_rows(4)
    write_manifest(tmp_path / "manifest.csv", rows)
    words = ["embed", "--manifest", str(tmp_path / "manifest.csv"), "--device", "cpu"]
    words += ["--model-path", str(tiny_model_folder), "--output", str(tmp_path / "f")]
    assert main(words) == 0
    (array,) = (tmp_path / "f").glob("*.npy")
    assert np.load(array).shape == (4, 32)
    assert len(FeatureCache(tmp_path / "f", array.stem)) == 4
    assert "4 computed" in capsys.readouterr().out
