import threading
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms
from PySide6.QtGui import QColor, QImage

from glomviewer.jobs.image_cache import ImageCache
from glomviewer.jobs.image_reading import read_full
from glomviewer.jobs.image_sources import ImageSource, ImageSources
from glomviewer.jobs.images import ImageLoader, stored_side


class MemoryThumbnails:
    def __init__(self):
        self.kept = {}

    def get(self, pixel_hash):
        return self.kept.get(pixel_hash)

    def put(self, pixel_hash, jpeg):
        self.kept[pixel_hash] = jpeg

    def close(self):
        pass


def write_patch(folder: Path, patch: int, *, size=(400, 200), colour=(200, 60, 120)) -> ImageSource:
    path = folder / f"{patch}.png"
    Image.new("RGB", size, colour).save(path)
    return ImageSource(path, f"hash-{patch}")


@pytest.fixture
def sources(tmp_path):
    return {patch: write_patch(tmp_path, patch) for patch in range(1, 6)}


@pytest.fixture
def thumbnails():
    return MemoryThumbnails()


@pytest.fixture
def loader(qapp, sources, thumbnails):
    def lookup(patches):
        return {patch: sources[patch] for patch in patches if patch in sources}

    loader = ImageLoader(lookup, thumbnails=thumbnails)
    yield loader
    loader.close()


def test_a_thumbnail_comes_later_and_is_there_at_once_from_then_on(loader, qtbot, thumbnails):
    assert loader.thumbnail(1, 100) is None
    qtbot.waitUntil(lambda: loader.thumbnail(1, 100) is not None)
    image = loader.thumbnail(1, 100)
    assert (image.width(), image.height()) == (160, 80)
    assert "hash-1" in thumbnails.kept


def test_ready_names_the_patch(loader, qtbot):
    with qtbot.waitSignal(loader.thumbnail_ready) as ready:
        loader.thumbnail(3, 100)
    assert ready.args == [3]
    with qtbot.waitSignal(loader.full_ready) as ready:
        loader.full(4)
    assert ready.args == [4]
    assert loader.full(4).size().toTuple() == (400, 200)


def test_a_kept_thumbnail_needs_no_file(loader, qtbot, sources, thumbnails):
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 100)
    sources[1].path.unlink()
    loader.forget()
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 100)
    assert loader.thumbnail(1, 100) is not None
    assert loader.failure(1) is None


def test_a_larger_thumbnail_is_made_from_the_pixels(loader, qtbot):
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 300)
    assert loader.thumbnail(1, 300).width() == 320
    assert stored_side(5000) == 640


def test_while_the_right_size_is_read_another_one_is_shown(loader, qtbot):
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 100)
    assert loader.thumbnail(1, 300).width() == 160
    qtbot.waitUntil(lambda: loader.thumbnail(1, 300).width() == 320)


def test_the_kept_thumbnail_stands_in_for_a_larger_one(loader, qtbot, sources):
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 100)
    loader.forget()
    with qtbot.waitSignal(loader.thumbnail_ready):
        assert loader.thumbnail(1, 300) is None
    qtbot.waitUntil(lambda: loader.thumbnail(1, 300).width() == 320)
    sources[1].path.unlink()
    loader.forget()
    with qtbot.waitSignal(loader.thumbnail_ready):
        loader.thumbnail(1, 300)
    qtbot.waitUntil(lambda: loader.failure(1) is not None)


def test_a_file_that_cannot_be_read_is_told_once_and_can_be_tried_again(loader, qtbot, sources):
    good = sources[2].path.read_bytes()
    sources[2].path.write_bytes(good[:60])
    with qtbot.waitSignal(loader.full_ready):
        assert loader.full(2) is None
    assert "can't be shown" in loader.failure(2)
    assert loader.full(2) is None
    assert loader.idle
    sources[2].path.write_bytes(good)
    loader.forget([2])
    with qtbot.waitSignal(loader.full_ready):
        loader.full(2)
    assert loader.failure(2) is None
    assert loader.full(2) is not None


