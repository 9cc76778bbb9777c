"""The real patches beside the checkout, imported by their table."""

from pathlib import Path

import pytest

from glomviewer.domain.labels import Split
from glomviewer.store.import_values import SourceKind
from glomviewer.store.importing import run_import
from glomviewer.store.planning import make_plan
from glomviewer.store.scanning import read_source
from glomviewer.store.verify import FileCheck, verify

REAL = Path(__file__).parents[2] / "../shared/data/glomeruli"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL.is_dir(), reason="the real patches are not beside this checkout"),
]


def test_preview_counts_patches_classes_slides_and_splits():
    plan = make_plan(read_source(REAL))
    assert plan.source.kind is SourceKind.TABLE
    assert (len(plan.patches), plan.per_label[1], plan.per_label[0]) == (754, 169, 585)
    assert dict(plan.per_split) == {Split.TRAIN: 617, Split.LOCKED: 137}
    assert plan.slides == 20


def test_import_cuts_validation_from_train_by_slide(empty):
    report = run_import(empty, make_plan(read_source(REAL)))
    assert len(report.added) == 754
    patches = empty.patches(report.added)
    by_split = {split: {p.slide for p in patches if p.split is split} for split in Split}
    assert sum(p.imported_label == 1 for p in patches) == 169
    assert sum(p.split is Split.LOCKED for p in patches) == 137
    assert by_split[Split.VALIDATION] and len(by_split[Split.TRAIN]) >= 10
    assert sum(len(slides) for slides in by_split.values()) == 20
    assert verify(empty.folder, files=FileCheck.SIZE).problems == []


def test_importing_them_again_adds_nothing(empty):
    run_import(empty, make_plan(read_source(REAL)))
    by_images = run_import(empty, make_plan(read_source(REAL / "images")))
    assert (len(by_images.added), by_images.known) == (0, 754)
