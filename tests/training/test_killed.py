"""A training whose process is killed, and goes on as if nothing had been."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import torch

from training.__main__ import main
from training.events import Epoch, decode

PATIENCE = 200.0
TINY = {"img_size": 32, "window_size": 4, "embed_dim": 16, "depths": [1, 1], "num_heads": [2, 2]}
RECIPE = [
    *("--recipe", "swin", "--set", "architecture=swin_tiny_patch4_window7_224"),
    *("--set", f"architecture_kwargs={json.dumps(TINY)}", "--set", "size=32"),
    *("--set", "epochs=4", "--set", "batch=16"),
]
STANDS_STILL = """
import sys, time
from pathlib import Path
from torch.optim.optimizer import register_optimizer_step_post_hook

from training.__main__ import main

events = Path(sys.argv[1])

def wait(*_):
    if '"epoch"' in events.read_text(encoding="utf-8"):
        time.sleep(600)

register_optimizer_step_post_hook(wait)
sys.exit(main(sys.argv[2:]))
"""
"""A training that waits within its second epoch for whoever kills it."""


def epochs_of(out: Path) -> list[int]:
    path = out / "events.jsonl"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    events = [decode(line) for line in text.splitlines()]
    return [event.epoch for event in events if isinstance(event, Epoch)]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_killed_child_is_resumed_to_the_weights_of_an_unbroken_one(
    labelled_folder: Path, active: Path, tmp_path: Path
) -> None:
    before = files_of(active)
    options = ["--device", "cpu", "--active-model", str(active), "--base", "random"]
    words = ["finetune", "--data", str(labelled_folder), *options, *RECIPE]
    assert main([*words, "--out", str(tmp_path / "whole")]) == 0
    out = tmp_path / "killed"
    child = subprocess.Popen(
        [sys.executable, "-c", STANDS_STILL, str(out / "events.jsonl"), *words, "--out", str(out)],
        cwd=Path(__file__).parents[2],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())},
    )
    started = time.monotonic()
    while not epochs_of(out) and child.poll() is None and time.monotonic() - started < PATIENCE:
        try:
            child.wait(timeout=0.02)
        except subprocess.TimeoutExpired:
            continue
    child.kill()
    child.wait()
    assert epochs_of(out) == [1]
    assert not (out / "candidate").exists()
    assert main(["finetune", str(out / "job.json"), "--resume"]) == 0
    assert epochs_of(out)[-1] == 4
    whole, resumed = (
        (tmp_path / name / "candidate" / "weights.safetensors").read_bytes()
        for name in ("whole", "killed")
    )
    assert whole == resumed
    assert files_of(active) == before
