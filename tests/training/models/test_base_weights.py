"""Where training starts: what each source gives, and what is said where there is none."""

from pathlib import Path

import numpy as np
import pytest
import timm
import torch
from safetensors.torch import save_file

from training.config import Architecture, BaseWeights, UserError
from training.models import base_weights
from training.models.base_weights import (
    LITE0,
    default_preprocessing,
    efficientnet_lite0,
    lite0_file,
    lite0_state,
    load_backbone,
    load_base,
    with_head,
)
from training.models.checkpoint_file import read_checkpoint
from training.models.model import backbone_hash, build_model, classifier
from training.patches.preprocess import normalise, square

needs_lite0 = pytest.mark.skipif(lite0_file() is None, reason="the weights aren't installed")
SMALL = Architecture("test_efficientnet")


@needs_lite0
def test_the_packages_names_map_onto_timms_one_to_one():
    path = lite0_file()
    assert path is not None
    given = read_checkpoint(path)
    renamed = lite0_state(given)
    expected = timm.create_model(LITE0).state_dict()
    assert len(given) == len(renamed) == len(expected) == 296
    assert {n: t.shape for n, t in renamed.items()} == {n: t.shape for n, t in expected.items()}


@needs_lite0
def test_the_mapped_weights_know_imagenet():
    """A photograph of a Chinese temple, which scikit-learn brings along, is told as one."""
    datasets = pytest.importorskip("sklearn.datasets")
    path = lite0_file()
    assert path is not None
    model = timm.create_model(LITE0).eval()
    model.load_state_dict(lite0_state(read_checkpoint(path)))
    photograph = np.ascontiguousarray(datasets.load_sample_image("china.jpg"))
    preprocessing = efficientnet_lite0().preprocessing
    with torch.inference_mode():
        image = torch.from_numpy(square(photograph, preprocessing))[None]
        probability = model(normalise(image, preprocessing)).softmax(1)[0]
    bell_cote, stupa = 442, 832
    assert set(probability.topk(2).indices.tolist()) == {bell_cote, stupa}
    assert probability[[bell_cote, stupa]].sum() > 0.4


@needs_lite0
def test_lite0_gives_a_backbone_with_a_fresh_head():
    base = efficientnet_lite0()
    assert base.preprocessing.mean == base.preprocessing.std == (0.5, 0.5, 0.5)
    assert classifier(base.module).out_features == 2
    assert not base.head_trained
    assert base.seen == frozenset()
    assert base.seen_known
    assert backbone_hash(base.module) == backbone_hash(efficientnet_lite0().module)


@needs_lite0
def test_auto_takes_the_active_model_where_the_architecture_fits(tiny_model_folder: Path):
    auto = BaseWeights("auto")
    assert load_base(auto).architecture.name == LITE0
    active = load_base(auto, active_model=tiny_model_folder)
    assert active.source == "tiny version 1"
    other = load_base(auto, active_model=tiny_model_folder, architecture=Architecture(LITE0))
    assert other.architecture.name == LITE0


def test_without_the_package_the_remedy_is_told(monkeypatch):
    monkeypatch.setattr(base_weights, "lite0_file", lambda: None)
    with pytest.raises(UserError, match="offline-weights"):
        load_base(BaseWeights("auto"))


def test_a_model_brings_its_head_its_ancestors_and_what_it_has_seen(tiny_model_folder: Path):
    for base in (
        load_base(BaseWeights("active"), active_model=tiny_model_folder),
        load_base(BaseWeights("model", str(tiny_model_folder))),
        load_base(BaseWeights("file", str(tiny_model_folder))),
    ):
        assert base.head_trained
        assert base.ancestors == ("tiny",)
        assert base.seen == {"a" * 64, "b" * 64}
        assert base.preprocessing.size == 32


def test_random_weights_only_by_name():
    base = load_base(BaseWeights("random"), architecture=SMALL)
    assert "random" in base.source
    assert base.architecture == SMALL


def imagenet_like(tmp_path: Path, **metadata: str) -> tuple[Path, dict[str, torch.Tensor]]:
    """Weights of SMALL with a thousand classes."""
    state = timm.create_model(SMALL.name, num_classes=1000).state_dict()
    path = tmp_path / "weights.safetensors"
    save_file(state, path, metadata)
    return path, state


def test_a_file_gives_all_but_its_classifier(tmp_path: Path):
    path, state = imagenet_like(tmp_path)
    base = load_base(BaseWeights("file", str(path)), architecture=SMALL)
    own = base.module.state_dict()
    assert own["classifier.weight"].shape[0] == 2
    assert all(torch.equal(own[n], t) for n, t in state.items() if "classifier" not in n)


def test_a_fetched_file_describes_itself(tmp_path: Path):
    path, _ = imagenet_like(
        tmp_path,
        architecture=SMALL.name,
        preprocessing='{"size": 160, "mean": [0.1, 0.2, 0.3], "std": [1, 1, 1]}',
    )
    base = load_base(BaseWeights("file", str(path)))
    assert base.architecture.name == SMALL.name
    assert base.preprocessing.mean == (0.1, 0.2, 0.3)


def test_a_file_that_does_not_say_its_architecture_needs_one(tmp_path: Path):
    path, _ = imagenet_like(tmp_path)
    with pytest.raises(UserError, match="name its timm architecture"):
        load_base(BaseWeights("file", str(path)))


def test_weights_of_another_architecture_are_refused(tmp_path: Path):
    path, _ = imagenet_like(tmp_path)
    with pytest.raises(UserError, match="another architecture"):
        load_base(BaseWeights("file", str(path)), architecture=Architecture("test_vit"))


def test_position_tables_are_resampled_to_the_models_input():
    kwargs = {"embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2]}
    name = "swin_tiny_patch4_window7_224"
    large = build_model(Architecture(name, {**kwargs, "img_size": 64, "window_size": 8}))
    small = build_model(Architecture(name, {**kwargs, "img_size": 32, "window_size": 4}))
    load_backbone(small, dict(large.state_dict()), "large")
    assert torch.equal(small.state_dict()["norm.bias"], large.state_dict()["norm.bias"])


def test_another_head_keeps_the_backbone():
    base = load_base(BaseWeights("random"), architecture=SMALL)
    other = with_head(base, Architecture(SMALL.name, head="logit"))
    assert classifier(other.module).out_features == 1
    assert backbone_hash(other.module) == backbone_hash(base.module)


@pytest.mark.parametrize("kind", ["active", "model", "file"])
def test_a_base_that_is_not_given_is_told(kind):
    with pytest.raises(UserError):
        load_base(BaseWeights(kind))


def test_the_default_preprocessing_is_timms():
    swin = default_preprocessing(Architecture("swin_base_patch4_window7_224"))
    assert swin.mean == (0.485, 0.456, 0.406)
    assert swin.size == 224
    assert default_preprocessing(Architecture("test_vit", {"img_size": 32})).size == 32
