import csv
import threading

import psutil
import pytest

from glomviewer.jobs.worker_client import WorkerCancelled, WorkerClient, WorkerError
from training import events


@pytest.fixture
def client(fake_command):
    made = []

    def make(**behaviour) -> WorkerClient:
        command = fake_command(**behaviour)
        client = WorkerClient(command.with_verb("serve"), variables=command.variables())
        made.append(client)
        return client

    yield make
    for each in made:
        each.close()


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "manifest.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("patch", "path"))
        writer.writerows((number, f"/images/{number}.png") for number in range(1, 31))
    return path


def predict(client, manifest, *, on_event=None):
    return client.request(
        "predict",
        on_event=on_event,
        model="m",
        manifest=str(manifest),
        output=str(manifest.with_name("out.csv")),
    )


def predicted(manifest):
    with manifest.with_name("out.csv").open(encoding="utf-8", newline="") as file:
        return [int(row["patch"]) for row in csv.DictReader(file)]


def test_a_request_is_answered_and_what_libraries_print_is_not_in_the_way(client):
    assert client().request("device").result(20)["device"] == "cpu"


def test_progress_comes_in_order_before_the_result(client, manifest):
    heard = []
    payload = predict(client(), manifest, on_event=heard.append).result(20)
    assert payload["predicted"] == 30
    assert isinstance(heard[0], events.Started)
    assert [event.done for event in heard[1:]] == list(range(1, 31))


def test_a_refused_request_says_why_and_leaves_the_worker_running(client):
    worker = client()
    with pytest.raises(WorkerError, match="no verb 'sing'"):
        worker.request("sing").result(20)
    assert worker.request("device").result(20)["device"] == "cpu"


def test_a_request_can_be_cancelled_while_it_runs(client, manifest):
    begun = threading.Event()
    worker = client(slow=0.05)
    request = predict(worker, manifest, on_event=lambda event: begun.set())
    assert begun.wait(20)
    request.cancel()
    with pytest.raises(WorkerCancelled):
        request.result(20)
    assert len(predicted(manifest)) < 30


def test_a_dead_worker_fails_the_request_with_its_last_words_and_starts_anew(client, manifest):
    worker = client(crash_at=4)
    with pytest.raises(WorkerError, match=r"exit code 3\): CUDA error: device-side assert"):
        predict(worker, manifest).result(20)
    assert not worker.running
    assert worker.request("device").result(20)["device"] == "cpu"


def test_an_interpreter_that_is_not_there_is_said_so(tmp_path):
    client = WorkerClient([str(tmp_path / "python")], variables={})
    with pytest.raises(WorkerError, match="can't be started"):
        client.request("device")
    client.close()


def test_a_worker_that_hangs_is_ended_on_closing(client, monkeypatch):
    monkeypatch.setattr("glomviewer.jobs.worker_client.END_GRACE", 0.2)
    worker = client(hang=True)
    request = worker.request("device")
    worker.close()
    with pytest.raises(WorkerError, match="stopped unexpectedly"):
        request.result(5)
    assert not [child for child in psutil.Process().children() if "fake_training" in str(child)]


def test_a_closed_client_takes_no_more_requests(client):
    worker = client()
    worker.close()
    with pytest.raises(WorkerError, match="closed"):
        worker.request("device")
