"""Whatever is broken in a library is found and told in a sentence."""

import shutil
import sqlite3

import pytest
from builders import add_model, make_library

from glomviewer.store.backups import first_problem
from glomviewer.store.errors import NotALibrary
from glomviewer.store.import_values import ImportCancelled
from glomviewer.store.verify import FileCheck, verify


@pytest.fixture
def small(tmp_path):
    """A closed library with decisions, a model and predictions."""
    made = make_library(tmp_path)
    library = made.library
    library.decide(reader=made.reader, patches=[1, 2], label=1)
    library.decide(reader=made.reader, patches=[2, 3], label=0)
    library.undo(reader=made.reader)
    library.flag(reader=made.reader, patches=[1])
    library.exclude(reader=made.reader, patches=[4], reason="wrong stain")
    add_model(made, {1: 1.0, 2: -1.0}, model_id="held")
    library.backup_now("by hand")
    library.close()
    return made


def break_it(small, *statements):
    connection = sqlite3.connect(small.library.paths.database)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def problems(small, files=FileCheck.NO):
    return verify(small.library.folder, files=files).problems


def test_sound_library_has_no_problems(small):
    report = verify(small.library.folder, files=FileCheck.HASH)
    assert report.problems == [] and report.sound
    assert report.facts["patches"] == 24 and report.facts["models"] == 1
    assert report.facts["files"]["checked"] == 24


def test_verify_changes_nothing(small):
    before = small.library.paths.database.read_bytes()
    verify(small.library.folder)
    assert small.library.paths.database.read_bytes() == before


def test_open_library_can_be_verified(tmp_path):
    made = make_library(tmp_path)
    with made.library:
        assert verify(made.library.folder).problems == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE current_labels SET label = 3 WHERE patch_id = 1", "current labels"),
        ("UPDATE patch_states SET reference = 3 WHERE patch_id = 9", "states of patches"),
        ("UPDATE patch_states SET flagged = 0 WHERE patch_id = 1", "states of patches"),
        ("DELETE FROM patch_states WHERE patch_id = 9", "no file or no state"),
        ("DROP TRIGGER decisions_update_refused", "guards"),
        ("UPDATE patches SET case_id = 999 WHERE id = 1", "rows that are not there"),
    ],
)
def test_broken_rows_are_told(small, statement, told):
    break_it(small, statement)
    assert any(told in problem for problem in problems(small))


def test_hole_in_the_log_is_told(small):
    break_it(
        small,
        "DROP TRIGGER decisions_delete_refused",
        "DELETE FROM decisions WHERE sequence = 3",
    )
    told = " ".join(problems(small))
    assert "log decisions" in told and "lacks 1 of its" in told


def test_damaged_database_is_told(small):
    raw = bytearray(small.library.paths.database.read_bytes())
    raw[4096 * 4 : 4096 * 8] = b"\xa5" * 4096 * 4
    small.library.paths.database.write_bytes(raw)
    assert any("damaged" in problem for problem in problems(small))


def test_missing_and_changed_files_are_told_only_when_asked(small):
    (small.images / "p1.png").unlink()
    (small.images / "p2.png").write_bytes(b"something shorter")
    whole = (small.images / "p3.png").read_bytes()
    (small.images / "p3.png").write_bytes(whole[:-1] + b"X")
    assert problems(small) == []
    by_size = " ".join(problems(small, FileCheck.SIZE))
    assert "1 of 24 image files are missing" in by_size and "p1.png" in by_size
    assert "1 of 24 image files are not the files" in by_size
    by_hash = " ".join(problems(small, FileCheck.HASH))
    assert "2 of 24 image files are not the files" in by_hash


def test_models_are_held_to_their_cards(small):
    folder = small.library.paths.model("held")
    (folder / "seen.txt").write_text("f" * 64 + "\n")
    assert any("another seen.txt" in problem for problem in problems(small))
    (folder / "weights.safetensors").unlink()
    assert any("lost its weights" in problem for problem in problems(small))
    (folder / "model.json").write_text("{")
    assert any("model.json" in problem for problem in problems(small))
    shutil.rmtree(folder)
    assert any("lost its folder" in problem for problem in problems(small))


def test_stray_and_damaged_predictions_are_told(small):
    file = small.library.paths.predictions("held")
    predictions = sqlite3.connect(file)
    predictions.execute("INSERT INTO prediction (patch, logit) VALUES (5000, 1.0)")
    predictions.commit()
    predictions.close()
    assert any("belong to no patch" in problem for problem in problems(small))
    file.write_bytes(b"no database at all" * 300)
    assert any("predict again" in problem for problem in problems(small))


def test_another_calibration_than_the_card_s_is_found(small):
    break_it(small, "UPDATE models SET slope = 2.5")
    assert any("calibrated otherwise" in problem for problem in problems(small))


def test_run_whose_process_is_gone_is_a_note(small):
    break_it(
        small,
        "INSERT INTO runs (id, state, started_at, pid, pid_created) "
        "VALUES ('r1', 'running', 1, 999999999, 1.0)",
    )
    report = verify(small.library.folder)
    assert report.problems == []
    assert any("r1" in note for note in report.notes)


def test_what_was_not_verified_is_not_called_sound(small):
    break_it(small, "PRAGMA user_version = 3")
    assert any("not verified" in problem for problem in problems(small))


def test_folder_that_is_no_library_is_refused(tmp_path):
    with pytest.raises(NotALibrary):
        verify(tmp_path)


def test_checking_files_can_be_cancelled(small):
    with pytest.raises(ImportCancelled):
        verify(small.library.folder, files=FileCheck.HASH, cancelled=lambda: True)


def test_damage_is_told_in_one_line(small):
    file = small.library.paths.database
    pages = bytearray(file.read_bytes())
    pages[8192:12288] = bytes(4096)
    file.write_bytes(pages)
    (told,) = problems(small)
    assert "damaged" in told and "\n" not in told
    assert first_problem(file) and "\n" not in first_problem(file)
