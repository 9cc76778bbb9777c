import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

import training.patches.dataset
from training.config import BaseWeights, Job, Preprocessing, RunFolder, UserError
from training.decode import pixel_hash
from training.events import Event, Note
from training.finetune import finetune
from training.learning.engine import Training, train
from training.patches.dataset import Feed, PatchSet, class_weights, epoch_plan, training_set
from training.patches.manifest import ManifestRow, Split, write_manifest
from training.patches.pixel_cache import PixelCache
from training.progress import Cancelled
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
    from training.learning.checkpoint import load_checkpoint, save_checkpoint

    assert load_checkpoint(tmp_path) is None
    save_checkpoint(tmp_path, {"progress": {"best_epoch": 0}})
    assert load_checkpoint(tmp_path) is not None
    path = tmp_path / "last.pt"
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(UserError, match="without --resume"):
        load_checkpoint(tmp_path)


def test_class_weights_count_beside_copies_too() -> None:
    zero, one = class_weights(LABELS, recipe(balance="copies", class_weight=2.0))
    assert one == pytest.approx(2 * zero)
    assert 40 * zero + 4 * 10 * one == pytest.approx(80)
    assert class_weights(LABELS, recipe(balance="copies")) == (1.0, 1.0)


@pytest.fixture
def by_split(tmp_path: Path) -> tuple[list[ManifestRow], PixelCache]:
    """Training patches are dark, all others bright, so that a mixture tells its parents."""
    counts: dict[Split, int] = {"train": 26, "validation": 6, "locked": 6, "final": 2}
    splits: list[Split] = [split for split, count in counts.items() for _ in range(count)]
    rows: list[ManifestRow] = []
    for number, split in enumerate(splits):
        low, high = (0, 100) if split == "train" else (150, 256)
        random = np.random.default_rng(number)
        pixels = random.integers(low, high, (16, 16, 3), dtype=np.uint8)
        path = tmp_path / f"{number}.png"
        Image.fromarray(pixels).save(path)
        label = int(number % 26 < 6) if split == "train" else number % 2
        rows.append(ManifestRow(str(number), path, pixel_hash(pixels), split=split, label=label))
    cache = PixelCache.open(tmp_path / "cache", Preprocessing(size=16))
    cache.build(rows)
    return rows, cache


def of(rows: list[ManifestRow], split: str) -> list[ManifestRow]:
    return [row for row in rows if row.split == split]


def test_smote_mixes_training_patches_alone(by_split) -> None:
    rows, cache = by_split
    made = training_set(of(rows, "train"), cache, recipe(balance="smote"), seed=0)
    patches = made.patches
    assert len(patches) == 26 + 4
    assert patches.synthetic is not None and len(patches.synthetic) == 4
    assert patches.labels[26:].tolist() == [1] * 4
    # Bright parents, which are held out, would show.
    assert patches.squares(range(30)).max() < 100
    assert "4 synthetic patches" in made.note and "26 are real" in made.note
    assert patches.nbytes == 30 * 16 * 16 * 3


@pytest.mark.parametrize("split", ["validation", "locked", "final"])
@pytest.mark.parametrize("balance", ["smote", "undersample", "copies", "sampler", "none"])
def test_what_is_held_out_is_never_resampled(by_split, split: str, balance: str) -> None:
    rows, cache = by_split
    mixed = [*of(rows, "train"), of(rows, split)[0]]
    with pytest.raises(UserError, match="split first"):
        training_set(mixed, cache, recipe(balance=balance), seed=0)


def test_the_leaking_order_of_system_b_is_refused() -> None:
    with pytest.raises(UserError, match="before the split"):
        recipe(balance="smote", resample_before_split=True)


def test_smote_is_the_same_for_the_same_seed(by_split) -> None:
    rows, cache = by_split
    first, again, other = (
        training_set(of(rows, "train"), cache, recipe(balance="smote"), seed=seed)
        .patches.squares(range(26, 30))
        .numpy()
        for seed in (1, 1, 2)
    )
    assert np.array_equal(first, again) and not np.array_equal(first, other)


