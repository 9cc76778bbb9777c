"""The worker over real pipes: requests in, events with their id out."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from training.config import Architecture
from training.convert import Conversion, convert
from training.models.model import build_model
from training.models.model_folder import verify_model
from training.patches.manifest import write_manifest
from training.patches.predictions_file import read_predictions
from training.serve import Server

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "training", "serve"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def send(self, **request: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()

    def until_done(self, number: int) -> list[dict[str, Any]]:
        """The events of request `number`, to its result or error."""
        assert self.process.stdout is not None
        events: list[dict[str, Any]] = []
        for line in self.process.stdout:
            event = json.loads(line)
            if event.get("id") == number:
                events.append(event)
                if event["event"] in ("result", "error"):
                    return events
        raise AssertionError(f"the worker ended before request {number} was answered")

    def end(self) -> int:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self.process.stdin.close()
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.process.stderr.close()
        return code


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    started = Worker()
    yield started
    assert started.end() == 0


def test_device(worker: Worker):
    worker.send(id=1, verb="device")
    (event,) = worker.until_done(1)
    assert event["payload"]["name"]
    assert event["payload"]["torch"] == torch.__version__


def test_predict_and_go_on(worker: Worker, tmp_path: Path, make_rows, tiny_model_folder):
    rows = make_rows(5)
    write_manifest(tmp_path / "m.csv", rows)
    request = {
        **{"verb": "predict", "model": str(tiny_model_folder), "device": "cpu"},
        **{"manifest": str(tmp_path / "m.csv"), "output": str(tmp_path / "p.csv")},
    }
    worker.send(id=2, **request, batch_size=None, workers=None)
    events = worker.until_done(2)
    assert [events[0]["event"], events[-1]["event"]] == ["started", "result"]
    assert events[-1]["payload"]["predicted"] == 5
    assert len(read_predictions(tmp_path / "p.csv")) == 5
    worker.send(id=3, **request)
    assert worker.until_done(3)[-1]["payload"]["skipped"] == 5


def test_embed(worker: Worker, tmp_path: Path, make_rows, tiny_model_folder):
    write_manifest(tmp_path / "m.csv", make_rows(3))
    worker.send(
        **{"id": 4, "verb": "embed", "model": str(tiny_model_folder), "device": "cpu"},
        **{"manifest": str(tmp_path / "m.csv"), "output": str(tmp_path / "features")},
    )
    payload = worker.until_done(4)[-1]["payload"]
    assert payload["computed"] == 3
    assert Path(payload["output"]).is_file()


def test_a_checkpoint_that_is_refused_in_its_own_process(worker: Worker, tmp_path: Path):
    (tmp_path / "junk.pth").write_bytes(b"junk")
    worker.send(
        **{"id": 5, "verb": "convert", "output": str(tmp_path / "model")},
        **{"checkpoint": str(tmp_path / "junk.pth"), "preset": "pad-black", "threshold": 0.5},
    )
    error = worker.until_done(5)[-1]
    assert error["kind"] == "user"
    assert "damaged" in error["message"]


@pytest.mark.parametrize(
    ("number", "request_", "told"),
    [
        (10, {"verb": "dance"}, "no verb 'dance'"),
        (11, {"verb": "predict"}, "needs 'output'"),
        (12, {"verb": "predict", "output": "o", "model": "nowhere"}, "no model folder"),
        (13, {"verb": "convert", "output": "o"}, "needs 'threshold'"),
        (14, {"verb": "convert", "output": "o", "threshold": 1, "checkpoint": "c"}, "'preset'"),
        (15, {"verb": "cancel"}, "needs 'target'"),
        (16, {}, "needs 'verb'"),
        (17, {"verb": "device", "device": "abacus"}, "no device"),
    ],
)
def test_a_bad_request_is_told_and_the_worker_lives(worker, number, request_, told):
    worker.send(id=number, **request_)
    error = worker.until_done(number)[-1]
    assert error["event"] == "error"
    assert error["kind"] == "user"
    assert told in error["message"]


class Answers:
    """A server in this process, whose requests block until they are let go or stopped."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        self.told = threading.Event()
        self.server = Server(self._write)

    def _write(self, line: str) -> None:
        self.events.append(json.loads(line))
        self.told.set()

    def last(self, number: int) -> dict[str, Any]:
        return [event for event in self.events if event.get("id") == number][-1]


def test_cancel_reaches_the_request_that_runs_and_the_one_that_waits(monkeypatch, tmp_path):
    answers = Answers()
    running = threading.Event()

    def endless(loaded, rows, options, *, emit, output, should_stop):
        from training.progress import Cancelled

        running.set()
        while not should_stop():
            threading.Event().wait(0.005)
        raise Cancelled

    monkeypatch.setattr("training.serve.predict_rows", endless)
    monkeypatch.setattr("training.serve.load_model", lambda folder: None)
    write_manifest(tmp_path / "m.csv", [])
    request = {"verb": "predict", "model": "m", "output": "o", "manifest": str(tmp_path / "m.csv")}

    def lines() -> Iterator[str]:
        yield json.dumps({"id": 1, **request})
        yield json.dumps({"id": 2, **request})
        assert running.wait(10)
        yield json.dumps({"id": 3, "verb": "cancel", "target": 2})
        yield json.dumps({"id": 4, "verb": "cancel", "target": 1})
        yield json.dumps({"id": 5, "verb": "quit"})
        raise AssertionError("nothing is read after quit")

    answers.server.serve(lines())
    assert answers.last(1)["kind"] == answers.last(2)["kind"] == "cancelled"
    assert answers.last(4)["payload"] == {"target": 1}


def test_convert_answers_with_the_card(monkeypatch, tmp_path: Path):
    def convert_here(*values):
        convert(Conversion(*values))

    monkeypatch.setattr("training.serve.convert_apart", convert_here)
    model = build_model(Architecture("tf_efficientnet_lite0"))
    torch.save(model.state_dict(), tmp_path / "old.pth")
    answers = Answers()
    request = {
        **{"id": 1, "verb": "convert", "checkpoint": str(tmp_path / "old.pth")},
        **{"output": str(tmp_path / "model"), "preset": "pad-black", "threshold": 0.5},
    }

    def lines() -> Iterator[str]:
        yield json.dumps(request)
        assert answers.told.wait(60)

    answers.server.serve(lines())
    assert answers.last(1)["payload"]["card"]["seen"] == "unknown"
    assert verify_model(tmp_path / "model") == []


def test_a_fault_of_ours_is_told_as_internal_and_the_server_lives(monkeypatch):
    answers = Answers()

    def broken(device):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("training.serve.device_facts", broken)

    def lines() -> Iterator[str]:
        yield '{"id": 1, "verb": "device"}\n'
        assert answers.told.wait(10)
        yield from ("\n", "no json\n", "[1]\n")

    answers.server.serve(lines())
    assert answers.last(1)["kind"] == "internal"
    assert "ZeroDivisionError: oh" in answers.last(1)["message"]
    assert [event["kind"] for event in answers.events if event.get("id") is None] == ["user"] * 2


def test_a_library_that_prints_does_not_break_the_stream():
    code = (
        "import sys, os\n"
        "from training.event_stream import events_only\n"
        "with events_only() as stream:\n"
        "    print('chatter'); os.system('echo more chatter')\n"
        "    os.write(1, b'raw chatter\\n')\n"
        "    stream.write('event\\n')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == "event\n"
    assert done.stderr.count("chatter") == 3
