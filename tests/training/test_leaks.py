"""Leaks that were planted are found, each named by its kind, and clean data are not accused."""

import csv
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from glomviewer.drawn import draw_patch
from training import leaks
from training.__main__ import main
from training.leakage.leak_findings import Finding
from training.leaks import find_leaks, read_patches
from training.models.model_folder import load_model, save_model
from training.patches.manifest import ManifestRow, write_manifest
from training.progress import Cancelled

HEX = "0123456789abcdef01234567"


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[ManifestRow]:
    """48 drawn patches of 12 cases, 4 of them locked, each case of both classes."""
    folder = tmp_path_factory.mktemp("clean")
    rows = []
    for number in range(48):
        case, label = number // 4, int(number % 4 == 0)
        path = folder / f"p{number:02}.png"
        Image.fromarray(draw_patch(number, label, size=72).pixels).save(path)
        split = "locked" if case > 7 else "validation" if case > 5 else "train"
        rows.append(
            ManifestRow(f"p{number:02}", path, "", f"c{case:02}", split, label, split == "locked")
        )
    return rows


def kinds(findings: Sequence[Finding]) -> set[str]:
    return {finding.kind for finding in findings}


def only(findings: Sequence[Finding], kind: str) -> Finding:
    (found,) = [finding for finding in findings if finding.kind == kind]
    return found


def planted(row: ManifestRow, folder: Path, name: str, pixels: np.ndarray) -> ManifestRow:
    path = folder / f"{name}.png"
    Image.fromarray(pixels).save(path)
    return replace(row, patch=name, path=path, hash="")


def pixels_of(row: ManifestRow) -> np.ndarray:
    return np.asarray(Image.open(row.path))


def test_clean_data_are_not_accused(clean: list[ManifestRow]) -> None:
    assert find_leaks(clean) == []


def test_a_case_on_both_sides_is_found(clean: list[ManifestRow]) -> None:
    rows = [*clean[:-1], replace(clean[-1], split="train", gate=False)]
    found = only(find_leaks(rows), "split_group")
    assert found.groups == ("c11",)
    assert set(found.patches) == {row.patch for row in rows if row.group == "c11"}
    assert "both in training and among the locked" in found.sentence
    assert found.severity == "warn"


def test_a_slide_on_both_sides_is_found_beside_groups_that_are_not(
    clean: list[ManifestRow],
) -> None:
    rows = [
        replace(row, slide="one slide") if row.patch in ("p00", "p47") else row for row in clean
    ]
    found = only(find_leaks(rows), "split_group")
    assert found.groups == ("one slide",)


def test_a_case_in_training_and_validation_is_told_more_mildly(clean: list[ManifestRow]) -> None:
    rows = [replace(clean[0], split="validation"), *clean[1:]]
    assert "in more than one split" in only(find_leaks(rows), "split_group").sentence


def test_the_same_pixels_in_two_splits_are_found(clean: list[ManifestRow], tmp_path: Path) -> None:
    copy = planted(clean[47], tmp_path, "copy", pixels_of(clean[0]))
    found = only(find_leaks([*clean, copy]), "exact_duplicate")
    assert set(found.patches) == {"p00", "copy"}
    assert "two splits" in found.sentence or "both labels" in found.sentence


def test_the_same_pixels_under_two_cases_are_found(
    clean: list[ManifestRow], tmp_path: Path
) -> None:
    copy = planted(clean[4], tmp_path, "copy", pixels_of(clean[0]))
    assert "two cases" in only(find_leaks([*clean, copy]), "exact_duplicate").sentence


@pytest.mark.parametrize("symmetry", range(8))
def test_a_turned_and_resized_copy_across_the_split_is_found(
    clean: list[ManifestRow], tmp_path: Path, symmetry: int
) -> None:
    pixels = np.rot90(pixels_of(clean[0]), symmetry % 4)
    larger = Image.fromarray(pixels[:, ::-1] if symmetry > 3 else pixels).resize((130, 130))
    copy = planted(clean[47], tmp_path, "copy", np.asarray(larger))
    found = find_leaks([*clean, copy])
    assert kinds(found) == {"near_duplicate"}
    assert set(found[0].patches) == {"p00", "copy"}
    assert set(found[0].groups) == {"c00", "c11"}
    assert found[0].severity == "warn"


