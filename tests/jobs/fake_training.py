"""A stand-in for `python -m training`: the same protocol and files, in milliseconds, no torch.

`FAKE_TRAINING` holds JSON that says how it should behave:
    crash_at: items after which it dies        hang: never answer, whatever is asked
    idle_gpu: the warning about the device
    deaf: ignore the stop file and SIGTERM     slow: seconds an item or an epoch takes
    verdict, may_promote: of the gate          unreadable: patches that can't be read
    gate_to_wait_for: a path; epochs wait until it exists
    flip: patches whose logit changes its sign
    epochs: how many there are                 hints: kinds of notes after the last epoch
    estimate, leaks: what these verbs answer, "unknown" as an older version would
"""

import csv
import hashlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Literal

from training import events
from training.config import (
    Architecture,
    Calibration,
    Job,
    ModelCard,
    Preprocessing,
    RunFolder,
    Threshold,
)

BEHAVIOUR = json.loads(os.environ.get("FAKE_TRAINING", "{}"))
Seen = Literal["known", "unknown"]
SLOW = float(BEHAVIOUR.get("slow", 0.0))
EPOCHS = int(BEHAVIOUR.get("epochs", 3))
IDLE_GPU = BEHAVIOUR.get("idle_gpu")


def logit_of(patch: str) -> float:
    """Between -4 and 4, the same for a patch in every run."""
    value = (int(patch) * 37 % 17 - 8) / 2
    return -value if int(patch) in BEHAVIOUR.get("flip", []) else value


def say_and_die() -> None:
    print("CUDA error: device-side assert triggered", file=sys.stderr, flush=True)
    os._exit(3)


