"""What an import writes, and what it never does."""

import shutil
import threading

import pytest
from pictures import pixels, write_picture
from PIL import Image

from glomviewer.domain.labels import NO_LABEL, ReferenceSource, Split
from glomviewer.store.errors import ReadOnly
from glomviewer.store.import_values import FindingKind, ImportCancelled
from glomviewer.store.importing import commit_import, prepare_import, run_import
from glomviewer.store.library import Library
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.store.thumbnails import Thumbnails
from glomviewer.store.verify import FileCheck, verify


def import_folder(library, folder, **choices):
    plan = make_plan(read_source(folder))
    return run_import(library, make_plan(plan.source, plan.options.with_(**choices)))


def patches_of(library):
    table = library.load_table(None)
    return {patch.name: patch for patch in library.patches(table.ids.tolist())}


@pytest.fixture
def source(tmp_path):
    """Two classes of three patches on two slides, with a table of slides and splits."""
    folder = tmp_path / "source"
    for at in range(6):
        write_picture(folder / ("GS" if at % 2 else "nonGS") / f"p{at}.png", at)
    lines = [f"p{at}.png,S{at // 3},{'test' if at < 3 else 'train'}" for at in range(6)]
    (folder / "public.csv").write_text("name,slide,split\n" + "\n".join(lines), encoding="utf-8")
    return folder


def test_patches_come_in_with_labels_slides_and_frozen_splits(empty, source):
    report = import_folder(empty, source)
    assert len(report.added) == 6 and not report.cancelled
    known = patches_of(empty)
    # The table names no label, so the folders' classes count.
    assert {name: patch.imported_label for name, patch in known.items()} == {
        f"p{at}.png": at % 2 for at in range(6)
    }
    assert known["p0.png"].slide == "S0" and known["p0.png"].split is Split.LOCKED
    assert known["p0.png"].reference_source is ReferenceSource.IMPORTED
    assert (known["p0.png"].width, known["p0.png"].height) == (40, 48)
    assert verify(empty.folder, files=FileCheck.HASH).problems == []


def test_importing_again_adds_nothing_twice(empty, source, tmp_path):
    import_folder(empty, source)
    again = import_folder(empty, source)
    assert (len(again.added), again.known) == (0, 6)
    moved = tmp_path / "moved"
    shutil.copytree(source, moved)
    elsewhere = import_folder(empty, moved)
    assert (len(elsewhere.added), elsewhere.known) == (0, 6)
    assert {f.kind for f in elsewhere.findings if not f.imported} == {FindingKind.KNOWN}


def test_later_labels_fill_gaps_and_never_overwrite(empty, tmp_path):
    folder = tmp_path / "flat"
    for at in range(3):
        write_picture(folder / f"p{at}.png", at)
    import_folder(empty, folder)
    (folder / "labels.csv").write_text("name,label\np0.png,1\np1.png,0\n")
    assert import_folder(empty, folder).labels_added == 2
    reader = empty.add_reader("Ann", "A").id
    decided = patches_of(empty)["p2.png"].id
    empty.decide(reader=reader, patches=[decided], label=1)
    (folder / "labels.csv").write_text("name,label\np0.png,0\np2.png,0\n")
    report = import_folder(empty, folder)
    known = patches_of(empty)
    assert known["p0.png"].imported_label == 1
    assert known["p2.png"].imported_label == 0 and known["p2.png"].reference_label == 1
    assert [f.name for f in report.findings if f.kind is FindingKind.CONFLICT] == ["p0.png"]
    assert verify(empty.folder).problems == []


def test_identical_pixels_in_both_classes_are_one_patch_without_label(empty, tmp_path):
    folder = tmp_path / "both"
    write_picture(folder / "GS" / "a.png", 1)
    write_picture(folder / "nonGS" / "b.bmp", 1)
    write_picture(folder / "nonGS" / "c.png", 2)
    report = import_folder(empty, folder)
    known = patches_of(empty)
    assert {name: patch.imported_label for name, patch in known.items()} == {
        "a.png": NO_LABEL,
        "c.png": 0,
    }
    assert {f.name for f in report.findings if f.kind is FindingKind.CONFLICT} == {
        "GS/a.png",
        "nonGS/b.bmp",
    }
    again = import_folder(empty, folder)
    assert again.labels_added == 0 and patches_of(empty)["a.png"].imported_label == NO_LABEL


def test_same_pixels_twice_in_a_case_are_one_patch(empty, tmp_path):
    folder = tmp_path / "dup"
    write_picture(folder / "GS" / "a.png", 1)
    write_picture(folder / "GS" / "copy of a.png", 1)
    report = import_folder(empty, folder)
    assert list(patches_of(empty)) == ["a.png"]
    assert [f.kind for f in report.findings] == [FindingKind.DUPLICATE]


