"""What only a GPU can show; skipped where there is none."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from training.__main__ import main
from training.config import Architecture
from training.events import Event, Note
from training.learning.engine import Training, train
from training.learning.stepping import SMALLER_BATCHES
from training.models.model import build_model

MakeTraining = Callable[..., Training]
GPUS = torch.cuda.device_count() if torch.cuda.is_available() else 0
pytestmark = pytest.mark.skipif(GPUS == 0, reason="there is no CUDA device")


def on_gpu(training: Training) -> Training:
    return replace(training, device=torch.device("cuda", 0))


def losses(training: Training, name: str = "train_loss") -> list[float]:
    return [one[name] for one in train(training).history]


def test_training_gives_about_the_losses_of_the_cpu(
    make_training: MakeTraining, tmp_path: Path
) -> None:
    plain = {"optimizer": "sgd", "learning_rate": 0.01, "epochs": 3}
    slow = losses(make_training(checkpoints=tmp_path / "a", **plain))
    fast = losses(on_gpu(make_training(checkpoints=tmp_path / "b", **plain)))
    # bf16 within keeps about three digits.
    assert fast == pytest.approx(slow, abs=0.02)


@pytest.mark.parametrize("optimizer", ["adamw", "adam", "sgd"])
def test_a_run_resumes(make_training: MakeTraining, tmp_path: Path, optimizer: str) -> None:
    fields = {"optimizer": optimizer, "checkpoints": tmp_path / "c"}
    training = on_gpu(make_training(epochs=1, **fields))
    train(training)
    longer = on_gpu(make_training(epochs=3, **fields))
    assert len(train(longer, resume=True).history) == 3


def test_memory_that_is_short_halves_the_batch_until_it_fits(
    make_training: MakeTraining, tmp_path: Path
) -> None:
    events: list[Event] = []
    module = build_model(Architecture("vit_base_patch16_224", {"img_size": 32}))
    plain = on_gpu(
        make_training(
            module=module, batch=32, epochs=1, ema_decay=0.0, optimizer="sgd", momentum=0.0,
            emit=events.append,
        )
    )  # fmt: skip
    torch.cuda.empty_cache()
    _, total = torch.cuda.mem_get_info(0)
    # Room for weights, gradients and a few patches.
    torch.cuda.set_per_process_memory_fraction(0.80e9 / total, 0)
    try:
        history = train(plain).history
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0, 0)
        torch.cuda.empty_cache()
    assert len(history) == 1
    assert [one for one in events if isinstance(one, Note) and one.kind == SMALLER_BATCHES]


@pytest.mark.slow
def test_compiled_training_gives_about_the_losses_of_plain_training(
    make_training: MakeTraining, tmp_path: Path
) -> None:
    plain = {"optimizer": "sgd", "learning_rate": 0.01}
    one = losses(on_gpu(make_training(checkpoints=tmp_path / "a", **plain)))
    other = losses(on_gpu(make_training(checkpoints=tmp_path / "b", compile=True, **plain)))
    assert one == pytest.approx(other, abs=0.02)


@pytest.mark.slow
@pytest.mark.skipif(GPUS < 2, reason="there is one GPU only")
def test_the_button_takes_all_gpus(labelled_folder: Path, tmp_path: Path) -> None:
    words = ["--recipe", "swin", "--tiny", "--base", "random", "--set", "batch=16"]
    run = tmp_path / "run"
    assert main(["finetune", "--data", str(labelled_folder), "--out", str(run), *words]) == 0
    assert "processes" in (run / "events.jsonl").read_text()
    assert (run / "processes.log").exists()


@pytest.mark.slow
@pytest.mark.skipif(GPUS < 2, reason="there is one GPU only")
def test_batch_norms_are_shared_between_gpus(labelled_folder: Path, tmp_path: Path) -> None:
    words = ["--recipe", "resnet50-smote", "--tiny", "--base", "random", "--device", "cuda"]
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    start += ["--module", "training", "finetune", "--data", str(labelled_folder)]
    done = subprocess.run(
        [*start, "--out", str(tmp_path / "run"), *words],
        env={**os.environ},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert "own share of a batch" not in (tmp_path / "run" / "events.jsonl").read_text()
