"""The cache of thumbnails: small, quick, and never in the way."""

import io
import threading

import numpy as np
import pytest
from PIL import Image

from glomviewer.store.thumbnails import LONG_SIDE, Thumbnails, make_thumbnail


def size_of(jpeg):
    with Image.open(io.BytesIO(jpeg)) as image:
        return image.size


@pytest.mark.parametrize(
    ("shape", "size"),
    [((733, 711), (155, 160)), ((40, 400), (160, 16)), ((30, 20), (20, 30)), ((1, 9000), (160, 1))],
)
def test_longer_side_has_at_most_160_pixels(shape, size):
    pixels = np.zeros((*shape, 3), dtype=np.uint8)
    assert size_of(make_thumbnail(pixels)) == size
    assert max(size) <= LONG_SIDE


def test_what_was_put_comes_back(tmp_path):
    with Thumbnails(tmp_path / "t.sqlite") as thumbnails:
        thumbnails.put_many([(f"h{at}", b"%d" % at) for at in range(1200)])
        assert thumbnails.get("h7") == b"7"
        assert len(thumbnails.get_many([f"h{at}" for at in range(1300)])) == 1200
        assert thumbnails.get("other") is None
    with Thumbnails(tmp_path / "t.sqlite") as thumbnails:
        assert thumbnails.get("h1199") == b"1199"


def test_deleted_or_damaged_cache_is_made_again(tmp_path):
    file = tmp_path / "t.sqlite"
    file.write_bytes(b"this is no database" * 500)
    with Thumbnails(file) as thumbnails:
        assert thumbnails.get("h") is None
        thumbnails.put("h", b"jpeg")
        assert thumbnails.get("h") == b"jpeg"


def test_reading_only_writes_nothing(tmp_path):
    file = tmp_path / "t.sqlite"
    with Thumbnails(file, write=False) as thumbnails:
        thumbnails.put("h", b"jpeg")
        assert thumbnails.get("h") is None
    assert not file.exists()


def test_folder_that_can_not_be_written_is_no_error(tmp_path):
    with Thumbnails(tmp_path / "nowhere" / "t.sqlite") as thumbnails:
        thumbnails.put("h", b"jpeg")
        assert thumbnails.get("h") is None


def test_many_threads_write_and_read_at_once(tmp_path):
    with Thumbnails(tmp_path / "t.sqlite") as thumbnails:

        def work(number):
            for at in range(50):
                thumbnails.put(f"{number}-{at}", b"x")
                assert thumbnails.get(f"{number}-{at}") == b"x"

        threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(thumbnails.get_many([f"{n}-{at}" for n in range(4) for at in range(50)])) == 200


def test_closed_cache_answers_nothing(tmp_path):
    thumbnails = Thumbnails(tmp_path / "t.sqlite")
    thumbnails.put("h", b"jpeg")
    thumbnails.close()
    thumbnails.put("i", b"jpeg")
    assert thumbnails.get("h") is None
