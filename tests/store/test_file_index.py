"""Which file a row of a table means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from glomviewer.store.file_index import FileIndex

FILES = ("GS/a.png", "GS/b.tar.png", "nonGS/a.png", "nonGS/C.PNG", "nonGS/v1.2", "nonGS/ä.jpg")


@pytest.mark.parametrize(
    ("cell", "files"),
    [
        ("GS/a.png", ["GS/a.png"]),
        ("a.png", ["GS/a.png", "nonGS/a.png"]),
        ("a", ["GS/a.png", "nonGS/a.png"]),
        ("nonGS\\a", ["nonGS/a.png"]),
        ("./nonGS/a.png", ["nonGS/a.png"]),
        ("D:\\study\\c.png", ["nonGS/C.PNG"]),
        ("b.tar", ["GS/b.tar.png"]),
        ("b", []),
        ("v1.2", ["nonGS/v1.2"]),
        ("v1", []),
        ("a\u0308", ["nonGS/ä.jpg"]),
        ("C.jpg", ["nonGS/C.PNG"]),
        ("", []),
        ("/", []),
        ("x.png", []),
    ],
)
def test_cell_is_found_with_or_without_folder_extension_and_case(cell, files):
    assert FileIndex(FILES).find(cell) == files


def test_exact_spelling_goes_before_another_letter_case():
    index = FileIndex(["A.png", "a.png"])
    assert index.find("a.png") == ["a.png"] and index.find("A") == ["A.png"]


paths = st.lists(st.text(alphabet="aB./_-é", min_size=1, max_size=8), max_size=12, unique=True)


@given(paths, st.text(alphabet="aB./_-é'=", max_size=8))
def test_any_cell_finds_known_files_only(files, cell):
    assert set(FileIndex(files).find(cell)) <= set(files)


@given(paths)
def test_every_file_is_found_by_its_own_path(files):
    index = FileIndex(files)
    for file in files:
        if not file.startswith("./"):
            assert file in index.find(file)
