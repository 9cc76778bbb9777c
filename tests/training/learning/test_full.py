from pathlib import Path
from typing import Any

import pytest
import torch

from training.config import Architecture, UserError
from training.events import Event, Note
from training.learning.full import _with_dropout
from training.models.model import outputs
from training.recipe import FullRecipe

SWIN = Architecture(
    "swin_tiny_patch4_window7_224",
    {
        **{"img_size": 32, "window_size": 4, "embed_dim": 16},
        **{"depths": [1, 1], "num_heads": [1, 2]},
    },
)


def recipe(**fields: Any) -> FullRecipe:
    return FullRecipe(name="test", **fields)


def differs_in_training(architecture: Architecture, wanted: FullRecipe) -> bool:
    torch.manual_seed(0)
    module = _with_dropout(architecture, wanted, lambda _: None).train()
    images = torch.rand(8, 3, 32, 32)
    with torch.no_grad():
        return not outputs(module, images).equal(outputs(module, images))


@pytest.mark.parametrize(
    ("fields", "random"),
    [
        ({"drop_path": 0.0, "dropout": 0.0}, False),
        ({"drop_path": 0.5, "dropout": 0.0}, True),
        ({"drop_path": 0.0, "dropout": 0.5}, True),
    ],
)
def test_nothing_is_dropped_but_what_the_recipe_drops(
    fields: dict[str, float], random: bool
) -> None:
    assert differs_in_training(SWIN, recipe(**fields)) is random


def test_an_architecture_without_paths_is_trained_without_dropping_them() -> None:
    told: list[Event] = []
    module = _with_dropout(Architecture("vgg11"), recipe(drop_path=0.1, dropout=0.3), told.append)
    assert module.head.drop.p == 0.3  # type: ignore[union-attr]
    (note,) = told
    assert isinstance(note, Note)
    assert "no paths to drop" in note.text


def test_a_wrong_argument_is_told(tmp_path: Path) -> None:
    wrong = Architecture("test_vit", {"no_such_argument": 1})
    with pytest.raises(UserError, match="test_vit can't be built"):
        _with_dropout(wrong, recipe(), lambda _: None)
