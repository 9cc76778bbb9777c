import numpy as np
import pytest
from builders import add_model
from fake_training import logit_of

from glomviewer.jobs.prediction import predict_missing
from glomviewer.jobs.worker_client import WorkerClient, WorkerError
from glomviewer.store.predictions import logits


class Control:
    def __init__(self, *, cancel_at=None):
        self.heard = []
        self._cancel_at = cancel_at

    def progress(self, done, total, stage="", seconds_left=None):
        self.heard.append((done, total))

    def cancelled(self):
        return self._cancel_at is not None and len(self.heard) >= self._cancel_at


@pytest.fixture
def worker(fake_command):
    made = []

    def make(**behaviour):
        command = fake_command(**behaviour)
        made.append(WorkerClient(command.with_verb("serve"), variables=command.variables()))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def model(small):
    return add_model(small)


def stored(small, model):
    patches, values, _ = logits(
        small.library.paths.predictions(model), without=np.zeros(0, dtype=np.int64)
    )
    return dict(zip(patches.tolist(), values.tolist(), strict=True))


def left_over(small):
    return list(small.library.paths.folder.glob("predictions/*.csv"))


def test_every_patch_is_predicted_and_stored(small, model, worker):
    control = Control()
    changes = predict_missing(small.library, model=model, worker=worker(), control=control)
    assert changes.predictions
    assert changes.sentence == "24 patches predicted."
    assert stored(small, model) == {patch: logit_of(str(patch)) for patch in range(1, 25)}
    assert control.heard[-1] == (24, 24)
    assert left_over(small) == []


def test_only_what_has_no_prediction_is_asked_for(small, model, worker):
    small.library.store_predictions(model, [(patch, 9.0, "") for patch in range(1, 21)])
    control = Control()
    predict_missing(small.library, model=model, worker=worker(), control=control)
    assert control.heard[-1] == (4, 4)
    assert stored(small, model)[1] == 9.0
    changes = predict_missing(small.library, model=model, worker=worker(), control=control)
    assert not changes


def test_a_patch_that_cannot_be_read_is_counted_and_not_asked_for_again(small, model, worker):
    changes = predict_missing(
        small.library, model=model, worker=worker(unreadable=[4, 5]), control=Control()
    )
    assert changes.sentence == "22 patches predicted. 2 could not be read."
    assert small.library.prediction_failures(model) == {4: "file not found", 5: "file not found"}
    assert small.library.unpredicted(model) == []


def test_what_a_crashed_worker_has_written_counts_next_time(small, model, worker):
    with pytest.raises(WorkerError, match="device-side assert"):
        predict_missing(small.library, model=model, worker=worker(crash_at=10), control=Control())
    control = Control()
    predict_missing(small.library, model=model, worker=worker(), control=control)
    assert control.heard[-1] == (15, 15)
    assert len(stored(small, model)) == 24
    assert left_over(small) == []


def test_a_cancelled_prediction_keeps_what_it_has(small, model, worker):
    control = Control(cancel_at=3)
    changes = predict_missing(small.library, model=model, worker=worker(slow=0.05), control=control)
    done = len(stored(small, model))
    assert 3 <= done < 24
    assert changes.predictions
    assert len(small.library.unpredicted(model)) == 24 - done