def test_synthetic_patches_are_fed_like_others(by_split) -> None:
    rows, cache = by_split
    patches = training_set(of(rows, "train"), cache, recipe(balance="smote"), seed=0).patches
    plans = epoch_plan(patches.labels, recipe(balance="smote"), seeded()).batches(10)
    shown = list(Feed(patches, torch.device("cpu")).batches(plans))
    numbers = [row for plan, _, _ in shown for row in plan.rows.tolist()]
    assert sorted(numbers) == list(range(30))
    for plan, squares, labels in shown:
        assert torch.equal(squares, patches.squares(plan.rows.tolist()))
        assert labels.tolist() == patches.labels[plan.rows.numpy()].tolist()


def test_a_class_that_is_large_enough_gets_no_synthetic_patches(by_split) -> None:
    rows, cache = by_split
    made = training_set(of(rows, "train"), cache, recipe(balance="smote", smote_share=0.2), seed=0)
    assert made.patches.synthetic is None and len(made.patches) == 26
    assert "no synthetic" in made.note


def test_a_tiny_class_is_mixed_with_the_neighbours_there_are(by_split) -> None:
    rows, cache = by_split
    known = of(rows, "train")
    few = [row for row in known if row.label == 0] + [row for row in known if row.label == 1][:2]
    assert len(training_set(few, cache, recipe(balance="smote"), seed=0).patches) == 20 + 10
    with pytest.raises(UserError, match="SMOTE mixes two"):
        training_set(few[:-1], cache, recipe(balance="smote"), seed=0)


def test_undersampling_keeps_its_ratio(by_split) -> None:
    rows, cache = by_split
    dark = of(rows, "train")
    made = training_set(dark, cache, recipe(balance="undersample"), seed=0)
    assert Counter(made.patches.labels.tolist()) == {1: 6, 0: 8}
    known = {row.hash: row.label for row in dark}
    assert [known[digest] for digest in made.patches.hashes] == made.patches.labels.tolist()
    assert "12 training patches" in made.note
    unsplit = [replace(row, split="") for row in dark]
    again = training_set(unsplit, cache, recipe(balance="undersample"), seed=0)
    assert again.patches.hashes == made.patches.hashes


RESUMED = [
    {
        **{"rotation": 20.0, "shift": 0.1, "shear": 10.0, "zoom": 0.1},
        **{"stain_jitter": 0.2, "symmetries": "flips"},
    },
    {"mixup": 0.2, "label_smoothing": 0.1},
    {"loss": "focal", "balance": "copies", "symmetries": "none", "class_weight": 2.0},
]


@pytest.mark.parametrize("fields", RESUMED)
def test_a_resumed_run_shows_the_very_same(
    make_training: Callable[..., Training], tmp_path: Path, fields: dict[str, Any]
) -> None:
    whole = train(make_training(epochs=2, checkpoints=tmp_path / "a", **fields))
    # Asked more often than an epoch has steps, so in the midst of the second.
    asked = itertools.count()
    steps = 48 // 8 if fields.get("balance") != "copies" else (48 + 3 * 16) // 8
    broken = make_training(
        epochs=2,
        checkpoints=tmp_path / "b",
        should_stop=lambda: next(asked) == steps + 4,
        **fields,
    )
    with pytest.raises(Cancelled):
        train(broken)
    resumed = train(replace(broken, module=make_training().module), resume=True)
    for name, tensor in whole.state.items():
        assert torch.equal(tensor, resumed.state[name]), name


def test_a_whole_run_mixes_nothing_that_is_held_out(
    by_split: tuple[list[ManifestRow], PixelCache],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rows, _ = by_split
    parents: list[np.ndarray] = []
    real = training.patches.dataset.smote

    def spied(squares: np.ndarray, count: int, *, seed: int) -> np.ndarray:
        parents.append(squares)
        return real(squares, count, seed=seed)

    monkeypatch.setattr(training.patches.dataset, "smote", spied)
    folder = RunFolder(tmp_path / "run")
    write_manifest(folder.manifest, [replace(row, gate=True) for row in rows])
    fields = {
        **{"name": "resnet50-smote", "architecture": "test_vit", "size": 32, "epochs": 1},
        **{"architecture_kwargs": {"img_size": 32}, "batch": 8},
    }
    Job(id="a", recipe=fields, base=BaseWeights("random"), device="cpu").write(folder.job)
    notes: list[Event] = []
    finetune(folder, resume=False, emit=notes.append)
    (mixed,) = parents
    assert len(mixed) == 6
    # Training patches are dark, up to 99 before they were resized; a bright parent would show.
    assert mixed.max() < 130
    assert any("4 synthetic patches" in one.text for one in notes if isinstance(one, Note))