def predict(request: dict, emit, cancelled: threading.Event) -> dict:
    output = Path(request["output"])
    there = set()
    if output.exists():
        with output.open(encoding="utf-8", newline="") as file:
            there = {row["patch"] for row in csv.DictReader(file) if row.get("error") is not None}
    with Path(request["manifest"]).open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["patch"] not in there]
    fresh = not output.exists()
    with output.open("a", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        if fresh:
            writer.writerow(("patch", "logit", "error"))
        for number, row in enumerate(rows, start=1):
            if BEHAVIOUR.get("crash_at") == number:
                file.flush()
                say_and_die()
            if cancelled.is_set():
                raise InterruptedError
            if int(row["patch"]) in BEHAVIOUR.get("unreadable", []):
                writer.writerow((row["patch"], "", "file not found"))
            else:
                writer.writerow((row["patch"], repr(logit_of(row["patch"])), ""))
            file.flush()
            emit(events.Progress(done=number, total=len(rows), stage="predict"))
            time.sleep(SLOW)
    return {"patches": len(rows) + len(there), "predicted": len(rows), "resumed": len(there)}


def convert(request: dict) -> dict:
    if not Path(request["checkpoint"]).exists():
        raise ValueError(f"{request['checkpoint']} does not exist.")
    write_model(Path(request["output"]), name="converted", seen="unknown")
    return {"output": request["output"]}


def serve() -> int:
    stdout = sys.stdout
    sys.stdout = sys.stderr
    writing = threading.Lock()
    running: dict[int, threading.Event] = {}

    def send(event) -> None:
        with writing:
            stdout.write(events.encode(event) + "\n")
            stdout.flush()

    def answer(request: dict, cancelled: threading.Event) -> None:
        number, verb = request["id"], request["verb"]

        def emit(event) -> None:
            values = {name: getattr(event, name) for name in event.__dataclass_fields__}
            send(type(event)(**{**values, "id": number}))

        emit(events.Started(verb=verb, device="cpu"))
        try:
            if verb == "device":
                payload = {"device": "cpu", "name": "CPU (2 threads)", "warning": IDLE_GPU}
            elif verb == "predict":
                payload = predict(request, emit, cancelled)
            elif verb == "convert":
                payload = convert(request)
            else:
                raise ValueError(f"there is no verb {verb!r}")
            emit(events.Result(payload=payload))
        except InterruptedError:
            emit(events.Error(message="Cancelled.", kind="cancelled"))
        except ValueError as error:
            emit(events.Error(message=str(error), kind="user"))
        running.pop(number, None)

    print("this line of a library must not reach the events")
    for line in sys.stdin:
        request = json.loads(line)
        if request["verb"] == "quit":
            break
        if BEHAVIOUR.get("hang"):
            continue
        if request["verb"] == "cancel":
            if request["target"] in running:
                running[request["target"]].set()
            continue
        cancelled = running[request["id"]] = threading.Event()
        threading.Thread(target=answer, args=(request, cancelled), daemon=True).start()
    while BEHAVIOUR.get("hang"):
        time.sleep(0.05)
    return 0


def write_model(
    folder: Path, *, name: str, seen: Seen = "known", hashes=(), version=1
) -> ModelCard:
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{value}\n" for value in sorted(hashes))
    (folder / "seen.txt").write_text(text, encoding="utf-8")
    weights = os.urandom(16)
    (folder / "weights.safetensors").write_bytes(weights)
    card = ModelCard(
        id=hashlib.sha256(weights).hexdigest()[:16],
        name=name,
        version=version,
        architecture=Architecture("fake_backbone"),
        preprocessing=Preprocessing(),
        calibration=Calibration(slope=1.0, intercept=0.0),
        threshold=Threshold(logit=0.0, rule="f1"),
        created=events.utc_now(),
        seen=seen,
        seen_count=len(set(hashes)),
        data_hash=hashlib.sha256(text.encode()).hexdigest(),
    )
    card.write(folder / "model.json")
    return card


def finetune(job_path: Path) -> int:
    if BEHAVIOUR.get("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    run = RunFolder(job_path.parent)
    job = Job.read(job_path)
    run.checkpoints.mkdir(exist_ok=True)
    with run.manifest.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    def emit(event) -> None:
        with run.events.open("a", encoding="utf-8") as file:
            file.write(events.encode(event) + "\n")

    emit(events.Started(verb="finetune", device="cpu"))
    run.process.write_text(json.dumps({"pid": os.getpid()}), encoding="utf-8")
    for epoch in range(1 + len(list(run.checkpoints.iterdir())), EPOCHS + 1):
        wait_while_paused(run, emit)
        if run.finish.exists():
            break
        stopped = train_epoch(run, epoch, emit)
        if stopped:
            emit(
                events.Error(message="Stopped; it can go on from its last epoch.", kind="cancelled")
            )
            return 1
    finish(run, job, rows, emit)
    return 0


def wait_while_paused(run: RunFolder, emit) -> None:
    def waits() -> bool:
        return run.pause.exists() and not (run.stop.exists() or run.finish.exists())

    if waits():
        emit(events.Note("paused: the run waits", kind="paused"))
        while waits():
            time.sleep(0.01)
        emit(events.Note("the run goes on", kind="goes-on"))


def train_epoch(run: RunFolder, epoch: int, emit) -> bool:
    if BEHAVIOUR.get("crash_at") == epoch:
        say_and_die()
    until = time.monotonic() + SLOW
    wait_for = BEHAVIOUR.get("gate_to_wait_for")
    while time.monotonic() < until or (wait_for and not Path(wait_for).exists()):
        if run.stop.exists() and not BEHAVIOUR.get("deaf"):
            return True
        wait_while_paused(run, emit)
        if run.finish.exists():
            return False
        time.sleep(0.01)
    (run.checkpoints / f"epoch-{epoch}").write_text("weights", encoding="utf-8")
    emit(
        events.Epoch(
            epoch=epoch,
            epochs=EPOCHS,
            train_loss=1.0 / epoch,
            validation_loss=1.2 / epoch,
            train_auc=0.9,
            validation_auc=0.8 + epoch / 100,
            learning_rate=1e-4,
            images_per_second=100.0,
            stage="train",
            best=True,
            train_accuracy=0.85,
            validation_accuracy=0.7 + epoch / 100,
        )
    )
    if epoch == EPOCHS - 1:
        for kind in BEHAVIOUR.get("hints", []):
            emit(events.Note(f"The curves show {kind}.", kind=kind))
    return False


def answer(verb: str, words: list[str]) -> int:
    """What `estimate` and `leaks` say; `asked` names a file that keeps their arguments."""
    if BEHAVIOUR.get("asked"):
        with Path(BEHAVIOUR["asked"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps([verb, *words]) + "\n")
    usual = {
        "estimate": {"seconds": 240, "memory_bytes": 2**30, "sentence": ""},
        "leaks": {"findings": [], "checked": ["the same pixels twice: 24 patches"]},
    }
    said = BEHAVIOUR.get(verb, usual[verb])
    if said == "unknown":
        print(f"error: there is no verb {verb!r}; there are predict.", file=sys.stderr)
        return 2
    print(json.dumps(said))
    return 0


def finish(run: RunFolder, job: Job, rows: list[dict], emit) -> None:
    used = [row["hash"] for row in rows if row["split"] in ("train", "validation")]
    write_model(run.candidate, name=job.model_name, hashes=used, version=job.model_version)
    judged = [row for row in rows if row["split"] in ("validation", "locked")]
    for path, chosen, sign in (
        (run.predictions, judged, 1),
        (run.out_of_fold, [row for row in rows if row["split"] == "train"], -1),
    ):
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("patch", "logit", "error"))
            writer.writerows((row["patch"], sign * logit_of(row["patch"]), "") for row in chosen)
    gate = {
        "verdict": BEHAVIOUR.get("verdict", "first" if job.active_model is None else "better"),
        "may_promote": BEHAVIOUR.get("may_promote", True),
        "sentence": "The candidate is better on 12 locked patches.",
        "patches": 12,
        "looks": job.looks + 1,
    }
    run.gate.write_text(json.dumps(gate), encoding="utf-8")
    emit(events.Result(payload={"candidate": "candidate", "gate": gate}))


if __name__ == "__main__":
    words = sys.argv[1:]
    if BEHAVIOUR.get("die_at_once"):
        say_and_die()
    if words[0] in ("estimate", "leaks"):
        sys.exit(answer(words[0], words[1:]))
    sys.exit(serve() if words[0] == "serve" else finetune(Path(words[1])))
