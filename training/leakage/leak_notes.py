"""What `finetune` says of leaks before it trains; nothing is refused here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from training.events import Emit, Note
from training.leakage.leak_findings import LeakReport
from training.leakage.leak_origins import KnownModel
from training.leaks import examine, read_patches
from training.models.base_weights import Base
from training.patches.manifest import ManifestRow
from training.patches.pixel_cache import PixelCache
from training.patches.splitting import Splits
from training.progress import ProgressMeter, ShouldStop


def tell_leaks(
    rows: Sequence[ManifestRow],
    splits: Splits,
    *,
    base: Base,
    active: Path | None,
    cache: PixelCache,
    folder: Path,
    emit: Emit,
    should_stop: ShouldStop,
) -> LeakReport:
    """Look at `rows`, as split now, by their cached squares; a Note for each finding.

    `folder` keeps perceptual hashes between runs. Raises Cancelled.
    """
    sorted_in = {row.patch: row.split for row in [*splits.tuned, *splits.locked]}
    now = [replace(row, split=sorted_in.get(row.patch, row.split)) for row in rows]
    meter = ProgressMeter(emit, len(now), "looking for leaks")
    seen, now, _ = read_patches(
        now, folder=folder, cache=cache, progress=meter, should_stop=should_stop
    )
    report = examine(now, seen, base=base, active=KnownModel(active) if active else None)
    for finding in report.findings:
        level = "warning" if finding.severity == "warn" else "info"
        emit(Note(finding.sentence, level=level, kind=finding.kind))
    return report
