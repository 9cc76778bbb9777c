"""The verb `reproduce`: train a model again from its own record, and say whether it is the same."""

from __future__ import annotations

import argparse
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from training.config import BaseWeights, Job, ModelCard, RunFolder, UserError
from training.decode import DecodeError
from training.device import choose_device, describe_device
from training.finetune import run_job
from training.learning.candidate import installed_versions
from training.models.comparison_of_models import compare_models
from training.models.model_folder import file_hash, read_card
from training.models.weights_store import find_kept
from training.patches.data_folder import read_data_folder
from training.patches.manifest import ManifestRow, read_manifest, write_manifest
from training.patches.patch_file import read_pixels
from training.patches.split_record import RecordedPatch, digests, read_splits
from training.patches.square_reader import default_workers

_DIFFERENT_EXIT = 1


@dataclass(frozen=True, slots=True)
class Found:
    """The recorded patches as rows of today's files, and what is to be told of the difference."""

    rows: list[ManifestRow]
    notes: list[str]


def found_again(patches: Sequence[RecordedPatch], rows: Sequence[ManifestRow]) -> Found:
    """Recorded patches among `rows` (with hashes), in the record's order and with its labels.

    UserError where one that trained or tuned the model is missing.
    """
    by_hash = {row.hash: row for row in reversed(rows) if row.hash}
    missing = [patch for patch in patches if patch.hash not in by_hash]
    needed = sum(1 for patch in missing if patch.split != "locked")
    if needed:
        counts = Counter(patch.split for patch in missing)
        told = ", ".join(f"{counts[part]} {part}" for part in counts)
        raise UserError(
            f"The data differ: {len(missing)} of the {len(patches)} patches that the model was "
            f"made with are not among these {len(rows)} ({told}): bring the data back."
        )
    notes: list[str] = []
    if missing:
        notes.append(f"{len(missing)} locked patches are missing: its figures there can't agree")
    known = {patch.hash for patch in patches}
    extra = sum(1 for row in by_hash.values() if row.hash not in known)
    if extra:
        notes.append(f"{extra} patches are not in the model's record and are left alone")
    present = [patch for patch in patches if patch.hash in by_hash]
    relabelled = sum(1 for patch in present if by_hash[patch.hash].label not in (patch.label, None))
    if relabelled:
        notes.append(f"{relabelled} patches bear another label today; the record's is taken")
    return Found([_row(patch, by_hash[patch.hash]) for patch in present], notes)


def _row(patch: RecordedPatch, today: ManifestRow) -> ManifestRow:
    return ManifestRow(
        patch=today.patch,
        path=today.path,
        hash=patch.hash,
        group=patch.group,
        split=patch.split,
        label=patch.label,
        gate=patch.split == "locked",
    )


def base_again(card: ModelCard, given: Path | None, beside: Path) -> BaseWeights:
    """The base that the record names; a model is looked for beside the model's own folder.

    UserError where it isn't there, or isn't the one that the record means.
    """
    record = card.record["base"]
    kind = record["kind"]
    if kind == "model":
        places = [given] if given else sorted(beside.iterdir())
        for place in places:
            if (place / "model.json").is_file() and read_card(place).id == record["model"]:
                return BaseWeights("model", str(place.absolute()))
        where = given or beside
        raise UserError(
            f"The model that training started from ({record['source']}) is not at {where}: name "
            "its folder with --base."
        )
    if kind == "file":
        kept = None if given else find_kept(sha256=record["hash"])
        if given is None and kept is None:
            raise UserError(f"It was trained from the file {record['file']}: name it with --base.")
        given = given or (kept[1] if kept else Path())
        if file_hash(given) != record["hash"]:
            raise UserError(f"{given} is not the {record['file']} that it was trained from.")
        return BaseWeights("file", str(given.absolute()))
    return BaseWeights("auto" if kind == "active" else kind)


def unlike_today(card: ModelCard, device: str) -> list[str]:
    """Versions and device that are others than when the model was made: they move rounding."""
    now: Mapping[str, str] = installed_versions()
    told = [
        f"{name} {before} then, {now.get(name, 'none')} now"
        for name, before in card.versions.items()
        if name != "glomviewer" and now.get(name, "none") != before
    ]
    today = describe_device(choose_device(device))
    if card.device != today:
        told.append(f"trained on {card.device} then, on {today} now")
    return told


def hashed(rows: Sequence[ManifestRow]) -> list[ManifestRow]:
    """The rows with the hash of what their file holds today; "" where it can't be read."""

    def one(row: ManifestRow) -> ManifestRow:
        try:
            return replace(row, hash=read_pixels(replace(row, hash=""))[1])
        except DecodeError:
            return replace(row, hash="")

    with ThreadPoolExecutor(default_workers(), thread_name_prefix="hash") as pool:
        return list(pool.map(one, rows))


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("model", type=Path, help="the model's folder")
    parser.add_argument("--data", type=Path, help="a folder with labels.csv and images/")
    parser.add_argument("--manifest", type=Path, help="the manifest.csv of a run")
    parser.add_argument("--out", type=Path, required=True, help="the new run's folder")
    parser.add_argument("--base", type=Path, help="the model or file that training started from")
    parser.add_argument("--device", help="by default the kind that the model was made on")


def run(arguments: argparse.Namespace) -> int:
    """0 where the two are the same bit for bit, 1 where they differ."""
    if (arguments.data is None) == (arguments.manifest is None):
        raise UserError("Name either a data folder with --data, or a run's --manifest.")
    card = read_card(arguments.model)
    if card.seed is None or not card.record:
        raise UserError(
            f"{arguments.model} was imported, or made by an earlier version: its record doesn't "
            "say how to train it again."
        )
    folder = RunFolder(arguments.out.absolute())
    if folder.path.exists():
        raise UserError(f"{folder.path} exists already: name a folder that doesn't.")
    patches = read_splits(arguments.model)
    if digests(patches) != card.record["data"]:
        raise UserError(f"{arguments.model}: its record of patches was changed after it was made.")
    base = base_again(card, arguments.base, arguments.model.absolute().parent)
    listed = (
        read_manifest(arguments.manifest)
        if arguments.manifest
        else read_data_folder(arguments.data).rows
    )
    found = found_again(patches, hashed(listed))
    device = arguments.device or ("cpu" if card.device.startswith("CPU") else "auto")
    for line in [*found.notes, *unlike_today(card, device)]:
        print(f"warning: {line}")
    _write_run(folder, card, found.rows, base, device)
    threads = int(card.record.get("threads", 0))
    if threads and threads != torch.get_num_threads():
        # Sums are cut into as many parts as there are threads, and rounded in each.
        torch.set_num_threads(threads)
    code = run_job(folder, resume=False)
    if code:
        return code
    comparison = compare_models(arguments.model, folder.candidate)
    print(comparison.sentence)
    return 0 if comparison.same else _DIFFERENT_EXIT


def _write_run(
    folder: RunFolder,
    card: ModelCard,
    rows: Sequence[ManifestRow],
    base: BaseWeights,
    device: str,
) -> None:
    recipe = {key: value for key, value in card.recipe.items() if key != "found"}
    write_manifest(folder.manifest, rows)
    Job(
        id=uuid.uuid4().hex,
        recipe=recipe,
        base=base,
        model_name=card.name,
        model_version=card.version,
        device=device,
        seed=card.seed or 0,
    ).write(folder.job)
