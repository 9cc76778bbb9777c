import json
from pathlib import Path

import pytest

from training.__main__ import main


def test_every_ratio_is_of_rates_of_the_same_run(
    labelled_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["bench", "--device", "cpu", "--architecture", "test_vit", "--patches", "8"]
    words += ["--data", str(labelled_folder), "--training-batch", "4", "--batch", "4"]
    words += ["--turns", "1"]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    rates = {one["name"]: one for one in told["benches"]}
    assert told["patches"] == 8
    cached, model = rates["prediction from cached pixels"], rates["bare model, forward"]
    assert cached["ratio"] == pytest.approx(cached["rate"] / model["rate"])
    step, bare = rates["training step with its data"], rates["bare training step, batch 4"]
    assert step["ratio"] == pytest.approx(step["rate"] / bare["rate"])
    assert all(one["rate"] > 0 for one in rates.values())
    switched = [one for name, one in rates.items() if name.startswith("step with data, ")]
    assert len(switched) >= 3
    for one in switched:
        assert one["ratio"] == pytest.approx(one["rate"] / bare["rate"])
        assert one["target"] is None


def test_it_prints_a_table_on_drawn_patches(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["bench", "--device", "cpu", "--architecture", "test_vit", "--patches", "4"]
    assert main([*words, "--training-batch", "2", "--turns", "1"]) == 0
    out = capsys.readouterr().out
    assert "| prediction from files |" in out
    assert "| what | patches a second | ratio | over | target |" in out