def test_same_pixels_in_two_cases_stay_and_are_marked(empty, tmp_path):
    folder = tmp_path / "two"
    write_picture(folder / "a.png", 1)
    write_picture(folder / "b.png", 1)
    (folder / "t.csv").write_text("name,label,case\na,1,A\nb,1,B\n")
    import_folder(empty, folder)
    known = patches_of(empty)
    assert known["b.png"].duplicate_of == known["a.png"].id


@pytest.mark.parametrize("mode", ["RGBA", "CMYK", "L", "P", "1", "I;16"])
@pytest.mark.parametrize("suffix", [".png", ".tif"])
def test_modes_of_pixels_are_read(empty, tmp_path, mode, suffix):
    picture = Image.fromarray(pixels(3))
    if mode == "I;16":
        picture = picture.convert("L").convert("I;16")
    elif (mode, suffix) != ("CMYK", ".png"):
        picture = picture.convert(mode)
    (tmp_path / "m").mkdir()
    picture.save(tmp_path / "m" / f"x{suffix}")
    assert len(import_folder(empty, tmp_path / "m").added) == 1


def test_large_images_are_left_out_by_the_chosen_limit(empty, source):
    report = import_folder(empty, source, max_pixels=1000)
    assert not report.added
    assert all("the limit is 1,000 pixels" in f.reason for f in report.findings)


def test_thumbnails_are_there_after_an_import(empty, source):
    import_folder(empty, source)
    with Thumbnails(empty.paths.thumbnails) as thumbnails:
        for patch in patches_of(empty).values():
            assert thumbnails.get(patch.pixel_hash)


def test_copied_in_images_outlive_their_source(empty, source):
    report = import_folder(empty, source, copy_in=True)
    shutil.rmtree(source)
    assert len(report.added) == 6
    assert verify(empty.folder, files=FileCheck.HASH).problems == []
    assert all(str(empty.folder) in patch.path for patch in patches_of(empty).values())


def test_copied_in_images_that_are_known_are_not_kept_twice(empty, source):
    import_folder(empty, source, copy_in=True)
    write_picture(source / "GS" / "new.png", 77)
    report = import_folder(empty, source, copy_in=True)
    assert len(report.added) == 1
    files = [file for file in empty.paths.images.rglob("*") if file.is_file()]
    assert len(files) == 7


@pytest.mark.parametrize("copy_in", [False, True])
def test_cancelled_import_leaves_nothing(empty, source, copy_in):
    plan = make_plan(read_source(source))
    plan = make_plan(plan.source, plan.options.with_(copy_in=copy_in))
    calls = iter(range(100))
    report = run_import(empty, plan, cancelled=lambda: next(calls) >= 2)
    assert report.cancelled and not report.added
    assert patches_of(empty) == {}
    assert not empty.paths.images.exists() or not any(empty.paths.images.iterdir())


def test_import_that_fails_to_write_leaves_no_copies(empty, source, monkeypatch):
    plan = make_plan(read_source(source))
    plan = make_plan(plan.source, plan.options.with_(copy_in=True))
    prepared = prepare_import(empty, plan, progress=lambda _: None, cancelled=lambda: False)

    def fails(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("glomviewer.store.importing.adding.add_patches", fails)
    with pytest.raises(OSError, match="No space"):
        commit_import(empty, prepared)
    assert patches_of(empty) == {} and not any(empty.paths.images.iterdir())


def test_there_is_a_backup_from_before_the_import(empty, source):
    import_folder(empty, source)
    assert empty.backups()[0].reason == "before import"
    import_folder(empty, source)
    assert len(empty.backups()) == 1, "an import that changes nothing needs none"


def test_read_only_library_refuses_before_any_reading(empty, source):
    plan = make_plan(read_source(source))
    with Library.open(empty.folder, write=False) as other, pytest.raises(ReadOnly):
        run_import(other, plan)


def test_reading_is_cancelled_from_another_thread(empty, source):
    plan = make_plan(read_source(source))
    asked = threading.Event()
    threading.Timer(0.0, asked.set).start()
    asked.wait(5)
    with pytest.raises(ImportCancelled):
        prepare_import(empty, plan, progress=lambda _: None, cancelled=asked.is_set)


def test_progress_counts_every_file_and_estimates(empty, source):
    told = []
    run_import(empty, make_plan(read_source(source)), progress=told.append)
    last = [progress for progress in told if progress.stage == "Reading patches"][-1]
    assert (last.done, last.total) == (6, 6)
