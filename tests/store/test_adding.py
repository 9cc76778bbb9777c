"""Patches come in once, know their duplicates, and keep their case in one split."""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from glomviewer.domain.labels import Split
from glomviewer.domain.splits import Shares
from glomviewer.store.adding import NewPatch, sort_key
from glomviewer.store.library import Library


def splits(library):
    table = library.load_table(None)
    names = library.names_of(table.ids.tolist())
    return {
        names[patch]: Split(split) for patch, split in zip(table.ids, table["split"], strict=True)
    }


def test_adding_again_adds_nothing_twice(library, tmp_path, new_patch):
    changes = library.add_patches((new_patch(i) for i in range(35, 45)), root=tmp_path / "slides")
    assert len(changes.patches) == 5
    assert "5 were in the library already" in changes.sentence
    assert len(library.load_table(None)) == 45


def test_an_import_that_fails_midway_leaves_nothing(library, tmp_path, new_patch):
    def half():
        yield from (new_patch(i) for i in range(100, 3000))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        library.add_patches(half(), root=tmp_path / "new")
    assert len(library.load_table(None)) == 40
    assert len(library.roots()) == 1


def test_identical_pixels_point_at_the_first_patch(library, tmp_path, new_patch):
    first = library.patch(1)
    twins = [new_patch(i, pixel_hash=first.pixel_hash) for i in (50, 51)]
    changes = library.add_patches(twins, root=tmp_path / "other")
    assert [library.patch(patch).duplicate_of for patch in changes.patches] == [1, 1]
    assert library.load_table(None)["duplicate"].sum() == 2


def test_copies_of_a_preparation_point_at_their_original_in_any_order(empty, tmp_path, new_patch):
    rows = [
        new_patch(1, path="a_1.png", copy_of="a.png"),
        new_patch(0, path="a.png"),
        new_patch(2, path="a_2.png", copy_of="a.png"),
        new_patch(3, path="b.png", pixel_hash=new_patch(2).pixel_hash),
        new_patch(4, path="c_1.png", copy_of="c.png"),
    ]
    empty.add_patches(rows, root=tmp_path)
    found = [patch.duplicate_of for patch in empty.patches([1, 2, 3, 4, 5])]
    assert found == [2, None, 2, 2, None]


def test_paths_move_with_their_root(library, tmp_path):
    (root,) = library.roots()
    elsewhere = tmp_path / "E drive"
    elsewhere.mkdir()
    library.repoint_root(root.id, elsewhere)
    assert library.paths_of([3]) == {3: str(elsewhere / "images" / "p2.png")}


def test_images_inside_the_library_move_with_it(empty, tmp_path, new_patch):
    empty.add_patches([new_patch(0, path="p.png")], root=empty.paths.images)
    empty.close()
    moved = tmp_path / "moved.glomlib"
    shutil.move(empty.folder, moved)
    with Library.open(moved) as library:
        assert library.patch(1).path == str(moved / "images" / "p.png")


def test_later_patches_of_a_case_take_its_split(library, tmp_path, new_patch):
    library.assign_splits(Shares(0.5, 0.25, 0.25))
    before = splits(library)
    late = [new_patch(i, case=f"case {i % 4}", slide="") for i in range(100, 120)]
    library.add_patches(late, root=tmp_path / "late", shares=Shares(0.5, 0.25, 0.25))
    after = splits(library)
    for number in range(100, 120):
        assert after[f"p{number}.png"] == before[f"p{10 * (number % 4)}.png"]
    assert {name: after[name] for name in before} == before


def test_a_slide_without_a_case_joins_the_case_of_that_slide(library, tmp_path, new_patch):
    (patch,) = library.add_patches(
        [new_patch(200, case="", slide="slide 3")], root=tmp_path / "x"
    ).patches
    assert library.patch(patch).case == "case 1"


