"""Patches whose label is the folder they lie in, as the older systems kept them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.config import UserError
from training.decode import SUFFIXES

# Whole names only: non_globally_sclerotic_glomeruli contains globally_sclerotic_glomeruli.
_LABELS = {
    "globally_sclerotic_glomeruli": 1,
    "globally_sclerotic": 1,
    "sclerotic": 1,
    "1": 1,
    "non_globally_sclerotic_glomeruli": 0,
    "non_globally_sclerotic": 0,
    "not_globally_sclerotic": 0,
    "non_sclerotic": 0,
    "not_sclerotic": 0,
    "0": 0,
}
CLASS_FOLDERS = ("globally_sclerotic_glomeruli", "non_globally_sclerotic_glomeruli")
_SPLIT_FOLDERS = ("train", "training", "validation", "val", "valid", "test", "final")


@dataclass(frozen=True, slots=True)
class FoldedPatch:
    """`split` is the name of the folder above the class folder, or ""."""

    path: Path
    label: int
    split: str = ""


def class_folder_patches(folder: Path) -> list[FoldedPatch]:
    """Patches below two class folders in `folder`, or in train/ and test/ in it, by name.

    Empty where there are no class folders; UserError where one of the two is missing, or a
    name lies in both.
    """
    found = _patches(folder, "")
    for child in _folders(folder):
        if child.name.lower() in _SPLIT_FOLDERS:
            found += _patches(child, child.name.lower())
    if found and len({patch.label for patch in found}) < 2:
        missing = CLASS_FOLDERS[found[0].label]
        raise UserError(
            f"{folder} holds one class folder with patches, and a data folder needs both: "
            f"{missing} is missing or empty."
        )
    by_name: dict[str, FoldedPatch] = {}
    for patch in found:
        other = by_name.setdefault(patch.path.name.lower(), patch)
        if other is not patch:
            raise UserError(
                f"{patch.path.name} lies in {other.path.parent} and in {patch.path.parent}: "
                "remove the wrong one."
            )
    return sorted(found, key=lambda patch: patch.path.name)


def _patches(folder: Path, split: str) -> list[FoldedPatch]:
    return [
        FoldedPatch(path.absolute(), label, split)
        for child in _folders(folder)
        if (label := _label(child.name)) is not None
        for path in child.rglob("*")
        if path.suffix.lower() in SUFFIXES and path.is_file() and path.parent.name != "masks"
    ]


def _label(name: str) -> int | None:
    return _LABELS.get(name.strip().lower().replace(" ", "_").replace("-", "_"))


def _folders(folder: Path) -> list[Path]:
    return sorted(child for child in folder.iterdir() if child.is_dir()) if folder.is_dir() else []
