from collections.abc import Callable
from typing import Any

import pytest
import torch

from training.computing.bench_switches import Step, Switched, switch_on
from training.learning.engine import Training
from training.patches.dataset import Feed, Plan

CPU = torch.device("cpu")


@pytest.fixture
def step(make_training: Callable[..., Training]) -> Step:
    training = make_training()
    rows = torch.arange(4)
    return Step(
        training.module.train(),
        training.recipe,
        training.preprocessing,
        training.train,
        [Plan(rows, rows)],
        CPU,
        Feed(training.train, CPU),
    )


def test_a_start_pays_when_what_it_saves_has_made_up_for_it() -> None:
    # 100 a second become 200: each patch saves 5 ms, so that 10 s are saved on 2,000.
    assert Switched("compile", 200.0, 10.0).pays_after(100.0) == pytest.approx(2000)
    assert Switched("compile", 90.0, 10.0).pays_after(100.0) is None
    assert Switched("bf16", 200.0).pays_after(100.0) is None


def test_one_thing_more_is_on_in_every_row(step: Step) -> None:
    worked: list[int] = []

    def rate_of(work: Callable[[], int]) -> float:
        worked.append(work())
        return 1.0

    names = [one.name for one in switch_on(step, rate_of, compile=False)]
    assert names[0] == "none of what follows"
    assert "+ channels last" in names
    assert "+ fused optimizer" not in names
    assert worked == [4] * len(names)


def test_a_compiler_that_fails_leaves_its_row_out(
    step: Step, monkeypatch: pytest.MonkeyPatch
) -> None:
    from torch._dynamo.exc import TorchDynamoException

    class Broken(torch.nn.Module):
        def forward(self, images: Any) -> Any:
            raise TorchDynamoException("no compiler")

    monkeypatch.setattr("training.computing.bench_switches.compiled", lambda *_: Broken())
    names = [one.name for one in switch_on(step, lambda _: 1.0, compile=True)]
    assert "+ compile" not in names


def test_the_start_of_a_compiler_is_timed(step: Step, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.computing.bench_switches.compiled", lambda network, *_: network)
    last = switch_on(step, lambda _: 1.0, compile=True)[-1]
    assert last.name == "+ compile"
    assert last.startup is not None
    assert last.startup > 0
