"""A folder of a hundred malformed files: what is sound comes in, the rest is listed."""

import os
import struct
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from glomviewer.store.import_values import FindingKind
from glomviewer.store.importing import run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source


def picture(seed):
    pixels = np.random.default_rng(seed).integers(0, 255, (24, 20, 3), dtype=np.uint8)
    return Image.fromarray(pixels)


def png(path, seed):
    picture(seed).save(path, "PNG")
    return path.read_bytes()


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def giant_png():
    """A header of 60,000 x 60,000 px and hardly any data: a decompression bomb's beginning."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + data + chunk(b"IEND", b"")


def write_undecodable_name(folder, at):
    """A file whose name is no text, where the file system allows one."""
    if sys.platform != "linux":
        return False
    with open(os.fsencode(folder) + b"/odd\xff%d.png" % at, "wb") as file:  # noqa: PTH123
        file.write(png(folder / "spare.png", 500 + at))
    (folder / "spare.png").unlink()
    return True


@pytest.fixture
def malformed(tmp_path):
    """The folder, the names that are sound, and the names that are not."""
    folder = tmp_path / "malformed"
    folder.mkdir()
    sound, bad = set(), set()
    for at in range(12):
        whole = png(folder / f"sound{at}.png", at)
        sound.add(f"sound{at}.png")
        (folder / f"truncated{at}.png").write_bytes(whole[: len(whole) * (at + 1) // 14])
        (folder / f"empty{at}.png").touch()
        (folder / f"giant{at}.png").write_bytes(giant_png())
        (folder / f"text{at}.jpg").write_text("this is no picture", encoding="utf-8")
        damaged = bytearray(whole)
        damaged[40 : 60 + at] = b"\xff" * (20 + at)
        (folder / f"damaged{at}.png").write_bytes(damaged)
        bad |= {f"truncated{at}.png", f"empty{at}.png", f"giant{at}.png", f"text{at}.jpg"}
        bad |= {f"damaged{at}.png"}
        jpeg = folder / f"renamed{at}.png"
        picture(100 + at).save(jpeg, "JPEG")
        sound.add(jpeg.name)
        (folder / f"nosuffix{at}").write_bytes(png(folder / "spare.png", 200 + at))
        sound.add(f"nosuffix{at}")
        (folder / f"notes{at}.docx").write_bytes(b"PK\x03\x04 not an image")
        bad.add(f"notes{at}.docx")
        if write_undecodable_name(folder, at):
            bad.add(f"odd\\xff{at}.png")
    (folder / "spare.png").unlink(missing_ok=True)
    return folder, sound, bad


def table_with_everything_wrong(folder):
    lines = ["name;ground truth;split"]
    lines += [f"sound{at}.png;{at % 2};train" for at in range(6)]
    lines += ["sound0.png;0;train", "sound1.png;0;train", "sound6;maybe;train"]
    lines += ["nobody.png;1;train", ";1;train", "sound7.png;1;some fold", "a;b;c;d;e"]
    (folder / "labels.csv").write_bytes("\r\n".join(lines).encode("cp1252"))


def imported(tmp_path, folder):
    library = Library.create(tmp_path / "it.glomlib")
    report = run_import(library, make_plan(read_source(folder)))
    return library, report


def test_what_is_sound_is_in_and_the_rest_is_listed(tmp_path, malformed):
    folder, sound, bad = malformed
    assert sum(1 for _ in folder.iterdir()) - 12 >= 96
    library, report = imported(tmp_path, folder)
    with library:
        assert set(library.names_of(report.added).values()) == sound
        listed = {finding.name for finding in report.findings if not finding.imported}
        assert listed == bad
        assert all(finding.reason for finding in report.findings)


def test_reasons_name_what_is_wrong(tmp_path, malformed):
    folder, _, _ = malformed
    library, report = imported(tmp_path, folder)
    library.close()
    reasons = {finding.name: finding.reason for finding in report.findings}
    assert reasons["empty3.png"] == "empty file"
    assert reasons["giant3.png"].startswith("too large: 60,000 x 60,000 px")
    assert reasons["text3.jpg"] == "not an image"
    assert reasons["truncated9.png"].startswith("truncated")


def test_wrong_rows_of_a_table_are_listed_and_stop_nothing(tmp_path, malformed):
    folder, sound, _ = malformed
    table_with_everything_wrong(folder)
    library, report = imported(tmp_path, folder)
    with library:
        assert set(library.names_of(report.added).values()) == sound
        labels = {p.name: p.imported_label for p in library.patches(report.added)}
    assert [labels[f"sound{at}.png"] for at in range(8)] == [0, -1, 0, 1, 0, 1, -1, 1]
    table = [f for f in report.findings if f.kind in (FindingKind.TABLE, FindingKind.CONFLICT)]
    reasons = {finding.name: finding.reason for finding in table}
    assert "named twice" in reasons["sound0.png"]
    assert "different labels" in reasons["sound1.png"]
    assert "'maybe' is not known" in reasons["sound6"]
    assert reasons["nobody.png"] == "no such image in the folder"
    assert reasons["(empty name)"] == "the row names no file"
    assert "'some fold'" not in reasons  # a column with such cells is not proposed as the split


def test_table_without_a_column_of_names_is_told_and_images_come_in(tmp_path, malformed):
    folder, sound, _ = malformed
    (folder / "labels.csv").write_text("foo,bar\n1,2\n3,4\n", encoding="utf-8")
    library, report = imported(tmp_path, folder)
    with library:
        assert set(library.names_of(report.added).values()) == sound
    told = [finding.reason for finding in report.findings if finding.name == "labels.csv"]
    assert told and "foo, bar" in told[0]


@pytest.mark.parametrize("raw", [b"", b"\0\1\2\3" * 50, b"\xff\xfe\xfd", b'name,"ground\n1,2'])
def test_table_that_is_none_is_told_and_images_come_in(tmp_path, malformed, raw):
    folder, sound, _ = malformed
    (folder / "labels.csv").write_bytes(raw)
    library, report = imported(tmp_path, folder)
    with library:
        assert set(library.names_of(report.added).values()) == sound
    assert any(finding.name == "labels.csv" for finding in report.findings)


def test_same_names_in_two_folders_stay_apart(tmp_path):
    folder = tmp_path / "twice"
    for at, sub in enumerate(("a", "b")):
        (folder / sub).mkdir(parents=True)
        png(folder / sub / "same.png", at)
    (folder / "labels.csv").write_text("name,label\nsame.png,1\nb/same.png,0\n", encoding="utf-8")
    library, report = imported(tmp_path, folder)
    with library:
        labels = {Path(p.path).parent.name: p.imported_label for p in library.patches(report.added)}
    assert labels == {"a": -1, "b": 0}
    assert any("2 files have this name" in finding.reason for finding in report.findings)