def test_a_near_duplicate_of_two_cases_within_a_split_is_a_note(
    clean: list[ManifestRow], tmp_path: Path
) -> None:
    copy = planted(clean[4], tmp_path, "copy", pixels_of(clean[0])[:, ::-1])
    assert only(find_leaks([*clean, copy]), "near_duplicate").severity == "note"


def test_serial_sections_of_one_case_are_not_accused(
    clean: list[ManifestRow], tmp_path: Path
) -> None:
    copy = planted(clean[0], tmp_path, "copy", pixels_of(clean[0])[:, ::-1])
    assert find_leaks([*clean, copy]) == []


def named(clean: list[ManifestRow], number: int, stem: str, split: str) -> ManifestRow:
    return replace(clean[number], patch=stem, group="", split=split, path=Path(f"{stem}.png"))


def examined(rows: Sequence[ManifestRow]) -> list[Finding]:
    seen, _, _ = read_patches([])
    return leaks.examine(rows, seen).findings


def test_neighbouring_accession_numbers_that_complete_one_another_are_found(
    clean: list[ManifestRow],
) -> None:
    rows = [
        named(clean, 0, f"S-2001-001234_PAS_1of2_{HEX}", "train"),
        named(clean, 47, f"S-2001-001235_PAS_2of2_{HEX}", "locked"),
    ]
    found = only(examined(rows), "neighbouring_accession")
    assert found.severity == "warn"
    assert found.groups == ("S-2001-001234", "S-2001-001235")
    together = [rows[0], replace(rows[1], split="train")]
    assert only(examined(together), "neighbouring_accession").severity == "note"


@pytest.mark.parametrize(
    "other",
    [
        "S-2001-001236_PAS_2of2",
        "S-2001-001235_PAS_1of2",
        "S-2001-001235_PAS_2of3",
        "S-2001-001235_HE_2of2",
        "S-2002-001235_PAS_2of2",
        "S-2001-001235_PAS_1of1",
    ],
)
def test_neighbours_that_are_two_biopsies_are_left_in_peace(
    clean: list[ManifestRow], other: str
) -> None:
    rows = [
        named(clean, 0, f"S-2001-001234_PAS_1of2_{HEX}", "train"),
        named(clean, 47, f"{other}_{HEX}", "locked"),
    ]
    assert "neighbouring_accession" not in kinds(examined(rows))


def test_copies_of_system_a_are_found_by_name(clean: list[ManifestRow]) -> None:
    stem = f"S-2001-001234_PAS_1of2_{HEX}"
    rows = [named(clean, 0, stem, "train"), named(clean, 1, f"{stem}_1", "train")]
    assert only(examined(rows), "copy").patches == (f"{stem}_1",)


