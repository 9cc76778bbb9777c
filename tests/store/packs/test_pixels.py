"""A sent patch has the pixels of its original and nothing else of it."""

from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from glomviewer.domain.turns import inverse_turn, turned
from glomviewer.store.packs.pixels import sent_patch
from training.decode import DecodeError, decode, pixel_hash

SECRET = b"S23-12345"
ROOT = Path(__file__).parents[3]


def picture(mode="RGB", size=(13, 9)):
    rng = np.random.default_rng(5)
    noise = rng.integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
    image = Image.fromarray(noise, "RGBA")
    return image if mode == "RGBA" else image.convert("RGB").convert(mode)


def exif():
    tags = Image.Exif()
    tags[0x010E] = SECRET.decode()
    tags[0x0112] = 6
    return tags


def saved(image, suffix, **options):
    stream = BytesIO()
    image.save(stream, suffix, **options)
    return stream.getvalue()


def telling_files():
    text = PngImagePlugin.PngInfo()
    text.add_text("Patient", SECRET.decode())
    text.add_itxt("Comment", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    frames = [picture(), picture().rotate(90)]
    return {
        "png": saved(picture(), "PNG", pnginfo=text, exif=exif(), icc_profile=profile, dpi=(1, 2)),
        "rgba": saved(picture("RGBA"), "PNG", pnginfo=text),
        "palette": saved(picture("P"), "PNG", pnginfo=text),
        "grey": saved(picture("L"), "PNG"),
        "jpeg": saved(picture(), "JPEG", exif=exif(), comment=SECRET, icc_profile=profile),
        "cmyk": saved(picture("CMYK"), "JPEG", comment=SECRET),
        "tiff": saved(picture(), "TIFF", exif=exif(), description=SECRET.decode()),
        "webp": saved(picture(), "WEBP", lossless=True, exif=exif(), xmp=SECRET),
        "apng": saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
    }


FILES = telling_files()


def chunks(png):
    names, at = [], 8
    while at < len(png):
        names.append(png[at + 4 : at + 8])
        at += 12 + int.from_bytes(png[at : at + 4], "big")
    return names


@pytest.mark.parametrize("name", FILES)
def test_the_pixels_go_along_and_nothing_else(name):
    sent = sent_patch(FILES[name])
    assert set(chunks(sent.png)) == {b"IHDR", b"IDAT", b"IEND"}
    assert SECRET not in sent.png
    assert sent.pixel_hash == pixel_hash(decode(FILES[name])) == pixel_hash(decode(sent.png))
    height, width = decode(sent.png).shape[:2]
    assert (sent.width, sent.height) == (width, height)


def test_the_files_of_this_test_do_tell_something():
    telling = [name for name, data in FILES.items() if SECRET in data]
    assert {"png", "rgba", "jpeg", "cmyk", "tiff", "webp"} <= set(telling)


@given(st.integers(0, 7))
def test_a_turned_patch_can_be_turned_back(turn):
    sent = sent_patch(FILES["png"], turn)
    pixels = decode(sent.png)
    assert sent.pixel_hash == pixel_hash(pixels)
    assert np.array_equal(turned(pixels, inverse_turn(turn)), decode(FILES["png"]))
    assert (sent.pixel_hash == pixel_hash(decode(FILES["png"]))) == (turn == 0)


def test_a_damaged_patch_is_told_without_its_name(tmp_path):
    file = tmp_path / "S23-12345.png"
    file.write_bytes(FILES["png"][:60])
    for source in (file, tmp_path / "S23-none.png"):
        with pytest.raises(DecodeError) as told:
            sent_patch(source)
        assert "S23" not in str(told.value)


def test_a_patch_beyond_the_limit_is_refused():
    with pytest.raises(DecodeError, match="too large"):
        sent_patch(FILES["png"], max_pixels=100)


@pytest.mark.real
def test_real_patches_keep_their_pixels():
    folder = ROOT / "../shared/data/glomeruli/images"
    if not folder.is_dir():
        pytest.skip("the real patches are not here")
    for file in sorted(folder.glob("*.png"))[:3]:
        assert sent_patch(file).pixel_hash == pixel_hash(decode(file))
