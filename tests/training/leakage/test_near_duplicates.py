"""Near duplicates: what one glomerulus may go through and still be known, and what it is not."""

import io
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from glomviewer.drawn import draw_patch
from training.leakage import near_duplicates
from training.leakage.near_duplicates import ALIKE, distance, eight_hashes, near_pairs

REAL = Path(__file__).parents[3] / "../shared/data/glomeruli/images"


@pytest.fixture(scope="module")
def drawn() -> list[np.ndarray]:
    return [draw_patch(seed, seed % 2, size=96).pixels for seed in range(24)]


def turned(pixels: np.ndarray, symmetry: int) -> np.ndarray:
    flipped = pixels[:, ::-1] if symmetry > 3 else pixels
    return np.ascontiguousarray(np.rot90(flipped, symmetry % 4))


def changed(pixels: np.ndarray, how: str) -> np.ndarray:
    picture = Image.fromarray(pixels)
    width, height = picture.size
    if how == "jpeg":
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG", quality=60)
        return np.asarray(Image.open(buffer).convert("RGB"))
    if how == "larger":
        return np.asarray(picture.resize((width * 2, height * 2), Image.Resampling.BICUBIC))
    if how == "stain":
        return np.clip(pixels * np.array([1.05, 0.95, 1.0]) + 8, 0, 255).astype(np.uint8)
    if how == "noise":
        noise = np.random.default_rng(0).normal(0, 6, pixels.shape)
        return np.clip(pixels + noise, 0, 255).astype(np.uint8)
    return pixels[2:, 2:]


@pytest.mark.parametrize("how", ["jpeg", "larger", "stain", "noise", "shift"])
def test_a_patch_stays_like_itself_however_turned(drawn: list[np.ndarray], how: str) -> None:
    for number, pixels in enumerate(drawn):
        other = turned(changed(pixels, how), number % 8)
        assert distance(eight_hashes(pixels), eight_hashes(other)) <= ALIKE


def test_no_two_drawn_glomeruli_are_alike(drawn: list[np.ndarray]) -> None:
    hashes = np.stack([eight_hashes(pixels) for pixels in drawn])
    assert near_pairs(hashes, [""] * len(drawn)) == []


@pytest.mark.real
@pytest.mark.skipif(not REAL.is_dir(), reason="the real patches are not here")
def test_no_real_glomeruli_of_two_slides_are_alike() -> None:
    files = sorted(REAL.glob("*.png"))[::5]
    hashes = np.stack([eight_hashes(np.asarray(Image.open(f).convert("RGB"))) for f in files])
    assert near_pairs(hashes, [f.stem.rpartition("-")[0] for f in files]) == []


def test_pairs_of_one_group_are_not_told() -> None:
    one = np.random.default_rng(0).integers(0, 2**63, (1, 8, 4), dtype=np.uint64)
    hashes = np.concatenate([one, one, one])
    assert near_pairs(hashes, ["a", "a", "a"]) == []
    pairs = near_pairs(hashes, ["a", "a", "b"])
    assert [(pair.first, pair.second, pair.distance) for pair in pairs] == [(0, 2, 0), (1, 2, 0)]
    assert len(near_pairs(hashes, ["", "", ""])) == 3


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 2**16),
    count=st.integers(2, 40),
    alike=st.integers(40, 110),
    block=st.integers(1, 50),
)
def test_the_search_finds_what_comparing_all_finds(
    seed: int, count: int, alike: int, block: int
) -> None:
    random = np.random.default_rng(seed)
    hashes = random.integers(0, 2**63, (count, 8, 4), dtype=np.uint64)
    groups = [str(number) for number in random.integers(0, 5, count)]
    expected = {
        (i, j)
        for i in range(count)
        for j in range(i + 1, count)
        if groups[i] != groups[j] and distance(hashes[i], hashes[j]) <= alike
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(near_duplicates, "_BLOCK", block)
        found = near_pairs(hashes, groups, alike=alike)
    assert {(pair.first, pair.second) for pair in found} == expected


def test_counting_bits_without_numpy_2_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    words = np.random.default_rng(1).integers(0, 2**64, (5, 7), dtype=np.uint64)
    expected = np.bitwise_count(words)
    monkeypatch.delattr(np, "bitwise_count")
    assert np.array_equal(near_duplicates._bit_count(words), expected)


def test_as_many_as_the_common_data_take_seconds() -> None:
    hashes = np.random.default_rng(0).integers(0, 2**63, (5758, 8, 4), dtype=np.uint64)
    started = time.process_time()
    assert near_pairs(hashes, [str(number // 12) for number in range(5758)]) == []
    assert time.process_time() - started < 20