def test_an_unknown_patch_is_a_sentence_too(loader, qtbot):
    with qtbot.waitSignal(loader.full_ready):
        loader.full(99)
    assert loader.failure(99) == "This patch is no longer in the library."


def test_preloaded_images_are_there_before_they_are_asked_for(loader, qtbot):
    heard = []
    loader.full_ready.connect(heard.append)
    loader.preload([2, 3])
    qtbot.waitUntil(lambda: sorted(heard) == [2, 3])
    assert loader.full(2) is not None
    assert loader.full(3) is not None


def test_memory_stays_within_its_bound():
    cache: ImageCache[int] = ImageCache(10_000)
    for key in range(20):
        cache.put(key, QImage(25, 25, QImage.Format.Format_RGB32))
        cache.get(0)
    assert cache.bytes <= 10_000
    assert 0 in cache
    assert 19 in cache
    assert 5 not in cache


def test_one_image_above_the_bound_can_still_be_shown():
    cache: ImageCache[int] = ImageCache(100)
    cache.put(1, QImage(25, 25, QImage.Format.Format_RGB32))
    assert 1 in cache


def test_pixels_without_a_profile_are_shown_as_the_model_reads_them(tmp_path, qapp):
    source = write_patch(tmp_path, 1, size=(5, 3), colour=(11, 22, 33))
    assert read_full(source.path).pixelColor(4, 2) == QColor(11, 22, 33)


def test_a_profile_is_applied_for_the_eye(tmp_path, qapp):
    pixels = np.full((4, 4, 3), 128, dtype=np.uint8)
    path = tmp_path / "linear.png"
    linear = linear_profile()
    Image.fromarray(pixels).save(path, icc_profile=linear)
    assert read_full(path).pixelColor(0, 0).red() == pytest.approx(188, abs=2)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(pixels).save(path, icc_profile=srgb)
    assert read_full(path).pixelColor(0, 0).red() == pytest.approx(128, abs=1)


def linear_profile() -> bytes:
    from PySide6.QtGui import QColorSpace

    return bytes(QColorSpace(QColorSpace.NamedColorSpace.SRgbLinear).iccProfile().data())


def test_sources_are_looked_up_together_and_once():
    asked = []

    def lookup(patches):
        asked.append(list(patches))
        return {patch: ImageSource(Path(f"{patch}.png"), "") for patch in patches}

    sources = ImageSources(lookup)
    assert sources.get(1, along=lambda: [2, 3]) == ImageSource(Path("1.png"), "")
    assert sources.get(3, along=list) == ImageSource(Path("3.png"), "")
    assert asked == [[1, 2, 3]]
    sources.forget([3])
    sources.get(3, along=list)
    assert asked == [[1, 2, 3], [3]]


def test_reading_goes_on_in_threads_of_its_own(loader):
    names = [thread.name for thread in threading.enumerate()]
    assert any(name.startswith("glomviewer-images") for name in names)


@pytest.mark.parametrize(
    "error",
    [
        PermissionError(13, "Permission denied", "sclerosed.png"),
        OSError(5, "Input/output error", "sclerosed.png"),
    ],
)
def test_an_error_about_a_hidden_file_does_not_name_it(error, qapp, qtbot, tmp_path, monkeypatch):
    def refuse(_path):
        raise error

    monkeypatch.setattr("glomviewer.jobs.image_reading.read_full", refuse)
    hidden = ImageSource(tmp_path / "sclerosed.png", "sclerosed", is_hidden=True)
    told = ImageSource(tmp_path / "sclerosed.png", "", is_hidden=False)
    loader = ImageLoader(lambda patches: {p: (hidden, told)[p - 1] for p in patches})
    try:
        for patch in (1, 2):
            with qtbot.waitSignal(loader.full_ready):
                loader.full(patch)
        assert loader.failure(1) == "This patch can't be shown: its file can't be read."
        assert "sclerosed.png" in str(loader.failure(2))
        assert "sclerosed" not in repr(hidden)
    finally:
        loader.close()
