import csv

from glomviewer.domain.labels import LabelSet
from glomviewer.paths import resources_dir
from glomviewer.walkthrough.truth import read_truth

LABELS = LabelSet.from_json(
    (resources_dir() / "labels/global_sclerosis.json").read_text(encoding="utf-8")
)


def test_every_demo_patch_has_a_deserved_label():
    demo = resources_dir() / "demo"
    deserved = read_truth(demo / "truth.csv", LABELS)
    with (demo / "labels.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert {row["name"].rsplit(".", 1)[0] for row in rows} == set(deserved)
    written = {row["name"].rsplit(".", 1)[0]: row["ground truth"] for row in rows}
    wrong = [name for name, label in written.items() if label and int(label) != deserved[name]]
    assert len(wrong) == 9


def test_a_patch_without_a_glomerulus_is_not_called_sclerotic_or_not(tmp_path):
    table = tmp_path / "truth.csv"
    table.write_text("name,truth,kind\na.jpg,0,tubules\nb.jpg,1,obsolescent\nc.jpg,0,open\n")
    assert read_truth(table, LABELS) == {"a": 3, "b": 1, "c": 0}
