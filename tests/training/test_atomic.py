"""Files and folders stand whole or not at all."""

from pathlib import Path

import pytest

from training import atomic


class SomeError(Exception):
    pass


def test_a_file_is_replaced_and_nothing_is_left_beside(tmp_path: Path):
    path = tmp_path / "new" / "file.txt"
    atomic.write_text(path, "one\n")
    atomic.write_text(path, "two\n")
    assert path.read_bytes() == b"two\n"
    assert [entry.name for entry in path.parent.iterdir()] == ["file.txt"]


def test_a_folder_takes_the_place_of_the_old_one(tmp_path: Path):
    target = tmp_path / "model"
    for text in ("one", "two"):
        with atomic.new_folder(target) as folder:
            (folder / "a").write_text(text)
    assert (target / "a").read_text() == "two"
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]


def test_a_fault_leaves_the_old_folder(tmp_path: Path):
    target = tmp_path / "model"
    with atomic.new_folder(target) as folder:
        (folder / "a").write_text("one")
    with pytest.raises(SomeError), atomic.new_folder(target) as folder:
        (folder / "a").write_text("two")
        raise SomeError
    assert (target / "a").read_text() == "one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["model"]


def test_replacing_is_tried_again_where_the_target_is_held(tmp_path: Path, monkeypatch):
    (tmp_path / "a").write_text("new")
    real, calls = Path.replace, []

    def held_twice(self: Path, target: Path) -> Path:
        calls.append(self)
        if len(calls) < 3:
            raise PermissionError("in use")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", held_twice)
    monkeypatch.setattr("training.atomic.time.sleep", lambda seconds: None)
    atomic.replace(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "new"
    assert len(calls) == 3