def write_data(folder: Path, rows: Sequence[ManifestRow]) -> Path:
    (folder / "images").mkdir(parents=True)
    with (folder / "labels.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(("name", "ground truth", "case", "split"))
        for row in rows:
            (folder / "images" / row.path.name).write_bytes(row.path.read_bytes())
            split = {"locked": "test"}.get(row.split, row.split)
            table.writerow((row.path.name, row.label, row.group, split))
    return folder


def test_the_verb_says_what_it_found_and_what_it_looked_for(
    clean: list[ManifestRow], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = planted(clean[47], tmp_path, "copy", pixels_of(clean[0])[:, ::-1])
    data = write_data(tmp_path / "data", [*clean, copy])
    words = ["leaks", "--data", str(data), "--features", str(tmp_path / "kept")]
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (finding,) = told["findings"]
    assert (finding["kind"], finding["severity"]) == ("near_duplicate", "warn")
    assert set(finding["patches"]) == {"p00.png", "copy.png"}
    assert len(told["checked"]) >= 5
    assert (tmp_path / "kept" / "alike" / "perceptual.npy").is_file()
    assert main(words) == 0
    assert "warn: 1 pair of patches looks like one glomerulus" in capsys.readouterr().out


def test_copies_that_reading_the_folder_drops_are_told(
    clean: list[ManifestRow], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stem = f"S-2001-001234_PAS_1of2_{HEX}"
    original = planted(clean[0], tmp_path, stem, pixels_of(clean[0]))
    flipped = planted(clean[0], tmp_path, f"{stem}_1", pixels_of(clean[0])[:, ::-1])
    data = write_data(tmp_path / "data", [*clean[1:], original, flipped])
    assert main(["leaks", "--data", str(data)]) == 0
    assert "1 flipped copy of an old preparation" in capsys.readouterr().out


def test_hashes_that_were_kept_are_not_read_again(
    clean: list[ManifestRow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, rows, _ = read_patches(clean, folder=tmp_path)

    def refuse(*_: object) -> None:
        raise AssertionError("a file was read again")

    monkeypatch.setattr(leaks, "read_pixels", refuse)
    second, _, errors = read_patches(rows, folder=tmp_path)
    assert errors == {}
    assert np.array_equal(first.hashes, second.hashes)


def test_damaged_kept_hashes_are_made_anew(clean: list[ManifestRow], tmp_path: Path) -> None:
    _, rows, _ = read_patches(clean, folder=tmp_path)
    (tmp_path / "alike" / "perceptual.npy").write_bytes(b"torn")
    assert len(read_patches(rows, folder=tmp_path)[0].rows) == len(clean)


def test_a_model_that_has_seen_held_out_patches_is_told(
    clean: list[ManifestRow],
    tiny_model_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, rows, _ = read_patches(clean)
    write_manifest(tmp_path / "manifest.csv", rows)
    loaded = load_model(tiny_model_folder)
    seen = [row.hash for row in rows if row.split in ("train", "locked")][:-3]
    save_model(tmp_path / "model", loaded.card, loaded.module.state_dict(), seen)
    words = ["leaks", "--manifest", str(tmp_path / "manifest.csv"), "--json"]
    assert main([*words, "--active-model", str(tmp_path / "model")]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["kind"] == "seen_by_active"
    assert "trained or tuned on 13 locked patches" in finding["sentence"]


def test_an_unknown_origin_is_said_to_be_unknown(
    clean: list[ManifestRow],
    tiny_model_folder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write_manifest(tmp_path / "manifest.csv", clean)
    loaded = load_model(tiny_model_folder)
    card = replace(loaded.card, seen="unknown")
    save_model(tmp_path / "model", card, loaded.module.state_dict(), [])
    words = ["leaks", "--manifest", str(tmp_path / "manifest.csv"), "--json"]
    assert main([*words, "--base-model", str(tmp_path / "model")]) == 0
    (finding,) = json.loads(capsys.readouterr().out)["findings"]
    assert finding["kind"] == "unknown_origin"
    assert "unknown what the starting weights (tiny version 1) learnt from" in finding["sentence"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--data, or"),
        (["--data", "a", "--manifest", "b"], "--data, or"),
        (["--data", "nowhere"], "labels.csv"),
        (["--manifest", "nowhere.csv"], "could not be read"),
    ],
)
def test_a_wrong_word_ends_in_one_sentence(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["leaks", *words]) == 2
    assert told in capsys.readouterr().err


def test_patches_that_cannot_be_read_are_said_to_be_unlooked_at(
    clean: list[ManifestRow], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [replace(row, path=tmp_path / "none.png") for row in clean]
    write_manifest(tmp_path / "some.csv", [*clean[:40], *rows[40:]])
    assert main(["leaks", "--manifest", str(tmp_path / "some.csv")]) == 0
    assert "8 patches not read" in capsys.readouterr().out
    write_manifest(tmp_path / "none.csv", rows)
    assert main(["leaks", "--manifest", str(tmp_path / "none.csv")]) == 2
    assert "None of 48 patches could be read" in capsys.readouterr().err


def test_the_search_stops_when_asked(clean: list[ManifestRow]) -> None:
    with pytest.raises(Cancelled):
        read_patches(clean, should_stop=lambda: True)


def test_class_folders_are_looked_at_too_and_their_copies_told(
    clean: list[ManifestRow], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "globally_sclerotic_glomeruli"
    other = tmp_path / "non_globally_sclerotic_glomeruli"
    for place in (folder, other):
        place.mkdir()
    for number, row in enumerate(clean[:8]):
        place = folder if row.label else other
        Image.open(row.path).save(place / f"S-{number}_PAS_1of1_{HEX}.png")
    Image.open(clean[0].path).save(folder / f"S-0_PAS_1of1_{HEX}_1.png")
    assert main(["leaks", "--data", str(tmp_path)]) == 0
    assert "1 flipped copy of an old preparation" in capsys.readouterr().out
