import json

import pytest
import torch

from training.__main__ import main
from training.computing.activation_memory import step_memory
from training.computing.timed_step import Timed
from training.config import Architecture
from training.estimate import estimate, spoken_time
from training.recipe import FullRecipe, QuickRecipe, StackRecipe
from training.recipe_files import load_recipe

CPU = torch.device("cpu")


@pytest.fixture
def timed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step of a tenth of a second a patch, of which a prediction is a third."""
    monkeypatch.setattr(
        "training.estimate.timed_step", lambda *_: Timed(0.1, 1 / 30, batch=2, peak=None)
    )


def full(**fields: object) -> FullRecipe:
    plain = {"architecture": "test_vit", "epochs": 10, "head_epochs": 0, "size": 160}
    return FullRecipe(name="test", **{**plain, **fields})  # type: ignore[arg-type]


def seconds(recipe: FullRecipe, patches: int) -> float:
    return estimate(recipe, patches, CPU).seconds


@pytest.mark.usefixtures("timed")
def test_time_follows_epochs_and_patches() -> None:
    # 850 of 1,000 patches are trained on at 0.1 s in each epoch, and 150 predicted at 0.033 s.
    more = seconds(full(epochs=20), 1000) - seconds(full(epochs=10), 1000)
    assert more == pytest.approx(10 * (850 * 0.1 + 150 / 30))
    assert seconds(full(), 2000) > 1.9 * seconds(full(), 1000)


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize(
    ("fields", "longer"),
    [
        ({"frozen_share": 0.9}, False),
        ({"head_epochs": 5}, False),
        ({"balance": "copies"}, True),
        ({"inner_folds": 3}, True),
        ({"views": 8}, True),
    ],
)
def test_what_makes_it_shorter_or_longer(fields: dict[str, object], longer: bool) -> None:
    assert (seconds(full(**fields), 500) > seconds(full(), 500)) is longer


def test_memory_is_of_weights_gradients_moments_average_and_activations() -> None:
    def of(**changes: int | float | bool) -> int:
        given = {"trained_share": 1.0, "moments": 2, "average": True, **changes}
        return step_memory(Architecture("test_vit"), 160, **given).fixed  # type: ignore[arg-type]

    plain = step_memory(Architecture("test_vit"), 160, trained_share=1.0, moments=2, average=True)
    assert plain.fixed == 5 * plain.weights
    assert of(moments=1) == 4 * plain.weights
    assert of(average=False) == 4 * plain.weights
    assert of(trained_share=0.0) == 2 * plain.weights


def test_what_autograd_keeps_of_a_patch_is_counted_exactly_for_one_layer() -> None:
    from training.computing.activation_memory import _saved_bytes

    class Two(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.conv = torch.nn.Conv2d(3, 4, 1, device="meta")

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return self.conv(images).relu()

    # The convolution keeps its input, the activation its output; the weights are not counted.
    assert _saved_bytes(Two(), 8) == 4 * 8 * 8 * (3 + 4)


@pytest.mark.usefixtures("timed")
def test_more_memory_for_larger_batches_and_less_with_accumulation() -> None:
    small, large, parts = (
        estimate(full(**fields), 500, CPU).memory_bytes
        for fields in ({"batch": 8}, {"batch": 64}, {"batch": 8, "accumulate": 8})
    )
    assert large > small == parts


@pytest.mark.usefixtures("timed")
@pytest.mark.parametrize("name", ["quick", "logistic", "stack"])
def test_every_way_of_training_has_an_estimate_that_says_what_it_rests_on(name: str) -> None:
    recipe = load_recipe({"name": name})
    found = estimate(recipe, 600, CPU)
    assert found.seconds > 0
    assert found.memory_bytes > 1e8
    assert found.sentence(CPU).startswith("About ")
    assert found.sentence(CPU).endswith(".")
    if isinstance(recipe, StackRecipe):
        assert "each trained 6 times" in found.rests_on
    if isinstance(recipe, QuickRecipe):
        assert "cached" in found.rests_on


def test_the_verb_times_a_step(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["estimate", "--recipe", "swin", "--tiny", "--patches", "100", "--device", "cpu"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"seconds", "memory_bytes", "sentence"}
    assert told["seconds"] > 0
    assert "a timed step of 4 patches" in told["sentence"]
    assert main(words) == 0
    assert capsys.readouterr().out.startswith("About ")


@pytest.mark.parametrize("words", [["--patches", "0"], ["--patches", "5", "--recipe", "none"]])
def test_a_wrong_question_is_told(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["estimate", "--device", "cpu", *words]) == 2
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("seconds", "spoken"),
    [(0.2, "1 seconds"), (40, "40 seconds"), (720, "12 minutes"), (12_600, "3.5 hours"),
     (400_000, "5 days")],
)  # fmt: skip
def test_times_are_spoken(seconds: float, spoken: str) -> None:
    assert spoken_time(seconds) == spoken
