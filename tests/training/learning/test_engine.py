"""Steps in parts, frozen layers, what a person asks of a run, and bad luck on the way."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from training.config import Architecture, UserError
from training.curve_hints import PLATEAU
from training.events import Epoch, Event, Note
from training.learning.checkpoint import LAST, load_checkpoint
from training.learning.engine import FINISHED, Training, train
from training.learning.stepping import SMALLER_BATCHES
from training.models.model import build_model
from training.progress import Cancelled

MakeTraining = Callable[..., Training]
OUT_OF_MEMORY = torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2 GiB")


def largest_difference(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> float:
    assert one.keys() == other.keys()
    return max(float((one[name] - other[name]).abs().max()) for name in one)


def notes(events: list[Event], kind: str) -> list[Note]:
    return [event for event in events if isinstance(event, Note) and event.kind == kind]


@pytest.mark.parametrize(
    "fields",
    [
        {"colour_jitter": 0.2, "stain_jitter": 0.1, "rotation": 20.0},
        {"mixup": 0.2},
        {"loss": "focal", "head": "softmax"},
        {"balance": "weights", "label_smoothing": 0.1},
    ],
)
def test_accumulated_batches_are_one_large_batch(
    make_training: MakeTraining, tmp_path: Path, fields: dict[str, Any]
) -> None:
    plain = {"optimizer": "sgd", "learning_rate": 0.01, **fields}
    whole = train(make_training(batch=16, checkpoints=tmp_path / "a", **plain))
    parts = train(make_training(batch=4, accumulate=4, checkpoints=tmp_path / "b", **plain))
    assert largest_difference(whole.state, parts.state) < 1e-5
    for one, other in zip(whole.history, parts.history, strict=True):
        for name in ("train_loss", "validation_loss", "train_auc", "validation_auc"):
            assert one[name] == pytest.approx(other[name], abs=1e-4)


def test_a_step_that_runs_out_of_memory_is_made_in_parts(
    make_training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import stepping

    real, events = stepping.forward, list[Event]()
    plain = {"batch": 16, "optimizer": "sgd", "learning_rate": 0.01, "epochs": 1}
    whole = train(make_training(checkpoints=tmp_path / "a", **plain))

    def small(network: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
        if len(images) > 5:
            raise OUT_OF_MEMORY
        return real(network, images)

    monkeypatch.setattr(stepping, "forward", small)
    parts = train(make_training(checkpoints=tmp_path / "b", emit=events.append, **plain))
    assert largest_difference(whole.state, parts.state) < 1e-5
    told = notes(events, SMALLER_BATCHES)
    assert ["2 parts of 8" in told[0].text, "4 parts of 4" in told[1].text] == [True, True]
    assert len(told) == 2


def test_memory_for_not_even_one_patch_is_told(
    make_training: MakeTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OUT_OF_MEMORY

    monkeypatch.setattr("training.learning.stepping.forward", none)
    with pytest.raises(UserError, match="Not even one patch"):
        train(make_training())


def test_validation_in_parts_is_the_same(
    make_training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import validation

    whole = train(make_training(checkpoints=tmp_path / "a"))
    real = validation.forward

    def small(network: torch.nn.Module, images: torch.Tensor) -> torch.Tensor:
        if len(images) > 3:
            raise OUT_OF_MEMORY
        return real(network, images)

    monkeypatch.setattr(validation, "forward", small)
    parts = train(make_training(checkpoints=tmp_path / "b"))
    one, other = whole.history[-1], parts.history[-1]
    assert one["validation_loss"] == pytest.approx(other["validation_loss"], abs=1e-5)


def test_frozen_layers_stay_as_they_were_with_their_statistics(
    make_training: MakeTraining,
) -> None:
    module = build_model(Architecture("test_resnet"))
    before = {name: tensor.clone() for name, tensor in module.state_dict().items()}
    training = make_training(module=module, frozen_share=0.6, epochs=1, ema_decay=0.0)
    state = train(training).state
    changed = {name for name, tensor in state.items() if not tensor.equal(before[name])}
    lower = ("conv1.", "bn1.", "layer1.", "layer2.")
    assert not [name for name in changed if name.startswith(lower)]
    assert any(name.startswith("layer3.") and "running_mean" in name for name in changed)
    assert any(name.startswith("layer4.") and name.endswith("weight") for name in changed)
    assert any(name.startswith("fc.") for name in changed)


def test_finishing_keeps_the_best_epoch_so_far(make_training: MakeTraining) -> None:
    events: list[Event] = []

    def finish() -> bool:
        return sum(isinstance(event, Epoch) for event in events) >= 2

    training = make_training(epochs=9, emit=events.append, should_finish=finish)
    trained = train(training)
    assert len(trained.history) == 2
    assert len(notes(events, FINISHED)) == 1
    assert trained.best_epoch in (0, 1)


def test_finishing_before_the_first_epoch_waits_for_it(make_training: MakeTraining) -> None:
    assert len(train(make_training(epochs=9, should_finish=lambda: True)).history) == 1


def test_a_run_cancelled_amid_an_epoch_resumes_to_the_very_same_weights(
    make_training: MakeTraining, tmp_path: Path
) -> None:
    whole = train(make_training(epochs=3, checkpoints=tmp_path / "a"))
    asked = itertools.count()
    training = make_training(
        epochs=3, checkpoints=tmp_path / "b", should_stop=lambda: next(asked) == 12
    )
    with pytest.raises(Cancelled):
        train(training)
    resumed = train(replace(training, module=make_training().module), resume=True)
    assert largest_difference(whole.state, resumed.state) == 0.0


def test_epochs_tell_accuracy_and_each_hint_once(make_training: MakeTraining) -> None:
    events: list[Event] = []
    train(make_training(epochs=9, learning_rate=1e-9, ema_decay=0.0, emit=events.append))
    epochs = [event for event in events if isinstance(event, Epoch)]
    assert all(0 <= (epoch.train_accuracy or -1) <= 1 for epoch in epochs)
    assert all(0 <= (epoch.validation_accuracy or -1) <= 1 for epoch in epochs)
    assert len(notes(events, PLATEAU)) == 1


def test_a_full_disk_leaves_the_last_checkpoint_whole(
    make_training: MakeTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import checkpoint

    training = make_training(epochs=3)
    real, written = torch.save, itertools.count()

    def full(state: object, file: Any) -> None:
        if next(written) == 1:
            file.write(b"half")
            raise OSError(28, "No space left on device")
        real(state, file)

    monkeypatch.setattr(checkpoint.torch, "save", full)
    with pytest.raises(UserError, match="is full: free some space"):
        train(training)
    saved = load_checkpoint(training.checkpoints)
    assert saved is not None
    assert saved["progress"]["next_epoch"] == 1
    assert {path.name for path in training.checkpoints.iterdir()} >= {LAST}
    assert not list(training.checkpoints.glob(".*"))


def test_a_full_disk_at_the_best_weights_leaves_the_earlier_ones(
    make_training: MakeTraining, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training.learning import checkpoint

    training = make_training(epochs=1)
    before = train(training)

    def full(_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint, "save", full)
    with pytest.raises(UserError, match="is full"):
        checkpoint.keep_best(training.checkpoints, 7, before.state)
    assert largest_difference(checkpoint.best_weights(training.checkpoints, 0), before.state) == 0


def test_norms_over_a_share_of_a_batch_are_told(make_training: MakeTraining) -> None:
    from training.computing.distributed import Team
    from training.learning import engine

    def told(name: str, team: Team) -> list[Event]:
        events: list[Event] = []
        module = build_model(Architecture(name))
        training = make_training(module=module, emit=events.append)
        run = engine._begun(training, resume=False)
        run.training = replace(training, team=team)
        engine._tell_norms(run)
        return events

    (note,) = told("test_resnet", Team(0, 2))
    assert isinstance(note, Note)
    assert "own share of a batch" in note.text
    assert told("test_resnet", Team()) == []
    assert told("test_vit", Team(0, 2)) == []
