"""manifest.csv: rows survive, and what is wrong is told with its line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training.config import UserError
from training.patches.manifest import SPLITS, ManifestRow, read_manifest, write_manifest

TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20).map(str.strip)


@given(
    st.lists(
        st.builds(
            ManifestRow,
            patch=TEXT.filter(bool),
            path=TEXT.filter(bool).map(lambda name: Path("/data") / name),
            hash=st.sampled_from(["", "ab" * 32]),
            group=TEXT,
            split=st.sampled_from(SPLITS),
            label=st.sampled_from([0, 1, None]),
            gate=st.booleans(),
            case=TEXT,
            slide=TEXT,
            centre=TEXT,
        ),
        unique_by=lambda row: row.patch,
        max_size=5,
    )
)
def test_rows_survive_the_file(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("manifest") / "manifest.csv"
    write_manifest(path, rows)
    assert read_manifest(path) == rows


def written(folder: Path, text: str) -> Path:
    path = folder / "manifest.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_extra_columns_and_another_order_do_not_matter(tmp_path: Path):
    path = written(tmp_path, "colour,path,patch\nred,/a.png,1\n")
    assert read_manifest(path) == [ManifestRow("1", Path("/a.png"))]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("patch,label\n1,1\n", "'path' is missing"),
        ("", "'patch' is missing"),
        ("patch,path\n,/a.png\n", "line 2.*not be empty"),
        ("patch,path\n1,\n", "line 2"),
        ("patch,path\n1,/a\n1,/b\n", "line 3.*twice"),
        ("patch,path,label\n1,/a,2\n", "line 2: label is '2'"),
        ("patch,path,gate\n1,/a,yes\n", "gate is 'yes'"),
        ("patch,path,split\n1,/a,test\n", "split is 'test'"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, text, told):
    with pytest.raises(UserError, match=told):
        read_manifest(written(tmp_path, text))


def test_a_file_that_is_no_text_is_refused(tmp_path: Path):
    path = tmp_path / "manifest.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(UserError, match="could not be read"):
        read_manifest(path)
