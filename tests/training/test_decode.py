"""Golden tests of the one decoder: exact pixels for every kind of file."""

import io
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from training.decode import DecodeError, decode, image_size, pixel_hash

PIXELS = np.array(
    [[[255, 0, 0], [0, 255, 0], [0, 0, 255]], [[10, 20, 30], [128, 128, 128], [255, 255, 255]]],
    dtype=np.uint8,
)


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png16(values: np.ndarray, colour_type: int) -> bytes:
    """A PNG of 16 bits, which Pillow writes for greyscale only."""
    height, width = values.shape[:2]

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    raw = b"".join(b"\0" + values[y].astype(">u2").tobytes() for y in range(height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(raw))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("PNG", {}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("BMP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
def test_lossless_formats_give_the_pixels_that_were_saved(kind, options):
    decoded = decode(encoded(Image.fromarray(PIXELS), kind, **options))
    np.testing.assert_array_equal(decoded, PIXELS)
    assert decoded.dtype == np.uint8
    assert decoded.flags.c_contiguous


def test_jpeg_is_read():
    flat = np.full((16, 16, 3), (200, 100, 50), dtype=np.uint8)
    decoded = decode(encoded(Image.fromarray(flat), "JPEG", quality=95))
    assert np.abs(decoded.astype(int) - flat).max() <= 2


def test_alpha_is_composited_on_white_and_rounded():
    rgba = np.array(
        [[[100, 0, 200, 255], [100, 0, 200, 0], [100, 0, 200, 128], [1, 2, 3, 1]]], np.uint8
    )
    decoded = decode(encoded(Image.fromarray(rgba, "RGBA"), "PNG"))
    half = [round((c * 128 + 255 * 127) / 255) for c in (100, 0, 200)]
    faint = [round((c * 1 + 255 * 254) / 255) for c in (1, 2, 3)]
    assert decoded.tolist() == [[[100, 0, 200], [255, 255, 255], half, faint]]


def test_an_opaque_alpha_channel_changes_nothing():
    rgba = np.dstack([PIXELS, np.full((2, 3), 255, np.uint8)])
    np.testing.assert_array_equal(decode(encoded(Image.fromarray(rgba, "RGBA"), "PNG")), PIXELS)


def test_grey_with_alpha_is_composited_on_white():
    la = Image.fromarray(np.array([[[0, 255], [0, 0], [51, 51]]], np.uint8), "LA")
    assert decode(encoded(la, "PNG")).tolist() == [[[0] * 3, [255] * 3, [214] * 3]]


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_by_255_over_65535_and_rounded(kind):
    values = np.array([[0, 128, 129, 255, 256, 257, 32767, 32768, 65407, 65535]], np.uint16)
    expected = np.rint(values.astype(np.float64) * 255 / 65535).astype(int)
    decoded = decode(encoded(Image.fromarray(values), kind))
    assert decoded[:, :, 0].tolist() == expected.tolist()
    assert (decoded == decoded[:, :, :1]).all()


def test_a_16_bit_tiff_where_white_is_zero_is_inverted():
    values = np.array([[0, 65535, 257]], np.uint16)
    data = encoded(Image.fromarray(values), "TIFF", tiffinfo={262: 0})
    assert decode(data)[0, :, 0].tolist() == [255, 0, 254]


def test_16_bit_colour_is_within_one_level_of_the_stated_scale():
    values = np.arange(0, 65536, 1311, dtype=np.uint16)[:48].reshape(4, 4, 3)
    exact = np.rint(values.astype(np.float64) * 255 / 65535)
    decoded = decode(png16(values, colour_type=2))
    np.testing.assert_array_equal(decoded, values >> 8)
    assert np.abs(decoded - exact).max() <= 1


def test_8_bits_repeated_as_16_come_back_unchanged_in_grey_and_colour():
    grey = np.arange(256, dtype=np.uint16).reshape(16, 16)
    assert (decode(png16(grey * 257, 0))[:, :, 0] == grey).all()
    colour = np.repeat(grey[:, :, None], 3, axis=2)
    assert (decode(png16(colour * 257, 2)) == colour).all()


def test_a_palette_is_resolved():
    image = Image.fromarray(np.array([[0, 1, 2]], np.uint8), "P")
    image.putpalette([255, 0, 0, 0, 255, 0, 9, 8, 7])
    assert decode(encoded(image, "PNG")).tolist() == [[[255, 0, 0], [0, 255, 0], [9, 8, 7]]]


def test_a_transparent_palette_entry_becomes_white():
    image = Image.fromarray(np.array([[0, 1]], np.uint8), "P")
    image.putpalette([255, 0, 0, 0, 255, 0])
    data = encoded(image, "PNG", transparency=0)
    assert decode(data).tolist() == [[[255, 255, 255], [0, 255, 0]]]


def test_a_transparent_rgb_colour_becomes_white():
    data = encoded(Image.fromarray(PIXELS), "PNG", transparency=(10, 20, 30))
    assert decode(data)[1, 0].tolist() == [255, 255, 255]
    assert decode(data)[0, 0].tolist() == [255, 0, 0]


def test_grey_and_one_bit():
    grey = Image.fromarray(np.array([[0, 7, 255]], np.uint8), "L")
    assert decode(encoded(grey, "PNG")).tolist() == [[[0] * 3, [7] * 3, [255] * 3]]
    bits = Image.fromarray(np.array([[0, 255]], np.uint8)).convert("1")
    assert decode(encoded(bits, "PNG")).tolist() == [[[0] * 3, [255] * 3]]


def test_cmyk():
    cmyk = Image.fromarray(
        np.array([[[0, 0, 0, 0], [255, 0, 0, 0], [0, 0, 0, 255]]], np.uint8), "CMYK"
    )
    assert decode(encoded(cmyk, "TIFF")).tolist() == [[[255] * 3, [0, 255, 255], [0] * 3]]


# The stored image is PIXELS; each orientation says how it should be turned to be seen.
ORIENTED = {
    1: PIXELS,
    2: PIXELS[:, ::-1],
    3: PIXELS[::-1, ::-1],
    4: PIXELS[::-1],
    5: PIXELS.transpose(1, 0, 2),
    6: np.rot90(PIXELS, -1),
    7: PIXELS[::-1, ::-1].transpose(1, 0, 2),
    8: np.rot90(PIXELS, 1),
}


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", ORIENTED)
def test_orientation_is_applied(kind, orientation):
    exif = Image.Exif()
    exif[274] = orientation
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(PIXELS), kind, exif=exif, **options)
    expected = ORIENTED[orientation]
    np.testing.assert_array_equal(decode(data), expected)
    assert image_size(data) == (expected.shape[1], expected.shape[0])
    assert decode(data).flags.c_contiguous


def test_a_jpeg_lying_on_its_side_is_turned():
    exif = Image.Exif()
    exif[274] = 6
    data = encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif)
    assert decode(data).shape == (40, 20, 3)
    assert image_size(data) == (20, 40)


@pytest.mark.parametrize("kind", ["TIFF", "WEBP"])
def test_of_several_frames_the_first_is_taken(kind):
    second = Image.new("RGB", (3, 2), (1, 1, 1))
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(Image.fromarray(PIXELS), kind, save_all=True, append_images=[second], **options)
    np.testing.assert_array_equal(decode(data), PIXELS)


def test_a_path_and_its_bytes_give_the_same(tmp_path: Path):
    file = tmp_path / "Größe 1.png"
    data = encoded(Image.fromarray(PIXELS), "PNG")
    file.write_bytes(data)
    np.testing.assert_array_equal(decode(file), decode(data))
    np.testing.assert_array_equal(decode(str(file)), decode(data))


def test_a_wrong_extension_does_not_matter(tmp_path: Path):
    file = tmp_path / "really_a_png.jpg"
    file.write_bytes(encoded(Image.fromarray(PIXELS), "PNG"))
    np.testing.assert_array_equal(decode(file), PIXELS)


def noise_file(kind: str) -> bytes:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8)
    return encoded(Image.fromarray(noise), kind)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_a_truncated_file_is_refused(kind):
    data = noise_file(kind)
    for share in (0.3, 0.6, 0.9):
        with pytest.raises(DecodeError) as caught:
            decode(data[: int(len(data) * share)])
        assert "truncated" in caught.value.reason or "damaged" in caught.value.reason


