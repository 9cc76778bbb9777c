"""The study of paddings and sizes, on patches whose content depends on the padding."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from training.__main__ import main
from training.config import UserError
from training.patches.class_chart import class_counts
from training.patches.data_folder import read_data_folder
from training.study import Variant, study_text, telling, wanted_variants


@pytest.fixture(scope="module")
def oblong_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """72 patches of 24 x 12 px on 12 slides; sclerotic ones are paler."""
    root = tmp_path_factory.mktemp("oblong")
    (root / "images").mkdir()
    lines = ["name,ground truth,slide"]
    for number in range(72):
        label = int(number % 6 < 2)
        random = np.random.default_rng(number)
        pixels = np.clip(random.normal(100 + 40 * label, 45, (24, 12, 3)), 0, 255)
        Image.fromarray(pixels.astype(np.uint8)).save(root / "images" / f"p{number:02}.png")
        lines.append(f"p{number:02}.png,{label},slide {number // 6}")
    (root / "labels.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return root


def test_paddings_and_sizes_are_compared_on_the_same_folds(
    oblong_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--data", str(oblong_folder), "--out", str(tmp_path / "study"), "--tiny"]
    words += ["--paddings", "white,stretch", "--sizes", "16,24", "--folds", "3", "--device", "cpu"]
    assert main(["study", *words]) == 0
    told = capsys.readouterr().out
    rows = [line.split("|")[1:3] for line in told.splitlines() if line.startswith("| ")][1:]
    names = [(way.strip(), size.strip()) for way, size in rows]
    assert names == [("white", "16"), ("stretch", "16"), ("white", "24"), ("stretch", "24")]
    assert "24 globally sclerotic, 48 not globally sclerotic" in told
    assert told.count("12 cases or slides") >= 1
    report = json.loads((tmp_path / "study" / "report.json").read_text(encoding="utf-8"))
    sizes = [one["recipe"]["size"] for one in report["recipes"]]
    assert sizes == [16, 16, 24, 24]
    # As many blocks at every size would make every size the same.
    assert [one["recipe"]["side"] for one in report["recipes"]] == [4, 4, 6, 6]
    assert [one["recipe"]["fit"] for one in report["recipes"]] == ["pad", "stretch"] * 2
    with Image.open(tmp_path / "study" / "classes.png") as chart:
        assert chart.format == "PNG"
    assert (tmp_path / "study" / "study.md").is_file()


def _facts(auc: dict[str, float], pairs: list[tuple[str, str, float, float]]) -> dict[str, Any]:
    def interval(value: float) -> dict[str, float]:
        return {"value": value, "low": value - 0.01, "high": value + 0.01}

    return {
        "recipes": [
            {
                "name": name,
                "figures": {key: interval(value) for key in ("auc", "average_precision", "f1")},
            }
            for name, value in auc.items()
        ],
        "pairs": [
            {
                "first": first,
                "second": second,
                "differences": {
                    "auc": {"value": value, "low": value - 0.02, "high": value + 0.01, "p": p}
                },
            }
            for first, second, value, p in pairs
        ],
        "data": {
            **{"unit": "group", "reliable": True, "grouping": "slide"},
            **{"patches": 9, "sclerotic": 3, "groups": 3},
        },
        "folds": [{"name": "1"}],
        "seed": 0,
        "draws": 100,
        "devices": ["CPU"],
    }


def test_differences_are_always_to_the_first_and_keep_their_sign() -> None:
    variants = [Variant("white", 128), Variant("zero", 128)]
    facts = _facts({"white-128": 0.9, "zero-128": 0.8}, [("white-128", "zero-128", 0.1, 0.01)])
    told = study_text(facts, variants, "logistic")
    assert "-0.100 (-0.110 to -0.080)" in told
    assert "zero-128 worse than white-128" in told
    assert "highest AUC is that of white-128" in told


def test_what_cannot_be_told_apart_is_not_said_to_be_better() -> None:
    variants = [Variant("white", 128), Variant("zero", 128), Variant("edge", 128)]
    auc = {"white-128": 0.9, "zero-128": 0.91, "edge-128": 0.9}
    pairs = [("white-128", "zero-128", -0.01, 0.03), ("white-128", "edge-128", 0.0, 0.9)]
    told = study_text(_facts(auc, pairs), variants, "logistic")
    # 0.03 of two comparisons is 0.06 after Holm.
    assert "None can be told from white-128" in told


@pytest.mark.parametrize(
    ("paddings", "sizes", "told"),
    [
        ("white,blue", "128", "--paddings blue"),
        ("white,zero", "128,big", "--sizes 128,big"),
        ("white", "128", "name two paddings or two sizes"),
        ("white,white", "128", "name two paddings or two sizes"),
    ],
)
def test_a_study_of_nothing_is_refused(paddings: str, sizes: str, told: str) -> None:
    with pytest.raises(UserError, match=told):
        wanted_variants(paddings, sizes)


def test_classes_are_counted_whole_and_by_split(labelled_folder: Path) -> None:
    counts = class_counts(read_data_folder(labelled_folder).rows)
    assert counts == {"all": (60, 36), "train": (40, 24), "locked": (20, 12)}


def test_paddings_of_square_patches_are_not_compared(
    labelled_folder: Path, oblong_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    square = read_data_folder(labelled_folder).rows
    oblong = read_data_folder(oblong_folder).rows
    both = wanted_variants("white,edge", "16,24")
    assert telling(both, [*square, oblong[0]]) == both
    assert telling(both, square) == [Variant("white", 16), Variant("white", 24)]
    assert "all 96 patches are square" in capsys.readouterr().err
    with pytest.raises(UserError, match="nothing to compare"):
        telling(wanted_variants("white,edge", "16"), square)
