"""Our own architectures behave as timm's do, wherever a model is built from its description."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from training.config import (
    Architecture,
    Calibration,
    ModelCard,
    Preprocessing,
    Threshold,
    UserError,
)
from training.learning.full import wanted_architecture
from training.learning.optimizer import build_optimizer
from training.models.model import build_model, classifier, embed, outputs
from training.models.model_folder import load_model, save_model
from training.patches.preprocess import normalise, square
from training.recipe import FullRecipe

GROWN = {"img_size": 32, "convolutions": [4, 8], "dense": [6]}
CENTRED = Preprocessing(size=48, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5))
MEMBERS = [
    {
        **{"name": "glom_logistic", "kwargs": {"img_size": 32, "side": 4}, "head": "logit"},
        "preprocessing": Preprocessing(size=32).to_json(),
        "calibration": Calibration().to_json(),
    },
    {
        **{"name": "test_efficientnet", "kwargs": {}, "head": "softmax"},
        "preprocessing": CENTRED.to_json(),
        "calibration": Calibration(2.0, -1.0).to_json(),
    },
]
OURS = [
    ("glom_logistic", {"img_size": 32, "side": 8}),
    ("glom_growing", {"img_size": 32}),
    ("glom_growing", GROWN),
    ("glom_stack", {"members": MEMBERS}),
]


@pytest.mark.parametrize("head", ["softmax", "logit"])
@pytest.mark.parametrize(("name", "kwargs"), OURS)
def test_they_answer_as_other_architectures_do(name, kwargs, head):
    model = build_model(Architecture(name, kwargs, head))
    images = torch.rand(3, 3, 32, 32)
    with torch.inference_mode():
        plain = model(images)
        torch.testing.assert_close(outputs(model, images), plain)
        torch.testing.assert_close(classifier(model)(embed(model, images)), plain)
    assert plain.shape == (3, 2 if head == "softmax" else 1)


@pytest.mark.parametrize(("name", "kwargs"), OURS)
def test_they_are_saved_and_reloaded(name, kwargs, tmp_path):
    architecture = Architecture(name, kwargs, "logit")
    model = build_model(architecture)
    card = ModelCard(
        id="own",
        name="own",
        version=1,
        architecture=architecture,
        preprocessing=Preprocessing(size=32),
        calibration=Calibration(),
        threshold=Threshold(0.0, "test"),
        created="2026-01-01T00:00:00+00:00",
    )
    save_model(tmp_path / "own", card, model.state_dict(), seen=[])
    images = torch.rand(2, 3, 32, 32)
    with torch.inference_mode():
        loaded = load_model(tmp_path / "own")
        torch.testing.assert_close(loaded.module(images), model(images), rtol=0, atol=0)
    assert loaded.card.architecture == architecture


@pytest.mark.parametrize(("size", "side"), [(32, 8), (37, 8), (9, 9)])
def test_logistic_sees_the_means_of_whole_blocks_about_the_centre(size, side):
    model = build_model(Architecture("glom_logistic", {"img_size": size, "side": side}, "logit"))
    images = torch.rand(2, 3, size, size)
    block = size // side
    margin = (size - block * side) // 2
    inner = images.numpy()[:, :, margin : margin + block * side, margin : margin + block * side]
    means = inner.reshape(2, 3, side, block, side, block).mean(axis=(3, 5))
    np.testing.assert_allclose(embed(model, images).numpy(), means.reshape(2, -1), rtol=1e-5)


def test_layers_of_a_growing_network_learn_the_slower_the_nearer_to_the_pixels():
    recipe = FullRecipe(name="grown", layer_decay=0.5)
    model = build_model(Architecture("glom_growing", GROWN, "logit"))
    scales = {
        id(parameter): group["lr_scale"]
        for group in build_optimizer(model, recipe).param_groups
        for parameter in group["params"]
    }
    layers = ["convolutions.0.0", "convolutions.1.0", "dense.0.0", "classifier"]
    told = [scales[id(model.get_parameter(f"{layer}.weight"))] for layer in layers]
    assert told == sorted(told)
    assert told[0] < told[-1]


def test_a_growing_network_begins_as_one_neuron():
    model = build_model(Architecture("glom_growing", {"img_size": 16}, "logit"))
    assert sum(p.numel() for p in model.parameters()) == 3 * 16 * 16 + 1


@pytest.mark.parametrize(
    "preprocessing",
    [
        CENTRED,
        replace(CENTRED, size=40),
        replace(CENTRED, enhancement="colour", saturation=1.5, hue=0.1),
        replace(CENTRED, size=32, enhancement="edges"),
    ],
)
def test_a_member_of_a_stack_sees_what_it_was_trained_on(preprocessing):
    members = [MEMBERS[0], {**MEMBERS[1], "preprocessing": preprocessing.to_json()}]
    stack = build_model(Architecture("glom_stack", {"members": members}, "logit"))
    pixels = np.random.default_rng(0).integers(0, 256, (2, 48, 48, 3), dtype=np.uint8)
    plain = Preprocessing(size=48, mean=(0, 0, 0), std=(1, 1, 1))
    shown = np.stack([square(one, preprocessing) for one in pixels])
    with torch.inference_mode():
        told = embed(stack, normalise(torch.from_numpy(pixels), plain))
        alone = normalise(torch.from_numpy(shown), preprocessing)
        raw = stack.get_submodule("members.1.module")(alone)
    assert told.shape == (2, 2)
    torch.testing.assert_close(told[:, 1], 2 * (raw[:, 1] - raw[:, 0]) - 1)


REFUSED = [
    ("glom_logistic", {"img_size": 16, "side": 32}, "side is 32"),
    ("glom_logistic", {"wings": 2}, "unknown arguments wings"),
    ("glom_growing", {"img_size": 16, "convolutions": [4] * 5}, "leave nothing"),
    ("glom_growing", {"img_size": 16, "dense": [0]}, "neurons of a dense layer is 0"),
    ("glom_growing", {"img_size": 16, "dense": ["6"]}, "neurons of a dense layer is 6"),
    ("glom_stack", {}, "needs members"),
    ("glom_stack", {"members": [{"name": "glom_logistic"}]}, "kwargs"),
    ("glom_stack", {"members": [{**MEMBERS[0], "preprocessing": {"size": 4}}]}, "size is 4"),
    ("glom_stack", {"members": [{**MEMBERS[0], "name": "glom_stack"}]}, "member of a stack"),
    (
        "glom_stack",
        {"members": [{**MEMBERS[1], "kwargs": {"checkpoint_path": "x.pth"}}]},
        "checkpoint_path",
    ),
]


@pytest.mark.parametrize(("name", "kwargs", "told"), REFUSED)
def test_what_cannot_be_built_is_refused_in_a_sentence(name, kwargs, told):
    with pytest.raises(UserError, match=told):
        build_model(replace(Architecture(name), kwargs=kwargs))


def test_a_growing_network_says_what_is_wrong_with_a_square_of_another_size():
    model = build_model(Architecture("glom_growing", GROWN))
    with pytest.raises(UserError, match="squares of 32 px and is shown 48 px"):
        outputs(model, torch.rand(1, 3, 48, 48))


def test_a_recipe_tells_our_architectures_the_size_of_its_squares():
    recipe = FullRecipe(name="own", architecture="glom_growing", size=48)
    assert wanted_architecture(recipe).kwargs == {"img_size": 48}
    recipe = FullRecipe(name="timm", architecture="test_vit", size=48)
    assert wanted_architecture(recipe).kwargs == {}