def test_a_slide_first_seen_without_its_case_keeps_the_whole_case_together(
    empty, tmp_path, new_patch
):
    shares = Shares(0.4, 0.3, 0.3)
    alone = [new_patch(i, case="", slide=f"s{i}") for i in range(12)]
    empty.add_patches(alone, root=tmp_path / "a", shares=shares)
    cased = [new_patch(i + 50, case=f"c{i}", slide=f"s{i}") for i in range(12)]
    empty.add_patches(cased, root=tmp_path / "b", shares=shares)
    found = splits(empty)
    assert all(found[f"p{i}.png"] == found[f"p{i + 50}.png"] for i in range(12))


def test_patches_of_no_case_are_split_one_by_one_with_a_warning(empty, tmp_path, new_patch):
    rows = [new_patch(i, case="", slide="") for i in range(40)]
    twin = new_patch(40, case="", slide="", pixel_hash=rows[0].pixel_hash)
    empty.add_patches([*rows, twin], root=tmp_path)
    changes = empty.assign_splits()
    assert "41 patches" in changes.sentence or "40 patches" in changes.sentence
    assert "look better than it is" in changes.sentence
    found = splits(empty)
    assert set(found.values()) == {Split.TRAIN, Split.VALIDATION, Split.LOCKED}
    assert found["p0.png"] == found["p40.png"]


def test_a_split_is_frozen_even_for_bare_sql(library):
    library.assign_splits()
    with pytest.raises(IntegrityError, match="frozen"), library.write() as connection:
        connection.exec_driver_sql("UPDATE patches SET split = (split + 1) % 3")


def test_patches_imported_into_an_excluded_case_are_excluded_too(library, ann, tmp_path, new_patch):
    library.exclude(reader=ann, case="case 1", reason="consent withdrawn")
    library.exclude(reader=ann, patches=range(1, 11), reason="out of focus")
    late = [new_patch(60, case="case 1"), new_patch(61, case="case 0"), new_patch(62, case="new")]
    ids = library.add_patches(late, root=tmp_path / "late").patches
    assert [library.patch(patch).exclusion_reason for patch in ids] == ["consent withdrawn", "", ""]
    library.undo(reader=ann)
    assert not library.patch(ids[0]).excluded


def test_names_sort_as_people_count(library):
    table = library.load_table(None)
    assert table["name_rank"].tolist() == list(range(40))


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=2), st.text("ab_-", max_size=3))
def test_numbers_in_names_sort_by_value(numbers, stem):
    low, high = sorted(numbers)
    assert (sort_key(f"{stem}{low}.png") < sort_key(f"{stem}{high}.png")) == (low < high)


CASE = st.sampled_from(["", "c1", "c2", "c3", "c4", "c5"])
SLIDE = st.sampled_from(["", "s1", "s2"])
ASKED = st.sampled_from(list(Split))
IMPORTS = st.lists(
    st.lists(st.tuples(CASE, SLIDE, ASKED), min_size=1, max_size=8), min_size=1, max_size=4
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(IMPORTS)
def test_a_case_is_never_in_two_splits(imports):
    home = Path(tempfile.mkdtemp())
    with Library.create(home / "x.glomlib") as library:
        number = 0
        for rows in imports:
            patches = []
            for case, slide, asked in rows:
                number += 1
                patches.append(
                    NewPatch(
                        path=f"{number}.png",
                        name=f"{number}.png",
                        sha256=f"{number}",
                        pixel_hash=f"{number}",
                        width=1,
                        height=1,
                        case=case,
                        # A slide belongs to one patient, so its name tells whose it is.
                        slide=slide and f"{case} {slide}",
                        split=asked,
                        imported_label=number % 2,
                    )
                )
            library.add_patches(patches, root=home, shares=Shares(0.5, 0.2, 0.2, 0.1))
        table = library.load_table(None)
        assert Split.NONE not in table["split"].tolist()
        for column in ("case", "slide"):
            for group in set(table[column].tolist()) - {-1}:
                assert len(set(table["split"][table[column] == group].tolist())) == 1
    shutil.rmtree(home)
