from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from training.augmentation.augment import apply_symmetries
from training.augmentation.views import mean_over_views, turned
from training.computing.pipeline import Runner
from training.config import UserError
from training.models.model_folder import load_model

CPU = torch.device("cpu")


@pytest.fixture
def squares() -> torch.Tensor:
    return torch.randint(256, (3, 32, 32, 3), dtype=torch.uint8)


@pytest.mark.parametrize("code", range(8))
def test_a_view_is_a_symmetry_of_training(squares: torch.Tensor, code: int) -> None:
    assert turned(squares, code).equal(apply_symmetries(squares, torch.full((3,), code)))


def test_the_mean_is_over_all_eight(squares: torch.Tensor) -> None:
    weights = torch.rand(32, 32, 3)

    def compute(batch: torch.Tensor) -> torch.Tensor:
        return (batch * weights).sum(dim=(1, 2, 3))

    each = [compute(turned(squares, code)) for code in range(8)]
    torch.testing.assert_close(mean_over_views(squares, 8, compute), torch.stack(each).mean(0))
    assert mean_over_views(squares, 1, compute).equal(each[0])


def test_eight_views_predict_the_same_for_a_turned_patch(
    tiny_model_folder: Path, squares: torch.Tensor
) -> None:
    loaded = load_model(tiny_model_folder)

    def logits(views: int, batch: torch.Tensor) -> np.ndarray:
        preprocessing = loaded.card.preprocessing
        runner = Runner(loaded.module, preprocessing, "softmax", CPU, views=views)
        return runner.start(batch).arrays()[0]

    other_way = turned(squares, 5)
    np.testing.assert_allclose(logits(8, squares), logits(8, other_way), atol=1e-5)
    assert np.abs(logits(1, squares) - logits(1, other_way)).max() > 1e-4


def test_any_other_number_of_views_is_refused(tiny_model_folder: Path) -> None:
    loaded = load_model(tiny_model_folder)
    with pytest.raises(UserError, match="it should be 1 or 8"):
        Runner(loaded.module, loaded.card.preprocessing, "softmax", CPU, views=3)


def test_views_tell_predictions_apart(tiny_model_folder: Path) -> None:
    from training.predict import prediction_source

    card = load_model(tiny_model_folder).card
    assert prediction_source(card) != prediction_source(replace(card, views=8))
