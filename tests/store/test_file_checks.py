"""Missing and changed files are shown as such, never dropped."""

import hashlib
import os

import pytest


@pytest.fixture
def on_disk(empty, tmp_path, new_patch):
    """A library of three patches whose files are there."""
    root = tmp_path / "slides"
    root.mkdir()
    rows = []
    for number in range(3):
        file = root / f"{number}.png"
        file.write_bytes(bytes([number]) * 100)
        rows.append(
            new_patch(
                number,
                path=file.name,
                sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
                bytes=100,
                modified_ns=file.stat().st_mtime_ns,
            )
        )
    empty.add_patches(rows, root=root)
    return empty, root


def states(library):
    return [patch.file_state for patch in library.patches([1, 2, 3])]


def check(library):
    return library.check_files(lambda done, total: None)


def test_what_is_as_it_was_stays_present(on_disk):
    library, root = on_disk
    os.utime(root / "1.png", ns=(5, 5))
    assert not check(library).patches or states(library) == ["present"] * 3
    assert not check(library), "the new time is remembered"


def test_missing_and_changed_files_are_told_and_come_back(on_disk):
    library, root = on_disk
    (root / "0.png").rename(root / "away.png")
    (root / "1.png").write_bytes(b"x" * 100)
    (root / "2.png").write_bytes(b"longer" * 100)
    changes = check(library)
    assert states(library) == ["missing", "changed", "changed"]
    assert "1 newly missing, 2 newly changed" in changes.sentence
    assert library.load_table(None)["missing"].all()
    assert library.training_manifest() == []
    (root / "away.png").rename(root / "0.png")
    check(library)
    assert states(library)[0] == "present"


def test_a_check_can_be_cancelled(on_disk):
    library, root = on_disk
    (root / "0.png").unlink()
    assert not library.check_files(lambda done, total: None, lambda: True)
    assert states(library) == ["present"] * 3
