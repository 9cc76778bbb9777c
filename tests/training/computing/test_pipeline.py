"""Decoding beside the model: the same numbers as one by one, whatever happens on the way."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from training.computing.pipeline import Precision, Runner
from training.config import Preprocessing, UserError
from training.decode import decode
from training.models.model import outputs, positive_logit
from training.models.model_folder import load_model
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import normalise, square
from training.patches.square_reader import read_batches
from training.progress import Cancelled

CPU = torch.device("cpu")


@pytest.fixture
def runner(tiny_model_folder: Path) -> Runner:
    loaded = load_model(tiny_model_folder)
    return Runner(loaded.module, loaded.card.preprocessing, "softmax", CPU, batch_size=4)


def one_by_one(folder: Path, rows) -> np.ndarray:
    loaded = load_model(folder)
    logits = []
    for row in rows:
        pixels = square(decode(row.path), loaded.card.preprocessing)
        with torch.inference_mode():
            images = normalise(torch.from_numpy(pixels)[None], loaded.card.preprocessing)
            logits.append(positive_logit(outputs(loaded.module, images), "softmax").item())
    return np.array(logits, np.float32)


def collected(results: Iterator) -> tuple[list[str], np.ndarray, np.ndarray, list[str]]:
    whole = list(results)
    return (
        [row.patch for result in whole for row in result.rows],
        np.concatenate([result.logits for result in whole]),
        np.concatenate([result.embeddings for result in whole]),
        [error for result in whole for error in result.errors],
    )


def test_results_are_those_of_one_by_one_in_order(runner, make_rows, tiny_model_folder):
    rows = make_rows(11)
    patches, logits, embeddings, errors = collected(runner.run(rows, workers=3))
    assert patches == [row.patch for row in rows]
    assert errors == [""] * 11
    np.testing.assert_allclose(logits, one_by_one(tiny_model_folder, rows), atol=1e-5)
    assert logits.dtype == np.float32
    assert embeddings.shape == (11, 32)


def test_no_rows_give_no_results(runner):
    assert list(runner.run([])) == []


def test_an_unreadable_patch_leaves_the_others_alone(runner, make_rows, tiny_model_folder):
    rows = make_rows(6)
    expected = one_by_one(tiny_model_folder, rows)
    rows[2].path.write_bytes(b"junk")
    rows[3].path.unlink()
    _, logits, _, errors = collected(runner.run(rows))
    assert errors == ["", "", "not an image", "file not found", "", ""]
    kept = [0, 1, 4, 5]
    np.testing.assert_allclose(logits[kept], expected[kept], atol=1e-5)


def test_cached_squares_are_used_instead_of_the_files(
    runner, make_rows, tmp_path, tiny_model_folder
):
    rows = make_rows(5)
    expected = one_by_one(tiny_model_folder, rows)
    cache = PixelCache.open(tmp_path / "cache", load_model(tiny_model_folder).card.preprocessing)
    cache.build(rows[:4])
    for row in rows[:4]:
        row.path.unlink()
    _, logits, _, errors = collected(runner.run(rows, cache=cache))
    assert errors == [""] * 5
    np.testing.assert_allclose(logits, expected, atol=1e-5)


class ShortOfMemory(nn.Module):
    """Refuses batches above `most`, as a device does whose memory runs out."""

    def __init__(self, inner: nn.Module, most: int, fault: Exception) -> None:
        super().__init__()
        self.inner = inner
        self.most = most
        self.fault = fault
        self.tried: list[int] = []

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        self.tried.append(len(images))
        if len(images) > self.most:
            raise self.fault
        return self.inner.forward_features(images)  # type: ignore[operator]

    def forward_head(self, values: torch.Tensor, pre_logits: bool = False) -> torch.Tensor:
        return self.inner.forward_head(values, pre_logits=pre_logits)  # type: ignore[operator]

    def get_classifier(self) -> nn.Module:
        return self.inner.get_classifier()  # type: ignore[operator]


FAULTS = [
    torch.OutOfMemoryError("CUDA out of memory. Tried to allocate"),
    RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    RuntimeError("MPS backend out of memory"),
    MemoryError(),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_batch_that_does_not_fit_is_halved_and_stays_so(make_rows, tiny_model_folder, fault):
    rows = make_rows(16)
    loaded = load_model(tiny_model_folder)
    short = ShortOfMemory(loaded.module, 3, fault)
    runner = Runner(short, loaded.card.preprocessing, "softmax", CPU, batch_size=8)
    _, logits, _, errors = collected(runner.run(rows))
    assert errors == [""] * 16
    np.testing.assert_allclose(logits, one_by_one(tiny_model_folder, rows), atol=1e-5)
    assert short.tried == [8, 4] + [2] * 8
    assert runner.batch_size == 2


def test_where_not_one_patch_fits_the_user_is_told(make_rows, tiny_model_folder):
    loaded = load_model(tiny_model_folder)
    short = ShortOfMemory(loaded.module, 0, FAULTS[0])
    runner = Runner(short, loaded.card.preprocessing, "softmax", CPU)
    with pytest.raises(UserError, match="not even one patch"):
        list(runner.run(make_rows(2)))


def test_another_fault_of_the_model_is_not_taken_for_memory(make_rows, tiny_model_folder):
    loaded = load_model(tiny_model_folder)
    broken = ShortOfMemory(loaded.module, 0, RuntimeError("shapes differ"))
    with pytest.raises(RuntimeError, match="shapes differ"):
        list(Runner(broken, loaded.card.preprocessing, "softmax", CPU).run(make_rows(2)))


def test_cancel_is_heard_between_patches(runner, make_rows):
    stop = threading.Event()
    results = runner.run(make_rows(40), should_stop=stop.is_set)
    next(results)
    stop.set()
    with pytest.raises(Cancelled):
        list(results)


def test_abandoned_results_leave_no_thread(runner, make_rows):
    results = runner.run(make_rows(30), workers=4)
    next(results)
    results.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("decode")]


def test_reading_runs_a_bounded_way_ahead(make_rows, monkeypatch):
    read: list[str] = []

    def counted(row):
        read.append(row.patch)
        return np.zeros((4, 4, 3), np.uint8), row.hash

    monkeypatch.setattr("training.patches.square_reader.read_pixels", counted)
    batches = read_batches(make_rows(60), Preprocessing(size=16), batch_size=2, ahead=3, workers=1)
    next(batches)
    batches.close()
    assert len(read) <= 8


def test_bf16_stays_near_fp32_with_logits_in_fp32(make_rows, tiny_model_folder):
    rows = make_rows(8)
    loaded = load_model(tiny_model_folder)
    preprocessing = loaded.card.preprocessing
    runner = Runner(loaded.module, preprocessing, "softmax", CPU, precision="bf16")
    _, logits, _, _ = collected(runner.run(rows))
    expected = one_by_one(tiny_model_folder, rows)
    assert logits.dtype == np.float32
    np.testing.assert_allclose(logits, expected, atol=0.05)
    assert not np.array_equal(logits, expected)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device")
def test_cuda_agrees_with_the_cpu(make_rows, tiny_model_folder):
    rows = make_rows(37)
    loaded = load_model(tiny_model_folder)
    cuda = torch.device("cuda", 0)
    preprocessing = loaded.card.preprocessing
    expected = one_by_one(tiny_model_folder, rows)
    choices: list[tuple[Precision, float]] = [("fp32", 1e-3), ("auto", 0.05)]
    for precision, tolerance in choices:
        runner = Runner(
            loaded.module, preprocessing, "softmax", cuda, precision=precision, batch_size=8
        )
        _, logits, _, _ = collected(runner.run(rows))
        np.testing.assert_allclose(logits, expected, atol=tolerance)
