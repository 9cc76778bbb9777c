"""The cache of squares: filled once, found by hash, sound after any interruption."""

from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.config import Preprocessing, UserError
from training.decode import decode
from training.patches.pixel_cache import PixelCache
from training.patches.preprocess import square
from training.progress import Cancelled, ProgressMeter

SMALL = Preprocessing(size=16)


def test_squares_are_found_by_hash(tmp_path: Path, make_rows):
    rows = make_rows(5)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    report = cache.build(rows)
    assert report.errors == {}
    assert len(cache) == 5
    for row in rows:
        expected = square(decode(row.path), SMALL)
        np.testing.assert_array_equal(cache.array(row.hash), expected)
    assert not cache.array(rows[0].hash).flags.writeable
    with pytest.raises(KeyError):
        cache.array("unknown")


def test_a_second_opening_finds_them_and_a_second_build_decodes_nothing(tmp_path, make_rows):
    rows = make_rows(3)
    PixelCache.open(tmp_path / "cache", SMALL).build(rows)
    for row in rows:
        row.path.unlink()
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    assert cache.build(rows).errors == {}
    assert all(row.hash in cache for row in rows)


def test_building_adds_only_what_is_missing(tmp_path: Path, make_rows):
    rows = make_rows(6)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    cache.build(rows[:2])
    first = cache.array(rows[0].hash).copy()
    cache.build(rows)
    assert len(cache) == 6
    np.testing.assert_array_equal(cache.array(rows[0].hash), first)


def test_another_size_or_padding_is_another_cache_and_normalisation_is_not(tmp_path, make_rows):
    rows = make_rows(1)
    PixelCache.open(tmp_path, SMALL).build(rows)
    assert len(PixelCache.open(tmp_path, replace(SMALL, size=24))) == 0
    assert len(PixelCache.open(tmp_path, replace(SMALL, pad_colour=(0, 0, 0)))) == 0
    assert len(PixelCache.open(tmp_path, replace(SMALL, mean=(0.5, 0.5, 0.5)))) == 1


def test_rows_without_a_hash_are_told_theirs(tmp_path: Path, make_rows):
    known, unknown = make_rows(2), make_rows(2, hashed=False)
    report = PixelCache.open(tmp_path / "cache", SMALL).build(unknown)
    assert report.hashes == {row.patch: row.hash for row in known}


def test_equal_pixels_are_kept_once(tmp_path: Path, make_rows):
    row = make_rows(1)[0]
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    report = cache.build([row, replace(row, patch="again")])
    assert len(cache) == 1
    assert report.hashes["again"] == row.hash


def test_unreadable_and_changed_files_are_told(tmp_path: Path, make_rows):
    rows = make_rows(3)
    rows[0].path.write_bytes(b"")
    Image.new("RGB", (9, 9)).save(rows[1].path)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    report = cache.build(rows)
    assert report.errors == {
        "0": "empty file",
        "1": "its pixels have changed since it was imported",
    }
    assert len(cache) == 1


def test_a_cancelled_build_keeps_what_it_has(tmp_path: Path, make_rows):
    rows = make_rows(30)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    looks = iter(range(1000))
    with pytest.raises(Cancelled):
        cache.build(rows, should_stop=lambda: next(looks) > 10)
    assert 0 < len(cache) < 30
    cache.build(rows)
    assert len(PixelCache.open(tmp_path / "cache", SMALL)) == 30


@pytest.mark.parametrize("cut", [1, 7, 16 * 16 * 3, 16 * 16 * 3 + 5])
def test_a_torn_end_is_dropped(tmp_path: Path, make_rows, cut):
    rows = make_rows(4)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    cache.build(rows)
    data, index = cache.folder / "squares.u8", cache.folder / "hashes.txt"
    del cache
    data.write_bytes(data.read_bytes()[:-cut])
    index.write_bytes(index.read_bytes()[:-3])
    reopened = PixelCache.open(tmp_path / "cache", SMALL)
    assert len(reopened) < 4
    reopened.build(rows)
    assert len(reopened) == 4
    for row in rows:
        expected = square(decode(row.path), SMALL)
        np.testing.assert_array_equal(reopened.array(row.hash), expected)


def test_progress_counts_every_row(tmp_path: Path, make_rows):
    rows = make_rows(4)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    cache.build(rows[:1])
    told = []
    cache.build(rows, progress=ProgressMeter(told.append, 4, "decoding", every=0))
    assert told[-1].done == 4


def test_a_full_disk_is_told_before_anything_is_written(tmp_path: Path, make_rows, monkeypatch):
    rows = make_rows(1)
    cache = PixelCache.open(tmp_path / "cache", SMALL)
    monkeypatch.setattr("shutil.disk_usage", lambda folder: type("U", (), {"free": 1000})())
    with pytest.raises(UserError, match="free some space"):
        cache.build(rows)


SHAPING = {
    "size": 24,
    "fit": "stretch",
    "pad_colour": (0, 0, 0),
    "interpolation": "bilinear",
    "pad_mode": "reflect",
    "enhancement": "edges",
    "saturation": 2.0,
    "hue": 0.1,
}


def test_every_field_but_mean_and_standard_deviation_has_a_cache_of_its_own(tmp_path: Path):
    known = {field.name for field in fields(Preprocessing)} - {"mean", "std"}
    assert set(SHAPING) == known, "say here how the new field is changed"
    plain = Preprocessing()
    changed = [replace(plain, **{name: value}) for name, value in SHAPING.items()]
    folders = {PixelCache.open(tmp_path, one).folder for one in (plain, *changed)}
    assert len(folders) == 1 + len(SHAPING)
    assert PixelCache.open(tmp_path, replace(plain, mean=(0, 0, 0))).folder in folders