def test_a_truncated_png_says_truncated():
    data = noise_file("PNG")
    with pytest.raises(DecodeError) as caught:
        decode(data[: len(data) // 2])
    assert caught.value.reason == "truncated"


def test_size_is_refused_before_anything_is_decoded():
    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    # A header alone: there would be nothing to decode.
    header = struct.pack(">IIBBBBB", 20000, 20000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"")
    with pytest.raises(DecodeError) as caught:
        decode(data)
    assert caught.value.reason == "too large: 20000 x 20000 px"
    assert image_size(data) == (20000, 20000)


def test_the_pixel_limit_is_inclusive():
    data = encoded(Image.fromarray(PIXELS), "PNG")
    assert decode(data, max_pixels=6).shape == (2, 3, 3)
    with pytest.raises(DecodeError, match="too large: 3 x 2 px"):
        decode(data, max_pixels=5)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty file"),
        (b"hello, I am no image at all", "not an image"),
        (b"GIF89a" + b"\0" * 40, "not an image"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "not an image"),
        (b"\x89PNG\r\n\x1a\n", "damaged: its header can't be read"),
    ],
)
def test_what_is_no_image_is_refused_with_the_reason(data, reason):
    with pytest.raises(DecodeError) as caught:
        decode(data)
    assert caught.value.reason == reason
    with pytest.raises(DecodeError):
        image_size(data)


def test_files_that_are_not_there(tmp_path: Path):
    with pytest.raises(DecodeError, match="file not found"):
        decode(tmp_path / "missing.png")
    with pytest.raises(DecodeError):
        decode(tmp_path)
    with pytest.raises(DecodeError):
        decode("a\0b.png")


def test_32_bit_pixels_are_refused():
    floats = Image.fromarray(np.zeros((2, 2), np.float32), "F")
    with pytest.raises(DecodeError, match="32 bits"):
        decode(encoded(floats, "TIFF"))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@settings(max_examples=100, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG", "TIFF", "BMP", "WEBP"]),
    changes=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), min_size=1, max_size=12),
)
def test_damage_anywhere_gives_pixels_or_a_decode_error(kind, changes):
    data = bytearray(encoded(Image.fromarray(PIXELS).resize((24, 20)), kind))
    for where, value in changes:
        data[int(where * (len(data) - 1))] = value
    for read in (lambda d: decode(d, max_pixels=1_000_000), image_size):
        try:
            read(bytes(data))
        except DecodeError as error:
            assert error.reason


def test_the_hash_is_of_shape_and_pixels():
    assert pixel_hash(PIXELS) == (
        "cdb2031633796658075b3e3846d61687b0a2441d9bcba937bf6ebddca57b770a"
    )
    assert pixel_hash(PIXELS) != pixel_hash(PIXELS.reshape(3, 2, 3))
    assert pixel_hash(PIXELS) == pixel_hash(np.asfortranarray(PIXELS))
    assert pixel_hash(PIXELS) == pixel_hash(decode(encoded(Image.fromarray(PIXELS), "BMP")))
