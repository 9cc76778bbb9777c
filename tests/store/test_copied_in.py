import pytest

from glomviewer.store import copied_in
from glomviewer.store.adding import NewPatch
from glomviewer.store.library import Library
from glomviewer.store.verify import verify


@pytest.fixture
def library(tmp_path):
    with Library.create(tmp_path / "copies.glomlib") as library:
        yield library


def copies(library):
    """Copies in place, marked as unfinished."""
    incoming, root = copied_in.make_incoming(library.paths)
    (incoming / "a.png").write_bytes(b"a picture")
    copied_in.put_in_place(incoming, root)
    return root


def refer_to(library, root):
    row = NewPatch("a.png", "a.png", "aa", "bb", 10, 10)
    library.add_patches([row], root=root)


def test_a_kill_while_copying_leaves_nothing_after_the_next_import(library):
    incoming, _ = copied_in.make_incoming(library.paths)
    assert copied_in.unfinished(library.paths) == [incoming]
    copied_in.make_incoming(library.paths)
    assert not incoming.exists()


def test_a_kill_before_the_transaction_leaves_nothing_after_the_next_import(library):
    root = copies(library)
    assert copied_in.unfinished(library.paths) == [root]
    assert any("unfinished" in note for note in verify(library.folder).notes)
    copied_in.remove_unfinished(library.paths)
    assert list(library.paths.images.iterdir()) == []


def test_a_kill_after_the_transaction_keeps_every_copy(library):
    root = copies(library)
    refer_to(library, root)
    assert copied_in.unfinished(library.paths) == []
    copied_in.remove_unfinished(library.paths)
    assert list(library.paths.images.iterdir()) == [root]


def test_a_folder_without_a_mark_is_never_removed(library):
    root = copies(library)
    copied_in.finish(root)
    copied_in.remove_unfinished(library.paths)
    assert (root / "a.png").is_file()


def test_two_imports_within_a_second_do_not_share_a_folder(library):
    first = copies(library)
    refer_to(library, first)
    copied_in.finish(first)
    assert copies(library) != first
