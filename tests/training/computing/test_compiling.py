from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn
from torch._dynamo.exc import TorchDynamoException

from training.computing import compiling
from training.computing.compiling import NOT_COMPILED, is_compiler_fault, missing_compiler
from training.events import Event, Note
from training.learning.engine import Training, train

MakeTraining = Callable[..., Training]


def notes(events: list[Event]) -> list[Note]:
    return [one for one in events if isinstance(one, Note) and one.kind == NOT_COMPILED]


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return all(tensor.equal(other[name]) for name, tensor in one.items())


def test_without_a_compiler_training_goes_on_and_says_so(
    make_training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = train(make_training(checkpoints=tmp_path / "a"))
    monkeypatch.setattr(compiling.shutil, "which", lambda _: None)
    events: list[Event] = []
    training = make_training(checkpoints=tmp_path / "b", compile=True, emit=events.append)
    assert same(plain.state, train(training).state)
    assert "no C compiler was found" in notes(events)[0].text


def test_a_compiler_that_fails_at_the_first_batch_is_done_without(
    make_training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = train(make_training(checkpoints=tmp_path / "a"))

    class Broken(nn.Module):
        def forward(self, images: Any) -> Any:
            raise TorchDynamoException("ld: cannot find -lstdc++")

    monkeypatch.setattr("training.learning.engine.compiled", lambda *_: Broken())
    events: list[Event] = []
    training = make_training(checkpoints=tmp_path / "b", compile=True, emit=events.append)
    assert same(plain.state, train(training).state)
    assert len(notes(events)) == 1
    assert "the compiler failed" in notes(events)[0].text


def test_a_fault_of_the_network_is_none_of_the_compilers() -> None:
    assert is_compiler_fault(TorchDynamoException("no"))
    assert not is_compiler_fault(RuntimeError("shapes differ"))


def test_cuda_needs_triton(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling.importlib.util, "find_spec", lambda _: None)
    assert missing_compiler(torch.device("cuda")) == "the package triton is missing"


@pytest.mark.slow
@pytest.mark.skipif(
    missing_compiler(torch.device("cpu")) is not None, reason="there is no C++ compiler"
)
def test_compiled_training_gives_the_figures_of_plain_training(
    make_training: MakeTraining, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch._inductor import config

    # Its pool of threads would outlive the test.
    monkeypatch.setattr(config, "compile_threads", 1)
    plain = train(make_training(checkpoints=tmp_path / "a", optimizer="sgd"))
    events: list[Event] = []
    fast = train(
        make_training(checkpoints=tmp_path / "b", optimizer="sgd", compile=True, emit=events.append)
    )
    assert notes(events) == []
    for one, other in zip(plain.history, fast.history, strict=True):
        assert one["train_loss"] == pytest.approx(other["train_loss"], abs=1e-3)
