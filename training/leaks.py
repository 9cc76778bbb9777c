"""The verb `leaks`: how test data could have got into training, looked for before training."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from training.config import UserError
from training.decode import DecodeError
from training.leakage import perceptual_hashes
from training.leakage.confounding import confounded
from training.leakage.leak_alike import Seen, copies, near_duplicates, stacked
from training.leakage.leak_findings import Finding, LeakReport, counted, gravest_first
from training.leakage.leak_groups import exact_duplicates, neighbouring_cases, split_groups
from training.leakage.leak_origins import KnownModel, Origin, seen_before
from training.leakage.leak_places import named_copies, slide_name, with_places
from training.leakage.near_duplicates import Hashes, eight_hashes
from training.patches.class_folders import class_folder_patches
from training.patches.data_folder import LABEL_FILES, read_csv, read_data_folder
from training.patches.manifest import ManifestRow, read_manifest
from training.patches.patch_file import read_pixels
from training.patches.pixel_cache import PixelCache
from training.patches.square_reader import default_workers
from training.progress import Cancelled, ProgressMeter, ShouldStop, never_stop


def find_leaks(
    rows: Sequence[ManifestRow], *, base: Origin | None = None, active: Origin | None = None
) -> list[Finding]:
    """Findings on these patches, whose files are read; the gravest first."""
    seen, rows, _ = read_patches(rows)
    return examine(rows, seen, base=base, active=active).findings


def examine(
    rows: Sequence[ManifestRow],
    seen: Seen,
    *,
    left_out: Sequence[str] = (),
    base: Origin | None = None,
    active: Origin | None = None,
) -> LeakReport:
    """Everything that is looked for; `rows` carry the pixel hashes of those that were read."""
    rows = with_places(rows)
    findings = [
        *split_groups(rows),
        *exact_duplicates(rows),
        *near_duplicates(seen),
        *copies(rows, left_out),
        *neighbouring_cases(rows),
        *confounded(rows),
        *(seen_before(rows, base, "base") if base else []),
        *(seen_before(rows, active, "active") if active else []),
    ]
    return LeakReport(gravest_first(findings), _checked(rows, seen, base, active))


def _checked(
    rows: Sequence[ManifestRow],
    seen: Seen,
    base: Origin | None,
    active: Origin | None,
) -> list[str]:
    grouped = [row for row in rows if row.group]
    groups = len({row.group for row in grouped})
    centres = {row.centre for row in rows} - {""}
    hashed = sum(1 for row in rows if row.hash)
    named = sum(1 for row in rows if slide_name(row))
    told = [
        f"cases and slides on both sides of a split: {groups:,} groups of "
        f"{counted(len(grouped), 'patch', 'patches')}",
        f"the same pixels twice: {counted(hashed, 'patch', 'patches')} by pixel hash",
        f"near duplicates across groups: {counted(len(seen.rows), 'patch', 'patches')} in their "
        "eight symmetries, by perceptual hash",
        f"neighbouring accession numbers: {counted(named, 'name')} that tell case and slide",
        f"class against {counted(groups, 'case or slide', 'cases or slides')}"
        + (f" and {counted(len(centres), 'centre')}" if centres else "; no centre is known"),
    ]
    unknown = len(rows) - len(grouped)
    if unknown:
        told.append(f"of {counted(unknown, 'patch', 'patches')} neither case nor slide is known")
    unread = len(rows) - len(seen.rows)
    if unread:
        told.append(f"{counted(unread, 'patch', 'patches')} not read, so not compared by look")
    for name, origin in (("starting weights", base), ("active model", active)):
        if origin is not None:
            told.append(f"what the {name} ({origin.source}) learnt from")
    return told


def read_patches(
    rows: Sequence[ManifestRow],
    *,
    folder: Path | None = None,
    cache: PixelCache | None = None,
    progress: ProgressMeter | None = None,
    should_stop: ShouldStop = never_stop,
) -> tuple[Seen, list[ManifestRow], dict[str, str]]:
    """Perceptual hashes; the rows with their pixel hashes; and why patches could not be read.

    `folder` (that of cached features) keeps the hashes for the next time. With `cache` only its
    squares are looked at, and no file is. Raises Cancelled.
    """
    place = folder / "alike" if folder else None
    kept = perceptual_hashes.read_kept(place) if place else {}
    before = len(kept)
    errors: dict[str, str] = {}
    hashed: list[ManifestRow] = []
    seen: list[tuple[ManifestRow, Hashes]] = []

    def look(row: ManifestRow) -> tuple[str, Hashes | None, str]:
        if should_stop():
            raise Cancelled
        if row.hash in kept:
            return row.hash, kept[row.hash], ""
        if cache is not None:
            found = eight_hashes(cache.array(row.hash)) if row.hash in cache else None
            return row.hash, found, ""
        try:
            pixels, digest = read_pixels(row)
        except DecodeError as error:
            return row.hash, None, error.reason
        known = kept.get(digest)
        return digest, eight_hashes(pixels) if known is None else known, ""

    with ThreadPoolExecutor(default_workers(), thread_name_prefix="hash") as pool:
        for row, (digest, hashes, error) in zip(rows, pool.map(look, rows), strict=True):
            if progress is not None:
                progress.advance()
            own = replace(row, hash=digest)
            hashed.append(own)
            if error:
                errors[row.patch] = error
            if hashes is not None:
                kept[digest] = hashes
                seen.append((own, hashes))
    if place is not None and len(kept) > before:
        perceptual_hashes.keep(place, kept)
    return Seen([row for row, _ in seen], stacked([one for _, one in seen])), hashed, errors


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help="a folder with labels.csv and images/")
    parser.add_argument("--manifest", type=Path, help="the manifest.csv of a run")
    parser.add_argument("--base-model", type=Path, help="the model folder to start from")
    parser.add_argument("--active-model", type=Path, help="the model to be compared with")
    parser.add_argument("--features", type=Path, help="a folder that keeps the hashes")
    parser.add_argument("--json", action="store_true", help="one JSON object")


def run(arguments: argparse.Namespace) -> int:
    if (arguments.data is None) == (arguments.manifest is None):
        raise UserError("Name either a data folder with --data, or a run's --manifest.")
    report = _report(arguments)
    if arguments.json:
        print(json.dumps(report.to_json(), ensure_ascii=False))
        return 0
    for finding in report.findings:
        print(f"{finding.severity}: {finding.sentence}")
    if not report.findings:
        print("Nothing was found.")
    print("Looked for:")
    for line in report.checked:
        print(f"  {line}")
    return 0


def _report(arguments: argparse.Namespace) -> LeakReport:
    left_out: list[str] = []
    if arguments.data is not None:
        listed = read_data_folder(arguments.data).rows
        left_out = _dropped_copies(arguments.data, listed)
    else:
        listed = read_manifest(arguments.manifest)
    if not listed:
        raise UserError("There is no patch to look at.")
    seen, rows, errors = read_patches(listed, folder=arguments.features)
    if not seen.rows:
        patch, reason = next(iter(errors.items()))
        raise UserError(f"None of {len(rows)} patches could be read (such as {patch}: {reason}).")
    return examine(
        rows,
        seen,
        left_out=left_out,
        base=KnownModel(arguments.base_model) if arguments.base_model else None,
        active=KnownModel(arguments.active_model) if arguments.active_model else None,
    )


def _dropped_copies(folder: Path, rows: Sequence[ManifestRow]) -> list[str]:
    """Copies that the folder or its table holds, and that reading it has left out."""
    table = next((folder / name for name in LABEL_FILES if (folder / name).is_file()), None)
    if table is None:
        names = [patch.path.name for patch in class_folder_patches(folder)]
    else:
        # Whatever column holds the names: nothing else looks like one of these.
        names = [cell.strip() for record in read_csv(table)[1] for cell in record.values()]
    kept = {row.patch for row in rows}
    return [name for name in named_copies(names) if name not in kept]
