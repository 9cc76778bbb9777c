"""The verb `copies`: system A's preparation of a data folder, for use outside this project."""

from __future__ import annotations

import argparse
import csv
import io
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from training.atomic import write_text
from training.config import UserError
from training.decode import DecodeError, RgbArray, decode
from training.patches.data_folder import (
    LABEL_FILES,
    NAME_COLUMNS,
    DataFolder,
    column_named,
    read_csv,
    read_data_folder,
)
from training.patches.manifest import ManifestRow

SUFFIXES = ("_1", "_2", "_3")
DESCRIPTION = (
    "Write a data folder as system A prepared its own: beside every sclerotic training patch its "
    "copies flipped left-right (_1), turned by 180 degrees (_2), and both (_3). Training in this "
    "project needs no such folder: the recipe's balance = copies makes the same copies on the fly."
)
# Why there is no option that copies the others as well.
REASON = (
    "Patches of other splits are not copied: a copied validation or test patch would count four "
    "times in the figures, and would be trained on if a copy strayed across the split."
)


@dataclass(frozen=True, slots=True)
class Written:
    """How many patches lie in the new folder and copies beside them, and what has none.

    `held_out` counts the sclerotic patches of other splits, `unreadable` tells why by patch.
    """

    patches: int
    copies: int
    held_out: int
    unreadable: dict[str, str]


def write_copies(data: Path, out: Path) -> Written:
    """Write `out`/labels.csv and `out`/images from the data folder `data`, which stays as it is.

    All columns of its table are kept. UserError where it has no split, or `out` holds something.
    """
    folder = read_data_folder(data)
    if not folder.has_split:
        raise UserError(
            f"{data} has no column 'split': copies that are made before the split put turned test "
            "patches into training, so add the column first."
        )
    if out.resolve().is_relative_to(data.resolve()) and out.resolve() != data.resolve():
        raise UserError(f"{out} lies inside {data}, which is left as it is: name another folder.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UserError(f"{out} holds something already: name a folder that is empty or new.")
    header, records, name_column = _table(data)
    _check_names(folder)
    lines: list[dict[str, str]] = []
    unreadable: dict[str, str] = {}
    try:
        (out / "images").mkdir(parents=True, exist_ok=True)
        for row in folder.rows:
            record = records[row.patch]
            lines.append(record)
            shutil.copyfile(row.path, out / "images" / row.path.name)
            if _is_copied(row):
                try:
                    names = _write_copies_of(row, out / "images")
                except DecodeError as error:
                    unreadable[row.patch] = error.reason
                    continue
                lines += [{**record, name_column: name} for name in names]
        write_text(out / "labels.csv", _as_csv(header, lines))
    except OSError as error:
        raise UserError(
            f"{out} could not be written ({error.strerror}): it has no labels.csv, so delete it "
            "and try again where there is room."
        ) from error
    others = sum(1 for row in folder.rows if row.label == 1 and not _is_copied(row))
    return Written(len(folder.rows), len(lines) - len(folder.rows), others, unreadable)


def _is_copied(row: ManifestRow) -> bool:
    return row.split == "train" and row.label == 1


def _table(data: Path) -> tuple[list[str], dict[str, dict[str, str]], str]:
    path = next((data / name for name in LABEL_FILES if (data / name).is_file()), None)
    if path is None:
        raise UserError(
            f"{data} has no table ({' or '.join(LABEL_FILES)}), which the copies are to be added "
            "to: write one with the columns name, ground truth and split."
        )
    header, records = read_csv(path)
    name_column = column_named(header, NAME_COLUMNS)
    assert name_column is not None
    return header, {record[name_column].strip(): record for record in records}, name_column


def _check_names(folder: DataFolder) -> None:
    """No copy may take the place of a patch."""
    taken = {row.path.stem.lower() for row in folder.rows}
    for row in folder.rows:
        clashing = [row.path.stem + suffix for suffix in SUFFIXES] if _is_copied(row) else []
        for stem in clashing:
            if stem.lower() in taken:
                raise UserError(
                    f"{row.patch} can't be copied as {stem}, since there is a patch of that name: "
                    "rename it, or leave it out if it is a copy itself."
                )


def _write_copies_of(row: ManifestRow, images: Path) -> list[str]:
    """The copies' names for the table: with a suffix where the patch's own has one."""
    copies = copies_of(decode(row.path))
    named = Path(row.patch).suffix == row.path.suffix
    names: list[str] = []
    for suffix, copy in zip(SUFFIXES, copies, strict=True):
        stem = row.path.stem + suffix
        Image.fromarray(copy).save(images / f"{stem}.png")
        names.append(f"{stem}.png" if named else stem)
    return names


def copies_of(pixels: RgbArray) -> tuple[RgbArray, RgbArray, RgbArray]:
    """(H, W, 3) flipped left-right, turned by 180 degrees, and both, which is upside down."""
    return pixels[:, ::-1].copy(), pixels[::-1, ::-1].copy(), pixels[::-1].copy()


def _as_csv(header: list[str], lines: list[dict[str, str]]) -> str:
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, header, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(lines)
    return buffer.getvalue()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = f"{DESCRIPTION} {REASON}"
    parser.add_argument("--data", type=Path, required=True, help="a folder with labels.csv")
    parser.add_argument("--out", type=Path, required=True, help="the folder to be made")


def run(arguments: argparse.Namespace) -> int:
    written = write_copies(arguments.data, arguments.out)
    print(
        f"{arguments.out}: {written.patches} patches and {written.copies} copies of sclerotic "
        "training patches."
    )
    for patch, reason in written.unreadable.items():
        print(
            f"warning: {patch} has no copies, for it could not be read: {reason}", file=sys.stderr
        )
    if written.held_out:
        print(f"{written.held_out} sclerotic patches have no copies. {REASON}", file=sys.stderr)
    return 0
