import csv
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

from glomviewer.drawn import CohortOptions, plan_cohort
from glomviewer.drawn.__main__ import DEMO_COUNT, DEMO_SEED

DEMO = Path(__file__).parents[2] / "resources" / "demo"


def _rows(name):
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def labels():
    return _rows("labels.csv")


def test_every_row_has_its_file_and_every_file_its_row(labels):
    files = {path.name for path in (DEMO / "patches").iterdir()}
    assert len(labels) == DEMO_COUNT == 300
    assert {row["name"] for row in labels} == files


def test_every_patch_decodes_and_is_a_few_hundred_pixels(labels):
    total = 0
    for row in labels:
        path = DEMO / "patches" / row["name"]
        total += path.stat().st_size
        with Image.open(path) as picture:
            picture.load()
            assert picture.mode == "RGB"
            assert 120 <= min(picture.size) <= max(picture.size) <= 520
    assert total < 5.5e6


def test_labels_splits_and_wrong_ones_are_as_the_readme_says(labels):
    truths = {row["name"]: row for row in _rows("truth.csv")}
    assert Counter(row["wrong"] for row in truths.values())["1"] == 9
    assert Counter(row["ground truth"] for row in labels)[""] == 8
    wrong = Counter(row["split"] for row in labels if truths[row["name"]]["wrong"] == "1")
    assert wrong == {"train": 6, "validation": 1, "test": 2}
    splits = Counter(row["split"] for row in labels)
    assert splits["test"] / len(labels) == pytest.approx(0.3, abs=0.03)
    for split in splits:
        held = {row["ground truth"] for row in labels if row["split"] == split}
        assert {"0", "1"} <= held
    homes = {(row["case"], row["split"]) for row in labels}
    assert len(homes) == len({row["case"] for row in labels}) == 24


def test_the_committed_table_is_what_the_command_plans(labels):
    plans = plan_cohort(DEMO_COUNT, DEMO_SEED, options=CohortOptions(suffix=".jpg"))
    planned = [
        (p.name, "" if p.label is None else str(p.label), p.case, p.slide, p.split) for p in plans
    ]
    columns = ("name", "ground truth", "case", "slide", "split")
    assert [tuple(row[column] for column in columns) for row in labels] == planned


def test_a_committed_picture_is_what_the_command_draws(labels):
    """The mean colour, since JPEG's bytes differ between versions of its library."""
    plans = plan_cohort(DEMO_COUNT, DEMO_SEED, options=CohortOptions(suffix=".jpg"))
    for plan in plans[::60]:
        with Image.open(DEMO / "patches" / plan.name) as picture:
            kept = picture.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
        drawn = plan.draw().pixels.mean((0, 1))
        assert isinstance(kept, tuple)
        assert drawn == pytest.approx(kept, abs=2.0)


def test_the_readme_says_that_they_are_drawn():
    text = (DEMO / "README.md").read_text(encoding="utf-8")
    assert "drawn, not real" in text
    assert "python -m glomviewer.drawn --out resources/demo" in text
