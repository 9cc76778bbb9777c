from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch

from training.config import Preprocessing, UserError
from training.dataset import Feed, PatchSet, class_weights, epoch_plan
from training.pixel_cache import PixelCache
from training.recipe import FullRecipe

LABELS = np.array([1] * 10 + [0] * 40, dtype=np.int8)


def recipe(**fields: object) -> FullRecipe:
    return FullRecipe(name="test", **fields)  # type: ignore[arg-type]


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_every_patch_is_shown_once_where_nothing_is_balanced() -> None:
    plan = epoch_plan(LABELS, recipe(balance="none", symmetries="none"), seeded())
    assert sorted(plan.rows.tolist()) == list(range(50))
    assert plan.rows.tolist() != list(range(50))
    assert not plan.codes.any()


def test_the_sampler_shows_both_classes_alike() -> None:
    shown = Counter[int]()
    for seed in range(20):
        plan = epoch_plan(LABELS, recipe(balance="sampler"), seeded(seed))
        assert len(plan.rows) == 50
        shown.update(LABELS[plan.rows.numpy()].tolist())
    assert 0.42 < shown[1] / shown.total() < 0.58


def test_copies_are_those_of_system_a() -> None:
    plan = epoch_plan(LABELS, recipe(balance="copies", symmetries="none"), seeded())
    shown = Counter(zip(plan.rows.tolist(), plan.codes.tolist(), strict=True))
    assert len(plan.rows) == 40 + 4 * 10
    assert all(count == 1 for count in shown.values())
    assert {code for row, code in shown if row < 10} == {0, 1, 2, 3}
    assert {code for row, code in shown if row >= 10} == {0}


def test_eight_symmetries_are_drawn() -> None:
    plan = epoch_plan(np.zeros(400, np.int8), recipe(balance="none"), seeded())
    assert set(plan.codes.tolist()) == set(range(8))


@pytest.mark.parametrize(("size", "batches"), [(20, 2), (50, 1), (64, 1)])
def test_batches_are_whole_unless_one_is_all_there_is(size: int, batches: int) -> None:
    plan = epoch_plan(LABELS, recipe(balance="none"), seeded())
    parts = plan.batches(size)
    assert len(parts) == batches
    assert all(len(part.rows) == min(size, 50) for part in parts)


def test_class_weights_are_one_on_average() -> None:
    none = class_weights(LABELS, recipe(balance="none"))
    assert none == (1.0, 1.0)
    zero, one = class_weights(LABELS, recipe(balance="weights"))
    assert one == pytest.approx(4 * zero)
    assert 40 * zero + 10 * one == pytest.approx(50)
    zero, one = class_weights(LABELS, recipe(balance="weights", class_weight=1.7))
    assert one == pytest.approx(1.7 * zero)


def test_the_feed_brings_each_plan_its_own_patches(make_rows, tmp_path: Path) -> None:
    rows = make_rows(12)
    cache = PixelCache.open(tmp_path / "cache", Preprocessing(size=16))
    cache.build(rows)
    patches = PatchSet.of(rows, cache)
    plans = epoch_plan(patches.labels, recipe(balance="none"), seeded()).batches(2)
    fed = list(Feed(patches, torch.device("cpu")).batches(plans))
    assert len(fed) == 6
    for plan, squares, labels in fed:
        for place, row in enumerate(plan.rows.tolist()):
            assert np.array_equal(squares[place].numpy(), cache.array(rows[row].hash))
            assert labels[place] == rows[row].label


def test_a_feed_that_is_left_early_leaves_no_thread(make_rows, tmp_path: Path) -> None:
    import threading

    rows = make_rows(12)
    cache = PixelCache.open(tmp_path / "cache", Preprocessing(size=16))
    cache.build(rows)
    plans = epoch_plan(np.zeros(12, np.int8), recipe(balance="none"), seeded()).batches(2)
    batches = Feed(PatchSet.of(rows, cache), torch.device("cpu")).batches(plans)
    next(batches)
    batches.close()
    assert not [one for one in threading.enumerate() if one.name.startswith("feed")]


def test_a_damaged_checkpoint_is_told_in_one_sentence(tmp_path: Path) -> None:
    from training.checkpoint import load_checkpoint, save_checkpoint

    assert load_checkpoint(tmp_path) is None
    save_checkpoint(tmp_path, {"progress": {"best_epoch": 0}})
    assert load_checkpoint(tmp_path) is not None
    path = tmp_path / "last.pt"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UserError, match="without --resume"):
        load_checkpoint(tmp_path)
