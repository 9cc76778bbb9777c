"""Several processes give the figures of one, and end together."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from training.__main__ import main
from training.computing.distributed import Team
from training.computing.launch import LAUNCHED, command, launch, processes_wanted
from training.config import RunFolder, UserError
from training.data_run import add_data_arguments
from training.events import Epoch, Error, Event, Result, Started, decode, encode
from training.models.model_folder import read_weights

WORDS = ["--recipe", "swin", "--tiny", "--base", "random", "--device", "cpu"]
# Dropping draws numbers of its own in every process.
WORDS += ["--set", "drop_path=0", "--set", "batch=16", "--set", "epochs=3"]
WORDS += ["--set", "head_epochs=1", "--set", 'optimizer="sgd"', "--set", "layer_decay=1"]


@given(st.integers(1, 9), st.integers(0, 200))
def test_shares_make_the_whole_and_keep_pairs_together(size: int, count: int) -> None:
    shares = [Team(rank, size).share(count) for rank in range(size)]
    assert [i for share in shares for i in range(count)[share]] == list(range(count))
    assert all(share.start % 2 == 0 for share in shares)
    lengths = [share.stop - share.start for share in shares]
    assert max(lengths) - min(lengths) <= 3


def test_one_process_shares_nothing() -> None:
    alone = Team()
    assert (alone.told(3), alone.smallest(4), alone.device("cuda:1")) == (3, 4, "cuda:1")


def test_one_gpu_for_several_processes_is_refused() -> None:
    with pytest.raises(UserError, match="2 processes can't share cuda:1"):
        Team(0, 2).device("cuda:1")
    assert Team(1, 2, 1).device("cpu") == "cpu"


def test_each_process_takes_a_gpu_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 2)
    assert [Team(i, 2, i).device("auto") for i in range(2)] == ["cuda:0", "cuda:1"]
    with pytest.raises(UserError, match="2 GPUs for 3 processes"):
        Team(2, 3, 2).device("cuda")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert Team(1, 2, 1).device("auto") == "cpu"


def events_of(run: Path) -> list[Event]:
    return [decode(line) for line in (run / "events.jsonl").read_text().splitlines()]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "OMP_NUM_THREADS": "1", **more}


def same_run(one: Path, other: Path) -> None:
    first, second = (
        [event for event in events_of(run) if isinstance(event, Epoch)] for run in (one, other)
    )
    assert len(first) == len(second) == 3
    for a, b in zip(first, second, strict=True):
        for name in ("train_loss", "validation_loss", "train_auc", "validation_auc"):
            assert getattr(a, name) == pytest.approx(getattr(b, name), abs=1e-4), name
        assert a.stage == b.stage
    weights = [read_weights(run / "candidate" / "weights.safetensors") for run in (one, other)]
    for name, tensor in weights[0].items():
        torch.testing.assert_close(tensor, weights[1][name], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize(
    "fields",
    [["colour_jitter=0.2", "rotation=10"], pytest.param(["mixup=0.2"], marks=pytest.mark.slow)],
)
def test_torchrun_on_two_processes_gives_the_figures_of_one(
    labelled_folder: Path, tmp_path: Path, fields: list[str]
) -> None:
    words = ["finetune", "--data", str(labelled_folder), *WORDS]
    words += [word for field in fields for word in ("--set", field)]
    assert main([*words, "--out", str(tmp_path / "one")]) == 0
    start = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node=2"]
    start += ["--module", "training", *words, "--out", str(tmp_path / "two")]
    done = subprocess.run(start, env=environment(), capture_output=True, text=True, timeout=200)
    assert done.returncode == 0, done.stderr
    same_run(tmp_path / "one", tmp_path / "two")
    events = events_of(tmp_path / "two")
    started = [event for event in events if isinstance(event, Started)]
    # One of the two tells, and one writes.
    assert len(started) == 1
    assert "in 2 processes" in started[0].detail
    assert isinstance(events[-1], Result)
    assert len(done.stdout.strip().splitlines()) == 2


class Launched:
    def __init__(self, data: Path, out: Path, *changes: str) -> None:
        import argparse

        from training.data_run import write_data_run

        parser = argparse.ArgumentParser()
        parser.add_argument("--resume", action="store_true")
        add_data_arguments(parser)
        words = ["--data", str(data), "--out", str(out), *WORDS]
        words += [word for change in changes for word in ("--set", change)]
        self.folder: RunFolder = write_data_run(parser.parse_args(words))
        self.told: list[Event] = []

    def run(self, **more: Any) -> int:
        return launch(self.folder, 2, resume=False, listener=more.get("listen", self.told.append))


@pytest.mark.slow
def test_the_button_runs_two_processes_and_tells_their_events(
    labelled_folder: Path, tmp_path: Path
) -> None:
    run = Launched(labelled_folder, tmp_path / "run")
    assert run.run() == 0
    assert run.told == events_of(run.folder.path)
    assert isinstance(run.told[-1], Result)
    # The window finds the process that it started, which ends the others with itself.
    assert not run.folder.process.exists()


@pytest.mark.slow
def test_a_stop_ends_all_processes_and_the_run_can_be_resumed(
    labelled_folder: Path, tmp_path: Path
) -> None:
    run = Launched(labelled_folder, tmp_path / "run", "epochs=500", "patience=500")

    def stop_after_an_epoch(event: Event) -> None:
        run.told.append(event)
        if isinstance(event, Epoch):
            run.folder.stop.touch()

    assert run.run(listen=stop_after_an_epoch) == 3
    last = run.told[-1]
    assert isinstance(last, Error)
    assert last.kind == "cancelled"
    assert (run.folder.checkpoints / "last.pt").exists()


@pytest.mark.slow
def test_a_mistake_in_one_process_is_told_once_with_its_exit_code(
    labelled_folder: Path, tmp_path: Path
) -> None:
    run = Launched(labelled_folder, tmp_path / "run", "learning_rate=10", "clip_norm=0",
                   "epochs=12", "ema_decay=0")  # fmt: skip
    assert run.run() == 2
    errors = [event for event in run.told if isinstance(event, Error)]
    assert len(errors) == 1
    assert "lower the recipe's learning_rate" in errors[0].message


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (Result({"gate": {}}), 0),
        (Error("lower it", kind="user"), 2),
        (Error("stopped", kind="cancelled"), 3),
        (Error("broken", kind="internal"), 1),
    ],
)
def test_how_the_processes_end_is_how_the_launcher_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, event: Event, code: int
) -> None:
    folder, old = RunFolder(tmp_path), Result({"of": "an earlier run"})
    folder.events.write_text(encode(old) + "\n")
    child = "import sys; open(sys.argv[1], 'a').write(sys.argv[2]); print('noise'); sys.exit(9)"
    words = [sys.executable, "-c", child, str(folder.events), encode(event) + "\n"]
    monkeypatch.setattr("training.computing.launch.command", lambda *_, **__: words)
    told: list[Event] = []
    assert launch(folder, 2, resume=False, listener=told.append) == code
    assert told == [event]
    assert "noise" in (tmp_path / "processes.log").read_text()


def test_processes_that_end_without_a_word_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "training.computing.launch.command", lambda *_, **__: [sys.executable, "-c", ""]
    )
    told: list[Event] = []
    assert launch(RunFolder(tmp_path), 2, resume=False, listener=told.append) == 1
    (error,) = told
    assert isinstance(error, Error)
    assert "processes.log" in error.message


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows asks no process to end")
def test_ending_the_launcher_ends_the_tree(tmp_path: Path) -> None:
    script = (
        "import sys, subprocess; from pathlib import Path; from training.computing import launch\n"
        "from training.config import RunFolder\n"
        'child = \'import subprocess, sys, time; p = subprocess.Popen([sys.executable, "-c", '
        '"import time; time.sleep(600)"]); print(p.pid, flush=True); time.sleep(600)\'\n'
        "launch.command = lambda *a, **k: [sys.executable, '-c', child]\n"
        f"launch.launch(RunFolder(Path({str(tmp_path)!r})), 2, resume=False, listener=print)\n"
    )
    import psutil

    outer = subprocess.Popen([sys.executable, "-c", script], env=environment())
    log = tmp_path / "processes.log"
    try:
        inner = psutil.Process(_number_in(log, outer))
        outer.send_signal(signal.SIGTERM)
        outer.wait(60)
        assert psutil.wait_procs([inner], timeout=20)[1] == []
    finally:
        outer.kill()


def _number_in(log: Path, outer: subprocess.Popen[bytes]) -> int:
    while outer.poll() is None:
        if log.exists() and (text := log.read_text()).endswith("\n"):
            return int(text)
        try:
            outer.wait(0.1)
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the launcher ended early")


@pytest.mark.parametrize(
    ("gpus", "device", "recipe", "wanted"),
    [
        (4, "auto", {"name": "swin"}, 4),
        (4, "cuda", {"name": "swin"}, 4),
        (4, "cuda:1", {"name": "swin"}, 1),
        (4, "cpu", {"name": "swin"}, 1),
        (4, "auto", {"name": "quick"}, 1),
        (4, "auto", {"name": "swin", "batch": 4}, 2),
        (1, "auto", {"name": "swin"}, 1),
        (4, "auto", {"name": "no such recipe"}, 1),
    ],
)
def test_all_gpus_are_taken_where_the_job_leaves_the_choice(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    gpus: int,
    device: str,
    recipe: dict[str, Any],
    wanted: int,
) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: gpus)
    folder = RunFolder(tmp_path)
    folder.job.write_text(json.dumps({"id": "x", "format": 1, "recipe": recipe, "device": device}))
    assert processes_wanted(folder) == wanted
    monkeypatch.setenv("WORLD_SIZE", "4")
    monkeypatch.setenv("RANK", "0")
    assert processes_wanted(folder) == 1


def test_the_command_resumes_and_is_of_this_python(tmp_path: Path) -> None:
    words = command(RunFolder(tmp_path), 3, resume=True)
    assert words[0] == sys.executable
    assert "--nproc-per-node=3" in words
    assert words[-2:] == [str(tmp_path / "job.json"), "--resume"]


def test_a_launched_process_leaves_the_launchers_name_in_place(
    labelled_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(LAUNCHED, "1")
    run = Launched(labelled_folder, tmp_path / "run", "epochs=1")
    run.folder.process.write_text("the launcher")
    assert main(["finetune", str(run.folder.job)]) == 0
    assert run.folder.process.read_text() == "the launcher"
